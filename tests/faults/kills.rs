//! kill -9 in a loop, under load: of the gateway, of Redis.

use std::time::{Duration, Instant};

use crate::stage::{ALWAYS, EVERYSEC, Stage, Store};
use crate::{between, rounds};

/// kill -9 of the gateway, again and again.
async fn gateway_dies(store: &Store<'_>, what: &str) {
    let rounds = rounds(8);
    let mut stage = Stage::set(store, 40).await;
    let load = stage.shop.load();
    for round in 0..rounds {
        stage.turn(round, rounds);
        tokio::time::sleep(between(100, 900)).await;
        stage.kill(0);
        stage.start(0).await;
        stage.follow();
    }
    load.end().await;
    stage.close(what).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_may_be_killed_at_any_moment_on_sqlite() {
    gateway_dies(&Store::Sqlite, "gateway killed, SQLite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_may_be_killed_at_any_moment_on_redis() {
    gateway_dies(&EVERYSEC, "gateway killed, Redis").await;
}

/// kill -9 of Redis, again and again; the gateway goes on by itself.
async fn redis_dies(stage: &mut Stage) {
    let rounds = rounds(6);
    let load = stage.shop.load();
    for round in 0..rounds {
        stage.turn(round, rounds);
        tokio::time::sleep(between(300, 1200)).await;
        stage.redis().kill();
        tokio::time::sleep(between(0, 500)).await;
        stage.redis().restart();
        stage.follow();
    }
    load.end().await;
    assert!(stage.gateways[0].is_running());
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_may_be_killed_at_any_moment_where_it_syncs_always() {
    let mut stage = Stage::set(&ALWAYS, 40).await;
    redis_dies(&mut stage).await;
    let log = stage.gateways[0].log();
    assert!(!log.contains("new generation"), "nothing was lost, so nobody has to send again");
    stage.close("Redis killed, appendfsync always").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_redis_may_have_lost_is_sent_again_where_it_syncs_every_second() {
    let mut stage = Stage::set(&EVERYSEC, 40).await;
    redis_dies(&mut stage).await;
    let log = stage.gateways[0].log();
    assert!(log.contains("new generation"), "a server that may have lost writes is another generation");
    stage.close("Redis killed, appendfsync everysec").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_loses_nothing_and_needs_no_restart() {
    let mut stage = Stage::set(&Store::Watched(&["appendonly", "yes"], 1), 20).await;
    let rounds = rounds(1);
    let load = stage.shop.load();
    for round in 0..rounds {
        stage.turn(round, rounds);
        tokio::time::sleep(between(500, 1000)).await;
        let acknowledged = stage.shop.acknowledged();
        tokio::task::block_in_place(|| stage.watched().fail_over());
        let until = Instant::now() + Duration::from_secs(30);
        while stage.shop.acknowledged() == acknowledged {
            assert!(Instant::now() < until, "no event is taken after the failover: {}", stage.gateways[0].log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stage.follow();
    }
    load.end().await;
    assert!(stage.gateways[0].is_running());
    let log = stage.gateways[0].log();
    assert!(log.contains("new generation"), "a failover is another generation: what was acknowledged is sent again");
    stage.close("failover").await;
}
