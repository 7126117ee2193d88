//! The avalanche guard's counting, verdicts and notices, on both stores; two guards are two replicas.

use std::sync::Arc;
use std::time::Duration;

use aligate::config::{self, GuardConfig, Sources};
use aligate::domain::{Cause, Lane, ListingId};
use aligate::guard::tally::Spans;
use aligate::guard::watch::Watch;
use aligate::guard::{Fall, Guard, Kind, Verdict};
use aligate::queue::{Ask, Change, Class, Decision, Delivery, Outcome, Place, Relisting};

use crate::oauth::world::World;

const HOUR: Duration = Duration::from_secs(3600);
const LOOK: Duration = Duration::from_secs(3);
const SPANS: Spans = Spans { window: HOUR, look: LOOK };

fn settings() -> GuardConfig {
    config::load(&Sources::default()).unwrap().guard
}

fn guard(world: &World) -> Arc<Guard> {
    Arc::new(Guard::new(settings(), world.tally.clone(), world.queue.clone()))
}

fn watch(world: &World) -> Watch {
    Watch::new(guard(world), world.documents.clone(), vec![world.shop.clone(), world.other.clone()])
}

/// So many SKUs, each in a listing of its own.
async fn list(world: &World, skus: u64) {
    let all: Vec<Relisting> = (0..skus)
        .map(|nth| Relisting { sku: format!("S{nth}").parse().unwrap(), listings: vec![ListingId(1000 + nth)] })
        .collect();
    world.queue.relist(&world.shop, &all).await.unwrap();
}

fn falls(from: u64, to: u64, cause: Cause) -> Vec<Fall> {
    (from..to).map(|nth| Fall { key: format!("S{nth}"), cause, was_held: false }).collect()
}

fn keys(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn all_held(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| matches!(verdict, Verdict::Hold(_)))
}

async fn a_key_is_counted_once_in_a_window_for_all_replicas(world: World) {
    let (tally, shop) = (world.tally.as_ref(), &world.shop);
    let first = tally.note(shop, Kind::ZeroStock, &keys(&["A", "B", "A"]), SPANS).await.unwrap();
    assert_eq!((first.in_window, first.in_look, first.first.len()), (2, 2, 3));
    world.advance(Duration::from_secs(600));
    let second = tally.note(shop, Kind::ZeroStock, &keys(&["B", "C"]), SPANS).await.unwrap();
    assert_eq!((second.in_window, second.in_look), (3, 1));
    assert_eq!(second.first[0], first.first[1], "from when it was first seen");
    assert_eq!(tally.note(shop, Kind::Price, &keys(&["A"]), SPANS).await.unwrap().in_window, 1, "each kind by itself");
    assert_eq!(tally.note(&world.other, Kind::ZeroStock, &[], SPANS).await.unwrap().in_window, 0, "and each shop");
    world.advance(HOUR - Duration::from_secs(300));
    let third = tally.note(shop, Kind::ZeroStock, &keys(&["A"]), SPANS).await.unwrap();
    assert_eq!((third.in_window, third.first[0]), (2, third.now), "A fell anew; B and its time are forgotten");
}

async fn a_confirmation_lets_the_kind_through_for_a_window_and_counts_anew(world: World) {
    let (tally, shop) = (world.tally.as_ref(), &world.shop);
    tally.let_through(shop, Kind::ZeroStock, HOUR).await.unwrap();
    assert_eq!(tally.read(shop, Kind::ZeroStock, HOUR).await.unwrap().let_for, None, "nothing had fallen");
    tally.note(shop, Kind::ZeroStock, &keys(&["A", "B"]), SPANS).await.unwrap();
    world.advance(Duration::from_secs(600));
    tally.let_through(shop, Kind::ZeroStock, HOUR).await.unwrap();
    // Said again it stands as it was said.
    tally.let_through(shop, Kind::ZeroStock, HOUR).await.unwrap();
    let reading = tally.read(shop, Kind::ZeroStock, HOUR).await.unwrap();
    let left = reading.let_for.unwrap();
    assert!(left <= HOUR - Duration::from_secs(600) && left > HOUR - Duration::from_secs(900), "{left:?}");
    let noted = tally.note(shop, Kind::ZeroStock, &keys(&["C"]), SPANS).await.unwrap();
    assert!(noted.let_until.is_some() && noted.first.is_empty());
    world.advance(HOUR);
    let noted = tally.note(shop, Kind::ZeroStock, &keys(&["C"]), SPANS).await.unwrap();
    assert_eq!((noted.let_until, noted.in_window), (None, 1));
    tally.let_through(shop, Kind::ZeroStock, HOUR).await.unwrap();
    tally.forget(shop, Kind::ZeroStock).await.unwrap();
    assert_eq!(tally.read(shop, Kind::ZeroStock, HOUR).await.unwrap().let_for, None);
}

async fn a_burst_is_held_whole_whichever_replica_sees_which_part(world: World) {
    list(&world, 300).await;
    let (here, there, shop) = (guard(&world), guard(&world), &world.shop);
    let wait = [Verdict::Wait(LOOK)];
    for (part, replica) in [(0, &here), (20, &there), (40, &here)] {
        let verdicts = replica.judge(shop, Kind::ZeroStock, &falls(part, part + 20, Cause::Exchange)).await.unwrap();
        let waits = |verdict: &Verdict| matches!(verdict, Verdict::Wait(after) if *after <= LOOK);
        assert!(verdicts.iter().all(waits), "{part}: {verdicts:?} is not {wait:?}");
    }
    // The replica that saw the first part is gone; what it counted stands.
    drop(here);
    let verdicts = there.judge(shop, Kind::ZeroStock, &falls(60, 61, Cause::Exchange)).await.unwrap();
    assert!(all_held(&verdicts), "{verdicts:?}");
    let third = guard(&world);
    assert!(all_held(&third.judge(shop, Kind::ZeroStock, &falls(0, 60, Cause::Exchange)).await.unwrap()));
    assert!(all_held(&third.judge(shop, Kind::ZeroStock, &falls(200, 201, Cause::Edit)).await.unwrap()));
    // Another kind goes its way.
    let price = third.judge(shop, Kind::Price, &falls(0, 1, Cause::Edit)).await.unwrap();
    assert_eq!(price, [Verdict::Pass]);
    // An hour later a single one is a single one, but for a key that is held still.
    world.advance(HOUR + LOOK);
    let single = third.judge(shop, Kind::ZeroStock, &falls(200, 201, Cause::Edit)).await.unwrap();
    assert_eq!(single, [Verdict::Pass]);
    let held = Fall { was_held: true, ..falls(7, 8, Cause::Exchange).remove(0) };
    assert!(all_held(&third.judge(shop, Kind::ZeroStock, &[held]).await.unwrap()));
}

async fn what_falls_slowly_or_in_a_small_shop_is_never_held(world: World) {
    list(&world, 50).await;
    let (replica, shop) = (guard(&world), &world.shop);
    let all = replica.judge(shop, Kind::ZeroStock, &falls(0, 50, Cause::Exchange)).await.unwrap();
    assert!(all.iter().all(|verdict| *verdict == Verdict::Pass), "{all:?}");
    list(&world, 300).await;
    for nth in 0..100 {
        let one = replica.judge(shop, Kind::ZeroStock, &falls(nth, nth + 1, Cause::Edit)).await.unwrap();
        assert_eq!(one, [Verdict::Pass], "{nth}");
        world.advance(Duration::from_secs(60));
    }
}

/// A zero of this SKU as the guard holds it.
async fn hold(world: &World, nth: u64, version: u64) {
    let sku = format!("S{nth}");
    let change = Change {
        lane: Lane::Stock,
        key: sku.clone(),
        version,
        payload: r#"{"q":0}"#.into(),
        cause: Cause::Exchange,
        force: false,
        urgent: true,
        window: Duration::ZERO,
        rendered: Some("0".into()),
        park: None,
        guard: None,
        base: None,
    };
    let (id, remember) = (format!("delivery-{sku}-{version}"), Duration::from_secs(60));
    let delivery = Delivery { id, digest: [7; 32], changes: vec![change], owners: Vec::new(), remember };
    world.queue.offer(vec![(world.shop.clone(), vec![delivery])]).await.remove(0).unwrap();
    let ask = Ask { class: Class::Any, entries: 10, listings: 10, lease: Duration::from_secs(30) };
    for leased in world.queue.reserve(&world.shop, Lane::Stock, ask).await.unwrap() {
        let ends = vec![(leased.lease, Outcome::Held { detail: "too many".into() })];
        world.queue.settle(&world.shop, ends).await.unwrap();
    }
}

async fn a_shop_is_told_once_when_no_more_come_and_again_of_the_next_avalanche(world: World) {
    list(&world, 300).await;
    let (here, there) = (watch(&world), watch(&world));
    here.run_once().await;
    hold(&world, 0, 1).await;
    here.run_once().await;
    hold(&world, 1, 1).await;
    here.run_once().await;
    assert_eq!(world.notices().await, [], "more come in");
    there.run_once().await;
    tokio::join!(here.run_once(), there.run_once());
    here.run_once().await;
    let told = world.notices().await;
    assert_eq!(told.iter().map(|notice| (notice.code.as_str(), notice.count)).collect::<Vec<_>>(), [("guard_held", 2)]);
    let words = format!("aligate guard confirm --shop {}", world.shop);
    assert!(told[0].detail.contains("2 SKUs to zero stock") && told[0].detail.contains(&words), "{}", told[0].detail);
    hold(&world, 2, 1).await;
    here.run_once().await;
    here.run_once().await;
    assert_eq!(world.notices().await, [], "they were told");
    let kinds = guard(&world).decide(&world.shop, &Kind::ALL, Decision::Discard).await.unwrap();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), [(Kind::Withdrawal, 0), (Kind::ZeroStock, 3), (Kind::Price, 0)]);
    here.run_once().await;
    hold(&world, 2, 2).await;
    for _ in 0..3 {
        here.run_once().await;
    }
    assert_eq!(world.notices().await.len(), 1, "this is another one");
    assert_eq!(world.notices_of(&world.other).await, []);
}

async fn what_is_held_behind_a_confirmation_is_let_go(world: World) {
    list(&world, 300).await;
    let (replica, shop) = (guard(&world), &world.shop);
    replica.judge(shop, Kind::ZeroStock, &falls(0, 61, Cause::Exchange)).await.unwrap();
    hold(&world, 0, 1).await;
    let counts = replica.decide(shop, &[Kind::ZeroStock], Decision::Confirm).await.unwrap();
    assert_eq!(counts[&Kind::ZeroStock], 1);
    // It was judged before the decision and settled after it.
    hold(&world, 1, 1).await;
    watch(&world).run_once().await;
    let held = world.queue.list(shop, Lane::Stock, Place::Held, None, 10).await.unwrap();
    assert_eq!(held.items, []);
    assert_eq!(world.queue.stats(shop).await.unwrap()[&Lane::Stock].depth, 2);
    assert_eq!(world.notices().await, []);
}

/// Makes of each named function one test for each store.
macro_rules! on_both_worlds {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() { super::$name(super::World::sqlite().await).await; })+
        }
        mod redis {
            $(#[tokio::test]
            async fn $name() { super::$name(super::World::redis().await).await; })+
        }
    };
}

on_both_worlds!(
    a_key_is_counted_once_in_a_window_for_all_replicas,
    a_confirmation_lets_the_kind_through_for_a_window_and_counts_anew,
    a_burst_is_held_whole_whichever_replica_sees_which_part,
    what_falls_slowly_or_in_a_small_shop_is_never_held,
    a_shop_is_told_once_when_no_more_come_and_again_of_the_next_avalanche,
    what_is_held_behind_a_confirmation_is_let_go,
);
