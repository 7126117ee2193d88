//! kill -9 in a loop, under load: of the gateway, of Redis.

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
