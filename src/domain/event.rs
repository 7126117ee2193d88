//! What a shop reports, parsed once: a list of events of which each is taken or rejected by itself.
//!
//! Limits live here, so that everything below the edge may trust lengths. Unknown fields are ignored, unknown types are not.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Discount, PriceState, ProductId, Sku, StockState, VERSION_MAX, Version};

/// The deepest nesting of arrays and objects in a body.
pub const DEPTH_MAX: usize = 32;
/// The longest string anywhere in an event, in bytes (a description has at most 40 000 characters).
pub const STRING_BYTES_MAX: usize = 200_000;
/// The largest data of one event, in bytes.
pub const DATA_BYTES_MAX: usize = 1_048_576;
/// The most offers of a product, and SKUs of a deletion.
pub const OFFERS_MAX: usize = 2_000;
/// The most shipments of an order.
pub const SHIPMENTS_MAX: usize = 200;

/// What made the shop report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person or a program changed it.
    #[default]
    Edit,
    /// An order took or gave back stock.
    Order,
    /// An exchange with 1C.
    Exchange,
    /// The sweep found it.
    Sweep,
    /// A full export.
    Export,
    /// A person let go what the avalanche guard held. No shop says so.
    Decision,
}

impl Cause {
    /// Every cause; the position of each is its number in stores and never changes.
    pub const ALL: [Cause; 6] =
        [Cause::Edit, Cause::Order, Cause::Exchange, Cause::Sweep, Cause::Export, Cause::Decision];

    /// The cause's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Cause::Edit => "edit",
            Cause::Order => "order",
            Cause::Exchange => "exchange",
            Cause::Sweep => "sweep",
            Cause::Export => "export",
            Cause::Decision => "decision",
        }
    }

    /// Whether the avalanche guard may hold what comes of it: what was sold, and what a person let go, never waits.
    pub const fn is_guarded(self) -> bool {
        !matches!(self, Cause::Order | Cause::Decision)
    }

    /// Whether it changes much at once, as a rule.
    pub const fn is_in_bulk(self) -> bool {
        matches!(self, Cause::Exchange | Cause::Sweep | Cause::Export)
    }
}

/// An event that can be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Orders it among the events of its key.
    pub version: Version,
    /// What made the shop report it.
    pub cause: Cause,
    /// Send it even if AliExpress has it.
    pub force: bool,
    /// What it says.
    pub fact: Fact,
}

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// `stock.changed`
    Stock {
        /// The SKU.
        sku: Sku,
        /// Its stock.
        state: StockState,
    },
    /// `price.changed`
    Price {
        /// The SKU.
        sku: Sku,
        /// Its price.
        state: PriceState,
    },
    /// `product.changed`
    Product {
        /// The product.
        product: ProductId,
        /// The SKUs of its offers.
        skus: Vec<Sku>,
        /// The event's data as JSON.
        data: String,
    },
    /// `product.deleted`
    ProductDeleted {
        /// The product.
        product: ProductId,
        /// The SKUs that it had.
        skus: Vec<Sku>,
    },
    /// `order.status_changed`
    OrderStatus {
        /// AliExpress's order id.
        order: String,
        /// The event's data as JSON.
        data: String,
    },
}

/// Why an event was not taken. It never becomes acceptable by repeating it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// A stable code.
    pub code: &'static str,
    /// For people; names the field.
    pub detail: String,
}

impl Rejection {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Why a body holds no list of events at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or not `{"events":[…]}`.
    #[error("the body is not {{\"events\":[…]}}: {0}")]
    Json(String),
    /// Nested too deep.
    #[error("the body is nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// More events than a request may have.
    #[error("the body has {found} events; at most {max} go in one request")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// No event at all.
    #[error("the body has no events")]
    Empty,
}

/// Reads a body of at most `events_max` events; each is taken or rejected by itself, in order.
///
/// # Errors
/// Where the body as a whole cannot be read.
pub fn parse(body: &[u8], events_max: usize) -> Result<Vec<Result<Event, Rejection>>, Unreadable> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        events: Vec<&'a RawValue>,
    }
    if deeper_than(body, DEPTH_MAX) {
        return Err(Unreadable::TooDeep);
    }
    if !is_object(body) {
        return Err(Unreadable::Json("it is no object".into()));
    }
    // Whole, since the parser looks over members that nobody asked for.
    let text = std::str::from_utf8(body).map_err(|error| Unreadable::Json(error.to_string()))?;
    let body: Body = serde_json::from_str(text).map_err(|error| Unreadable::Json(error.to_string()))?;
    match body.events.len() {
        0 => Err(Unreadable::Empty),
        found if found > events_max => Err(Unreadable::TooMany { found, max: events_max }),
        _ => Ok(body.events.into_iter().map(|raw| event(raw.get())).collect()),
    }
}

/// Whether a JSON text is an object, if it is anything: the parser would take a list for an object's members in their order, too.
fn is_object(json: &[u8]) -> bool {
    json.trim_ascii_start().starts_with(b"{")
}

/// Whether brackets outside of strings nest deeper than `max`. Runs before the parser, so that nesting costs no stack.
fn deeper_than(body: &[u8], max: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for &byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > max {
                    return true;
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

fn event(raw: &str) -> Result<Event, Rejection> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(rename = "type", default)]
        kind: Value,
        #[serde(default)]
        version: Value,
        #[serde(default)]
        occurred_at: Value,
        #[serde(default)]
        cause: Value,
        #[serde(default)]
        force: Value,
        #[serde(borrow, default)]
        data: Option<&'a RawValue>,
    }
    if !is_object(raw.as_bytes()) {
        return Err(Rejection::new("event_invalid", "is not an event: it is no object"));
    }
    let envelope: Envelope =
        serde_json::from_str(raw).map_err(|e| Rejection::new("event_invalid", format!("is not an event: {e}")))?;
    let Value::String(kind) = &envelope.kind else {
        return Err(Rejection::new("type_unknown", "type is not a string"));
    };
    let version = envelope
        .version
        .as_u64()
        .filter(|version| *version <= VERSION_MAX)
        .ok_or_else(|| Rejection::new("version_invalid", "version is not an integer from 0 to 2^63 - 1"))?;
    let cause = match &envelope.cause {
        Value::Null => Cause::default(),
        named => Cause::deserialize(named)
            .ok()
            .filter(|cause| *cause != Cause::Decision)
            .ok_or_else(|| Rejection::new("cause_invalid", "cause is none of order, edit, exchange, sweep, export"))?,
    };
    let force = match envelope.force {
        Value::Null => false,
        Value::Bool(force) => force,
        _ => return Err(Rejection::new("force_invalid", "force is neither true nor false")),
    };
    match &envelope.occurred_at {
        Value::Null => {}
        Value::String(at) if at.parse::<jiff::Timestamp>().is_ok() => {}
        _ => return Err(Rejection::new("occurred_at_invalid", "occurred_at is not an RFC 3339 time with an offset")),
    }
    let raw = envelope.data.map_or("null", RawValue::get);
    Ok(Event { version, cause, force, fact: fact(kind, raw)? })
}

fn fact(kind: &str, raw: &str) -> Result<Fact, Rejection> {
    if raw.len() > DATA_BYTES_MAX {
        let detail = format!("data has {} bytes; at most {DATA_BYTES_MAX} are taken", raw.len());
        return Err(Rejection::new("data_too_large", detail));
    }
    let data: Value = serde_json::from_str(raw).map_err(|e| Rejection::new("data_invalid", format!("data: {e}")))?;
    if !data.is_object() {
        return Err(Rejection::new("data_invalid", "data is not an object"));
    }
    check_strings(&data, "data")?;
    match kind {
        "stock.changed" => {
            Ok(Fact::Stock { sku: sku(&data, "sku")?, state: StockState { quantity: quantity(&data)? } })
        }
        "price.changed" => Ok(Fact::Price { sku: sku(&data, "sku")?, state: price(&data)? }),
        "product.changed" => {
            let skus = skus_of_offers(&data)?;
            Ok(Fact::Product { product: product(&data)?, skus, data: data.to_string() })
        }
        "product.deleted" => Ok(Fact::ProductDeleted { product: product(&data)?, skus: skus_of_deletion(&data)? }),
        "order.status_changed" => Ok(Fact::OrderStatus { order: order(&data)?, data: data.to_string() }),
        unknown => {
            let shown: String = unknown.chars().take(50).collect();
            Err(Rejection::new("type_unknown", format!("no event has the type {shown:?}")))
        }
    }
}

fn check_strings(value: &Value, path: &str) -> Result<(), Rejection> {
    match value {
        Value::String(text) if text.len() > STRING_BYTES_MAX => {
            let detail = format!("{path} has {} bytes; a string has at most {STRING_BYTES_MAX}", text.len());
            Err(Rejection::new("string_too_long", detail))
        }
        Value::Array(items) => items.iter().try_for_each(|item| check_strings(item, path)),
        Value::Object(fields) => fields.values().try_for_each(|field| check_strings(field, path)),
        _ => Ok(()),
    }
}

fn text<'v>(data: &'v Value, field: &str) -> &'v str {
    data.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn sku(data: &Value, field: &str) -> Result<Sku, Rejection> {
    text(data, field).parse().map_err(|e| Rejection::new("sku_invalid", format!("{field}: {e}")))
}

fn product(data: &Value) -> Result<ProductId, Rejection> {
    text(data, "product_id").parse().map_err(|e| Rejection::new("product_id_invalid", format!("{e}")))
}

fn quantity(data: &Value) -> Result<u64, Rejection> {
    let number = match data.get("quantity") {
        Some(Value::Number(number)) => number,
        _ => return Err(Rejection::new("quantity_invalid", "quantity is not an integer")),
    };
    if let Some(quantity) = number.as_u64() {
        return Ok(quantity);
    }
    if number.as_f64().is_some_and(|n| n < 0.0) {
        return Err(Rejection::new("quantity_negative", format!("quantity is {number}, below 0")));
    }
    Err(Rejection::new("quantity_invalid", format!("quantity is {number}, not an integer")))
}

fn price(data: &Value) -> Result<PriceState, Rejection> {
    let amount = |code, field: &str, value: &Value| {
        let text = value.as_str().ok_or_else(|| Rejection::new(code, format!("{field} is not a decimal string")))?;
        text.parse().map_err(|e| Rejection::new(code, format!("{field} {e}")))
    };
    let price = amount("price_invalid", "price", data.get("price").unwrap_or(&Value::Null))?;
    let discount = match data.get("discount_price") {
        None => Discount::Keep,
        Some(Value::Null) => Discount::Erase,
        Some(value) => Discount::Set(amount("discount_price_invalid", "discount_price", value)?),
    };
    if matches!(discount, Discount::Set(discount) if discount >= price) {
        return Err(Rejection::new("discount_price_invalid", "discount_price is not below price"));
    }
    let currency =
        text(data, "currency").parse().map_err(|e| Rejection::new("currency_invalid", format!("currency {e}")))?;
    Ok(PriceState { price, discount, currency })
}

fn array<'v>(data: &'v Value, field: &'static str, max: usize) -> Result<&'v [Value], Rejection> {
    match data.get(field) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) if items.len() <= max => Ok(items),
        Some(Value::Array(items)) => {
            Err(Rejection::new("too_many", format!("{field} has {} members; at most {max} are taken", items.len())))
        }
        Some(_) => Err(Rejection::new("data_invalid", format!("{field} is not a list"))),
    }
}

fn skus_of_offers(data: &Value) -> Result<Vec<Sku>, Rejection> {
    array(data, "offers", OFFERS_MAX)?.iter().map(|offer| sku(offer, "sku")).collect()
}

fn skus_of_deletion(data: &Value) -> Result<Vec<Sku>, Rejection> {
    let parse = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.parse().map_err(|e| Rejection::new("sku_invalid", format!("skus: {e}")))
    };
    array(data, "skus", OFFERS_MAX)?.iter().map(parse).collect()
}

fn order(data: &Value) -> Result<String, Rejection> {
    let order = text(data, "aliexpress_order_id");
    if order.is_empty() || order.len() > 20 || !order.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Rejection::new("order_id_invalid", "aliexpress_order_id is not a string of 1 to 20 digits"));
    }
    if !matches!(text(data, "status"), "shipped" | "delivered" | "cancel_requested" | "cancelled") {
        let detail = "status is none of shipped, delivered, cancel_requested, cancelled";
        return Err(Rejection::new("status_invalid", detail));
    }
    for shipment in array(data, "shipments", SHIPMENTS_MAX)? {
        if text(shipment, "id").is_empty() {
            return Err(Rejection::new("shipment_invalid", "a shipment has no id"));
        }
    }
    Ok(order.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(event: &str) -> Result<Event, Rejection> {
        parse(format!(r#"{{"events":[{event}]}}"#).as_bytes(), 10).unwrap().remove(0)
    }

    #[test]
    fn the_events_of_the_contract_are_read() {
        let stock = one(
            r#"{"type":"stock.changed","version":1042,"occurred_at":"2026-11-23T10:00:00Z","cause":"exchange","force":true,"data":{"sku":"A","quantity":7,"extra":1}}"#,
        )
        .unwrap();
        assert_eq!((stock.version, stock.cause, stock.force), (1042, Cause::Exchange, true));
        assert_eq!(stock.fact, Fact::Stock { sku: "A".parse().unwrap(), state: StockState { quantity: 7 } });
        let price = |discount: &str| {
            let event = one(&format!(
                r#"{{"type":"price.changed","version":1,"data":{{"sku":"A","price":"10","currency":"RUB"{discount}}}}}"#
            ));
            match event.unwrap().fact {
                Fact::Price { state, .. } => state.discount,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(price(""), Discount::Keep);
        assert_eq!(price(r#","discount_price":null"#), Discount::Erase);
        assert_eq!(price(r#","discount_price":"9.99""#), Discount::Set("9.99".parse().unwrap()));
        let deleted =
            one(r#"{"type":"product.deleted","version":1,"data":{"product_id":"9","skus":["A","B"]}}"#).unwrap();
        assert!(matches!(deleted.fact, Fact::ProductDeleted { skus, .. } if skus.len() == 2));
    }

    #[test]
    fn each_bad_event_gets_its_own_code() {
        let stock = |rest: &str| format!(r#"{{"type":"stock.changed","version":1,"data":{{{rest}}}}}"#);
        let price = |rest: &str| format!(r#"{{"type":"price.changed","version":1,"data":{{"sku":"A",{rest}}}}}"#);
        let table = [
            ("7".to_owned(), "event_invalid"),
            (r#"["stock.changed",1,null,null,null,{"sku":"A","quantity":1}]"#.to_owned(), "event_invalid"),
            ("{}".to_owned(), "type_unknown"),
            (r#"{"type":"stock.moved","version":1,"data":{}}"#.to_owned(), "type_unknown"),
            (r#"{"type":"stock.changed","data":{}}"#.to_owned(), "version_invalid"),
            (r#"{"type":"stock.changed","version":-1,"data":{}}"#.to_owned(), "version_invalid"),
            (r#"{"type":"stock.changed","version":9223372036854775808,"data":{}}"#.to_owned(), "version_invalid"),
            (r#"{"type":"stock.changed","version":"1","data":{}}"#.to_owned(), "version_invalid"),
            (r#"{"type":"stock.changed","version":1,"cause":"whim","data":{}}"#.to_owned(), "cause_invalid"),
            (r#"{"type":"stock.changed","version":1,"force":1,"data":{}}"#.to_owned(), "force_invalid"),
            (
                r#"{"type":"stock.changed","version":1,"occurred_at":"yesterday","data":{}}"#.to_owned(),
                "occurred_at_invalid",
            ),
            (r#"{"type":"stock.changed","version":1}"#.to_owned(), "data_invalid"),
            (stock(r#""quantity":1"#), "sku_invalid"),
            (stock(r#""sku":"","quantity":1"#), "sku_invalid"),
            (stock(r#""sku":"A\n","quantity":1"#), "sku_invalid"),
            (stock(r#""sku":"A""#), "quantity_invalid"),
            (stock(r#""sku":"A","quantity":"7""#), "quantity_invalid"),
            (stock(r#""sku":"A","quantity":1.5"#), "quantity_invalid"),
            (stock(r#""sku":"A","quantity":-1"#), "quantity_negative"),
            (price(r#""price":"0","currency":"RUB""#), "price_invalid"),
            (price(r#""price":10,"currency":"RUB""#), "price_invalid"),
            (price(r#""price":"10","currency":"rub""#), "currency_invalid"),
            (price(r#""price":"10","currency":"RUB","discount_price":"10""#), "discount_price_invalid"),
            (price(r#""price":"10","currency":"RUB","discount_price":5"#), "discount_price_invalid"),
            (r#"{"type":"product.deleted","version":1,"data":{"skus":[]}}"#.to_owned(), "product_id_invalid"),
            (
                r#"{"type":"product.deleted","version":1,"data":{"product_id":"1","skus":[7]}}"#.to_owned(),
                "sku_invalid",
            ),
            (
                r#"{"type":"order.status_changed","version":1,"data":{"aliexpress_order_id":"x"}}"#.to_owned(),
                "order_id_invalid",
            ),
            (
                r#"{"type":"order.status_changed","version":1,"data":{"aliexpress_order_id":"1","status":"lost"}}"#
                    .to_owned(),
                "status_invalid",
            ),
        ];
        for (event, code) in table {
            assert_eq!(one(&event).map_err(|r| r.code), Err(code), "{event}");
        }
        let long = format!(
            r#"{{"type":"product.changed","version":1,"data":{{"product_id":"1","name":"{}"}}}}"#,
            "x".repeat(STRING_BYTES_MAX + 1)
        );
        assert_eq!(one(&long).unwrap_err().code, "string_too_long");
    }

    #[test]
    fn a_body_that_is_no_list_of_events_is_refused_whole() {
        assert!(matches!(parse(b"", 1), Err(Unreadable::Json(_))));
        assert!(matches!(parse(b"[]", 1), Err(Unreadable::Json(_))));
        assert!(matches!(parse(b"[[{}]]", 1), Err(Unreadable::Json(_))));
        assert!(matches!(parse(b"{\"events\":[],\"\x80\":1}", 1), Err(Unreadable::Json(_))));
        assert!(matches!(parse(br#"{"events":{}}"#, 1), Err(Unreadable::Json(_))));
        assert_eq!(parse(br#"{"events":[]}"#, 1), Err(Unreadable::Empty));
        assert_eq!(parse(br#"{"events":[1,2]}"#, 1), Err(Unreadable::TooMany { found: 2, max: 1 }));
        let deep = format!(r#"{{"events":[{}]}}"#, "[".repeat(100_000));
        assert_eq!(parse(deep.as_bytes(), 1), Err(Unreadable::TooDeep));
        assert!(!deeper_than(br#"{"a":"[[[[[[\"[[["}"#, 2));
    }
}
