//! A queue under test with a hand on its store, and short words for what tests do to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aligate::clock::{ManualClock, Timestamp};
use aligate::domain::{Cause, Lane, ListingId, ShopId, Version};
use aligate::queue::sqlite::SqliteQueue;
use aligate::queue::{
    Answer, Ask, Change, Class, Confirmed, Delivery, Fault, LeaseRef, Leased, Outcome, ParkReason, Place, Queue,
    Receipt, Relisting, Settled, Trace,
};
use aligate::signing::entry::Sealer;
use aligate::store::sqlite::SqliteStore;
use async_trait::async_trait;

/// How long tests hold leases.
pub const LEASE: Duration = Duration::from_secs(30);
/// A little time, more than a call takes.
pub const MOMENT: Duration = Duration::from_millis(10);

/// What a test may do to a store past the queue.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Moves the store's time ahead.
    async fn advance(&self, span: Duration);
    /// Overwrites the payload that is kept for a key, as somebody would who can write to the store.
    async fn tamper(&self, shop: &ShopId, lane: Lane, key: &str, payload: &str);
    /// Opens the store anew; the queue that used it is gone.
    async fn reopen(&mut self) -> Arc<dyn Queue>;
}

/// A queue on a store of its own, or in shops of its own.
pub struct Harness {
    queue: Option<Arc<dyn Queue>>,
    backend: Box<dyn Backend>,
    /// The shop that tests use.
    pub shop: ShopId,
    /// Another shop in the same store.
    pub other: ShopId,
    deliveries: AtomicU64,
}

impl Harness {
    pub fn new(queue: Arc<dyn Queue>, backend: Box<dyn Backend>, shop: ShopId, other: ShopId) -> Self {
        Self { queue: Some(queue), backend, shop, other, deliveries: AtomicU64::new(0) }
    }

    pub fn queue(&self) -> &dyn Queue {
        self.queue.as_deref().unwrap()
    }

    pub async fn advance(&self, span: Duration) {
        self.backend.advance(span).await;
    }

    pub async fn tamper(&self, lane: Lane, key: &str, payload: &str) {
        self.backend.tamper(&self.shop, lane, key, payload).await;
    }

    /// The process ends and another one starts.
    pub async fn restart(&mut self) {
        self.queue = None;
        self.queue = Some(self.backend.reopen().await);
    }

    /// A delivery with an id of its own.
    pub fn delivery(&self, changes: Vec<Change>) -> Delivery {
        let nth = self.deliveries.fetch_add(1, Ordering::Relaxed);
        let remember = Duration::from_secs(3600);
        Delivery { id: format!("delivery-{nth}"), digest: [7; 32], changes, owners: Vec::new(), remember }
    }

    pub async fn deliver(&self, delivery: Delivery) -> Receipt {
        let mut offered = self.queue().offer(vec![(self.shop.clone(), vec![delivery])]).await;
        offered.remove(0).unwrap().receipts.remove(0)
    }

    pub async fn offer_all(&self, changes: Vec<Change>) -> Vec<Answer> {
        match self.deliver(self.delivery(changes)).await {
            Receipt::Taken(answers) => answers,
            refused => panic!("{refused:?}"),
        }
    }

    pub async fn offer(&self, change: Change) -> Answer {
        self.offer_all(vec![change]).await.remove(0)
    }

    /// Puts a SKU into these listings.
    pub async fn relist(&self, sku: &str, listings: &[u64]) {
        let listings = listings.iter().copied().map(ListingId).collect();
        self.queue().relist(&self.shop, &[Relisting { sku: sku.parse().unwrap(), listings }]).await.unwrap();
    }

    pub async fn reserve(&self, lane: Lane, class: Class, entries: usize, listings: usize) -> Vec<Leased> {
        self.queue().reserve(&self.shop, lane, Ask { class, entries, listings, lease: LEASE }).await.unwrap()
    }

    /// Takes all stock that is due.
    pub async fn take(&self) -> Vec<Leased> {
        self.reserve(Lane::Stock, Class::Any, 500, 500).await
    }

    /// The keys of all stock that is due, in the order they are taken.
    pub async fn take_keys(&self) -> Vec<String> {
        self.take().await.into_iter().map(|leased| leased.lease.key).collect()
    }

    /// Takes the only stock that is due.
    pub async fn take_one(&self) -> Leased {
        let mut taken = self.take().await;
        assert_eq!(taken.len(), 1, "{taken:?}");
        taken.remove(0)
    }

    pub async fn take_none(&self) {
        let taken = self.take().await;
        assert!(taken.is_empty(), "{taken:?}");
    }

    pub async fn settle(&self, leased: &Leased, outcome: Outcome) -> Settled {
        self.settle_ref(leased.lease.clone(), outcome).await
    }

    pub async fn settle_ref(&self, lease: LeaseRef, outcome: Outcome) -> Settled {
        self.queue().settle(&self.shop, vec![(lease, outcome)]).await.unwrap().remove(0)
    }

    /// AliExpress took the value that was leased, everywhere.
    pub async fn confirm(&self, leased: &Leased) -> Settled {
        self.settle(leased, done(leased)).await
    }

    /// A stock that AliExpress has: listed, offered, sent and confirmed.
    pub async fn have_confirmed(&self, sku: &str, version: Version, quantity: u64) {
        if self.queue().listings(&self.shop, &[sku.parse().unwrap()]).await.unwrap()[0].is_empty() {
            self.relist(sku, &[listing_of(sku)]).await;
        }
        self.offer(stock(sku, version, quantity)).await;
        let leased = self.take_one().await;
        assert_eq!(self.confirm(&leased).await, Settled::Kept);
    }

    /// A stock that was given up.
    pub async fn have_dead(&self, sku: &str, version: Version, quantity: u64) {
        self.relist(sku, &[listing_of(sku)]).await;
        self.offer(stock(sku, version, quantity)).await;
        let leased = self.take_one().await;
        assert_eq!(self.settle(&leased, Outcome::Dead { fault: fault("REFUSED") }).await, Settled::Kept);
    }

    /// What is known of a SKU's stock.
    pub async fn stock_of(&self, sku: &str) -> Trace {
        let traces = self.queue().trace(&self.shop, sku).await.unwrap();
        traces.into_iter().find(|trace| trace.entry.lane == Lane::Stock).unwrap()
    }

    pub async fn place_of(&self, sku: &str) -> Place {
        self.stock_of(sku).await.entry.place
    }
}

/// The listing that a SKU gets where a test does not care.
pub fn listing_of(sku: &str) -> u64 {
    1000 + sku.bytes().fold(0, |sum, byte| sum * 31 % 99_991 + u64::from(byte))
}

/// A stock event without window.
pub fn stock(sku: &str, version: Version, quantity: u64) -> Change {
    Change {
        lane: Lane::Stock,
        key: sku.to_owned(),
        version,
        payload: format!(r#"{{"q":{quantity}}}"#),
        cause: Cause::Edit,
        force: false,
        urgent: false,
        window: Duration::ZERO,
        rendered: Some(quantity.to_string()),
        park: None,
        guard: None,
        base: None,
    }
}

/// A change in a lane that needs no listing.
pub fn product(key: &str, version: Version) -> Change {
    Change { lane: Lane::Product, rendered: None, ..stock(key, version, version) }
}

/// The quantity in a stock's payload.
pub fn quantity(payload: &str) -> String {
    payload.trim_start_matches(r#"{"q":"#).trim_end_matches('}').to_owned()
}

/// The value of a lease, known of all its listings.
pub fn confirmed(leased: &Leased) -> Confirmed {
    leased.listings.iter().map(|listing| (*listing, quantity(&leased.payload))).collect()
}

pub fn done(leased: &Leased) -> Outcome {
    Outcome::Done { confirmed: confirmed(leased) }
}

pub fn fault(code: &str) -> Fault {
    Fault { code: code.to_owned(), detail: "in words".to_owned() }
}

pub fn retry(after: Duration, blame: bool) -> Outcome {
    Outcome::Retry { after, blame, fault: fault("F"), confirmed: Confirmed::new(), cohort: None }
}

pub fn unknown(after: Duration) -> Outcome {
    Outcome::Unknown { after, fault: fault("TIMEOUT") }
}

pub fn parked(reason: ParkReason) -> Outcome {
    Outcome::Parked { reason, detail: "why".to_owned() }
}

/// A file of its own.
pub struct Embedded {
    folder: tempfile::TempDir,
    clock: ManualClock,
}

impl Embedded {
    pub fn new() -> Self {
        let clock = ManualClock::at(Timestamp(1_700_000_000_000_000));
        Self { folder: tempfile::tempdir().unwrap(), clock }
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("store.db")
    }

    pub fn clock(&self) -> ManualClock {
        self.clock.clone()
    }

    pub async fn open(&self) -> Arc<dyn Queue> {
        self.open_both().await.1
    }

    /// The store, too.
    pub async fn open_both(&self) -> (Arc<SqliteStore>, Arc<dyn Queue>) {
        let wait = Duration::from_secs(60);
        let store = SqliteStore::open(self.path(), Arc::new(self.clock.clone()), &[[1; 32]], wait).await.unwrap();
        let (store, sealer) = (Arc::new(store), Arc::new(Sealer::new([b"master key".as_slice()])));
        (Arc::clone(&store), Arc::new(SqliteQueue::new(store, sealer)))
    }
}

#[async_trait]
impl Backend for Embedded {
    async fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    async fn tamper(&self, shop: &ShopId, lane: Lane, key: &str, payload: &str) {
        let lane = Lane::ALL.iter().position(|l| *l == lane).unwrap();
        let conn = rusqlite::Connection::open(self.path()).unwrap();
        conn.busy_timeout(Duration::from_secs(10)).unwrap();
        let find = "SELECT id FROM entries WHERE shop = ?1 AND lane = ?2 AND key = ?3";
        let id: i64 = conn.query_row(find, (shop.as_str(), lane, key), |row| row.get(0)).unwrap();
        let changed = conn.execute("UPDATE entries SET payload = ?2 WHERE id = ?1", (id, payload));
        assert_eq!(changed.unwrap(), 1);
        conn.execute("UPDATE newer SET payload = ?2 WHERE entry = ?1", (id, payload)).unwrap();
    }

    async fn reopen(&mut self) -> Arc<dyn Queue> {
        self.open().await
    }
}

/// The embedded backend.
pub async fn sqlite() -> Harness {
    let backend = Embedded::new();
    let queue = backend.open().await;
    Harness::new(queue, Box::new(backend), "main".parse().unwrap(), "other".parse().unwrap())
}
