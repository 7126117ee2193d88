//! The contract of documents and leases, on every store.

use std::sync::Arc;
use std::time::Duration;

use aligate::clock::{ManualClock, Timestamp};
use aligate::domain::ShopId;
use aligate::store::redis::{RedisOptions, RedisStore};
use aligate::store::sqlite::SqliteStore;
use aligate::store::{Documents, lease};

use crate::support::redis::RedisServer;

const SPAN: Duration = Duration::from_secs(60);

/// A store of its own, with a hand on its clock.
trait Store {
    fn documents(&self) -> &dyn Documents;
    fn advance(&self, span: Duration);
}

struct Embedded(SqliteStore, ManualClock, #[expect(dead_code, reason = "keeps the folder")] tempfile::TempDir);

struct Shared(RedisStore, #[expect(dead_code, reason = "keeps the server")] RedisServer);

impl Store for Embedded {
    fn documents(&self) -> &dyn Documents {
        &self.0
    }
    fn advance(&self, span: Duration) {
        self.1.advance(span);
    }
}

impl Store for Shared {
    fn documents(&self) -> &dyn Documents {
        &self.0
    }
    fn advance(&self, span: Duration) {
        self.0.advance(span);
    }
}

async fn sqlite() -> Embedded {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(Timestamp(1_700_000_000_000_000));
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(path, Arc::new(clock.clone()), &[[1; 32]], Duration::from_secs(20)).await.unwrap();
    Embedded(store, clock, folder)
}

async fn redis() -> Shared {
    let server = RedisServer::start(&[]);
    let options = RedisOptions {
        url: server.url().into(),
        key_checks: vec![[1; 32]],
        call_timeout: Duration::from_secs(20),
        wait_replicas: 0,
    };
    Shared(RedisStore::connect(options).await.unwrap(), server)
}

fn shop() -> ShopId {
    "main".parse().unwrap()
}

async fn a_document_is_exchanged_only_for_what_it_is_thought_to_be(store: &dyn Store) {
    let (documents, shop) = (store.documents(), shop());
    assert!(!documents.put_if(&shop, "a/1", Some("x"), "one").await.unwrap());
    assert!(documents.put_if(&shop, "a/1", None, "one").await.unwrap());
    assert!(!documents.put_if(&shop, "a/1", None, "two").await.unwrap());
    assert!(!documents.put_if(&shop, "a/1", Some("on"), "two").await.unwrap());
    assert!(documents.put_if(&shop, "a/1", Some("one"), "").await.unwrap());
    assert!(!documents.put_if(&shop, "a/1", None, "three").await.unwrap());
    assert!(documents.put_if(&shop, "a/1", Some(""), "three").await.unwrap());
    assert_eq!(documents.get(&shop, "a/1").await.unwrap().as_deref(), Some("three"));
    assert_eq!(documents.get(&"other".parse().unwrap(), "a/1").await.unwrap(), None);
    assert!(documents.put_if(&shop, "a/1", Some("three"), &"x".repeat(300_000)).await.is_err());
}

async fn of_many_that_exchange_at_once_one_succeeds(store: &dyn Store) {
    let (documents, shop) = (store.documents(), shop());
    documents.put(&shop, "n", "0").await.unwrap();
    for round in 0..20 {
        let (before, after) = (round.to_string(), (round + 1).to_string());
        let all = (0..8).map(|_| documents.put_if(&shop, "n", Some(&before), &after));
        let won = futures_util::future::join_all(all).await.into_iter().filter(|won| *won.as_ref().unwrap());
        assert_eq!(won.count(), 1);
    }
}

async fn a_lease_has_one_holder_until_it_is_given_up_or_runs_out(store: &dyn Store) {
    let (documents, shop) = (store.documents(), shop());
    let take = async |holder| lease::take(documents, &shop, "l", holder, SPAN).await.unwrap();
    assert!(take("a").await);
    assert!(take("a").await, "the holder holds on");
    assert!(!take("b").await);
    lease::give_up(documents, &shop, "l", "b").await.unwrap();
    assert!(!take("b").await, "only the holder gives up");
    lease::give_up(documents, &shop, "l", "a").await.unwrap();
    assert!(take("b").await);
    store.advance(SPAN / 2);
    assert!(!take("a").await);
    store.advance(SPAN);
    assert!(take("a").await);
    // Written by a clock that was an hour ahead, it would hold for an hour.
    let wrong = documents.now().await.unwrap().plus(Duration::from_secs(3600)).0;
    documents.put(&shop, "l", &format!(r#"{{"holder":"c","until":{wrong}}}"#)).await.unwrap();
    assert!(take("a").await);
    documents.put(&shop, "l", "not a lease").await.unwrap();
    assert!(take("b").await);
}

async fn the_stores_time_goes_on(store: &dyn Store) {
    let before = store.documents().now().await.unwrap();
    store.advance(Duration::from_secs(100));
    assert!(store.documents().now().await.unwrap() >= before.plus(Duration::from_secs(100)));
}

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $name() { super::$name(&super::sqlite().await).await; })+
        }
        mod redis {
            $(#[tokio::test] async fn $name() { super::$name(&super::redis().await).await; })+
        }
    };
}

on_both!(
    a_document_is_exchanged_only_for_what_it_is_thought_to_be,
    of_many_that_exchange_at_once_one_succeeds,
    a_lease_has_one_holder_until_it_is_given_up_or_runs_out,
    the_stores_time_goes_on,
);
