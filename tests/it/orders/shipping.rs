//! Shipments out to AliExpress: each parcel once, checked before it is sent, and what a person has to mend is said.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::Place;
use aligate::simulator::{Fault, Kind};
use serde_json::{Value, json};

use super::bench::Bench;

const FULFIL: &str = "aliexpress.solution.order.fulfill";
const SERVICES: &str = "aliexpress.logistics.redefining.listlogisticsservice";
const MINUTE: Duration = Duration::from_secs(60);

/// A gateway that knows one paid order.
async fn with_order() -> (Bench, u64) {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let id = bench.paid_order(&[("SKU-00001-01", 2)]);
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    (bench, id)
}

fn told(complete: bool, shipments: &[(&str, &str, &str)]) -> Value {
    let shipment =
        |(id, number, carrier): &(&str, &str, &str)| json!({"id": id, "tracking_number": number, "carrier": carrier});
    let shipments: Vec<Value> = shipments.iter().map(shipment).collect();
    json!({"status": "shipped", "complete": complete, "shipments": shipments})
}

async fn tell(bench: &mut Bench, order: u64, said: Value) {
    bench.advance(MINUTE);
    bench.offer(Lane::Fulfilment, &order.to_string(), said, None).await;
    bench.drain().await;
}

/// Numbers declared, and how: what the simulator has.
fn declared(bench: &Bench, order: u64) -> Vec<(String, String)> {
    let parcels = bench.simulator.orders().get(order).unwrap().parcels;
    parcels.into_iter().map(|parcel| (parcel.number, parcel.send_type)).collect()
}

fn parcels(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(number, send_type)| ((*number).to_owned(), (*send_type).to_owned())).collect()
}

#[tokio::test]
async fn parcels_are_declared_one_by_one_and_the_last_says_all() {
    let (mut bench, id) = with_order().await;
    tell(&mut bench, id, told(false, &[("1", "RU123456789CN", "post")])).await;
    assert_eq!(declared(&bench, id), parcels(&[("RU123456789CN", "part")]));
    assert_eq!(bench.simulator.orders().get(id).unwrap().status, "SELLER_PART_SEND_GOODS");
    // The whole list again changes nothing.
    tell(&mut bench, id, told(false, &[("1", "RU123456789CN", "post")])).await;
    tell(&mut bench, id, told(true, &[("1", "RU123456789CN", "post"), ("2", "own-0001", "own")])).await;
    assert_eq!(declared(&bench, id), parcels(&[("RU123456789CN", "part"), ("own-0001", "all")]));
    let order = bench.simulator.orders().get(id).unwrap();
    assert_eq!(
        (order.status.as_str(), order.parcels[1].tracking_website.as_deref()),
        ("WAIT_BUYER_ACCEPT_GOODS", Some("https://t.example/own-0001"))
    );
    tell(&mut bench, id, told(true, &[("1", "RU123456789CN", "post"), ("2", "own-0001", "own")])).await;
    assert_eq!(bench.calls(FULFIL), 2);
    assert_eq!(bench.calls(SERVICES), 1, "the list of services is kept");
    assert_eq!(bench.kept(id).await.unwrap().ship_before, None, "its deadline is past");
    bench.stop().await;
}

#[tokio::test]
async fn a_lost_answer_declares_nothing_twice() {
    for kind in [Kind::AnswerLost, Kind::Truncate, Kind::Reset, Kind::Status { status: 502 }] {
        let (mut bench, id) = with_order().await;
        bench.simulator.faults().add(Fault { method: Some(FULFIL.into()), ..Fault::times(1, kind.clone()) });
        tell(&mut bench, id, told(true, &[("1", "RU123456789CN", "post")])).await;
        for _ in 0..6 {
            bench.advance(2 * MINUTE);
            bench.drain().await;
        }
        assert_eq!(declared(&bench, id), parcels(&[("RU123456789CN", "all")]), "{kind:?}");
        assert_eq!(bench.in_place(Lane::Fulfilment, Place::Due).await.len(), 0, "{kind:?}");
        assert_eq!(bench.in_place(Lane::Fulfilment, Place::Dead).await.len(), 0, "{kind:?}");
        let answered =
            bench.simulator.ledger().calls().into_iter().filter(|call| call.method == FULFIL && call.outcome == "ok");
        assert_eq!(answered.count(), 1, "{kind:?}");
        bench.stop().await;
    }
}

#[tokio::test]
async fn a_number_that_the_service_takes_not_is_never_sent_and_the_shop_is_told() {
    let (mut bench, id) = with_order().await;
    tell(&mut bench, id, told(true, &[("1", "12345", "post")])).await;
    assert_eq!(bench.calls(FULFIL), 0);
    let dead = bench.in_place(Lane::Fulfilment, Place::Dead).await;
    assert_eq!(dead[0].fault.as_ref().unwrap().code, "tracking_number_invalid");
    assert_eq!(bench.notices(), ["tracking_number_invalid"]);
    // The shop mends it.
    tell(&mut bench, id, told(true, &[("1", "RU123456789CN", "post")])).await;
    assert_eq!(declared(&bench, id).len(), 1);
    assert_eq!(bench.in_place(Lane::Fulfilment, Place::Dead).await.len(), 0);
    bench.stop().await;
}

#[tokio::test]
async fn a_carrier_without_a_service_waits_for_the_table() {
    let (mut bench, id) = with_order().await;
    tell(&mut bench, id, told(true, &[("1", "BX-0001", "boxberry")])).await;
    let parked = bench.in_place(Lane::Fulfilment, Place::Parked).await;
    assert_eq!(parked[0].fault.as_ref().unwrap().code, "carrier_missing");
    assert!(parked[0].fault.as_ref().unwrap().detail.contains("OTHER_RU_LOCAL"), "a service is suggested");
    assert_eq!(bench.notices(), ["carrier_missing"]);
    let table = serde_json::from_value(
        json!({"boxberry": {"service": "OTHER_RU_LOCAL", "tracking_url": "https://b.example/{number}"}}),
    );
    bench.orders.set_carriers(&bench.id(), &table.unwrap()).await.unwrap();
    let reason = aligate::queue::ParkReason::CarrierMissing;
    assert_eq!(bench.desk.queue.release(&bench.id(), Lane::Fulfilment, reason).await.unwrap(), 1);
    bench.drain().await;
    assert_eq!(declared(&bench, id), parcels(&[("BX-0001", "all")]));
    bench.stop().await;
}

#[tokio::test]
async fn what_was_declared_by_hand_is_success_and_another_number_is_a_fault() {
    let (mut bench, id) = with_order().await;
    let by_hand = |bench: &Bench, id: u64, number: &str| {
        bench.simulator.orders().change(id, |order| {
            order.status = "WAIT_BUYER_ACCEPT_GOODS".into();
            order.parcels.push(aligate::simulator::DeclaredParcel {
                service: "RUSSIAN_POST".into(),
                number: number.into(),
                send_type: "all".into(),
                tracking_website: None,
            });
        });
    };
    by_hand(&bench, id, "RU123456789CN");
    tell(&mut bench, id, told(true, &[("1", "RU123456789CN", "post")])).await;
    assert_eq!(bench.in_place(Lane::Fulfilment, Place::Dead).await.len(), 0);
    let other = bench.paid_order(&[("SKU-00001-02", 1)]);
    by_hand(&bench, other, "RU000000000CN");
    tell(&mut bench, other, told(true, &[("9", "RU123456780CN", "post")])).await;
    let dead = bench.in_place(Lane::Fulfilment, Place::Dead).await;
    assert_eq!(dead.len(), 0, "AliExpress counts the order as sent: there is nothing left to declare");
    bench.stop().await;
}

#[tokio::test]
async fn an_order_that_may_not_be_sent_yet_waits_and_a_cancelled_one_is_told_of() {
    let (mut bench, id) = with_order().await;
    bench.simulator.orders().set_status(id, "RISK_CONTROL");
    tell(&mut bench, id, told(true, &[("1", "RU123456789CN", "post")])).await;
    let due = bench.in_place(Lane::Fulfilment, Place::Due).await;
    assert_eq!((due[0].fault.as_ref().unwrap().code.as_str(), due[0].attempts), ("not_to_send", 0));
    bench.simulator.orders().set_status(id, "WAIT_SELLER_SEND_GOODS");
    bench.advance(11 * MINUTE);
    bench.drain().await;
    assert_eq!(declared(&bench, id).len(), 1);
    let cancelled = bench.paid_order(&[("SKU-00001-02", 1)]);
    tell(&mut bench, cancelled, json!({"status": "cancelled"})).await;
    bench.drain().await;
    assert!(bench.notices().contains(&"order_cancelled_in_shop".to_owned()));
    bench.stop().await;
}

#[tokio::test]
async fn a_changed_number_is_declared_and_the_shop_is_told_to_mend_the_old_one() {
    let (mut bench, id) = with_order().await;
    tell(&mut bench, id, told(false, &[("1", "RU123456789CN", "post")])).await;
    tell(&mut bench, id, told(false, &[("1", "RU987654321CN", "post")])).await;
    bench.drain().await;
    assert_eq!(declared(&bench, id), parcels(&[("RU123456789CN", "part"), ("RU987654321CN", "part")]));
    assert_eq!(bench.notices(), ["tracking_number_changed"]);
    bench.stop().await;
}
