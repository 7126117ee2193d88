//! What shops are told of their dead letters, on both stores.

use std::time::Duration;

use aligate::alerts::dead_letters::DeadLetters;
use aligate::alerts::{self, Notice, Severity};
use aligate::domain::{Cause, Lane, ListingId};
use aligate::queue::{Ask, Change, Class, Delivery, Fault, Outcome, Relisting, Which};

use crate::oauth::world::World;

fn watch(world: &World) -> DeadLetters {
    DeadLetters::new(world.queue.clone(), world.documents.clone(), vec![world.shop.clone(), world.other.clone()])
}

/// What is due in a lane is refused for good.
async fn refuse(world: &World, lane: Lane, code: &str) {
    let ask = Ask { class: Class::Any, entries: 10, listings: 10, lease: Duration::from_secs(30) };
    for leased in world.queue.reserve(&world.shop, lane, ask).await.unwrap() {
        let fault = Fault { code: code.into(), detail: "refused".into() };
        world.queue.settle(&world.shop, vec![(leased.lease, Outcome::Dead { fault })]).await.unwrap();
    }
}

/// A stock that is refused for good.
async fn dead(world: &World, sku: &str, code: &str) {
    let listing = Relisting { sku: sku.parse().unwrap(), listings: vec![ListingId(7)] };
    world.queue.relist(&world.shop, &[listing]).await.unwrap();
    let change = Change {
        lane: Lane::Stock,
        key: sku.into(),
        version: 1,
        payload: r#"{"q":5}"#.into(),
        cause: Cause::Edit,
        force: false,
        urgent: true,
        window: Duration::ZERO,
        rendered: Some("5".into()),
        park: None,
        guard: None,
        base: None,
    };
    let (id, remember) = (format!("delivery-{sku}"), Duration::from_secs(60));
    let delivery = Delivery { id, digest: [7; 32], changes: vec![change], owners: Vec::new(), remember };
    world.queue.offer(vec![(world.shop.clone(), vec![delivery])]).await.remove(0).unwrap();
    refuse(world, Lane::Stock, code).await;
}

async fn dead_letters_are_told_by_cause_and_again_only_when_there_are_more(world: World) {
    watch(&world).run_once().await;
    assert_eq!(world.notices().await, []);
    for (sku, code) in [("A", "X"), ("B", "X"), ("C", "Y")] {
        dead(&world, sku, code).await;
    }
    // Two replicas look at one time, and each cause is told once.
    let (here, there) = (watch(&world), watch(&world));
    tokio::join!(here.run_once(), there.run_once());
    let mut told = world.notices().await;
    told.sort_by_key(|notice| notice.count);
    let counts: Vec<(&str, u64)> = told.iter().map(|notice| (notice.code.as_str(), notice.count)).collect();
    assert_eq!(counts, [("dead_letters", 1), ("dead_letters", 2)]);
    assert_eq!(told[1].detail, "stock/X: 2 given up; A: refused");
    watch(&world).run_once().await;
    assert_eq!(world.notices().await, [], "nothing is new");
    // One is dropped and another comes: that is news, once it was seen that there were fewer.
    let one = Which::Keys(vec!["A".into()]);
    assert_eq!(world.queue.discard(&world.shop, Lane::Stock, &one).await.unwrap(), 1);
    watch(&world).run_once().await;
    dead(&world, "D", "X").await;
    watch(&world).run_once().await;
    let again: Vec<u64> = world.notices().await.iter().map(|notice| notice.count).collect();
    assert_eq!(again, [2]);
    assert_eq!(world.notices_of(&world.other).await, []);
}

async fn a_failed_notice_makes_no_notice(world: World) {
    let notice = Notice::new("consent_ending", Severity::Warning, "soon");
    alerts::tell(world.queue.as_ref(), &world.shop, notice).await.unwrap();
    refuse(&world, Lane::Notice, "422").await;
    watch(&world).run_once().await;
    assert_eq!(world.notices().await, []);
}

mod sqlite {
    use super::World;

    #[tokio::test]
    async fn dead_letters_are_told_by_cause_and_again_only_when_there_are_more() {
        super::dead_letters_are_told_by_cause_and_again_only_when_there_are_more(World::sqlite().await).await;
    }
    #[tokio::test]
    async fn a_failed_notice_makes_no_notice() {
        super::a_failed_notice_makes_no_notice(World::sqlite().await).await;
    }
}

mod redis {
    use super::World;

    #[tokio::test]
    async fn dead_letters_are_told_by_cause_and_again_only_when_there_are_more() {
        super::dead_letters_are_told_by_cause_and_again_only_when_there_are_more(World::redis().await).await;
    }
    #[tokio::test]
    async fn a_failed_notice_makes_no_notice() {
        super::a_failed_notice_makes_no_notice(World::redis().await).await;
    }
}
