//! The shop that a test plays: what its newest events say, to compare AliExpress with.

use std::collections::BTreeMap;
use std::sync::Mutex;

use aligate::simulator::Catalogue;
use serde_json::Value;

/// The newest states, each with its version.
#[derive(Default)]
pub struct Shop {
    stock: Mutex<BTreeMap<String, (u64, u64)>>,
    prices: Mutex<BTreeMap<String, Price>>,
}

#[derive(Default, Clone)]
struct Price {
    version: u64,
    price: String,
    /// Where an event named one: what the last that did said.
    discount: Option<Value>,
}

impl Shop {
    /// Notes what an event says, if it is newer than what is known.
    pub fn note(&self, event: &Value) {
        let (data, version) = (&event["data"], event["version"].as_u64().unwrap_or_default());
        let sku = data["sku"].as_str().unwrap_or_default().to_owned();
        match event["type"].as_str() {
            Some("stock.changed") => {
                let mut stock = self.stock.lock().unwrap();
                let known = stock.entry(sku).or_default();
                *known = (*known).max((version, data["quantity"].as_u64().unwrap()));
            }
            Some("price.changed") => {
                let mut prices = self.prices.lock().unwrap();
                let known = prices.entry(sku).or_default();
                if version > known.version {
                    known.version = version;
                    data["price"].as_str().unwrap().clone_into(&mut known.price);
                    known.discount = data.get("discount_price").cloned().or(known.discount.take());
                }
            }
            _ => {}
        }
    }

    /// Where AliExpress has something else, in words.
    pub fn drift(&self, catalogue: &Catalogue) -> Vec<String> {
        let mut drift = Vec::new();
        let all: Vec<_> = catalogue.products().into_iter().flat_map(|product| product.skus).collect();
        for there in all {
            if let Some((_, quantity)) = self.stock.lock().unwrap().get(&there.sku).filter(|(_, q)| *q != there.stock) {
                drift.push(format!("{} has {} of {quantity}", there.sku, there.stock));
            }
            let Some(price) = self.prices.lock().unwrap().get(&there.sku).cloned() else { continue };
            if price.price != there.price {
                drift.push(format!("{} costs {} for {}", there.sku, there.price, price.price));
            }
            let discount = there.discount_price.clone().map_or(Value::Null, Value::String);
            if price.discount.as_ref().is_some_and(|known| *known != discount) {
                drift.push(format!("{} is sold for {discount}, not {:?}", there.sku, price.discount));
            }
        }
        drift
    }
}
