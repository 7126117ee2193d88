//! A shop without the module gets its orders by Bitrix's REST: each once and whole, wherever the way breaks.

use std::sync::Arc;
use std::time::Duration;

use aligate::bitrix::rest::check;
use aligate::bitrix::{DeliveryError, OutboundEvent, RestSink, Sink, Taken};
use aligate::clock::{Clock, ManualClock, SharedClock, Timestamp};
use aligate::domain::Lane;
use aligate::queue::Place;
use aligate::simulator::{PlacedLine, Receiver};
use aligate::store::Documents;
use aligate::store::keys::MasterKeys;
use aligate::store::sqlite::SqliteStore;
use serde_json::{Value, json};

use super::bench::{Bench, rest_settings};
use super::portal::{self, Cut, Portal, PortalState, Row, TOKEN, number};

const TIMEOUT: Duration = Duration::from_secs(30);
/// After this a write whose answer was lost arrives no more.
const DOUBT: Duration = Duration::from_secs(90);

/// The sink between a store and a shop, its clock turned by hand.
struct Rig {
    portal: Portal,
    url: String,
    clock: ManualClock,
    store: Arc<SqliteStore>,
    _dir: tempfile::TempDir,
    server: actix_web::dev::ServerHandle,
    sink: RestSink,
}

async fn store(clock: &ManualClock) -> (Arc<SqliteStore>, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let (shared, keys) = (Arc::new(clock.clone()) as SharedClock, MasterKeys::random());
    let store = SqliteStore::open(dir.path().join("s.db"), shared, &keys.checks(), TIMEOUT).await.unwrap();
    (Arc::new(store), dir)
}

impl Rig {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let (portal, url, server) = portal::start();
        let clock = ManualClock::at(Timestamp::from_millis(1_800_000_000_000));
        let (store, dir) = store(&clock).await;
        let sink = sink(&url, settings, &store, &clock);
        Self { portal, url, clock, store, _dir: dir, server, sink }
    }

    async fn take(&self, version: u64, data: &Value) -> Result<Taken, DeliveryError> {
        self.sink.order(&event(version, data)).await
    }

    /// Takes it, and waits out what is in doubt.
    async fn take_at_last(&self, version: u64, data: &Value) -> Taken {
        for _ in 0..4 {
            match self.take(version, data).await {
                Ok(taken) => return taken,
                Err(_) => self.clock.advance(DOUBT),
            }
        }
        panic!("it does not come to an end: {:?}", self.take(version, data).await);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, PortalState> {
        self.portal.lock().unwrap()
    }

    fn calls(&self) -> usize {
        self.state().calls.len()
    }

    async fn end(self) {
        self.server.stop(false).await;
    }
}

fn sink(url: &str, settings: &[(&str, &str)], store: &Arc<SqliteStore>, clock: &ManualClock) -> RestSink {
    let http = aligate::http_client::build_guarded(TIMEOUT, TIMEOUT).unwrap();
    let documents = Arc::clone(store) as Arc<dyn Documents>;
    let shared: SharedClock = Arc::new(clock.clone());
    RestSink::new("main".parse().unwrap(), rest_settings(url, settings), documents, (http, TIMEOUT), shared)
}

fn event(version: u64, data: &Value) -> OutboundEvent {
    let key = data["aliexpress_order_id"].as_str().unwrap().to_owned();
    OutboundEvent { kind: "order.changed".into(), key, version, data: data.clone() }
}

fn line(id: u64, sku: &str, quantity: u64) -> Value {
    json!({"line_id": id.to_string(), "sku": sku, "product_id": "1005", "name": format!("Ключ {id}"), "quantity": quantity,
        "price": "100.50", "cancelled": false})
}

fn order(id: u64, status: &str, lines: Vec<Value>) -> Value {
    let pieces: u64 =
        lines.iter().filter(|line| line["cancelled"] == false).map(|line| number(&line["quantity"])).sum();
    let total = format!("{}.{:02}", (pieces * 10_050 + 25_000) / 100, (pieces * 10_050) % 100);
    json!({"aliexpress_order_id": id.to_string(), "status": status, "hold": null, "paid": status != "PLACE_ORDER_SUCCESS",
        "shipped": false, "end_reason": null, "created_at": "2026-11-23T09:00:00Z", "ship_before": "2026-11-26T09:00:00Z",
        "currency": "RUB", "total": total, "comment": "",
        "buyer": {"name": "Анна 👩‍🚀", "phone": "+79161234567", "country": "RU", "region": "Москва", "city": "Москва",
            "address": "Тверская 1", "zip": "101000"},
        "lines": lines})
}

/// Twelve lines, so that they go in two batches.
fn twelve(id: u64) -> Vec<Value> {
    (0..12)
        .map(|nth| line(id * 100 + nth, &format!("SKU-{:05}-{:02}", 1 + nth % 3, 1 + nth / 3), 1 + nth % 2))
        .collect()
}

/// The order is in the shop once and whole, as it was told.
fn assert_whole(state: &PortalState, data: &Value, status: &str) {
    let row = state.order(number(&data["aliexpress_order_id"]));
    let id = number(&row["id"]);
    assert_eq!((&row["statusId"], &row["currency"], &row["lid"]), (&json!(status), &data["currency"], &json!("s1")));
    assert_eq!((row["marked"].as_str(), row["payed"].as_str()), (Some("N"), Some("Y")), "{row:?}");
    let lines: Vec<&Value> =
        data["lines"].as_array().unwrap().iter().filter(|line| line["cancelled"] == false).collect();
    let mut basket = state.of(&state.basket, id);
    basket.sort_by_key(|item| item["xmlId"].as_str().unwrap().to_owned());
    assert_eq!(basket.len(), lines.len(), "{:?}", state.calls);
    for (item, line) in basket.iter().zip(&lines) {
        assert_eq!((&item["xmlId"], &item["price"]), (&line["line_id"], &line["price"]));
        assert_eq!((number(&item["quantity"]), &item["productXmlId"]), (number(&line["quantity"]), &line["sku"]));
        assert_eq!((item["customPrice"].as_str(), &item["name"]), (Some("Y"), &line["name"]));
        assert_ne!(number(&item["productId"]), 0);
    }
    let payments = state.of(&state.payments, id);
    assert_eq!(payments.len(), 1);
    assert_eq!((payments[0]["paid"].as_str(), &payments[0]["sum"]), (Some("Y"), &data["total"]));
    let shipments = state.of(&state.shipments, id);
    assert_eq!(shipments.len(), 1);
    assert_eq!(shipments[0]["basePriceDelivery"], "250.00", "the rest of the total");
    let of_shipment = |item: &&Row| number(&item["orderDeliveryId"]) == number(&shipments[0]["id"]);
    let mut packed: Vec<u64> =
        state.shipment_items.values().filter(of_shipment).map(|item| number(&item["basketId"])).collect();
    packed.sort_unstable();
    let mut wanted: Vec<u64> = basket.iter().map(|item| number(&item["id"])).collect();
    wanted.sort_unstable();
    assert_eq!(packed, wanted);
    assert_eq!(state.property(id, "FIO"), Some("Анна 👩‍🚀"));
    assert_eq!(state.property(id, "ADDRESS"), Some("101000, RU, Москва, Москва, Тверская 1"));
    assert_eq!(
        row["comments"].as_str().unwrap().split(',').next(),
        Some(&*format!("AliExpress {}", data["aliexpress_order_id"].as_str().unwrap()))
    );
}

#[tokio::test]
async fn an_order_is_written_whole_and_a_repeat_costs_nothing() {
    let rig = Rig::new(&[]).await;
    let data = order(7, "WAIT_SELLER_SEND_GOODS", twelve(7));
    let taken = rig.take(5, &data).await.unwrap();
    assert!(taken.created && taken.notes.is_empty(), "{taken:?}");
    assert_whole(&rig.state(), &data, "P");
    let (calls, requests) = (rig.calls(), rig.state().requests);
    assert_eq!(requests, 13, "twelve lines cost that many: {:?}", rig.state().calls);
    for version in [5, 4, 1] {
        let again = rig.take(version, &order(7, "PLACE_ORDER_SUCCESS", twelve(7))).await.unwrap();
        assert_eq!((again.order_id.as_ref(), again.created), (taken.order_id.as_ref(), false));
    }
    assert_eq!(rig.calls(), calls, "nothing is asked of the shop");
    rig.take(6, &data).await.unwrap();
    assert_eq!(rig.state().calls[calls..], ["sale.order.list"], "a newer state that asks for nothing is looked up");
    rig.end().await;
}

/// Takes an event with the way cut around the nth call from now; whether there was such a call.
async fn cut_at(rig: &Rig, nth: usize, cut: Cut, version: u64, data: &Value) -> bool {
    let at = rig.calls() + nth;
    rig.state().cut = Some((at, cut));
    let reached = async {
        while rig.calls() <= at {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    // Where no answer comes the process is gone: its call is dropped where it stands.
    let ended = match cut {
        Cut::Silence => tokio::select! {
            ended = rig.take(version, data) => Some(ended),
            () = reached => None,
        },
        _ => Some(rig.take(version, data).await),
    };
    rig.state().cut = None;
    match ended {
        Some(Ok(_)) => false,
        Some(Err(error)) => {
            assert!(matches!(error, DeliveryError::Away { .. }), "{error:?}");
            true
        }
        None => true,
    }
}

#[tokio::test]
async fn a_way_that_breaks_at_any_call_leaves_one_whole_order() {
    let rig = Rig::new(&[]).await;
    let mut id = 1000;
    for cut in [Cut::Before, Cut::After, Cut::Silence] {
        let mut broken = 0;
        for nth in 0.. {
            id += 1;
            let data = order(id, "WAIT_SELLER_SEND_GOODS", twelve(id));
            if !cut_at(&rig, nth, cut, 1, &data).await {
                assert_whole(&rig.state(), &data, "P");
                break;
            }
            broken += 1;
            let before = rig.state().requests;
            if let Err(error) = rig.take(1, &data).await {
                assert!(matches!(&error, DeliveryError::Away { code: "in_doubt", after: Some(_), .. }), "{error:?}");
                assert_eq!(rig.state().requests, before, "what is in doubt is left alone");
                rig.clock.advance(DOUBT);
                rig.take(1, &data).await.unwrap();
            }
            assert_whole(&rig.state(), &data, "P");
        }
        assert!(broken > 30, "{cut:?} at {broken} calls");
    }
    rig.end().await;
}

#[tokio::test]
async fn a_change_that_breaks_at_any_call_comes_to_its_end() {
    let rig = Rig::new(&[]).await;
    let mut id = 1000;
    for cut in [Cut::Before, Cut::After, Cut::Silence] {
        for nth in 0.. {
            id += 1;
            let mut data = order(id, "PLACE_ORDER_SUCCESS", twelve(id));
            rig.take(1, &data).await.unwrap();
            assert_eq!(rig.state().order(id)["statusId"], "N");
            assert_eq!(rig.state().order(id)["payed"], "N");
            data = order(id, "WAIT_BUYER_ACCEPT_GOODS", twelve(id));
            data["lines"][3]["cancelled"] = json!(true);
            data["shipped"] = json!(true);
            let is_cut = cut_at(&rig, nth, cut, 2, &data).await;
            rig.take_at_last(2, &data).await;
            {
                let state = rig.state();
                let shop_order = number(&state.order(id)["id"]);
                assert_eq!((state.order(id)["payed"].as_str(), state.basket_of(shop_order)), (Some("Y"), 11));
                assert_eq!(state.of(&state.shipments, shop_order)[0]["allowDelivery"], "Y");
            }
            data = order(id, "FINISH", data["lines"].as_array().unwrap().clone());
            data["shipped"] = json!(true);
            rig.take_at_last(3, &data).await;
            assert_eq!(rig.state().order(id)["statusId"], "F");
            if !is_cut {
                assert!(nth > 4, "{cut:?} at {nth} calls");
                break;
            }
        }
    }
    rig.end().await;
}

#[tokio::test]
async fn statuses_go_forward_alone_and_what_a_manager_did_stays() {
    let rig = Rig::new(&[]).await;
    let lines = || vec![line(1, "SKU-00001-01", 2), line(2, "SKU-00001-02", 1)];
    rig.take(1, &order(7, "WAIT_SELLER_SEND_GOODS", lines())).await.unwrap();
    let id = number(&rig.state().order(7)["id"]);
    let set =
        |name: &str, value: &str| drop(rig.state().orders.get_mut(&id).unwrap().insert(name.into(), json!(value)));
    let is = |name: &str| rig.state().order(7)[name].as_str().unwrap_or_default().to_owned();
    // An order that stands later in the shop is not taken back, nor is one that was given back its money.
    set("statusId", "S");
    rig.state().payments.values_mut().for_each(|row| drop(row.insert("paid".into(), json!("N"))));
    rig.take(2, &order(7, "PLACE_ORDER_SUCCESS", lines())).await.unwrap();
    rig.take(3, &order(7, "SELLER_PART_SEND_GOODS", lines())).await.unwrap();
    assert_eq!(
        (is("statusId").as_str(), rig.state().payments.values().next().unwrap()["paid"].as_str()),
        ("S", Some("N"))
    );
    // A hold is marked and taken away; not where a manager has marked something else since.
    let held = |hold: &str| {
        let mut data = order(7, hold, lines());
        data["hold"] = json!(hold);
        data
    };
    rig.take(4, &held("IN_FROZEN")).await.unwrap();
    assert_eq!((is("marked").as_str(), is("reasonMarked").as_str()), ("Y", "AliExpress: do not ship, IN_FROZEN"));
    rig.take(5, &order(7, "SELLER_PART_SEND_GOODS", lines())).await.unwrap();
    assert_eq!((is("marked").as_str(), is("reasonMarked").as_str()), ("N", ""));
    rig.take(6, &held("IN_CANCEL")).await.unwrap();
    set("reasonMarked", "call the buyer");
    rig.take(7, &held("IN_CANCEL")).await.unwrap();
    rig.take(8, &order(7, "SELLER_PART_SEND_GOODS", lines())).await.unwrap();
    assert_eq!((is("marked").as_str(), is("reasonMarked").as_str()), ("Y", "call the buyer"));
    // A line that a manager touched is his.
    let first = *rig.state().basket.keys().next().unwrap();
    drop(rig.state().basket.get_mut(&first).unwrap().insert("quantity".into(), json!(5)));
    let mut data = order(7, "SELLER_PART_SEND_GOODS", lines());
    data["lines"][0]["cancelled"] = json!(true);
    let taken = rig.take(9, &data).await.unwrap();
    assert_eq!(taken.notes[0].0, "line_cancelled");
    assert_eq!(rig.state().basket.len(), 2);
    // So is an order that he deleted.
    rig.state().orders.clear();
    let taken = rig.take(10, &order(7, "FINISH", lines())).await.unwrap();
    assert_eq!((taken.notes[0].0.as_str(), taken.order_id), ("order_gone", Some(id.to_string())));
    assert!(rig.state().orders.is_empty());
    rig.end().await;
}

#[tokio::test]
async fn what_was_never_paid_or_never_sent_is_cancelled_when_it_is_over() {
    let rig = Rig::new(&[]).await;
    for (id, paid, shipped, status, canceled) in
        [(1, false, false, "N", "Y"), (2, true, false, "P", "Y"), (3, true, true, "F", "N")]
    {
        let first = if paid { "WAIT_SELLER_SEND_GOODS" } else { "PLACE_ORDER_SUCCESS" };
        rig.take(1, &order(id, first, vec![line(id, "SKU-00001-01", 1)])).await.unwrap();
        let mut data = order(id, "FINISH", vec![line(id, "SKU-00001-01", 1)]);
        (data["paid"], data["shipped"]) = (json!(paid), json!(shipped));
        rig.take(2, &data).await.unwrap();
        let state = rig.state();
        let row = state.order(id);
        assert_eq!((row["statusId"].as_str(), row["canceled"].as_str()), (Some(status), Some(canceled)), "{id}");
        assert_eq!(row["payed"], if canceled == "N" { "Y" } else { "N" }, "what AliExpress gave back is not paid");
    }
    rig.end().await;
}

#[tokio::test]
async fn an_address_that_was_masked_is_written_when_it_is_shown() {
    let rig = Rig::new(&[]).await;
    let mut data = order(7, "RISK_CONTROL", vec![line(1, "SKU-00001-01", 1)]);
    data["hold"] = json!("RISK_CONTROL");
    let shown = data["buyer"].clone();
    data["buyer"] =
        json!({"name": "A***", "phone": "", "country": "", "region": "", "city": "", "address": "", "zip": ""});
    rig.take(1, &data).await.unwrap();
    let id = number(&rig.state().order(7)["id"]);
    {
        let mut state = rig.state();
        assert_eq!((state.property(id, "FIO"), state.property(id, "ADDRESS")), (Some("A***"), None));
        assert_eq!(state.order(7)["reasonMarked"], "AliExpress: do not ship, RISK_CONTROL");
        state.values.insert((id, 20), "Anna, corrected".into());
    }
    data = order(7, "WAIT_SELLER_SEND_GOODS", vec![line(1, "SKU-00001-01", 1)]);
    data["buyer"] = shown;
    rig.take(2, &data).await.unwrap();
    {
        let state = rig.state();
        assert_eq!(state.property(id, "ADDRESS"), Some("101000, RU, Москва, Москва, Тверская 1"));
        assert_eq!(state.property(id, "FIO"), Some("Anna, corrected"), "what was written is the managers'");
        assert_eq!((state.order(7)["marked"].as_str(), state.order(7)["payed"].as_str()), (Some("N"), Some("Y")));
    }
    rig.end().await;
}

#[tokio::test]
async fn skus_that_the_shop_has_not_are_lines_without_a_product_or_refuse_the_order() {
    let rig = Rig::new(&[]).await;
    let lines =
        || vec![line(1, "SKU-00001-01", 2), line(2, "NOBODY'S 👕", 1), line(3, "", 1), line(4, "SKU-00001-02", 9)];
    rig.state().products.get_mut(&1012).unwrap().3 = 3;
    let taken = rig.take(1, &order(7, "WAIT_SELLER_SEND_GOODS", lines())).await.unwrap();
    let codes: Vec<&str> = taken.notes.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["sku_unknown", "line_without_product"], "a shortage refuses no order");
    let products: Vec<u64> = rig.state().basket.values().map(|row| number(&row["productId"])).collect();
    assert_eq!(products, [1011, 0, 0, 0]);
    assert_eq!(rig.state().order(7)["reasonMarked"], "AliExpress: sku_unknown, line_without_product");
    // Two products of one SKU are no answer either.
    rig.state().products.insert(9, (24, "SKU-00001-01".into(), String::new(), 9));
    let taken = rig.take(1, &order(8, "WAIT_SELLER_SEND_GOODS", vec![line(1, "SKU-00001-01", 1)])).await.unwrap();
    assert_eq!(taken.notes[0].0, "sku_unknown");
    let refusing =
        sink(&rig.url, &[("REST__UNKNOWN_SKU", "refuse"), ("REST__SKU", "property:77")], &rig.store, &rig.clock);
    let refused = refusing.order(&event(1, &order(9, "WAIT_SELLER_SEND_GOODS", lines()))).await.unwrap_err();
    assert!(
        matches!(&refused, DeliveryError::Refused { code, detail } if code == "sku_unknown" && detail.contains("NOBODY'S"))
    );
    assert_eq!(rig.state().orders.len(), 2);
    let known = order(10, "WAIT_SELLER_SEND_GOODS", vec![line(1, "SKU-00002-02", 1)]);
    assert!(refusing.order(&event(1, &known)).await.unwrap().notes.is_empty());
    rig.end().await;
}

#[tokio::test]
async fn odd_orders_are_taken_as_they_are() {
    let rig = Rig::new(&[]).await;
    // Two hundred lines, one of them for nothing, an address beyond all measure, no phone.
    let mut data = order(7, "WAIT_SELLER_SEND_GOODS", (0..200).map(|nth| line(nth + 1, "SKU-00001-01", 1)).collect());
    data["lines"][0]["price"] = json!("0.00");
    data["lines"][1]["name"] = json!("$result[c0] & \"quotes\" = 100% 👕\n");
    data["buyer"]["address"] = json!("ж".repeat(5_000));
    data["buyer"]["phone"] = json!("");
    data["comment"] = json!("Спасибо 🎁");
    let taken = rig.take(1, &data).await.unwrap();
    assert!(taken.notes.is_empty(), "{:?}", taken.notes);
    {
        let state = rig.state();
        let id = number(&state.order(7)["id"]);
        assert_eq!((state.basket_of(id), state.shipment_items.len()), (200, 200));
        let item = |line: &str| state.basket.values().find(|row| row["xmlId"] == line).unwrap().clone();
        assert_eq!(item("1")["price"], "0.00");
        assert_eq!(item("2")["name"], "result[c0] & \"quotes\" = 100% 👕\n");
        assert_eq!(state.property(id, "PHONE"), None);
        assert!(state.property(id, "ADDRESS").unwrap().chars().count() > 5_000);
        assert_eq!(state.order(7)["userDescription"], "Спасибо 🎁");
    }
    // A currency that the shop has not is a word to its people.
    data = order(8, "WAIT_SELLER_SEND_GOODS", vec![line(1, "SKU-00001-01", 1)]);
    data["currency"] = json!("KZT");
    let refused = rig.take(1, &data).await.unwrap_err();
    assert!(matches!(&refused, DeliveryError::Refused { detail, .. } if detail.contains("KZT")), "{refused:?}");
    data["lines"] = json!((0..1001).map(|nth| line(nth, "SKU-00001-01", 1)).collect::<Vec<_>>());
    assert!(matches!(rig.take(2, &data).await, Err(DeliveryError::Refused { code, .. }) if code == "too_many_lines"));
    rig.end().await;
}

#[tokio::test]
async fn an_emptied_store_makes_no_second_order_and_undoes_nothing() {
    let rig = Rig::new(&[]).await;
    let data = order(7, "WAIT_SELLER_SEND_GOODS", twelve(7));
    rig.take(1, &data).await.unwrap();
    let first = *rig.state().basket.keys().next().unwrap();
    rig.state().basket.remove(&first);
    let (empty, _dir) = store(&rig.clock).await;
    let sink = sink(&rig.url, &[], &empty, &rig.clock);
    let calls = rig.calls();
    let taken = sink.order(&event(1, &data)).await.unwrap();
    assert!(!taken.created && taken.notes.is_empty());
    assert_eq!(rig.state().basket.len(), 11, "a line that a manager took out stays out");
    let made: Vec<String> =
        rig.state().calls[calls..].iter().filter(|call| !call.ends_with(".list")).cloned().collect();
    assert!(made.is_empty(), "{made:?}");
    rig.end().await;
}

#[tokio::test]
async fn limits_and_refused_webhooks_are_waited_for_and_say_nothing_secret() {
    let rig = Rig::new(&[]).await;
    let mut data = order(7, "WAIT_SELLER_SEND_GOODS", twelve(7));
    data["buyer"]["name"] = json!("Planted Buyer");
    let error = |code: &str| json!({"error": code, "error_description": format!("Planted Buyer at {TOKEN}")});
    for (status, body, code, seconds) in [
        (503, error("QUERY_LIMIT_EXCEEDED"), "busy", 2),
        (429, error("OPERATION_TIME_LIMIT"), "busy", 60),
        (401, error("expired_token"), "unauthorized", 60),
        (403, error("insufficient_scope"), "unauthorized", 60),
        (404, error("ERROR_METHOD_NOT_FOUND"), "no_endpoint", 60),
    ] {
        rig.state().refusals.push((status, body));
        let said = rig.take(1, &data).await.unwrap_err();
        let text = format!("{said} {said:?} {:?}", rig.sink);
        assert!(!text.contains("Planted") && !text.contains(TOKEN), "{text}");
        let expected = Some(Duration::from_secs(seconds));
        assert!(
            matches!(&said, DeliveryError::Away { code: known, after, .. } if *known == code && *after == expected),
            "{said:?}"
        );
    }
    // Refused in the middle: nothing was done by that call, so that it goes on at once.
    for nth in [0, 1, 2, 3, 5, 8] {
        let id = 100 + nth as u64;
        let data = order(id, "WAIT_SELLER_SEND_GOODS", twelve(id));
        let start = rig.state().requests;
        let refuse = async {
            while rig.state().requests < start + nth {
                tokio::task::yield_now().await;
            }
            rig.state().refusals.push((503, json!({"error": "QUERY_LIMIT_EXCEEDED"})));
        };
        let (taken, ()) = tokio::join!(rig.take(1, &data), refuse);
        if taken.is_err() {
            rig.take(1, &data).await.unwrap();
        }
        rig.state().refusals.clear();
        assert_whole(&rig.state(), &data, "P");
    }
    rig.state().token = "another".into();
    let said = rig.take(1, &data).await.unwrap_err().to_string();
    assert!(said.contains("administrator") && !said.contains(TOKEN), "{said}");
    rig.end().await;
}

#[tokio::test]
async fn orders_of_aliexpress_reach_a_shop_without_the_module_whatever_breaks_on_the_way() {
    let (portal, url, server) = portal::start();
    let mut bench = Bench::with("2026-11-23T10:00:00Z", Some(&url)).await;
    bench.poll().await;
    let mut ids = Vec::new();
    for round in 0..10usize {
        ids.extend((0..3).map(|_| bench.paid_order(&[("SKU-00001-01", 2), ("SKU-00002-03", 1)])));
        if let Some(at) = round.checked_sub(3) {
            let status = if at % 2 == 0 { "WAIT_BUYER_ACCEPT_GOODS" } else { "IN_CANCEL" };
            bench.simulator.orders().set_status(ids[at * 3], status);
        }
        {
            let mut shop = portal.lock().unwrap();
            let at = shop.calls.len() + 2 + round * 5 % 17;
            shop.cut = Some((at, if round % 2 == 0 { Cut::After } else { Cut::Before }));
            if round % 3 == 0 {
                let said = |status: u16, code: &str| (status, json!({"error": code, "error_description": ""}));
                shop.refusals.extend([said(503, "QUERY_LIMIT_EXCEEDED"), said(401, "expired_token")]);
            }
        }
        bench.advance(Duration::from_secs(120));
        bench.poll().await;
        bench.drain().await;
    }
    portal.lock().unwrap().cut = None;
    let odd = PlacedLine { sku: "UNKNOWN 👕".into(), quantity: 1, price: "0".into(), status: None };
    let odd = bench.simulator.orders().place(vec![odd], Receiver::default());
    bench.simulator.orders().pay(odd);
    for _ in 0..10 {
        bench.advance(Duration::from_secs(120));
        bench.poll().await;
        bench.drain().await;
    }
    for lane in [Lane::Order, Lane::Notice] {
        for place in [Place::Due, Place::Leased, Place::Dead, Place::Parked] {
            assert_eq!(bench.in_place(lane, place).await, [], "{lane} {place:?}");
        }
    }
    for id in &ids {
        let kept = bench.kept(*id).await.unwrap().taken.unwrap();
        let shop = portal.lock().unwrap();
        let row = shop.order(*id);
        let order = number(&row["id"]);
        assert_eq!(kept.order_id, Some(order.to_string()));
        assert_eq!((shop.basket_of(order), shop.of(&shop.payments, order).len()), (2, 1));
        let there = bench.simulator.orders().get(*id).unwrap().status;
        assert_eq!(row["payed"], "Y");
        // A wish to cancel says nothing of how far an order is.
        assert!(row["statusId"] == "P" || there == "IN_CANCEL" && row["statusId"] == "N", "{row:?}");
        assert_eq!(row["marked"], if there == "IN_CANCEL" { "Y" } else { "N" }, "{there}");
        let shipments = shop.of(&shop.shipments, order);
        assert_eq!(shipments.len(), 1);
        assert_eq!(shipments[0]["allowDelivery"], if there == "WAIT_BUYER_ACCEPT_GOODS" { "Y" } else { "N" });
        assert_eq!(shop.property(order, "FIO"), Some("Ivan Petrov"));
    }
    {
        let shop = portal.lock().unwrap();
        assert_eq!(shop.orders.len(), ids.len() + 1);
        assert_eq!(shop.shipment_items.len(), ids.len() * 2 + 1);
        assert_eq!(shop.order(odd)["reasonMarked"], "AliExpress: sku_unknown");
    }
    server.stop(false).await;
    bench.stop().await;
}

#[tokio::test]
async fn notices_are_logged_and_what_is_asked_of_the_module_is_refused() {
    let rig = Rig::new(&[]).await;
    let tell = async |kind: &str, data: Value| {
        rig.sink.tell(&OutboundEvent { kind: kind.into(), key: "x".into(), version: 1, data }).await
    };
    tell("notice", json!({"code": "dead_letters", "detail": "d", "count": 2})).await.unwrap();
    tell("listing.state_changed", json!({"product_id": "1", "state": "on"})).await.unwrap();
    let refused = tell("state.requested", json!({"all": true})).await.unwrap_err();
    assert!(matches!(refused, DeliveryError::Refused { code, .. } if code == "no_module"));
    assert_eq!(rig.state().requests, 0);
    rig.end().await;
}

#[tokio::test]
async fn the_doctor_finds_what_the_shop_lacks() {
    let rig = Rig::new(&[]).await;
    let http = || aligate::http_client::build_guarded(TIMEOUT, TIMEOUT).unwrap();
    let clock: SharedClock = Arc::new(rig.clock.clone());
    let look = async |more: &[(&str, &str)]| check(&rest_settings(&rig.url, more), http(), Arc::clone(&clock)).await;
    let found = look(&[]).await;
    assert!(found.iter().all(|found| found.ok), "{found:?}");
    let found =
        look(&[("REST__PERSON_TYPE", "9"), ("REST__PROPERTIES", "name = NAME"), ("REST__STATUSES", "FINISH = Z")])
            .await;
    let bad: Vec<&str> = found.iter().filter(|found| !found.ok).map(|found| found.key).collect();
    assert_eq!(bad, ["person_type", "properties", "statuses"]);
    rig.state().token = "another".into();
    let found = look(&[]).await;
    assert_eq!(found.len(), 1);
    assert!(!found[0].ok && !found[0].detail.contains(TOKEN), "{found:?}");
    assert!(rig.state().calls.iter().all(|call| call.ends_with(".list")), "it changes nothing");
    assert!(rig.clock.now().0 > 0);
    rig.end().await;
}
