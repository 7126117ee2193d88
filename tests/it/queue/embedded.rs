//! What only the embedded queue has to show.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aligate::clock::{Clock, SystemClock, Timestamp};
use aligate::http::intake::commit::{self, CommitError};
use aligate::queue::{Answer, Change, QueueError, Receipt, Settled};
use aligate::store::sqlite::SqliteStore;
use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::harness::{Embedded, Harness, LEASE, listing_of, stock};

/// Commits in a write-ahead log: frames that say how large the file is after them, and whose salt is the log's.
fn commits(log: &Path) -> usize {
    let log = std::fs::read(log).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = 24 + number(8) as usize;
    let frames = (32..).step_by(frame).take_while(|at| at + frame <= log.len());
    frames.filter(|&at| log[at + 8..at + 16] == log[16..24] && number(at + 4) != 0).count()
}

#[tokio::test]
async fn a_delivery_of_two_hundred_changes_is_one_wait_for_the_disk() {
    let backend = Embedded::new();
    let log = backend.path().with_file_name("store.db-wal");
    let queue = backend.open().await;
    let h = Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    h.relist("S0", &[1]).await;
    let before = commits(&log);
    let changes = (0..200).map(|nth| stock(&format!("S{nth}"), 1, nth)).collect();
    assert_eq!(h.offer_all(changes).await.len(), 200);
    assert_eq!(commits(&log) - before, 1, "each commit is one sync");
    // Deliveries of several shops share theirs.
    let batch = vec![
        (h.shop.clone(), vec![h.delivery(vec![stock("S1", 2, 2)]), h.delivery(vec![stock("S2", 2, 2)])]),
        (h.other.clone(), vec![h.delivery(vec![stock("S1", 1, 1)])]),
    ];
    h.queue().offer(batch).await.into_iter().for_each(|offered| drop(offered.unwrap()));
    assert_eq!(commits(&log) - before, 2);
}

/// Keeps the store busy until it is let go.
async fn keep_busy(store: Arc<SqliteStore>) -> (std::sync::mpsc::Sender<()>, JoinHandle<()>) {
    let (let_go, gate) = std::sync::mpsc::channel::<()>();
    let (begun, begins) = tokio::sync::oneshot::channel();
    let hold = move |_: &mut rusqlite::Connection| {
        begun.send(()).unwrap();
        gate.recv().unwrap();
        Ok(())
    };
    let busy = tokio::spawn(async move { store.call(hold).await.unwrap() });
    begins.await.unwrap();
    (let_go, busy)
}

#[tokio::test]
async fn what_waits_when_the_store_is_free_shares_a_call() {
    let backend = Embedded::new();
    let log = backend.path().with_file_name("store.db-wal");
    let (store, queue) = backend.open_both().await;
    let h = Harness::new(Arc::clone(&queue), Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    h.offer(stock("S0", 1, 1)).await;
    let before = commits(&log);
    let (committer, writer) = commit::writer(queue, 100, LEASE, Arc::default());
    let stop = CancellationToken::new();
    let writer = tokio::spawn(writer.run(stop.clone()));
    let (let_go, busy) = keep_busy(store).await;
    let mut answers = Vec::new();
    for _ in 0..40 {
        let (committer, shop) = (committer.clone(), h.shop.clone());
        let delivery = h.delivery(vec![stock(&format!("S{}", answers.len()), 2, 2)]);
        answers.push(tokio::spawn(async move { committer.commit(shop, delivery, Vec::new()).await }));
        tokio::task::yield_now().await;
    }
    // Those who have left are not served.
    let (gone, shop, delivery) = (committer.clone(), h.shop.clone(), h.delivery(vec![stock("gone", 1, 1)]));
    assert!(gone.commit(shop, delivery, Vec::new()).now_or_never().is_none());
    assert_eq!(commits(&log), before);
    let_go.send(()).unwrap();
    busy.await.unwrap();
    for answer in answers {
        assert!(matches!(answer.await.unwrap().unwrap().receipt, Receipt::Taken(_)));
    }
    assert_eq!(commits(&log) - before, 1);
    assert!(h.queue().trace(&h.shop, "gone").await.unwrap().is_empty());
    // What waits when the gateway stops is made durable.
    let last = tokio::spawn(async move {
        let delivery = h.delivery(vec![stock("S0", 3, 3)]);
        committer.commit(h.shop.clone(), delivery, Vec::new()).await.unwrap().receipt
    });
    tokio::task::yield_now().await;
    stop.cancel();
    writer.await.unwrap();
    assert_eq!(last.await.unwrap(), Receipt::Taken(vec![Answer::Parked]));
}

#[tokio::test]
async fn a_request_that_waited_too_long_is_refused_and_not_made_durable_afterwards() {
    let backend = Embedded::new();
    let (store, queue) = backend.open_both().await;
    let h = Harness::new(Arc::clone(&queue), Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    let (committer, writer) = commit::writer(queue, 100, Duration::from_millis(50), Arc::default());
    tokio::spawn(writer.run(CancellationToken::new()));
    let (let_go, busy) = keep_busy(store).await;
    let refused = committer.commit(h.shop.clone(), h.delivery(vec![stock("late", 1, 1)]), Vec::new()).await;
    assert!(matches!(refused, Err(CommitError::Store(QueueError::Away(_)))), "{refused:?}");
    let_go.send(()).unwrap();
    busy.await.unwrap();
    let taken = committer.commit(h.shop.clone(), h.delivery(vec![stock("next", 1, 1)]), Vec::new()).await;
    assert_eq!(taken.unwrap().receipt, Receipt::Taken(vec![Answer::Parked]));
    assert!(h.queue().trace(&h.shop, "late").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_store_that_is_not_ours_is_refused_in_the_words_of_the_queue() {
    let backend = Embedded::new();
    drop(backend.open().await);
    let refusal = async || {
        let clock = Arc::new(SystemClock);
        SqliteStore::open(backend.path(), clock, &[[9; 32]], LEASE).await.unwrap_err().to_string()
    };
    assert_eq!(refusal().await, QueueError::WrongKey.to_string());
    let conn = rusqlite::Connection::open(backend.path()).unwrap();
    let known: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(refusal().await, QueueError::Newer { found: 99, known }.to_string());
}

#[tokio::test]
async fn deliveries_that_need_not_be_remembered_are_cleared_away() {
    let backend = Embedded::new();
    let path = backend.path();
    let queue = backend.open().await;
    let h = Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    for nth in 0..40 {
        h.offer(stock("A", nth, nth)).await;
    }
    h.advance(Duration::from_secs(3601)).await;
    h.offer(stock("A", 100, 1)).await;
    let conn = rusqlite::Connection::open(path).unwrap();
    let kept: u32 = conn.query_row("SELECT count(*) FROM deliveries", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn a_store_that_fails_takes_nothing_and_says_so() {
    let backend = Embedded::new();
    let path = backend.path();
    let queue = backend.open().await;
    let h = Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    for (sku, version) in [("A", 1), ("N", 1), ("N", 2)] {
        h.relist(sku, &[listing_of(sku)]).await;
        h.offer(stock(sku, version, version)).await;
    }
    let stranger = rusqlite::Connection::open(path).unwrap();
    stranger
        .execute_batch(
            "CREATE TRIGGER broken BEFORE UPDATE ON entries WHEN old.key = 'Z' BEGIN SELECT raise(FAIL, 'broken'); END",
        )
        .unwrap();
    let batch = vec![
        (h.other.clone(), vec![h.delivery(vec![stock("B", 1, 1)])]),
        (h.shop.clone(), vec![h.delivery(vec![stock("A", 2, 2), stock("N", 3, 3), stock("Z", 1, 1)])]),
    ];
    for offered in h.queue().offer(batch).await {
        assert!(matches!(offered, Err(QueueError::Away(_))), "{offered:?}");
    }
    assert!(h.queue().trace(&h.other, "B").await.unwrap().is_empty());
    assert_eq!([h.stock_of("A").await.entry.version, h.stock_of("N").await.entry.version], [1, 2]);
    // Nor is it known as taken to the next call.
    stranger.execute_batch("DROP TRIGGER broken").unwrap();
    let again = h.offer_all(vec![stock("A", 2, 2), stock("N", 3, 3), stock("Z", 1, 1)]).await;
    assert_eq!(again, [Answer::Coalesced, Answer::Coalesced, Answer::Parked]);
    assert_eq!([h.stock_of("A").await.entry.version, h.stock_of("N").await.entry.version], [2, 3]);
}

#[tokio::test]
async fn states_that_are_newer_than_their_rows_are_bounded_and_survive_a_restart() {
    const BOUND: u32 = 64 * 1024;
    let backend = Embedded::new();
    let path = backend.path();
    let queue = backend.open().await;
    let mut h = Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    for sku in ["leased", "A", "B", "C"] {
        h.relist(sku, &[listing_of(sku)]).await;
        h.offer_all(vec![stock(sku, 1, 1), stock(sku, 2, 2)]).await;
        if sku == "leased" {
            assert_eq!(h.take_one().await.lease.version, 2);
        }
    }
    let more = ["A", "B", "A", "C"].into_iter().zip(3..);
    h.offer_all(more.map(|(sku, version)| stock(sku, version, version)).collect()).await;
    h.restart().await;
    let stranger = rusqlite::Connection::open(path).unwrap();
    let number = |query: &str| stranger.query_row(query, [], |row| row.get::<_, u32>(0)).unwrap();
    let row = |sku: &str| number(&format!("SELECT version FROM entries WHERE key = '{sku}'"));
    let versions = async |h: &Harness| {
        [h.stock_of("A").await.entry.version, h.stock_of("B").await.entry.version, h.stock_of("C").await.entry.version]
    };
    assert_eq!(versions(&h).await, [5, 4, 6]);
    assert_eq!(
        [row("leased"), row("A"), row("B"), row("C")],
        [2, 1, 1, 1],
        "they stand beside their rows until a lease"
    );
    // So many are waste that the table is full.
    let waste =
        "WITH RECURSIVE nth (n) AS (SELECT max(nth) + 1 FROM newer UNION ALL SELECT n + 1 FROM nth WHERE n < 65536)
         INSERT INTO newer SELECT n, 0, 1, '', x'', 0, 0, 0, 0, 0 FROM nth";
    stranger.execute(waste, []).unwrap();
    h.restart().await;
    h.offer(stock("C", 7, 7)).await;
    assert!(number("SELECT count(*) FROM newer") <= BOUND);
    assert_eq!([row("A"), row("B"), row("C")], [5, 4, 1], "what is newest goes into its row, waste does not");
    assert_eq!(versions(&h).await, [5, 4, 7]);
    h.restart().await;
    assert_eq!(versions(&h).await, [5, 4, 7]);
}

#[tokio::test]
async fn a_clock_that_was_set_back_is_noticed_by_a_state_that_is_newer_than_its_row() {
    const DAY: Duration = Duration::from_secs(86_400);
    let backend = Embedded::new();
    let clock = backend.clock();
    let queue = backend.open().await;
    let mut h = Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
    for sku in ["newer", "waits"] {
        h.relist(sku, &[listing_of(sku)]).await;
        h.offer(Change { window: DAY + Duration::from_secs(2), ..stock(sku, 1, 1) }).await;
    }
    h.advance(DAY).await;
    h.offer(Change { window: DAY, ..stock("newer", 2, 2) }).await;
    clock.set(Timestamp(clock.now().0 - u64::try_from(DAY.as_micros()).unwrap()));
    h.restart().await;
    h.take_none().await;
    h.advance(Duration::from_secs(2)).await;
    assert_eq!(h.take_keys().await.len(), 2);
}

#[tokio::test]
async fn when_the_clock_is_set_back_nothing_waits_for_longer() {
    const DAY: Duration = Duration::from_secs(86_400);
    for restarts in [false, true] {
        let backend = Embedded::new();
        let clock = backend.clock();
        let queue = backend.open().await;
        let mut h = Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap());
        for sku in ["held", "waits"] {
            h.relist(sku, &[listing_of(sku)]).await;
        }
        h.advance(DAY).await;
        h.offer(stock("held", 1, 1)).await;
        let held = h.take_one().await;
        h.offer(Change { window: Duration::from_secs(2), ..stock("waits", 1, 1) }).await;
        clock.set(Timestamp(clock.now().0 - u64::try_from(DAY.as_micros()).unwrap()));
        if restarts {
            h.restart().await;
        }
        h.take_none().await;
        h.offer(Change { window: Duration::from_secs(9), ..stock("waits", 2, 2) }).await;
        h.advance(Duration::from_secs(2)).await;
        assert_eq!(h.take_keys().await, ["waits"]);
        h.advance(LEASE).await;
        assert_eq!(h.take_keys().await.len(), 2, "leases run out in their time");
        assert_eq!(h.confirm(&held).await, Settled::Lost);
    }
}
