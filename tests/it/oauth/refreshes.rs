//! Refreshes: ahead of time, after a refusal, by one replica at a time; what is told of the end.

use std::sync::Arc;
use std::time::Duration;

use aligate::simulator::{Fault, Kind};

use super::world::{DAY, Replica, SECONDS, World, send};

const REFRESH: &str = "/auth/token/refresh";

fn fails(times: u64, kind: Kind) -> Fault {
    Fault { method: Some(REFRESH.into()), ..Fault::times(times, kind) }
}

fn error(code: &str) -> Kind {
    Kind::Error { code: code.into(), message: String::new(), sub_code: String::new() }
}

/// Lets a planned refresh come due, while all replicas look.
async fn pass(world: &World, replicas: &[&Replica]) {
    for _ in 0..4 {
        for replica in replicas {
            replica.look().await;
        }
        world.advance(SECONDS / 2);
    }
    for replica in replicas {
        replica.look().await;
    }
}

async fn two_replicas_refresh_two_tokens_near_their_end_once_each_and_send_with_no_dead_one(world: World) {
    let (here, there) = (world.replica(), world.replica());
    for shop in [&world.shop, &world.other] {
        here.consent(shop).await;
    }
    world.advance(DAY * 29 + Duration::from_secs(600));
    let (mut sent, mut rested) = (0, 0);
    // Both look and send all the time, second by second, in every order.
    for second in 0..40 {
        let both = async |replica: &Replica| {
            let mut sent = 0;
            for access in [&replica.access, &replica.access_of_other] {
                sent += u32::from(send(access).await);
            }
            sent
        };
        let look = async |replica: &Replica, every: u32, at: u32| {
            if second % every == at {
                replica.look().await;
            }
        };
        let (one, _, two, _) = tokio::join!(both(&here), look(&here, 5, 0), both(&there), look(&there, 5, 3));
        sent += one + two;
        rested += u32::from(one + two == 0);
        world.advance(Duration::from_secs(1));
    }
    let counts = world.simulator.oauth().counts();
    assert_eq!((counts.created, counts.refreshed, counts.refused), (2, 2, 0));
    assert_eq!(world.sent_with_dead_tokens(), 0);
    assert!(sent > 100 && rested < 10, "sent {sent}, rested {rested} s");
    for access in [&here.access, &here.access_of_other, &there.access, &there.access_of_other] {
        assert!(send(access).await);
    }
    assert_eq!(&*here.access.token(), &*there.access.token());
}

async fn a_token_lives_through_its_whole_consent_and_the_shop_is_told_of_its_end(world: World) {
    let replica = world.replica();
    replica.consent(&world.shop).await;
    let mut told = Vec::new();
    for half_day in 0..120_u32 {
        pass(&world, &[&replica]).await;
        assert!(replica.send().await, "after {half_day} half days");
        for notice in world.notices().await.into_iter().filter(|notice| notice.code == "consent_ending") {
            told.push((half_day / 2, notice.count));
        }
        world.advance(DAY / 2 - Duration::from_secs(20));
    }
    assert_eq!(told, [(46, 1), (53, 1), (57, 1), (59, 1)]);
    let refreshed = world.simulator.oauth().counts().refreshed;
    assert!((3..=4).contains(&refreshed), "{refreshed} refreshes");
    assert_eq!(world.sent_with_dead_tokens(), 0);
    // The consent is over. The last refresh gave the seller most of another month, and AliExpress's refusal is no end of it.
    for day in 61..85 {
        pass(&world, &[&replica]).await;
        assert!(replica.send().await, "day {day}");
        world.advance(DAY - Duration::from_secs(20));
    }
    world.advance(DAY * 10);
    pass(&world, &[&replica]).await;
    assert!(!replica.send().await);
    assert_eq!(replica.state(&world.shop).await, "ended");
    assert_eq!(world.told().await, ["consent_ending", "consent_needed"]);
    assert_eq!(world.sent_with_dead_tokens(), 0, "a token whose life is over is not sent with");
    replica.consent(&world.shop).await;
    assert!(replica.send().await);
}

async fn a_refused_token_is_refreshed_once_by_one_replica_and_work_goes_on(world: World) {
    let (here, there) = (world.replica(), world.replica());
    here.consent(&world.shop).await;
    there.look().await;
    world.simulator.oauth().revoke(false);
    assert!(!here.send().await && !there.send().await);
    assert_eq!((here.state(&world.shop).await, here.send().await), ("refused", false));
    tokio::join!(here.look(), there.look());
    tokio::join!(here.look(), there.look());
    assert!(here.send().await && there.send().await);
    let counts = world.simulator.oauth().counts();
    assert_eq!((counts.refreshed, world.sent_with_dead_tokens()), (1, 2));
}

async fn a_token_that_is_refused_after_its_refresh_too_asks_the_seller_durably(world: World) {
    let (here, there) = (world.replica(), world.replica());
    here.consent(&world.shop).await;
    there.look().await;
    world.told().await;
    // AliExpress refuses everything of this seller, and goes on giving tokens.
    world.simulator.revoke_tokens(true);
    for _ in 0..4 {
        for replica in [&here, &there] {
            replica.send().await;
            replica.look().await;
        }
        world.advance(SECONDS);
    }
    assert_eq!(world.simulator.oauth().counts().refreshed, 1, "one refresh, not a storm of them");
    let refused = world.sent_with_dead_tokens();
    for replica in [&here, &there] {
        assert_eq!((replica.state(&world.shop).await, replica.send().await), ("needs_consent", false));
    }
    assert_eq!(world.told().await, ["consent_needed"]);
    // It is durable: a process that starts now sends nothing either.
    let restarted = world.replica();
    restarted.oauth.load().await.unwrap();
    assert_eq!((restarted.state(&world.shop).await, restarted.send().await), ("needs_consent", false));
    assert_eq!(world.sent_with_dead_tokens(), refused);
    let health = &restarted.health;
    restarted.look().await;
    let why = health.components()[&format!("token/{}", world.shop)].why.clone().unwrap();
    assert!(why.contains("the seller must consent"), "{why}");
    // It was AliExpress's own fault: a probe finds the token taken again.
    world.simulator.revoke_tokens(false);
    let token = restarted.access.token();
    let answer = restarted.access.application.client.merchant_profile(&token).await;
    restarted.access.learn(&token, "profile", answer.as_ref().err()).await;
    assert!(restarted.send().await);
    restarted.look().await;
    here.look().await;
    assert!(here.send().await, "and every replica knows");
}

async fn a_refused_refresh_token_asks_the_seller_and_a_new_consent_mends_it(world: World) {
    let replica = world.replica();
    replica.consent(&world.shop).await;
    world.told().await;
    world.simulator.oauth().revoke(true);
    replica.send().await;
    pass(&world, &[&replica]).await;
    assert_eq!(replica.state(&world.shop).await, "needs_consent");
    assert_eq!(world.told().await, ["consent_ending", "consent_needed"]);
    assert_eq!(world.simulator.oauth().counts().refused, 1, "IllegalRefreshToken is never tried again");
    replica.consent(&world.shop).await;
    assert!(replica.send().await);
    assert_eq!(replica.state(&world.shop).await, "ok");
}

async fn a_configured_token_that_is_refused_pauses_the_shop_until_another_is_configured(world: World) {
    let replica = world.replica_with_token("revoked-token");
    replica.send().await;
    replica.look().await;
    assert_eq!(replica.state(&world.shop).await, "needs_consent");
    assert_eq!(world.told().await, ["consent_needed"]);
    let same = world.replica_with_token("revoked-token");
    same.oauth.load().await.unwrap();
    assert!(!same.send().await);
    assert_eq!(world.sent_with_dead_tokens(), 1, "the pause is durable");
    let other = world.replica_with_token("simulator-token-of-nobody");
    other.oauth.load().await.unwrap();
    assert!(other.send().await);
}

async fn a_failing_refresh_backs_off_and_the_token_serves_on(world: World) {
    let replica = world.replica();
    replica.consent(&world.shop).await;
    world.told().await;
    world.advance(DAY * 29 + Duration::from_secs(600));
    world.simulator.faults().add(Fault { method: Some(REFRESH.into()), ..Fault::always(error("ServiceUnavailable")) });
    let mut sent = 0;
    for _ in 0..3 * 3_600 / 20 {
        replica.look().await;
        sent += u32::from(replica.send().await);
        world.advance(SECONDS * 2);
    }
    let calls = world.simulator.ledger().summary().by_method[REFRESH];
    assert!((5..=25).contains(&calls), "{calls} attempts in three hours");
    assert!(sent > 500, "after {sent} of 540 looks it could send");
    assert_eq!(world.told().await, ["token_refresh_failing"]);
    world.simulator.faults().clear();
    for _ in 0..2_400 / 20 {
        replica.look().await;
        world.advance(SECONDS * 2);
    }
    assert_eq!(world.simulator.oauth().counts().refreshed, 1);
    assert!(replica.send().await);
    assert_eq!(world.sent_with_dead_tokens(), 0);
}

async fn a_lost_answer_of_a_refresh_that_rotated_nothing_costs_nothing(world: World) {
    let world = world.with(|oauth| oauth.rotates = false);
    let replica = world.replica();
    replica.consent(&world.shop).await;
    world.simulator.oauth().revoke(false);
    replica.send().await;
    for kind in [Kind::AnswerLost, Kind::Truncate, Kind::Html, Kind::Status { status: 502 }] {
        world.simulator.faults().add(fails(1, kind));
        pass(&world, &[&replica]).await;
    }
    for _ in 0..40 {
        pass(&world, &[&replica]).await;
    }
    assert!(replica.send().await);
}

async fn a_refresh_token_that_never_proved_itself_gives_way_to_the_one_before(world: World) {
    let world = world.with(|oauth| oauth.rotates = false);
    let replica = world.replica();
    replica.consent(&world.shop).await;
    world.simulator.oauth().revoke(false);
    replica.send().await;
    replica.look().await;
    // The refresh gave the same refresh token: there is none before it to try, and AliExpress's refusal ends it.
    world.simulator.oauth().revoke(true);
    replica.send().await;
    pass(&world, &[&replica]).await;
    assert_eq!(replica.state(&world.shop).await, "needs_consent");
}

async fn a_token_that_cannot_be_refreshed_serves_to_its_end_and_is_announced(world: World) {
    let world = world.with(|oauth| (oauth.refresh_secs, oauth.access_secs, oauth.numbers_as_text) = (0, 86_400, true));
    let replica = world.replica();
    replica.consent(&world.shop).await;
    pass(&world, &[&replica]).await;
    assert_eq!(world.told().await, ["consent_ending", "consent_given"]);
    world.advance(DAY - Duration::from_secs(60));
    replica.look().await;
    assert!(replica.send().await);
    world.advance(Duration::from_secs(60));
    replica.look().await;
    assert!(!replica.send().await);
    assert_eq!(world.told().await, ["consent_needed"]);
    assert_eq!(world.simulator.ledger().summary().by_method.get(REFRESH), None);
    assert_eq!(world.sent_with_dead_tokens(), 0);
}

async fn a_clock_an_hour_ahead_or_behind_changes_nothing(world: World) {
    let replica = world.replica();
    world.advance_ours(Duration::from_secs(3_600));
    replica.consent(&world.shop).await;
    assert!(replica.send().await);
    world.advance(DAY * 28);
    pass(&world, &[&replica]).await;
    assert_eq!((world.simulator.oauth().counts().refreshed, replica.send().await), (0, true));
    // It is set right, and goes wrong the other way.
    world.set_back(Duration::from_secs(7_200));
    pass(&world, &[&replica]).await;
    assert!(replica.send().await);
    world.advance(DAY + Duration::from_secs(3 * 3_600));
    pass(&world, &[&replica]).await;
    assert_eq!(world.simulator.oauth().counts().refreshed, 1);
    assert!(replica.send().await);
    assert_eq!(world.sent_with_dead_tokens(), 0);
}

async fn a_clock_that_was_months_ahead_costs_no_consent(world: World) {
    let replica = world.replica();
    replica.consent(&world.shop).await;
    if !world.set_back(Duration::ZERO) {
        // The time of Redis is not this machine's.
        return;
    }
    let months = DAY * 200;
    world.advance_ours(months);
    pass(&world, &[&replica]).await;
    assert!(!replica.send().await, "the token seems to have ended");
    let summary = world.simulator.ledger().summary();
    assert!(summary.by_outcome["IllegalTimestamp"] > 0, "a refresh is tried, and AliExpress says what is wrong");
    world.set_back(months);
    pass(&world, &[&replica]).await;
    assert!(replica.send().await, "the clock is right again");
    assert_eq!(replica.state(&world.shop).await, "ok");
    assert!(!world.told().await.contains(&"consent_needed".to_owned()));
}

async fn a_refresh_that_is_late_loses_to_a_consent(world: World) {
    let (here, there) = (world.replica(), Arc::new(world.replica()));
    here.consent(&world.shop).await;
    there.look().await;
    world.simulator.oauth().revoke(false);
    there.send().await;
    world.simulator.faults().add(fails(1, Kind::Latency { ms: 700 }));
    let slow = Arc::clone(&there);
    let refresh = tokio::spawn(async move { slow.look().await });
    // The refresh is under way when the seller consents.
    while world.simulator.oauth().counts().refreshed == 0 {
        tokio::task::yield_now().await;
    }
    here.consent(&world.shop).await;
    let consented = here.access.token();
    refresh.await.unwrap();
    there.look().await;
    assert_eq!(&*there.access.token(), &*consented);
    assert!(here.send().await && there.send().await);
}

on_each_store!(
    two_replicas_refresh_two_tokens_near_their_end_once_each_and_send_with_no_dead_one,
    a_token_lives_through_its_whole_consent_and_the_shop_is_told_of_its_end,
    a_refused_token_is_refreshed_once_by_one_replica_and_work_goes_on,
    a_token_that_is_refused_after_its_refresh_too_asks_the_seller_durably,
    a_refused_refresh_token_asks_the_seller_and_a_new_consent_mends_it,
    a_configured_token_that_is_refused_pauses_the_shop_until_another_is_configured,
    a_failing_refresh_backs_off_and_the_token_serves_on,
    a_lost_answer_of_a_refresh_that_rotated_nothing_costs_nothing,
    a_refresh_token_that_never_proved_itself_gives_way_to_the_one_before,
    a_token_that_cannot_be_refreshed_serves_to_its_end_and_is_announced,
    a_clock_an_hour_ahead_or_behind_changes_nothing,
    a_clock_that_was_months_ahead_costs_no_consent,
    a_refresh_that_is_late_loses_to_a_consent,
);
