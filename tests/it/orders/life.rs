//! Three hundred orders through their whole life, with everything that goes wrong on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::Place;
use aligate::simulator::{Fault, Kind};
use serde_json::json;

use super::bench::Bench;

const ORDERS: usize = 300;
const FULFIL: &str = "aliexpress.solution.order.fulfill";

/// A number that looks random and is the same in each run.
fn dice(nth: usize, sides: usize) -> usize {
    (nth.wrapping_mul(2_654_435_761) >> 7) % sides
}

/// What a buyer and AliExpress do with an order in one round; `true`: it is over.
fn live(bench: &Bench, id: u64, nth: usize, round: usize) -> bool {
    let orders = bench.simulator.orders();
    let status = orders.get(id).unwrap().status;
    match (status.as_str(), dice(nth + round * 7, 5)) {
        ("PLACE_ORDER_SUCCESS", 0) => orders.finish(id, "pay_timeout"),
        ("PLACE_ORDER_SUCCESS", 1) => orders.set_status(id, "RISK_CONTROL"),
        ("PLACE_ORDER_SUCCESS" | "RISK_CONTROL", _) => orders.pay(id),
        ("WAIT_SELLER_SEND_GOODS", 0) => orders.set_status(id, "IN_CANCEL"),
        ("IN_CANCEL", 0 | 1) => orders.finish(id, "buyer_cancel_order"),
        ("IN_CANCEL", _) => orders.set_status(id, "WAIT_SELLER_SEND_GOODS"),
        ("WAIT_BUYER_ACCEPT_GOODS", 0 | 1) => orders.set_status(id, "FUND_PROCESSING"),
        ("FUND_PROCESSING", _) => orders.finish(id, "buyer_confirm_goods"),
        _ => {}
    }
    orders.get(id).unwrap().status == "FINISH"
}

#[tokio::test]
async fn three_hundred_orders_live_whole_lives_and_the_shop_has_each_once_as_it_is() {
    let mut bench = Bench::at("2026-10-31T22:00:00Z").await;
    bench.list().await;
    bench.poll().await;
    for product in 1..=5 {
        for sku in 1..=4 {
            bench.stock(&format!("SKU-{product:05}-{sku:02}"), 1_000).await;
        }
    }
    bench.drain().await;
    let sku = |nth: usize| format!("SKU-{:05}-{:02}", 1 + dice(nth, 5), 1 + dice(nth + 3, 4));
    let mut ids = Vec::new();
    for round in 0..24 {
        if ids.len() < ORDERS {
            for _ in 0..30 {
                let nth = ids.len();
                let id = bench.paid_order(&[(sku(nth).as_str(), 1 + dice(nth, 3) as u64)]);
                if dice(nth, 4) == 0 {
                    bench.simulator.orders().change(id, |order| {
                        order.status = "PLACE_ORDER_SUCCESS".into();
                        (order.paid, order.send_before) = (None, None);
                    });
                }
                ids.push(id);
            }
        }
        for (nth, id) in ids.iter().enumerate() {
            live(&bench, *id, nth, round);
        }
        // The shop is down for a while, loses answers, fails; AliExpress loses answers, too.
        {
            let mut shop = bench.shop.lock().unwrap();
            shop.down = (6..9).contains(&round);
            shop.lose_answers = u32::from(round % 3 == 0) * 4;
            shop.answers.extend(if round % 4 == 1 { vec![500, 503] } else { Vec::new() });
        }
        if round % 5 == 2 {
            bench.simulator.faults().add(Fault { method: Some(FULFIL.into()), ..Fault::times(2, Kind::AnswerLost) });
        }
        bench.simulator.orders().churn(ids.iter().skip(round).step_by(11).copied().collect());
        bench.advance(Duration::from_secs(1_200));
        if round % 6 == 4 {
            bench.restart_poller();
        }
        bench.poll().await;
        bench.drain().await;
        ship(&mut bench, &ids, round).await;
    }
    settle(&mut bench).await;
    same_on_both_sides(&bench, &ids).await;
    bench.stop().await;
}

/// The shop sends what is to be sent, and says so, sometimes in two parcels, sometimes twice.
async fn ship(bench: &mut Bench, ids: &[u64], round: usize) {
    for (nth, id) in ids.iter().enumerate().filter(|(nth, _)| dice(nth + round, 3) == 0) {
        let Some(data) = bench.in_shop(*id) else { continue };
        if !data["hold"].is_null()
            || !["WAIT_SELLER_SEND_GOODS", "SELLER_PART_SEND_GOODS"].contains(&data["status"].as_str().unwrap())
        {
            continue;
        }
        let parcel = |part: usize| json!({"id": part.to_string(), "tracking_number": format!("RU{:06}{part:03}CN", nth), "carrier": "post"});
        let two = dice(nth + 1, 4) == 0;
        let first_only = two && data["status"] == "WAIT_SELLER_SEND_GOODS";
        let parcels = if two && !first_only { vec![parcel(1), parcel(2)] } else { vec![parcel(1)] };
        let said = json!({"status": "shipped", "complete": !first_only, "shipments": parcels});
        bench.offer(Lane::Fulfilment, &id.to_string(), said, None).await;
    }
    bench.drain().await;
}

/// Everything that went wrong is over, and what waits comes to its end.
async fn settle(bench: &mut Bench) {
    bench.simulator.faults().clear();
    bench.simulator.orders().churn(Vec::new());
    {
        let mut shop = bench.shop.lock().unwrap();
        (shop.down, shop.lose_answers) = (false, 0);
        shop.answers.clear();
    }
    for _ in 0..12 {
        bench.advance(Duration::from_secs(900));
        bench.poll().await;
        bench.drain().await;
    }
}

async fn same_on_both_sides(bench: &Bench, ids: &[u64]) {
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for id in ids {
        let (there, here) = (bench.simulator.orders().get(*id).unwrap(), bench.in_shop(*id).unwrap());
        assert_eq!(here["status"], there.status.as_str(), "{id}");
        assert_eq!(
            (here["paid"].as_bool(), here["end_reason"].as_str().unwrap_or_default()),
            (Some(there.paid.is_some()), there.end_reason.as_str()),
            "{id}"
        );
        let mut numbers: Vec<&str> = there.parcels.iter().map(|parcel| parcel.number.as_str()).collect();
        let count = numbers.len();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "{id}: a parcel was declared twice");
        assert!(there.parcels.iter().filter(|parcel| parcel.send_type == "all").count() <= 1, "{id}");
        *ends.entry(there.end_reason).or_default() += 1;
    }
    let ended = |reason: &str| ends.get(reason).copied().unwrap_or(0) >= 10;
    let all = ["pay_timeout", "buyer_cancel_order", "buyer_confirm_goods"].into_iter().all(ended);
    assert!(all, "lives differ: {ends:?}");
    {
        let shop = bench.shop.lock().unwrap();
        assert_eq!((shop.orders.len(), shop.regressions, shop.unsigned), (ids.len(), 0, 0));
    }
    for lane in [Lane::Order, Lane::Fulfilment, Lane::Stock] {
        for place in [Place::Due, Place::Leased, Place::Parked] {
            let left = bench.in_place(lane, place).await;
            let waits = left
                .iter()
                .filter(|entry| entry.fault.as_ref().is_none_or(|fault| fault.code != "not_to_send"))
                .count();
            assert_eq!(waits, 0, "{lane} {place:?}: {left:?}");
        }
    }
    assert_eq!(bench.in_place(Lane::Order, Place::Dead).await.len(), 0);
}
