//! Orders from AliExpress into the shop: each once, whole, newest last, whatever pages, clocks and the shop do.

use std::time::Duration;

use aligate::clock::{Clock, Timestamp};
use aligate::domain::Lane;
use aligate::queue::Place;
use aligate::simulator::{Fault, Kind, PlacedLine, Receiver};

use super::bench::Bench;

const LIST: &str = "aliexpress.solution.order.get";
const RECEIPT: &str = "aliexpress.solution.order.receiptinfo.get";
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn an_order_reaches_the_shop_whole_and_each_change_once() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let id = bench.paid_order(&[("SKU-00001-01", 2), ("SKU-00001-02", 1)]);
    bench.advance(MINUTE);
    assert_eq!(bench.poll().await.took.changed, 1);
    bench.drain().await;
    let data = bench.in_shop(id).unwrap();
    assert_eq!(data["status"], "WAIT_SELLER_SEND_GOODS");
    assert_eq!((data["paid"].as_bool(), data["hold"].is_null()), (Some(true), true));
    assert_eq!(data["total"], "3000.00");
    assert_eq!(data["created_at"], "2026-11-23T10:00:00Z");
    assert_eq!(data["ship_before"], "2026-11-28T10:00:00Z");
    assert_eq!(
        (data["buyer"]["name"].as_str(), data["buyer"]["phone"].as_str()),
        (Some("Ivan Petrov"), Some("+79161234567"))
    );
    assert_eq!(data["buyer"]["address"], "Tverskaya 1, 2");
    assert_eq!(
        (data["lines"][0]["sku"].as_str(), data["lines"][0]["quantity"].as_u64()),
        (Some("SKU-00001-01"), Some(2))
    );
    // Read again and again by the overlap, it is the same order.
    let receipts = bench.calls(RECEIPT);
    for _ in 0..3 {
        bench.advance(MINUTE);
        assert_eq!(bench.poll().await.took.changed, 0);
    }
    bench.simulator.orders().change(id, |_| {});
    bench.advance(MINUTE);
    assert_eq!(bench.poll().await.took.changed, 0, "a new gmt_update alone changes nothing");
    bench.drain().await;
    assert_eq!(bench.calls(RECEIPT), receipts);
    assert_eq!(bench.shop.lock().unwrap().told[&id.to_string()], 1);
    bench.simulator.orders().finish(id, "buyer_confirm_goods");
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    assert_eq!(
        (bench.in_shop(id).unwrap()["status"].as_str(), bench.in_shop(id).unwrap()["end_reason"].as_str()),
        (Some("FINISH"), Some("buyer_confirm_goods"))
    );
    bench.stop().await;
}

#[tokio::test]
async fn idle_a_look_costs_one_request() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let before = bench.simulator.ledger().summary().requests;
    for _ in 0..5 {
        bench.advance(MINUTE);
        bench.poll().await;
    }
    assert_eq!(bench.simulator.ledger().summary().requests - before, 5);
    bench.stop().await;
}

#[tokio::test]
async fn no_order_is_missed_while_pages_move() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let ids: Vec<u64> = (0..230).map(|_| bench.paid_order(&[("SKU-00001-01", 1)])).collect();
    bench.advance(2 * 60 * MINUTE);
    // While pages are read, orders all over the list change and leave the window; the rest moves up to pages that were read or were not.
    bench.simulator.orders().churn(ids.iter().step_by(7).copied().collect());
    bench.poll().await;
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    let missing: Vec<&u64> = ids.iter().filter(|id| bench.in_shop(**id).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    bench.stop().await;
}

#[tokio::test]
async fn no_order_is_missed_while_pages_move_and_our_clock_steps_ahead() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let ids: Vec<u64> = (0..230).map(|_| bench.paid_order(&[("SKU-00001-01", 1)])).collect();
    bench.advance(2 * 60 * MINUTE);
    // AliExpress's clock is known from before the step: the window would end in its future, and orders would move within it.
    bench.clock.advance(MINUTE);
    // The oldest change first: what moves to the first page pushes others onto pages that were read.
    bench.simulator.orders().churn(ids.iter().step_by(7).rev().copied().collect());
    bench.poll().await;
    bench.advance(2 * 60 * MINUTE);
    bench.poll().await;
    bench.drain().await;
    let missing: Vec<&u64> = ids.iter().filter(|id| bench.in_shop(**id).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    bench.stop().await;
}

#[tokio::test]
async fn the_cursor_waits_for_what_could_not_be_read() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let id = bench.paid_order(&[("SKU-00001-01", 1)]);
    bench
        .simulator
        .faults()
        .add(Fault { method: Some(RECEIPT.into()), ..Fault::times(1, Kind::Status { status: 502 }) });
    bench.advance(MINUTE);
    assert!(bench.poller.run_once().await.is_err());
    // Long after the overlap it is read all the same, by another process, too.
    bench.advance(Duration::from_secs(6 * 3600));
    bench.restart_poller();
    bench.poll().await;
    bench.drain().await;
    assert!(bench.in_shop(id).is_some());
    bench.stop().await;
}

#[tokio::test]
async fn one_replica_polls_at_a_time_and_another_takes_over() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let before = bench.calls(LIST);
    let mut other = bench.another_poller();
    assert_eq!(other.run_once().await.unwrap(), None);
    assert_eq!(bench.calls(LIST), before);
    bench.advance(Duration::from_secs(301));
    assert!(other.run_once().await.unwrap().is_some(), "the first was not heard of any more");
    assert_eq!(bench.poller.run_once().await.unwrap(), None);
    bench.stop().await;
}

#[tokio::test]
async fn nights_of_summer_time_and_the_leap_day_lose_nothing() {
    for (night, hours) in [("2026-11-01T06:00:00Z", 6), ("2026-03-08T08:00:00Z", 6), ("2028-02-29T06:00:00Z", 4)] {
        let mut bench = Bench::at(night).await;
        bench.poll().await;
        let mut ids = Vec::new();
        for quarter in 0..hours * 4 {
            ids.push(bench.paid_order(&[("SKU-00001-01", 1)]));
            bench.advance(Duration::from_secs(900));
            // Now and then nobody looks for an hour.
            if quarter % 5 != 0 {
                bench.poll().await;
            }
        }
        bench.advance(MINUTE);
        bench.poll().await;
        bench.drain().await;
        let missing = ids.iter().filter(|id| bench.in_shop(**id).is_none()).count();
        assert_eq!(missing, 0, "{night}");
        bench.stop().await;
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_or_behind_loses_nothing() {
    for minutes in [-90i64, -17, 17, 90] {
        let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
        let theirs = |bench: &Bench| bench.clock.now().0.saturating_add_signed(minutes * 60_000_000);
        bench.simulator.orders().set_clock(theirs(&bench));
        bench.poll().await;
        let mut ids = Vec::new();
        for _ in 0..6 {
            ids.push(bench.paid_order(&[("SKU-00001-01", 1)]));
            bench.clock.advance(MINUTE);
            bench.simulator.orders().set_clock(theirs(&bench));
            bench.poll().await;
        }
        bench.drain().await;
        let missing = ids.iter().filter(|id| bench.in_shop(**id).is_none()).count();
        assert_eq!(missing, 0, "{minutes} minutes");
        bench.stop().await;
    }
}

#[tokio::test]
async fn a_clock_that_went_back_silences_no_order() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let id = bench.paid_order(&[("SKU-00001-01", 1)]);
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    bench.clock.set(Timestamp(bench.clock.now().0 - 3_600_000_000));
    bench.simulator.orders().set_status(id, "IN_CANCEL");
    bench.simulator.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    assert_eq!(bench.in_shop(id).unwrap()["hold"], "IN_CANCEL");
    bench.stop().await;
}

#[tokio::test]
async fn once_a_day_all_open_orders_are_offered_again() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    let early = bench.paid_order(&[("SKU-00001-01", 1)]);
    bench.advance(Duration::from_secs(3 * 3600));
    bench.poll().await;
    bench.drain().await;
    assert!(bench.in_shop(early).is_some(), "orders from before the first start are found by their state");
    let told = |bench: &Bench| bench.shop.lock().unwrap().told[&early.to_string()];
    assert_eq!(told(&bench), 1);
    // The shop lost it; nobody knows.
    bench.shop.lock().unwrap().orders.clear();
    bench.advance(Duration::from_secs(25 * 3600));
    bench.poll().await;
    bench.drain().await;
    assert_eq!(told(&bench), 2);
    assert!(bench.in_shop(early).is_some());
    bench.stop().await;
}

#[tokio::test]
async fn an_address_that_was_masked_comes_when_it_is_shown() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let id = bench.paid_order(&[("SKU-00001-01", 1)]);
    bench.simulator.orders().set_status(id, "RISK_CONTROL");
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    let data = bench.in_shop(id).unwrap();
    assert_eq!((data["hold"].as_str(), data["buyer"]["address"].as_str()), (Some("RISK_CONTROL"), Some("")));
    bench.simulator.orders().pay(id);
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    let data = bench.in_shop(id).unwrap();
    assert_eq!((data["hold"].is_null(), data["buyer"]["city"].as_str()), (true, Some("Moscow")));
    bench.stop().await;
}

#[tokio::test]
async fn the_shop_gets_everything_whatever_it_does_meanwhile() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let ids: Vec<u64> = (0..20).map(|_| bench.paid_order(&[("SKU-00001-01", 1)])).collect();
    bench.advance(MINUTE);
    bench.poll().await;
    bench.shop.lock().unwrap().down = true;
    bench.drain().await;
    assert_eq!(bench.in_place(Lane::Order, Place::Dead).await.len(), 0);
    {
        let mut shop = bench.shop.lock().unwrap();
        shop.down = false;
        shop.answers.extend([500, 302, 401, 404, 429, 422]);
        shop.lose_answers = 3;
    }
    for _ in 0..40 {
        bench.advance(Duration::from_secs(120));
        bench.drain().await;
    }
    let dead = bench.in_place(Lane::Order, Place::Dead).await;
    assert_eq!(dead.len(), 1, "the one that was refused for good");
    assert_eq!(dead[0].fault.as_ref().unwrap().code, "told_to");
    let missing: Vec<String> = ids.iter().filter(|id| bench.in_shop(**id).is_none()).map(u64::to_string).collect();
    assert_eq!(missing, [dead[0].key.clone()]);
    assert_eq!(bench.shop.lock().unwrap().unsigned, 0);
    // A newer state closes the dead letter.
    bench.simulator.orders().set_status(dead[0].key.parse().unwrap(), "IN_CANCEL");
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    assert!(bench.in_shop(dead[0].key.parse().unwrap()).is_some());
    bench.stop().await;
}

#[tokio::test]
async fn bad_data_is_delivered_as_far_as_it_is_data_and_told_of_where_it_is_not() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let line = |sku: &str, price: &str| PlacedLine { sku: sku.into(), quantity: 1, price: price.into(), status: None };
    let long =
        Receiver {
            name: "Анна 👩‍🚀".into(), phone: String::new(), address: "ж".repeat(5_000), ..Receiver::default()
        };
    let place = |lines: Vec<PlacedLine>, receiver: &Receiver| {
        let id = bench.simulator.orders().place(lines, receiver.clone());
        bench.simulator.orders().pay(id);
        id
    };
    let odd = place(vec![line("UNKNOWN 👕", "0"), line("", "5.00")], &long);
    let many = place((0..200).map(|nth| line(&format!("S{nth}"), "1.00")).collect(), &Receiver::default());
    let foreign = place(vec![line("SKU-00001-01", "10.00")], &Receiver::default());
    bench.simulator.orders().change(foreign, |order| order.currency = "KZT".into());
    let broken = place(vec![line("SKU-00001-01", "not a price")], &Receiver::default());
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    let data = bench.in_shop(odd).unwrap();
    assert_eq!((data["buyer"]["name"].as_str(), data["buyer"]["phone"].as_str()), (Some("Анна 👩‍🚀"), Some("")));
    assert_eq!(data["buyer"]["address"].as_str().unwrap().chars().count(), 5_000);
    assert_eq!(
        (data["lines"][0]["price"].as_str(), data["lines"][0]["sku"].as_str()),
        (Some("0.00"), Some("UNKNOWN 👕"))
    );
    assert_eq!(bench.in_shop(many).unwrap()["lines"].as_array().unwrap().len(), 200);
    assert_eq!(bench.in_shop(foreign).unwrap()["currency"], "KZT");
    assert!(bench.in_shop(broken).is_none());
    assert!(bench.notices().contains(&"order_unreadable".to_owned()), "{:?}", bench.notices());
    bench.stop().await;
}

#[tokio::test]
async fn a_late_shipment_is_announced_once_in_time() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let id = bench.paid_order(&[("SKU-00001-01", 1)]);
    bench.advance(MINUTE);
    bench.poll().await;
    bench.drain().await;
    assert!(!bench.notices().contains(&"ship_deadline_near".to_owned()));
    bench.advance(Duration::from_secs(4 * 86_400 + 3600));
    for _ in 0..3 {
        bench.poll().await;
        bench.drain().await;
    }
    let notices = bench.notices();
    assert_eq!(notices.iter().filter(|code| *code == "ship_deadline_near").count(), 1);
    let told = bench.shop.lock().unwrap().notices.clone();
    assert!(told.iter().any(|event| event["data"]["detail"].as_str().unwrap_or_default().contains(&id.to_string())));
    bench.stop().await;
}
