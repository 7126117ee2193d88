//! Two gateways, one Redis, one request budget.

use std::time::Duration;

use crate::proxy::Proxy;
use crate::rounds;
use crate::stage::{EVERYSEC, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_stay_under_one_budget_whoever_dies() {
    let mut stage = Stage::bare(&EVERYSEC, 40);
    // Many small requests: the budget is what limits them.
    stage.products_per_request = 1;
    let ways = [Proxy::start(stage.simulator.addr()).await, Proxy::start(stage.simulator.addr()).await];
    for way in &ways {
        stage.add_gateway(&way.url()).await;
    }
    stage.import().await;
    let load = stage.shop.load();
    for _ in 0..rounds(2) {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        stage.kill(1);
        tokio::time::sleep(Duration::from_millis(500)).await;
        stage.start(1).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        stage.gateways[0].terminate().await;
        stage.tell();
        stage.start(0).await;
        stage.follow();
    }
    load.end().await;
    assert!(ways.iter().all(|way| way.passed() > 100_000), "both replicas send: {ways:?}");
    stage.close("two replicas").await;
}
