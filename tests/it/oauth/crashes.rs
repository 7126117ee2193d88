//! A process that dies between any two steps, with or without the effect of the last: what the next one finds.

use std::time::Duration;

use super::world::{DAY, Dying, SECONDS, World};

/// The next process, which looks until nothing is due any more.
async fn next(world: &World) -> super::world::Replica {
    let replica = world.replica();
    replica.oauth.load().await.unwrap();
    // Longer than any lease and any pause of the first attempts.
    for _ in 0..10 {
        replica.send().await;
        replica.look().await;
        world.advance(SECONDS * 2);
    }
    replica
}

/// Runs `act` in a process that dies after 0, 1, 2 … operations of the store, until it lives through all; `check` looks at what is left.
async fn at_every_step(
    mut fresh: impl AsyncFnMut() -> World,
    act: impl AsyncFn(&World, &super::world::Replica),
    check: impl AsyncFn(&World, &str),
) {
    for last_has_effect in [false, true] {
        for operations in 0.. {
            assert!(operations < 60, "it never ends");
            let world = fresh().await;
            let dying = Dying::after(world.documents.clone(), operations, last_has_effect);
            let replica = world.replica_on(dying.clone(), "");
            act(&world, &replica).await;
            drop(replica);
            check(&world, &format!("died after {operations} operations (effect of the last: {last_has_effect})")).await;
            world.simulator.stop().await;
            if !dying.died() {
                break;
            }
        }
    }
}

async fn near_the_end(world: World) -> World {
    world.replica().consent(&world.shop).await;
    world.told().await;
    world.advance(DAY * 29 + Duration::from_secs(600));
    world
}

/// Plans, waits, refreshes.
async fn refresh(world: &World, replica: &super::world::Replica) {
    for _ in 0..3 {
        replica.look().await;
        world.advance(SECONDS);
    }
}

async fn a_crash_costs_at_most_a_consent_and_only_between_rotation_and_storing(make: impl AsyncFn() -> World) {
    let lost = std::sync::atomic::AtomicU32::new(0);
    at_every_step(
        async || near_the_end(make().await).await,
        refresh,
        async |world, died| {
            let rotated = world.simulator.oauth().counts().refreshed;
            let replica = next(world).await;
            if replica.send().await {
                assert!(world.simulator.oauth().counts().refreshed <= 2, "{died}");
                return;
            }
            // Rotated by a process that could not store what it got.
            assert_eq!(rotated, 1, "{died}");
            assert_eq!(replica.state(&world.shop).await, "needs_consent", "{died}");
            assert!(world.told().await.contains(&"consent_needed".to_owned()), "{died}: the shop knows");
            lost.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            replica.consent(&world.shop).await;
            assert!(replica.send().await, "{died}");
        },
    )
    .await;
    assert!(lost.into_inner() > 0, "the window that is documented was not hit");
}

async fn where_aliexpress_rotates_nothing_a_crash_costs_nothing(make: impl AsyncFn() -> World) {
    at_every_step(
        async || near_the_end(make().await.with(|oauth| oauth.rotates = false)).await,
        refresh,
        async |world, died| {
            let replica = next(world).await;
            assert!(replica.send().await, "{died}");
            assert!(!world.told().await.contains(&"consent_needed".to_owned()), "{died}");
        },
    )
    .await;
}

async fn a_crash_in_a_consent_leaves_the_old_token_or_the_new_one(make: impl AsyncFn() -> World) {
    at_every_step(
        async || {
            let world = make().await;
            let live = world.replica();
            live.consent(&world.shop).await;
            world
        },
        async |world, replica| {
            // The link was made by a process that lived.
            replica.oauth.callback(world.replica().browsed(&world.shop).await).await;
        },
        async |world, died| {
            let replica = next(world).await;
            assert!(replica.send().await, "{died}");
            assert_eq!(world.sent_with_dead_tokens(), 0, "{died}");
        },
    )
    .await;
}

async fn a_store_that_is_away_after_a_refresh_gets_the_tokens_later(make: impl AsyncFn() -> World) {
    // The process lives on: it sends with what it got, and stores it when it can.
    for operations in 0..30 {
        let world = near_the_end(make().await).await;
        let dying = Dying::after(world.documents.clone(), operations, false);
        let replica = world.replica_on(dying.clone(), "");
        refresh(&world, &replica).await;
        dying.heal();
        for _ in 0..10 {
            replica.look().await;
            world.advance(SECONDS * 2);
        }
        assert!(replica.send().await, "away from operation {operations} on");
        let later = world.replica();
        later.oauth.load().await.unwrap();
        assert!(later.send().await, "away from operation {operations} on");
        assert_eq!(world.sent_with_dead_tokens(), 0, "away from operation {operations} on");
        assert!(!world.told().await.contains(&"consent_needed".to_owned()));
        world.simulator.stop().await;
    }
}

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $name() { super::$name(super::World::sqlite).await; })+
        }
        mod redis {
            $(#[tokio::test] async fn $name() { super::$name(super::World::redis).await; })+
        }
    };
}

on_both!(
    a_crash_costs_at_most_a_consent_and_only_between_rotation_and_storing,
    where_aliexpress_rotates_nothing_a_crash_costs_nothing,
    a_crash_in_a_consent_leaves_the_old_token_or_the_new_one,
    a_store_that_is_away_after_a_refresh_gets_the_tokens_later,
);
