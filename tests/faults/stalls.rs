//! Redis hangs: connections stay open, nothing is answered.

use std::time::{Duration, Instant};

use crate::rounds;
use crate::stage::{ALWAYS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_while_redis_hangs_and_all_goes_on_when_it_wakes() {
    // Beyond every timeout of the gateway, in the long run beyond its leases too.
    let (rounds, span) = if rounds(1) == 1 { (1, 3) } else { (rounds(1).div_ceil(10), 10) };
    let mut stage = Stage::set(&ALWAYS, 20).await;
    let load = stage.shop.load();
    for _ in 0..rounds {
        tokio::time::sleep(Duration::from_millis(800)).await;
        stage.redis().signal("STOP");
        let stopped = Instant::now();
        // What was answered before the stop is on its way; then no call of the store can end well.
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let acknowledged = stage.shop.acknowledged();
        while stage.ask(reqwest::Method::GET, "/readyz").await.is_ok() {
            assert!(stopped.elapsed() < Duration::from_secs(30), "the gateway does not see that its store hangs");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_secs(span).saturating_sub(stopped.elapsed())).await;
        assert_eq!(stage.shop.acknowledged(), acknowledged, "acknowledged by a store that hangs");
        stage.redis().signal("CONT");
        stage.follow();
    }
    load.end().await;
    stage.close("Redis stopped").await;
}
