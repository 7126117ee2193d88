//! A shop without the module: Bitrix's REST over HTTP, as its controllers answer, with what can go wrong in between.
//!
//! Its own code, from Bitrix's documentation: requests are JSON, commands of a batch are PHP queries, pages have 50 rows, every call saves, and
//! nothing spans two of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Map, Value, json};

pub const TOKEN: &str = "s3cretwebhook0token";
const PAGE: usize = 50;

/// What happens around the nth call, those of batches counted one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The connection breaks before it is applied.
    Before,
    /// It is applied, and the connection breaks.
    After,
    /// It is applied, and no answer comes for ever.
    Silence,
}

pub type Row = Map<String, Value>;

/// Everything that the shop has.
#[derive(Debug, Default)]
pub struct PortalState {
    pub orders: BTreeMap<u64, Row>,
    pub basket: BTreeMap<u64, Row>,
    pub payments: BTreeMap<u64, Row>,
    pub shipments: BTreeMap<u64, Row>,
    pub shipment_items: BTreeMap<u64, Row>,
    /// (order, property) → value.
    pub values: BTreeMap<(u64, u64), String>,
    /// id → (catalogue, external code, property 77, pieces)
    pub products: BTreeMap<u64, (u64, String, String, u64)>,
    /// Methods called, in order.
    pub calls: Vec<String>,
    /// Requests that came, batches counted as one.
    pub requests: usize,
    pub cut: Option<(usize, Cut)>,
    /// Answers to give first, with their status.
    pub refusals: Vec<(u16, Value)>,
    pub token: String,
    next: u64,
}

pub type Portal = Arc<Mutex<PortalState>>;

type Answer = Result<Value, (u16, Value, String)>;

fn wrong<T>(code: impl Into<Value>, words: &str) -> Result<T, (u16, Value, String)> {
    Err((400, code.into(), words.to_owned()))
}

/// A running shop, and the URL of its webhook.
pub fn start() -> (Portal, String, actix_web::dev::ServerHandle) {
    let mut state = PortalState { token: TOKEN.into(), next: 100, ..PortalState::default() };
    for product in 1..=5u64 {
        for sku in 1..=4u64 {
            let code = format!("SKU-{product:05}-{sku:02}");
            state.products.insert(1000 + product * 10 + sku, (24, code.clone(), code, 1_000_000));
        }
    }
    let portal = Portal::new(Mutex::new(state));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/rest/1/{TOKEN}/", listener.local_addr().unwrap());
    let data = web::Data::new(Arc::clone(&portal));
    let (sender, handles) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let route = || web::post().to(endpoint);
            let app = move || App::new().app_data(data.clone()).route("/rest/1/{token}/{method}.json", route());
            let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
            sender.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    (portal, url, handles.recv().unwrap())
}

fn broken() -> HttpResponse {
    let end = futures_util::stream::once(async { Err::<web::Bytes, _>(std::io::Error::other("cut")) });
    HttpResponse::Ok().streaming(end)
}

fn failed(status: u16, code: &Value, words: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(json!({"error": code, "error_description": words}))
}

async fn endpoint(path: web::Path<(String, String)>, body: web::Bytes, portal: web::Data<Portal>) -> HttpResponse {
    let (token, method) = path.into_inner();
    let answered = {
        let mut state = portal.lock().unwrap();
        state.requests += 1;
        if token != state.token {
            return failed(401, &json!("INVALID_CREDENTIALS"), &format!("Invalid request credentials {token}"));
        }
        if !state.refusals.is_empty() {
            let (status, body) = state.refusals.remove(0);
            return HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(body);
        }
        let params: Value = serde_json::from_slice(&body).unwrap();
        match method.as_str() {
            "batch" => state.batch(&params),
            method => state.cut_around(method, &params),
        }
    };
    match answered {
        Ok(Ok(answer)) => HttpResponse::Ok().json(answer),
        Ok(Err((status, code, words))) => failed(status, &code, &words),
        Err(Cut::Silence) => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            HttpResponse::Ok().finish()
        }
        Err(_) => broken(),
    }
}

impl PortalState {
    /// One call, with the cut that was planned for it.
    fn cut_around(&mut self, method: &str, params: &Value) -> Result<Answer, Cut> {
        let cut = self.cut.filter(|(nth, _)| *nth == self.calls.len()).map(|(_, cut)| cut);
        self.calls.push(method.to_owned());
        if cut == Some(Cut::Before) {
            return Err(Cut::Before);
        }
        let answer = self.serve(method, params);
        match cut {
            Some(cut) => Err(cut),
            None => Ok(answer),
        }
    }

    fn batch(&mut self, params: &Value) -> Result<Answer, Cut> {
        let (mut results, mut errors, mut next) = (Map::new(), Map::new(), Map::new());
        for (nth, (name, command)) in params["cmd"].as_object().unwrap().iter().enumerate() {
            let (method, query) = command.as_str().unwrap().split_once('?').unwrap();
            let answer = match (nth < 50, method) {
                (false, _) => Err((400, json!("ERROR_BATCH_LENGTH_EXCEEDED"), "Max batch length exceeded".to_owned())),
                (_, "batch") => Err((400, json!("ERROR_BATCH_METHOD_NOT_ALLOWED"), "no".to_owned())),
                _ => self.cut_around(method, &parse_str(query))?,
            };
            match answer {
                Ok(mut answer) => {
                    results.insert(name.clone(), answer["result"].take());
                    next.extend(answer.get("next").map(|at| (name.clone(), at.clone())));
                }
                Err((_, code, words)) => {
                    errors.insert(name.clone(), json!({"error": code, "error_description": words}));
                }
            }
        }
        // PHP writes an empty array as a list.
        let php = |map: Map<String, Value>| if map.is_empty() { json!([]) } else { Value::Object(map) };
        let (result, result_error) = (php(results), php(errors));
        Ok(Ok(
            json!({"result": {"result": result, "result_error": result_error, "result_next": php(next)}, "time": {}}),
        ))
    }

    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn serve(&mut self, method: &str, params: &Value) -> Answer {
        let fields = params["fields"].as_object().cloned().unwrap_or_default();
        let target = number(&params["id"]);
        match method {
            "sale.order.list" => Ok(list("orders", rows(&self.orders), params)),
            "sale.basketitem.list" => Ok(list("basketItems", rows(&self.basket), params)),
            "sale.payment.list" => Ok(list("payments", rows(&self.payments), params)),
            "sale.shipment.list" => Ok(list("shipments", rows(&self.shipments), params)),
            "sale.shipmentitem.list" => Ok(list("shipmentItems", rows(&self.shipment_items), params)),
            "sale.persontype.list" => Ok(list("personTypes", vec![json!({"id": 1}), json!({"id": 2})], params)),
            "sale.status.list" => Ok(list("statuses", statuses(), params)),
            "sale.property.list" => Ok(list("properties", properties(), params)),
            "catalog.product.list" => self.product_list(params),
            "sale.order.add" => self.order_add(fields),
            "sale.order.update" => self.order_update(target, fields),
            "sale.basketitem.add" => self.line_add(fields, false),
            "sale.basketitem.addCatalogProduct" => self.line_add(fields, true),
            "sale.basketitem.delete" => match self.basket.remove(&target) {
                Some(_) => {
                    self.shipment_items.retain(|_, item| number(&item["basketId"]) != target);
                    Ok(json!({"result": true}))
                }
                None => wrong(200_140_400_001u64, "basket item is not exists"),
            },
            "sale.payment.add" => self.payment_add(fields),
            "sale.payment.update" => self.payment_update(target, &fields),
            "sale.shipment.add" => self.shipment_add(fields),
            "sale.shipment.update" => {
                self.shipments.get_mut(&target).unwrap().extend(fields);
                Ok(json!({"result": {"shipment": {"id": target}}}))
            }
            "sale.shipmentitem.add" => self.pack(fields),
            "sale.propertyvalue.modify" => self.set_properties(&fields["order"]),
            _ => Err((404, json!("ERROR_METHOD_NOT_FOUND"), "Method not found!".to_owned())),
        }
    }

    fn product_list(&self, params: &Value) -> Answer {
        if number(&params["filter"]["iblockId"]) == 0 {
            return wrong("ERROR_CORE", "iblockId is required");
        }
        let row = |(id, (catalog, code, property, _)): (&u64, &(u64, String, String, u64))| json!({"id": id, "iblockId": catalog, "xmlId": code, "property77": {"value": property, "valueId": "1"}});
        Ok(list("products", self.products.iter().map(row).collect(), params))
    }

    fn order_add(&mut self, mut fields: Row) -> Answer {
        for name in ["lid", "personTypeId", "currency"] {
            if fields.get(name).is_none_or(Value::is_null) {
                return wrong("100", &format!("Required fields: {name}"));
            }
        }
        if !["RUB", "USD"].contains(&fields["currency"].as_str().unwrap()) {
            return wrong(200_540_400_099u64, &format!("Currency {} is unknown", fields["currency"]));
        }
        for read_only in ["payed", "accountNumber", "version", "deducted"] {
            fields.remove(read_only);
        }
        let id = self.id();
        let mut row = Row::from_iter([
            ("id".into(), json!(id)),
            ("statusId".into(), json!("N")),
            ("canceled".into(), json!("N")),
            ("marked".into(), json!("N")),
            ("reasonMarked".into(), Value::Null),
            ("payed".into(), json!("N")),
            ("deducted".into(), json!("N")),
            ("additionalInfo".into(), Value::Null),
        ]);
        row.extend(fields);
        self.orders.insert(id, row.clone());
        Ok(json!({"result": {"order": row}, "total": 1}))
    }

    fn order_update(&mut self, id: u64, fields: Row) -> Answer {
        let paid = self.payments.values().any(|row| number(&row["orderId"]) == id && row["paid"] == "Y");
        if fields.get("canceled") == Some(&json!("Y")) && paid {
            return wrong("0", "a paid order cannot be cancelled");
        }
        if let Some(status) = fields.get("statusId")
            && !statuses().iter().any(|row| row["id"] == *status)
        {
            return wrong(200_540_400_098u64, "no such status");
        }
        let Some(row) = self.orders.get_mut(&id) else { return wrong(200_540_400_001u64, "order is not exists") };
        row.extend(fields);
        Ok(json!({"result": {"order": row}}))
    }

    fn line_add(&mut self, fields: Row, of_catalogue: bool) -> Answer {
        let (order, product, quantity) =
            (number(&fields["orderId"]), number(&fields["productId"]), number(&fields["quantity"]));
        let Some(of) = self.orders.get(&order) else { return wrong(200_140_400_009u64, "Order not found") };
        if of["currency"] != fields["currency"] {
            return wrong(200_140_400_011u64, "Currency must be the currency of the order");
        }
        let amount = |name: &str| fields[name].as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let exact = (amount("basePrice") - amount("price") - amount("discountPrice")).abs() < 0.001;
        if of_catalogue {
            match self.products.get_mut(&product) {
                Some((_, _, _, stock)) if *stock >= quantity && exact => *stock -= quantity,
                _ => return wrong(200_140_400_007u64, "basket item is not saved - bad data"),
            }
        } else if product != 0 || fields["name"].as_str().is_none_or(str::is_empty) || !exact {
            return wrong(200_140_400_007u64, "basket item is not saved - bad data");
        }
        let id = self.id();
        let mut row = fields;
        row.insert("id".into(), json!(id));
        for (name, value) in [("orderId", order), ("productId", product), ("quantity", quantity)] {
            row.insert(name.into(), json!(value));
        }
        self.basket.insert(id, row.clone());
        Ok(json!({"result": {"basketItem": row}, "total": 1}))
    }

    fn payment_add(&mut self, mut fields: Row) -> Answer {
        let order = number(&fields["orderId"]);
        if !self.orders.contains_key(&order) || number(&fields["paySystemId"]) != 3 {
            return wrong(200_750_000_001u64, "payment is not saved");
        }
        let id = self.id();
        fields.insert("id".into(), json!(id));
        self.orders.get_mut(&order).unwrap().insert("payed".into(), fields["paid"].clone());
        self.payments.insert(id, fields.clone());
        Ok(json!({"result": {"payment": fields}}))
    }

    fn payment_update(&mut self, id: u64, fields: &Row) -> Answer {
        let row = self.payments.get_mut(&id).unwrap();
        row.extend(fields.clone());
        let (order, paid) = (number(&row["orderId"]), row["paid"].clone());
        self.orders.get_mut(&order).unwrap().insert("payed".into(), paid);
        Ok(json!({"result": {"payment": {"id": id}}}))
    }

    fn shipment_add(&mut self, mut fields: Row) -> Answer {
        for name in ["orderId", "deliveryId", "allowDelivery", "deducted"] {
            if !fields.contains_key(name) {
                return wrong("0", &format!("Required fields: {name}"));
            }
        }
        let id = self.id();
        fields.insert("id".into(), json!(id));
        self.shipments.insert(id, fields.clone());
        Ok(json!({"result": {"shipment": fields}}))
    }

    fn pack(&mut self, mut fields: Row) -> Answer {
        let (shipment, basket) = (number(&fields["orderDeliveryId"]), number(&fields["basketId"]));
        if !self.shipments.contains_key(&shipment) {
            return wrong(201_240_400_002u64, "Shipment not found");
        }
        if !self.basket.contains_key(&basket) {
            return wrong(201_240_400_003u64, "Basket not found");
        }
        let twice = |row: &&Row| number(&row["orderDeliveryId"]) == shipment && number(&row["basketId"]) == basket;
        if self.shipment_items.values().any(|row| twice(&row)) {
            return wrong(201_250_000_001u64, "Duplicate entry for key [basketId, orderDeliveryId]");
        }
        let id = self.id();
        fields.insert("id".into(), json!(id));
        self.shipment_items.insert(id, fields.clone());
        Ok(json!({"result": {"shipmentItem": fields}}))
    }

    fn set_properties(&mut self, order: &Value) -> Answer {
        let id = number(&order["id"]);
        for value in order["propertyValues"].as_array().unwrap() {
            let property = number(&value["orderPropsId"]);
            assert!(properties().iter().any(|known| number(&known["id"]) == property));
            self.values.insert((id, property), value["value"].as_str().unwrap().to_owned());
        }
        Ok(json!({"result": {"propertyValues": []}}))
    }

    /// The one order that has AliExpress's id; more of them, or none, fail the test.
    pub fn order(&self, aliexpress: u64) -> &Row {
        let mark = format!("aliexpress_{aliexpress}");
        let found: Vec<&Row> = self.orders.values().filter(|row| row["xmlId"] == mark).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]
    }

    /// Rows of a table that belong to an order.
    pub fn of<'a>(&self, table: &'a BTreeMap<u64, Row>, order: u64) -> Vec<&'a Row> {
        table.values().filter(|row| number(&row["orderId"]) == order).collect()
    }

    /// A value of a property by its code.
    pub fn property(&self, order: u64, code: &str) -> Option<&str> {
        let id = properties().iter().find(|row| row["code"] == code).map(|row| number(&row["id"]))?;
        self.values.get(&(order, id)).map(String::as_str)
    }
}

pub fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).unwrap_or(0)
}

fn statuses() -> Vec<Value> {
    let status = |(id, sort): &(&str, u64)| json!({"id": id, "sort": sort, "type": "O"});
    [("N", 100u64), ("P", 110), ("S", 120), ("F", 200)].iter().map(status).collect()
}

fn properties() -> Vec<Value> {
    let codes = ["FIO", "EMAIL", "PHONE", "ZIP", "CITY", "ADDRESS"];
    codes.iter().enumerate().map(|(at, code)| json!({"id": 20 + at, "code": code, "personTypeId": 1})).collect()
}

fn rows(table: &BTreeMap<u64, Row>) -> Vec<Value> {
    table.values().cloned().map(Value::Object).collect()
}

/// A page of rows that the filter lets through: `=field` and `field` are equality, lists are any of.
fn list(name: &str, rows: Vec<Value>, params: &Value) -> Value {
    let filter = params["filter"].as_object().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let passes = |row: &Value| {
        filter.iter().all(|(key, wanted)| {
            let held = &row[key.trim_start_matches('=')];
            let held = text(held.get("value").unwrap_or(held));
            match wanted {
                Value::Array(any) => any.iter().any(|wanted| text(wanted) == held),
                wanted => text(wanted) == held,
            }
        })
    };
    let found: Vec<Value> = rows.into_iter().filter(passes).collect();
    let start = usize::try_from(number(&params["start"])).unwrap();
    let (total, page) = (found.len(), found.into_iter().skip(start).take(PAGE).collect::<Vec<_>>());
    let mut answer = json!({"result": {name: page}, "total": total, "time": {}});
    if start + PAGE < total {
        answer["next"] = json!(start + PAGE);
    }
    answer
}

/// What PHP reads in a query.
fn parse_str(query: &str) -> Value {
    let mut tree = json!({});
    for (key, text) in url::form_urlencoded::parse(query.as_bytes()) {
        let mut place = &mut tree;
        for step in key.replace(']', "").split('[') {
            place = &mut place[step];
        }
        *place = json!(text);
    }
    tree
}

impl PortalState {
    /// Lines of an order.
    pub fn basket_of(&self, order: u64) -> usize {
        self.of(&self.basket, order).len()
    }
}
