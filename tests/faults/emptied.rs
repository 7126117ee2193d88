//! Redis forgets: its scripts, its connections, everything.

use std::sync::Arc;
use std::time::Duration;

use aligate::domain::{Cause, Lane, ShopId};
use aligate::queue::redis::RedisQueue;
use aligate::queue::{Answer, Ask, Change, Class, Confirmed, Delivery, Leased, Outcome, Queue, Receipt, Settled};
use aligate::signing::entry::Sealer;
use aligate::store::redis::{RedisOptions, RedisStore};

use crate::rounds;
use crate::stage::{ALWAYS, Stage};
use crate::support::redis::RedisServer;

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_redis_is_filled_again_by_a_shop_that_keeps_what_was_acknowledged() {
    let mut stage = Stage::set(&ALWAYS, 10).await;
    let rounds = rounds(2);
    let load = stage.shop.load();
    for round in 0..rounds {
        stage.turn(round, rounds);
        for command in ["SCRIPT FLUSH", "CLIENT KILL TYPE normal", "SCRIPT FLUSH", "FLUSHALL"] {
            tokio::time::sleep(Duration::from_millis(600)).await;
            let words: Vec<&str> = command.split(' ').collect();
            stage.redis().cli(&words);
        }
        stage.follow();
    }
    load.end().await;
    let log = stage.gateways[0].log();
    assert!(log.contains("its keys were gone"), "an emptied store is said loudly");
    stage.close("Redis emptied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_redis_refuses_events_and_goes_on_when_there_is_room() {
    let mut stage = Stage::set(&ALWAYS, 10).await;
    let load = stage.shop.load();
    for _ in 0..rounds(1) {
        tokio::time::sleep(Duration::from_millis(600)).await;
        stage.redis().cli(&["CONFIG", "SET", "maxmemory", "1mb"]);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let acknowledged = stage.shop.acknowledged();
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert_eq!(stage.shop.acknowledged(), acknowledged, "acknowledged by a store that has no room");
        stage.redis().cli(&["CONFIG", "SET", "maxmemory", "0"]);
    }
    load.end().await;
    stage.close("Redis full").await;
}

#[tokio::test]
async fn a_lease_of_before_settles_nothing_of_after() {
    let redis = RedisServer::start(&[]);
    let options = RedisOptions {
        url: redis.url().into(),
        key_checks: vec![[1; 32]],
        call_timeout: Duration::from_secs(20),
        wait_replicas: 0,
    };
    let store = Arc::new(RedisStore::connect(options).await.unwrap());
    let queue = RedisQueue::new(store, Arc::new(Sealer::new([b"master key".as_slice()])));
    let shop: ShopId = "main".parse().unwrap();
    let before = lease_of_one(&queue, &shop).await;
    redis.cli(&["FLUSHALL"]);
    let after = lease_of_one(&queue, &shop).await;
    let done = |leased: &Leased| (leased.lease.clone(), Outcome::Done { confirmed: Confirmed::new() });
    let settled = queue.settle(&shop, vec![done(&before)]).await.unwrap();
    assert_eq!(settled, [Settled::Lost], "{:?} and {:?} are not one lease", before.lease, after.lease);
    assert_eq!(queue.settle(&shop, vec![done(&after)]).await.unwrap(), [Settled::Kept]);
}

async fn lease_of_one(queue: &RedisQueue, shop: &ShopId) -> Leased {
    let change = Change {
        lane: Lane::Product,
        key: "1".into(),
        version: 1,
        payload: "{}".into(),
        cause: Cause::Edit,
        force: false,
        urgent: false,
        window: Duration::ZERO,
        rendered: None,
        park: None,
        guard: None,
        base: None,
    };
    let remember = Duration::from_secs(60);
    let delivery = Delivery { id: "1".into(), digest: [0; 32], changes: vec![change], owners: Vec::new(), remember };
    let offered = queue.offer(vec![(shop.clone(), vec![delivery])]).await;
    assert_eq!(offered[0].as_ref().unwrap().receipts, [Receipt::Taken(vec![Answer::Enqueued])]);
    let ask = Ask { class: Class::Any, entries: 1, listings: 1, lease: Duration::from_secs(60) };
    queue.reserve(shop, Lane::Product, ask).await.unwrap().remove(0)
}
