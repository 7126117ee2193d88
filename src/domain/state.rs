//! What the queue keeps for a key: the stored forms of states, apart from the wire forms of the shop and of AliExpress.
//!
//! Stored forms have short keys, since a shop keeps one for each SKU and lane, and may only gain optional members:
//! an upgraded gateway must read what its predecessor queued.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Currency, Lane, Money, StockRules};

/// Pieces of a SKU in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockState {
    /// Whole pieces that the shop has.
    #[serde(rename = "q")]
    pub quantity: u64,
}

impl StockState {
    /// The value that AliExpress gets, as text to compare with what is confirmed: `7`, or `4 of 7` while three pieces are in orders.
    ///
    /// The two never equal each other: a state that was confirmed less the pieces in orders says nothing of one that is not.
    pub fn rendered(self, rules: StockRules, in_orders: u64) -> String {
        let sellable = rules.sellable(self.quantity, in_orders);
        match in_orders {
            0 => sellable.to_string(),
            _ => format!("{sellable} of {}", rules.sellable(self.quantity, 0)),
        }
    }
}

/// A stored state as people read it: with the names that events have. What is stored as it came is shown as it is.
pub fn shown(lane: Lane, stored: &str) -> Value {
    let stock = |state: StockState| json!({ "quantity": state.quantity });
    let price = |state: PriceState| {
        let mut shown = json!({ "price": state.price, "currency": state.currency });
        match state.discount {
            Discount::Keep => {}
            Discount::Erase => shown["discount_price"] = Value::Null,
            Discount::Set(discount) => shown["discount_price"] = json!(discount),
        }
        shown
    };
    let shown = match lane {
        Lane::Stock => serde_json::from_str(stored).map(stock),
        Lane::Price => serde_json::from_str(stored).map(|state: Option<PriceState>| state.map_or(Value::Null, price)),
        _ => serde_json::from_str(stored),
    };
    shown.unwrap_or(Value::Null)
}

/// What a price event says of the discount price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Discount {
    /// Not mentioned: AliExpress keeps what it has.
    #[default]
    Keep,
    /// Erased.
    Erase,
    /// Set.
    Set(Money),
}

/// Price of a SKU in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceState {
    /// The price before discount.
    #[serde(rename = "p")]
    pub price: Money,
    /// The discount price.
    #[serde(rename = "d", default, skip_serializing_if = "Discount::is_keep", with = "discount")]
    pub discount: Discount,
    /// The currency of both.
    #[serde(rename = "c")]
    pub currency: Currency,
}

impl PriceState {
    /// The value that AliExpress gets, as text to compare with what is confirmed: `1990.00/1490.00`, `1990.00/-`
    /// without a discount, `1990.00/*` where AliExpress keeps the discount that it has.
    pub fn rendered(&self) -> String {
        match self.discount {
            Discount::Keep => format!("{}/*", self.price),
            Discount::Erase => format!("{}/-", self.price),
            Discount::Set(discount) => format!("{}/{discount}", self.price),
        }
    }

    /// This state laid over an older one that AliExpress has not taken yet: what the newer leaves unsaid, the older says.
    ///
    /// Without it the newer "keep the discount" would silently drop a discount that was queued and never sent.
    #[must_use]
    pub fn over(self, older: &PriceState) -> PriceState {
        let discount = if self.discount == Discount::Keep { older.discount } else { self.discount };
        PriceState { discount, ..self }
    }
}

impl Discount {
    fn is_keep(&self) -> bool {
        *self == Discount::Keep
    }
}

mod discount {
    //! Absent = keep, null = erase, text = set.
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Discount, Money};

    pub fn serialize<S: Serializer>(discount: &Discount, to: S) -> Result<S::Ok, S::Error> {
        match discount {
            Discount::Keep | Discount::Erase => None::<Money>.serialize(to),
            Discount::Set(money) => Some(money).serialize(to),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Discount, D::Error> {
        Ok(Option::<Money>::deserialize(from)?.map_or(Discount::Erase, Discount::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(discount: Discount) -> PriceState {
        PriceState { price: "10".parse().unwrap(), discount, currency: "RUB".parse().unwrap() }
    }

    #[test]
    fn stored_states_survive_a_round_trip() {
        for (discount, text) in [
            (Discount::Keep, r#"{"p":"10.00","c":"RUB"}"#),
            (Discount::Erase, r#"{"p":"10.00","d":null,"c":"RUB"}"#),
            (Discount::Set("9.5".parse().unwrap()), r#"{"p":"10.00","d":"9.50","c":"RUB"}"#),
        ] {
            assert_eq!(serde_json::to_string(&price(discount)).unwrap(), text);
            assert_eq!(serde_json::from_str::<PriceState>(text).unwrap(), price(discount));
        }
        assert_eq!(serde_json::to_string(&StockState { quantity: 7 }).unwrap(), r#"{"q":7}"#);
    }

    #[test]
    fn a_discount_that_was_never_sent_is_not_lost_to_a_newer_price_without_one() {
        let set = Discount::Set("9".parse().unwrap());
        assert_eq!(price(Discount::Keep).over(&price(set)).discount, set);
        assert_eq!(price(Discount::Erase).over(&price(set)).discount, Discount::Erase);
        assert_eq!(price(set).over(&price(Discount::Erase)).discount, set);
    }

    #[test]
    fn states_are_shown_by_the_names_of_events() {
        let price = |discount: &str| shown(Lane::Price, &format!(r#"{{"p":"10","c":"RUB"{discount}}}"#));
        assert_eq!(shown(Lane::Stock, r#"{"q":7}"#), json!({"quantity": 7}));
        assert_eq!(price(""), json!({"price": "10.00", "currency": "RUB"}));
        assert_eq!(price(r#","d":null"#), json!({"price": "10.00", "currency": "RUB", "discount_price": null}));
        assert_eq!(price(r#","d":"9""#), json!({"price": "10.00", "currency": "RUB", "discount_price": "9.00"}));
        assert_eq!(shown(Lane::Price, "null"), Value::Null);
        assert_eq!(shown(Lane::Product, r#"{"product_id":"1"}"#), json!({"product_id": "1"}));
        assert_eq!(shown(Lane::Stock, "broken"), Value::Null);
    }
}
