//! The book of orders: one contract, both stores.

use aligate::clock::Timestamp;
use aligate::domain::{OrderId, OrderStatus, ShopId, Sku};
use aligate::orders::book::Which;
use aligate::orders::{Book, Kept, Taking};
use aligate::store::keys::MasterKeys;
use aligate::store::redis::{RedisOptions, RedisStore};
use aligate::store::sqlite::SqliteStore;
use std::sync::Arc;
use std::time::Duration;

use crate::support::redis::RedisServer;

const TIMEOUT: Duration = Duration::from_secs(30);

async fn on_sqlite(test: impl AsyncFn(&dyn Book)) {
    let dir = tempfile::tempdir().unwrap();
    let (clock, keys) = (Arc::new(aligate::clock::SystemClock), MasterKeys::random());
    let store = SqliteStore::open(dir.path().join("s.db"), clock, &keys.checks(), TIMEOUT).await.unwrap();
    test(&store).await;
}

async fn on_redis(test: impl AsyncFn(&dyn Book)) {
    let server = RedisServer::start(&["appendonly", "no"]);
    let key_checks = MasterKeys::random().checks();
    let options = RedisOptions { url: server.url().into(), key_checks, call_timeout: TIMEOUT, wait_replicas: 0 };
    test(&RedisStore::connect(options).await.unwrap()).await;
}

fn shop() -> ShopId {
    "main".parse().unwrap()
}

fn order(number: u64) -> OrderId {
    number.to_string().parse().unwrap()
}

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

fn kept(number: u64, pieces: &[(&str, u64)]) -> Kept {
    let pieces = pieces.iter().map(|(name, pieces)| (sku(name), *pieces)).collect();
    Kept { pieces, sealed: "sealed".into(), ..Kept::blank(order(number), OrderStatus::WaitSellerSendGoods) }
}

async fn now(book: &dyn Book, number: u64) -> Kept {
    book.get(&shop(), &[order(number)]).await.unwrap().remove(0).unwrap()
}

async fn a_record_changes_from_the_revision_that_its_writer_saw_alone(book: &dyn Book) {
    let first = kept(1, &[]);
    assert!(book.put(&shop(), &first).await.unwrap());
    assert!(!book.put(&shop(), &first).await.unwrap(), "it was written meanwhile");
    let seen = now(book, 1).await;
    assert_eq!(seen.revision, 1);
    assert!(book.put(&shop(), &Kept { version: 7, ..seen.clone() }).await.unwrap());
    assert!(!book.put(&shop(), &Kept { version: 8, ..seen }).await.unwrap());
    assert_eq!((now(book, 1).await.version, now(book, 1).await.revision), (7, 2));
    assert_eq!(
        book.get(&shop(), &[order(2), order(1)]).await.unwrap().iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(book.get(&"other".parse().unwrap(), &[order(1)]).await.unwrap(), [None]);
}

async fn pieces_follow_their_order(book: &dyn Book) {
    book.put(&shop(), &kept(1, &[("A", 2), ("B", 1)])).await.unwrap();
    book.put(&shop(), &kept(2, &[("A", 5)])).await.unwrap();
    let held = async |name: &str, at: u64| -> u64 {
        let claims = book.claims(&shop(), &[sku("X"), sku(name)]).await.unwrap();
        assert!(claims[0].is_empty());
        claims[1].iter().map(|claim| claim.against(Timestamp(at))).sum()
    };
    assert_eq!((held("A", 100).await, held("B", 100).await), (7, 1));
    let taken = Some(Taking { order_id: None, at: 50, version: 1 });
    let first = now(book, 1).await;
    book.put(&shop(), &Kept { taken, ..first }).await.unwrap();
    assert_eq!((held("A", 49).await, held("A", 50).await, held("B", 50).await), (7, 5, 0));
    let second = now(book, 2).await;
    book.put(&shop(), &Kept { pieces: [(sku("C"), 1)].into(), ..second }).await.unwrap();
    assert_eq!((held("A", 50).await, held("C", 50).await), (0, 1));
}

async fn lists_are_in_order_and_end(book: &dyn Book) {
    for number in 1..=5 {
        let due = Some(1_000 - number * 100).filter(|_| number != 3);
        let taken = Some(Taking { order_id: None, at: 1, version: 1 }).filter(|_| number > 2);
        let record = Kept { ship_before: due, taken, changed_at: number * 10, ..kept(number, &[]) };
        assert!(book.put(&shop(), &record).await.unwrap());
    }
    let listed = async |which: Which| {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let (page, next) = book.list(&shop(), which, after.as_deref(), 2).await.unwrap();
            all.extend(page.into_iter().map(|kept| kept.order.to_string().parse::<u64>().unwrap()));
            let Some(next) = next else { return all };
            after = Some(next);
        }
    };
    assert_eq!(listed(Which::All).await, [1, 2, 3, 4, 5]);
    assert_eq!(listed(Which::Due(Timestamp(900))).await, [5, 4, 2]);
    assert_eq!(book.count_due(&shop(), Timestamp(900)).await.unwrap(), 3);
    assert_eq!(listed(Which::Erasable(Timestamp(45))).await, [3, 4]);
    let fourth = now(book, 4).await;
    book.put(&shop(), &Kept { sealed: String::new(), ship_before: None, ..fourth }).await.unwrap();
    assert_eq!(listed(Which::Erasable(Timestamp(45))).await, [3], "what was erased is not erased again");
    assert_eq!(listed(Which::Due(Timestamp(900))).await, [5, 2]);
}

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite { $(#[tokio::test] async fn $name() { super::on_sqlite(super::$name).await; })+ }
        mod redis { $(#[tokio::test] async fn $name() { super::on_redis(super::$name).await; })+ }
    };
}

on_both!(
    a_record_changes_from_the_revision_that_its_writer_saw_alone,
    pieces_follow_their_order,
    lists_are_in_order_and_end,
);
