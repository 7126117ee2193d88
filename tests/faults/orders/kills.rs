//! kill -9 at each step of an order's way in and of its parcels' way out: each order once, each parcel once, the right end.

use std::time::Duration;

use aligate::simulator::{Fault, Kind, Receiver};

use super::Stage;
use crate::{between, rounds};

const LIST: &str = "aliexpress.solution.order.get";
const RECEIPT: &str = "aliexpress.solution.order.receiptinfo.get";
const FULFIL: &str = "aliexpress.solution.order.fulfill";
/// More than a page of orders.
const ORDERS: usize = 60;

fn slow(method: &str, ms: u64) -> Fault {
    Fault { method: Some(method.into()), ..Fault::always(Kind::Latency { ms }) }
}

async fn orders_survive_kills_at_every_step(redis: bool) {
    let mut stage = Stage::set(redis, "info").await;
    let receiver = Receiver::default();
    let mut ids = Vec::new();
    // Listed, not offered: AliExpress is asked who receives it.
    stage.simulator.faults().add(slow(RECEIPT, 400));
    ids.push(stage.order(&receiver));
    stage.until("a receiver is asked for", |stage| stage.calls(RECEIPT) > 0).await;
    assert!(stage.shop.state().orders.is_empty());
    stage.kill().await;
    stage.simulator.faults().clear();
    // Offered, and the cursor stands: some of two pages are in the shop while the list is still read.
    stage.simulator.faults().add(slow(LIST, 300));
    ids.extend((0..ORDERS).map(|_| stage.order(&receiver)));
    stage.until("some of the orders are delivered", |stage| stage.shop.state().orders.len() > 2).await;
    stage.kill().await;
    stage.simulator.faults().clear();
    // Delivered, not settled: the shop has it and its answer is on the way.
    stage.until("all are delivered", |stage| stage.shop.state().orders.len() == ids.len()).await;
    stage.shop.state().answers_after = Duration::from_millis(600);
    ids.push(stage.order(&receiver));
    stage.until("it is in the shop", |stage| stage.shop.state().orders.len() == ids.len()).await;
    stage.kill().await;
    stage.shop.state().answers_after = Duration::ZERO;
    stage.drain().await;
    parcels_survive(&mut stage, &ids).await;
    // And at any time.
    for round in 0..rounds(4) {
        ids.extend((0..5).map(|_| stage.order(&receiver)));
        stage.simulator.orders().set_status(ids[round % ids.len()], "IN_ISSUE");
        tokio::time::sleep(between(0, 1_200)).await;
        stage.kill().await;
    }
    same(&stage, &ids).await;
}

/// Two parcels of an order, killed between their two calls; and once more with the shop's word repeated.
async fn parcels_survive(stage: &mut Stage, ids: &[u64]) {
    stage.simulator.faults().add(slow(FULFIL, 400));
    let numbers = ["RU111111111CN", "RU222222222CN"];
    for (nth, parcels) in [(0, 1), (1, 2)] {
        let order = ids[nth];
        stage.ship(order, &numbers).await;
        let declared = move |stage: &Stage| stage.simulator.orders().get(order).unwrap().parcels.len();
        stage.until("parcels are declared", |stage| declared(stage) == parcels).await;
        stage.kill().await;
        stage.ship(order, &numbers).await;
        stage.until("both are declared", |stage| declared(stage) >= 2).await;
    }
    stage.simulator.faults().clear();
    stage.drain().await;
    for order in &ids[..2] {
        let order = stage.simulator.orders().get(*order).unwrap();
        let declared: Vec<(&str, &str)> =
            order.parcels.iter().map(|parcel| (parcel.number.as_str(), parcel.send_type.as_str())).collect();
        assert_eq!(declared, [(numbers[0], "part"), (numbers[1], "all")]);
        assert_eq!(order.status, "WAIT_BUYER_ACCEPT_GOODS");
    }
}

/// The shop has every order once, as AliExpress has it.
async fn same(stage: &Stage, ids: &[u64]) {
    let there = |id: u64| stage.simulator.orders().get(id).unwrap().status;
    stage
        .until("the shop has every order as it is", |stage| {
            let state = stage.shop.state();
            ids.iter().all(|id| state.orders.get(id).is_some_and(|taken| taken.newest["data"]["status"] == there(*id)))
        })
        .await;
    stage.drain().await;
    let state = stage.shop.state();
    assert_eq!((state.orders.len(), state.unsigned, state.backwards), (ids.len(), 0, 0));
    for (id, taken) in &state.orders {
        assert_eq!(taken.made, 1);
        // What came twice came as the same event: the module answers it as before.
        for (version, times) in &taken.ids {
            assert!(times.iter().all(|id| *id == times[0]), "{id} version {version}: {times:?}");
        }
        let states = taken.ids.len();
        assert!(states <= 4, "{id} was told in {states} versions");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_survive_kills_at_every_step_on_sqlite() {
    orders_survive_kills_at_every_step(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_survive_kills_at_every_step_on_redis() {
    orders_survive_kills_at_every_step(true).await;
}
