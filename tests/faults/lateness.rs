//! A request that lands late, after a newer one: AliExpress takes no version, so it goes backwards for a moment. The rule
//! for suspect keys must win in the end: the newest state is sent once more, one lease after its key became suspect.

use std::time::{Duration, Instant};

use aligate::domain::Lane;
use aligate::simulator::{Fault, Kind};

use crate::audit::Audit;
use crate::proxy::Proxy;
use crate::stage::{EVERYSEC, LEASE, LIMIT, SKUS, Stage, Store};

/// The longest that anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// AliExpress has this stock of every SKU of the first product.
fn has(stage: &Stage, pieces: u64) -> bool {
    let first = stage.simulator.catalogue().products().into_iter().next().unwrap();
    first.skus.iter().all(|sku| sku.stock == pieces)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_was_stopped_beyond_its_lease_does_not_win_with_its_late_request() {
    let mut stage = Stage::bare(&EVERYSEC, 2);
    let slow = Proxy::start(stage.simulator.addr()).await;
    stage.add_gateway(&slow.url()).await;
    stage.import().await;
    slow.hold();
    stage.shop.say(Lane::Stock, 0..SKUS).await;
    until("the first replica makes its request", || slow.held() > 0).await;
    // It stands still with its request under way; another one takes over when its leases have run out.
    stage.gateways[0].signal("STOP");
    stage.gateways[0].intake.clear();
    stage.add_gateway(&stage.simulator.url()).await;
    stage.shop.say(Lane::Stock, 0..SKUS).await;
    until("the second replica sends the newer state", || has(&stage, 12)).await;
    assert_eq!(stage.simulator.ledger().summary().applied, SKUS as u64, "the older state was not there before");
    slow.release();
    until("the older request lands", || has(&stage, 11)).await;
    stage.drain().await;
    stage.follow();
    assert_eq!(stage.audit.backwards.len(), SKUS, "each SKU went backwards once: {:?}", stage.audit.backwards);
    Audit::assert_complete(&stage.shop, &stage.simulator);
    // The first replica goes on: what it believes to know of its old leases changes nothing.
    stage.gateways[0].signal("CONT");
    until("the first replica learns that it lost its leases", || stage.gateways[0].log().contains("leases were lost"))
        .await;
    stage.drain().await;
    stage.follow();
    assert_eq!(stage.audit.backwards.len(), SKUS);
    Audit::assert_complete(&stage.shop, &stage.simulator);
    stage.audit.assert_within(LIMIT, &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_given_up_does_not_win_when_it_lands_late() {
    let mut stage = Stage::bare(&Store::Sqlite, 2);
    let slow = Proxy::start(stage.simulator.addr()).await;
    stage.add_gateway(&slow.url()).await;
    stage.import().await;
    let before = stage.simulator.ledger().summary().applied;
    slow.hold();
    stage.shop.say(Lane::Stock, 0..SKUS).await;
    // Several calls are given up one after the other; all land at once, and not in their order.
    until("calls are given up", || stage.gateways[0].log().matches("a request to AliExpress failed").count() >= 2)
        .await;
    stage.shop.say(Lane::Stock, 0..SKUS).await;
    until("a call is given up", || stage.gateways[0].log().matches("a request to AliExpress failed").count() >= 3)
        .await;
    slow.release();
    until("a call lands", || stage.simulator.ledger().summary().applied > before).await;
    stage.drain().await;
    stage.follow();
    Audit::assert_complete(&stage.shop, &stage.simulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_costs_one_more_request_a_lease_later() {
    let mut stage = Stage::set(&Store::Sqlite, 2).await;
    stage.simulator.faults().add(Fault::times(1, Kind::AnswerLost));
    stage.shop.say(Lane::Stock, 0..SKUS).await;
    stage.drain().await;
    let items = stage.simulator.ledger().items();
    assert!(items.iter().all(|item| item.stock == Some(11)), "one state was said");
    let times: Vec<u64> = items.iter().filter(|item| item.sku == "SKU-00001-01").map(|item| item.at_us).collect();
    assert_eq!(times.len(), 3, "lost, repeated, and once more");
    assert!(u128::from(times[2] - times[0]) >= LEASE.as_micros(), "{times:?}");
    stage.close("one answer lost").await;
}
