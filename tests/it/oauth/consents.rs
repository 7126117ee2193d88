//! Links, states, codes, and whose consent counts.

use std::time::Duration;

use aligate::oauth::{Callback, Failure, Language, Outcome};
use aligate::simulator::{Fault, Kind};
use secrecy::ExposeSecret;

use super::world::{World, send};

const CREATE: &str = "/auth/token/create";

async fn a_consent_gives_a_shop_its_token_without_a_restart(world: World) {
    let (here, there) = (world.replica(), world.replica());
    for replica in [&here, &there] {
        replica.look().await;
        assert_eq!((replica.state(&world.shop).await, replica.send().await), ("missing", false));
    }
    let Outcome::Stored { shop, seller } = here.consent(&world.shop).await else { panic!() };
    assert_eq!((shop, seller.as_str()), (world.shop.clone(), "seller-2678881002@shop.example"));
    assert!(here.send().await, "it sends at once");
    assert!(!send(&here.access_of_other).await, "the other shop has no consent");
    there.look().await;
    assert!(there.send().await, "another replica sends with its next look");
    let life = there.oauth.life(&world.shop).await.unwrap().unwrap();
    assert_eq!((life.state, life.source, life.seller.as_deref()), ("ok", Some("consent"), Some("2678881002")));
    assert!((29 * 86_400..=30 * 86_400).contains(&life.access_secs_left.unwrap()));
    assert!((59 * 86_400..=60 * 86_400).contains(&life.consent_secs_left.unwrap()));
    assert_eq!(life.consent_days_left, Some(60));
    assert_eq!(life.last_consent.unwrap().outcome, "stored");
    assert_eq!(world.told().await, ["consent_given"]);
    // A process that starts later starts with it, before it has looked.
    let later = world.replica();
    later.oauth.load().await.unwrap();
    assert!(later.send().await);
    assert_eq!(world.sent_with_dead_tokens(), 0);
}

async fn a_configured_token_serves_until_a_consent_replaces_it(world: World) {
    let replica = world.replica_with_token("simulator-token-of-nobody");
    replica.oauth.load().await.unwrap();
    replica.look().await;
    assert!(replica.send().await);
    assert_eq!(replica.oauth.life(&world.shop).await.unwrap().unwrap().source, Some("configuration"));
    assert!(matches!(replica.consent(&world.shop).await, Outcome::Stored { .. }));
    assert_ne!(&*replica.access.token(), "simulator-token-of-nobody");
    assert!(replica.send().await);
    let restarted = world.replica_with_token("simulator-token-of-nobody");
    restarted.oauth.load().await.unwrap();
    assert_eq!(&*restarted.access.token(), &*replica.access.token());
    assert_eq!(&*restarted.access_of_other.token(), "simulator-token-of-nobody");
}

async fn a_state_serves_once_for_its_shop_and_in_time(world: World) {
    let replica = world.replica();
    let invalid = Outcome::Failed(Failure::LinkInvalid);
    let good = replica.browsed(&world.shop).await;
    let (secret, _) = good.state.split_once('.').unwrap();
    assert!(secret.len() >= 32, "nobody can guess it");
    let with = |state: String| Callback { state, code: good.code.clone() };
    for state in [
        String::new(),
        secret.to_owned(),
        format!("{secret}."),
        format!("{secret}.{}", world.other),
        format!("{secret}.nobody"),
        format!("x{secret}.{}", world.shop),
        format!(".{}", world.shop),
        "x".repeat(100_000),
    ] {
        assert_eq!(replica.oauth.callback(with(state)).await, invalid);
    }
    assert_eq!(world.simulator.oauth().counts().created, 0, "no code was spent");
    assert!(matches!(replica.oauth.callback(good.clone()).await, Outcome::Stored { .. }));
    assert_eq!(replica.oauth.callback(good).await, invalid, "it is spent");
    // Half an hour later a link is no longer one, whoever made it.
    let late = replica.browsed(&world.shop).await;
    world.advance(Duration::from_secs(1_801));
    assert_eq!(world.replica().oauth.callback(late).await, invalid);
    assert_eq!(world.simulator.oauth().counts().created, 1);
}

async fn of_two_browsers_with_one_link_one_is_let_in(world: World) {
    let (here, there) = (world.replica(), world.replica());
    let link = here.oauth.link(&world.shop).await.unwrap();
    let (one, two) = (here.browse(&link.url).await, there.browse(&link.url).await);
    let (one, two) = tokio::join!(here.oauth.callback(one), there.oauth.callback(two));
    let stored = [&one, &two].into_iter().filter(|outcome| matches!(outcome, Outcome::Stored { .. })).count();
    assert_eq!(stored, 1, "{one:?} {two:?}");
    assert_eq!(world.simulator.oauth().counts().created, 1);
}

async fn links_of_a_shop_are_bounded_and_the_newest_serve(world: World) {
    let replica = world.replica();
    let mut links = Vec::new();
    for _ in 0..25 {
        links.push(replica.oauth.link(&world.shop).await.unwrap().url);
    }
    let (oldest, newest) = (replica.browse(&links[0]).await, replica.browse(&links[24]).await);
    assert_eq!(replica.oauth.callback(oldest).await, Outcome::Failed(Failure::LinkInvalid));
    assert!(matches!(replica.oauth.callback(newest).await, Outcome::Stored { .. }));
}

async fn a_code_that_is_too_old_or_used_is_told_in_words(world: World) {
    let replica = world.replica();
    let slow = replica.browsed(&world.shop).await;
    world.advance(Duration::from_secs(181));
    let refused = Outcome::Failed(Failure::CodeRefused);
    assert_eq!(replica.oauth.callback(slow.clone()).await, refused);
    let used = replica.browsed(&world.shop).await;
    let again = replica.browsed(&world.shop).await;
    assert!(matches!(replica.oauth.callback(used.clone()).await, Outcome::Stored { .. }));
    let again = Callback { state: again.state, code: used.code };
    assert_eq!(replica.oauth.callback(again).await, refused);
    assert!(refused.words(Language::Ru).contains("новую ссылку") && refused.words(Language::En).contains("new link"));
    assert!(replica.send().await, "the token from before goes on");
    let last = replica.oauth.life(&world.shop).await.unwrap().unwrap().last_consent.unwrap();
    assert_eq!(last.outcome, "code_refused");
}

async fn a_seller_who_says_no_and_an_aliexpress_that_fails_leave_the_shop_as_it_was(world: World) {
    let replica = world.replica();
    replica.consent(&world.shop).await;
    let before = replica.access.token();
    let denied = replica.browsed(&world.shop).await;
    let denied = replica.oauth.callback(Callback { state: denied.state, code: None }).await;
    assert_eq!(denied, Outcome::Failed(Failure::Denied));
    let error = |code: &str| Kind::Error { code: code.into(), message: String::new(), sub_code: String::new() };
    for (kind, failure) in [
        (Kind::Html, Failure::AliExpressAway),
        (Kind::AnswerLost, Failure::AliExpressAway),
        (error("InvalidAppkey"), Failure::ApplicationRefused("InvalidAppkey".into())),
        (error("IncompleteSignature"), Failure::SecretWrong),
        (error("AUTH_TYPE_UNSUPPORTED"), Failure::ApplicationRefused("AUTH_TYPE_UNSUPPORTED".into())),
        (error("MissingParameter"), Failure::Other("MissingParameter".into())),
    ] {
        world.simulator.faults().add(Fault { method: Some(CREATE.into()), ..Fault::times(1, kind.clone()) });
        assert_eq!(replica.consent(&world.shop).await, Outcome::Failed(failure), "{kind:?}");
    }
    replica.look().await;
    assert_eq!(&*replica.access.token(), &*before);
    assert!(replica.send().await);
    // A failure that says "later" is tried again within the code's life.
    let later = Fault { method: Some(CREATE.into()), ..Fault::times(1, error("ServiceUnavailable")) };
    world.simulator.faults().add(later);
    assert!(matches!(replica.consent(&world.shop).await, Outcome::Stored { .. }));
    assert_ne!(&*replica.access.token(), &*before);
}

async fn another_seller_is_refused_until_confirmed(world: World) {
    let replica = world.replica();
    replica.consent(&world.shop).await;
    world.told().await;
    let before = replica.access.token();
    world.simulator.oauth().log_in(999);
    let Outcome::Doubtful { sellers, .. } = replica.consent(&world.shop).await else { panic!() };
    assert_eq!((sellers.first.as_str(), sellers.second.as_str()), ("2678881002", "999"));
    assert_eq!(&*replica.access.token(), &*before, "the access before goes on");
    assert!(replica.send().await);
    assert_eq!(world.told().await, ["consent_other_seller"]);
    let life = replica.oauth.life(&world.shop).await.unwrap().unwrap();
    assert_eq!((life.seller.as_deref(), life.unconfirmed_seller.as_deref()), (Some("2678881002"), Some("999")));
    assert!(!replica.oauth.confirm(&world.shop, "2678881002").await.unwrap());
    assert!(!replica.oauth.confirm(&world.other, "999").await.unwrap());
    // Another process confirms it, and this one follows.
    assert!(world.replica().oauth.confirm(&world.shop, "999").await.unwrap());
    replica.look().await;
    assert_ne!(&*replica.access.token(), &*before);
    assert!(replica.send().await);
    assert!(!replica.oauth.confirm(&world.shop, "999").await.unwrap(), "once");
    // A shop of another seller is none of this one's business.
    assert!(matches!(replica.consent(&world.other).await, Outcome::Stored { .. }));
}

async fn a_store_that_was_emptied_takes_a_new_consent(world: World) {
    let replica = world.replica();
    for _ in 0..3 {
        replica.consent(&world.shop).await;
    }
    world.documents.remove(&world.shop, "oauth/tokens").await.unwrap();
    replica.look().await;
    assert!(replica.send().await, "the token at hand still works");
    let before = replica.access.token();
    replica.consent(&world.shop).await;
    assert_ne!(&*replica.access.token(), &*before);
    assert!(replica.send().await);
}

async fn a_rotated_key_file_is_followed_and_a_lost_key_is_shown(mut world: World) {
    world.replica().consent(&world.shop).await;
    let sealed = world.documents.get(&world.shop, "oauth/tokens").await.unwrap().unwrap();
    assert!(world.cipher().open(&format!("{}/oauth/tokens", world.shop), &sealed).is_ok());
    // A new key as the first line, the old one second.
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = ("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=");
    let keys = |lines: &[&str]| {
        let file = folder.path().join("keys");
        std::fs::write(&file, lines.join("\n")).unwrap();
        std::sync::Arc::new(aligate::store::keys::MasterKeys::load(&file, false).unwrap())
    };
    world.keys = keys(&[old]);
    let replica = world.replica();
    replica.look().await;
    assert!(replica.health.components()[&format!("token/{}", world.shop)].why.as_ref().unwrap().contains("opened"));
    replica.consent(&world.shop).await;
    let token = replica.access.token();
    world.keys = keys(&[new, old]);
    world.replica().look().await;
    world.keys = keys(&[new]);
    let rotated = world.replica();
    rotated.oauth.load().await.unwrap();
    assert_eq!(&*rotated.access.token(), &*token, "it was encrypted anew with the first key");
    assert!(rotated.send().await);
}

async fn the_link_says_all_that_aliexpress_wants(world: World) {
    let link = world.replica().oauth.link(&world.shop).await.unwrap();
    let url = url::Url::parse(&link.url).unwrap();
    assert_eq!(url.path(), "/oauth/authorize");
    let says = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(says("response_type").as_deref(), Some("code"));
    assert_eq!(says("force_auth").as_deref(), Some("true"));
    assert_eq!(says("redirect_uri").as_deref(), Some("https://gateway.example/oauth/callback"));
    assert_eq!(says("client_id").as_deref(), Some("33505222"));
    assert_eq!(says("uuid"), None);
    let kept = world.documents.get(&world.shop, "oauth/consents").await.unwrap().unwrap();
    assert!(!kept.contains(says("state").unwrap().split_once('.').unwrap().0), "the store cannot complete a consent");
    let code = world.replica().browse(&link.url).await.code.unwrap();
    assert!(code.expose_secret().starts_with("3_33505222_"));
    assert!(world.replica().oauth.life(&"nobody".parse().unwrap()).await.unwrap().is_none());
    assert!(world.replica().oauth.link(&"nobody".parse().unwrap()).await.is_err());
}

on_each_store!(
    a_consent_gives_a_shop_its_token_without_a_restart,
    a_configured_token_serves_until_a_consent_replaces_it,
    a_state_serves_once_for_its_shop_and_in_time,
    of_two_browsers_with_one_link_one_is_let_in,
    links_of_a_shop_are_bounded_and_the_newest_serve,
    a_code_that_is_too_old_or_used_is_told_in_words,
    a_seller_who_says_no_and_an_aliexpress_that_fails_leave_the_shop_as_it_was,
    another_seller_is_refused_until_confirmed,
    a_store_that_was_emptied_takes_a_new_consent,
    a_rotated_key_file_is_followed_and_a_lost_key_is_shown,
    the_link_says_all_that_aliexpress_wants,
);
