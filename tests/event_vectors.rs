//! The bodies of events that the Bitrix module builds: both sides must mean the same by them.

use aligate::domain::event::{self, Event, Fact};
use aligate::domain::{Cause, Discount};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    name: String,
    event: Value,
}

fn bodies() -> Vec<Body> {
    serde_json::from_str(include_str!("fixtures/event-bodies.json")).expect("the bodies are readable")
}

fn read(name: &str) -> Event {
    let body = bodies().into_iter().find(|body| body.name == name).unwrap_or_else(|| panic!("no body is named {name}"));
    let request = serde_json::json!({"events": [body.event]}).to_string();
    let mut events = event::parse(request.as_bytes(), 1).expect("one event is a request");
    events.remove(0).unwrap_or_else(|rejection| panic!("{name}: {rejection:?}"))
}

#[test]
fn every_body_of_the_module_is_taken() {
    for body in bodies() {
        assert_eq!(read(&body.name).version, 1_763_892_000_000_000, "{}", body.name);
    }
}

#[test]
fn stock_is_read_with_cause_and_force() {
    let plain = read("stock");
    assert_eq!((plain.cause, plain.force), (Cause::Edit, false));
    assert!(matches!(plain.fact, Fact::Stock { sku, state } if sku.as_str() == "TSHIRT-RED-M" && state.quantity == 7));
    let forced = read("stock, forced, found by the sweep");
    assert_eq!((forced.cause, forced.force), (Cause::Sweep, true));
    assert!(matches!(forced.fact, Fact::Stock { sku, state } if sku.as_str() == "Ф-\"1\"/\\" && state.quantity == 0));
}

#[test]
fn a_discount_is_kept_set_or_erased() {
    let discount = |name| match read(name).fact {
        Fact::Price { state, .. } => state.discount,
        other => panic!("{other:?}"),
    };
    assert_eq!(discount("price"), Discount::Keep);
    assert_eq!(discount("price with discount"), Discount::Set("1490.00".parse().unwrap()));
    assert_eq!(discount("price whose discount ended"), Discount::Erase);
}

#[test]
fn a_product_names_the_skus_of_its_offers() {
    let skus = |name| match read(name).fact {
        Fact::Product { skus, .. } | Fact::ProductDeleted { skus, .. } => {
            skus.into_iter().map(String::from).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(skus("product"), ["TSHIRT-RED-M", "TSHIRT-BLUE-M"]);
    assert_eq!(skus("product with nothing but a SKU"), ["CAP"]);
    assert_eq!(skus("product deleted"), ["CAP-BLUE", "100"]);
}

#[test]
fn an_order_is_read_whole() {
    for (name, status) in
        [("order shipped", "shipped"), ("order delivered", "delivered"), ("order cancelled", "cancelled")]
    {
        let Fact::OrderStatus { order, data } = read(name).fact else { panic!("{name}") };
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!((order.as_str(), data["status"].as_str()), ("8123456789012345", Some(status)));
        assert!(data["shipments"].is_array(), "{name}: always the whole list");
    }
}
