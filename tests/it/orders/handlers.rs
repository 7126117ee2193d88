//! Lanes whose entries are worked one at a time: what becomes of each ending, and who is held up by whom.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aligate::batching::BatchLimits;
use aligate::clock::{ManualClock, SharedClock, Timestamp};
use aligate::config::{self, Sources};
use aligate::domain::{Cause, Lane, ShopId};
use aligate::guard::Guard;
use aligate::guard::tally::Tally;
use aligate::listings::{PriceRules, StoreCurrencies};
use aligate::queue::sqlite::SqliteQueue;
use aligate::queue::{Change, Confirmed, Delivery, EntryView, Fault, Leased, Place, Queue};
use aligate::signing::entry::Sealer;
use aligate::store::sqlite::SqliteStore;
use aligate::worker::{Courier, Desk, Ending, Handler, Handlers, Pass};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// Answers from a script, for each shop; `Done` where the script is at its end. A shop's name in `panics` panics.
#[derive(Debug)]
struct Scripted {
    endings: Mutex<BTreeMap<ShopId, VecDeque<Ending>>>,
    worked: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
    gate: Semaphore,
    panics: bool,
}

impl Scripted {
    fn new(endings: impl IntoIterator<Item = (&'static str, Vec<Ending>)>) -> Self {
        let endings = endings.into_iter().map(|(shop, endings)| (shop.parse().unwrap(), endings.into())).collect();
        let count = AtomicUsize::default;
        let gate = Semaphore::new(Semaphore::MAX_PERMITS);
        Self { endings: Mutex::new(endings), worked: count(), now: count(), most: count(), gate, panics: false }
    }
}

#[async_trait::async_trait]
impl Handler for Scripted {
    async fn work(&self, shop: &ShopId, _: &Leased) -> Ending {
        self.worked.fetch_add(1, Ordering::SeqCst);
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        assert!(!self.panics, "planted");
        let permit = self.gate.acquire().await.unwrap();
        permit.forget();
        self.now.fetch_sub(1, Ordering::SeqCst);
        let scripted = self.endings.lock().unwrap().get_mut(shop).and_then(VecDeque::pop_front);
        scripted.unwrap_or(Ending::Done(Confirmed::new()))
    }

    fn at_once(&self) -> usize {
        3
    }
}

struct Bench {
    _dir: tempfile::TempDir,
    clock: ManualClock,
    desk: Arc<Desk>,
    courier: Courier,
    handler: Arc<Scripted>,
    offered: AtomicUsize,
}

impl Bench {
    async fn new(handler: Scripted) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = ManualClock::at(Timestamp::from_millis(1_800_000_000_000));
        let shared: SharedClock = Arc::new(clock.clone());
        let timeout = Duration::from_secs(30);
        let store = SqliteStore::open(dir.path().join("s.db"), Arc::clone(&shared), &[[1; 32]], timeout).await.unwrap();
        let store = Arc::new(store);
        let sealer = Arc::new(Sealer::new([b"a key of tests".as_slice()]));
        let config = config::load(&Sources::default()).unwrap();
        let handler = Arc::new(handler);
        let queue: Arc<dyn Queue> = Arc::new(SqliteQueue::new(Arc::clone(&store), sealer));
        let tally = Arc::clone(&store) as Arc<dyn Tally>;
        let desk = Arc::new(Desk {
            guard: Arc::new(Guard::new(config.guard, tally, Arc::clone(&queue))),
            queue,
            book: store,
            currencies: StoreCurrencies::default(),
            rules: PriceRules::default(),
            clock: Arc::clone(&shared),
            limits: BatchLimits { products: 20, skus_per_product: 200 },
            methods: config.aliexpress.methods.clone(),
            lanes: Lane::ALL.map(|lane| *config.worker.lane(lane)),
            poll_max: Duration::from_secs(1),
            wake: Arc::default(),
            rounds: TaskTracker::new(),
            handlers: Handlers::default().with(Lane::Order, Arc::clone(&handler) as Arc<dyn Handler>),
        });
        let shops = ["main", "other"].map(|shop| shop.parse().unwrap());
        let courier = Courier::new(Arc::clone(&desk), shops, &shared);
        Self { _dir: dir, clock, desk, courier, handler, offered: AtomicUsize::new(0) }
    }

    async fn offer(&self, shop: &str, key: &str) {
        let version = 1 + self.offered.fetch_add(1, Ordering::SeqCst) as u64;
        let change = Change {
            lane: Lane::Order,
            key: key.to_owned(),
            version,
            payload: "{}".to_owned(),
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
        let delivery =
            Delivery { id: version.to_string(), digest: [0; 32], changes: vec![change], owners: Vec::new(), remember };
        let offered = self.desk.queue.offer(vec![(shop.parse().unwrap(), vec![delivery])]).await;
        offered.into_iter().for_each(|offered| drop(offered.unwrap()));
    }

    /// Passes until nothing is due, all work ended.
    async fn drain(&mut self) {
        while self.courier.run_once().await == Pass::Worked {
            self.settled().await;
        }
    }

    async fn settled(&self) {
        self.desk.rounds.close();
        self.desk.rounds.wait().await;
        self.desk.rounds.reopen();
    }

    async fn in_place(&self, shop: &str, place: Place) -> Vec<EntryView> {
        self.desk.queue.list(&shop.parse().unwrap(), Lane::Order, place, None, 100).await.unwrap().items
    }

    fn worked(&self) -> usize {
        self.handler.worked.load(Ordering::SeqCst)
    }
}

fn fault(code: &str) -> Fault {
    Fault { code: code.into(), detail: String::new() }
}

#[tokio::test]
async fn every_ending_finds_its_place() {
    let later = Some(Duration::from_secs(90));
    let script = vec![
        Ending::Done(Confirmed::new()),
        Ending::Refused(fault("bad_data")),
        Ending::Down { after: later, fault: fault("busy") },
        Ending::Parked { reason: aligate::queue::ParkReason::CarrierMissing, detail: String::new() },
        Ending::Held { detail: "ask".into() },
        Ending::Failed(fault("stumbled")),
    ];
    let mut bench = Bench::new(Scripted::new([("main", script)])).await;
    for (key, place) in [
        ("1", Place::Idle),
        ("2", Place::Dead),
        ("3", Place::Due),
        ("4", Place::Parked),
        ("5", Place::Held),
        ("6", Place::Due),
    ] {
        bench.offer("main", key).await;
        assert_eq!(bench.courier.run_once().await, Pass::Worked, "{key}");
        bench.settled().await;
        let found = bench.in_place("main", place).await;
        assert!(found.iter().any(|entry| entry.key == key), "{key}: {found:?}");
    }
    let due = bench.in_place("main", Place::Due).await;
    let attempts: Vec<(&str, u32)> = due.iter().map(|entry| (entry.key.as_str(), entry.attempts)).collect();
    assert!(
        attempts.contains(&("3", 0)) && attempts.contains(&("6", 1)),
        "an outage is not the entry's fault: {due:?}"
    );
}

#[tokio::test]
async fn an_entry_that_always_fails_is_a_dead_letter_after_its_attempts_and_a_panic_is_a_failure() {
    let mut bench = Bench::new(Scripted { panics: true, ..Scripted::new([]) }).await;
    bench.offer("main", "1").await;
    let attempts_max = bench.desk.lane(Lane::Order).attempts_max as usize;
    for _ in 0..attempts_max {
        bench.drain().await;
        bench.clock.advance(bench.desk.lane(Lane::Order).backoff_max());
    }
    let dead = bench.in_place("main", Place::Dead).await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].fault.as_ref().unwrap().code, "panic");
    assert_eq!(bench.worked(), attempts_max);
}

#[tokio::test]
async fn a_shop_that_is_down_pauses_by_itself_and_holds_up_no_other() {
    let down = || Ending::Down { after: Some(Duration::from_millis(1)), fault: fault("away") };
    let mut bench = Bench::new(Scripted::new([("main", (0..100).map(|_| down()).collect())])).await;
    for key in 0..20 {
        bench.offer("main", &key.to_string()).await;
        bench.offer("other", &key.to_string()).await;
    }
    bench.drain().await;
    assert_eq!(bench.worked(), 20 + 3, "three failures in a row open the breaker of the one shop");
    assert_eq!(bench.in_place("other", Place::Due).await.len(), 0);
    bench.clock.advance(Duration::from_secs(1));
    bench.drain().await;
    assert_eq!(bench.worked(), 20 + 4, "one call looks whether it works again");
    bench.handler.endings.lock().unwrap().clear();
    for _ in 0..4 {
        bench.clock.advance(Duration::from_secs(60));
        bench.drain().await;
    }
    assert_eq!(bench.in_place("main", Place::Due).await.len(), 0);
}

#[tokio::test]
async fn no_more_entries_of_a_shop_are_in_work_than_the_handler_takes() {
    let mut handler = Scripted::new([]);
    handler.gate = Semaphore::new(0);
    let mut bench = Bench::new(handler).await;
    for key in 0..10 {
        bench.offer("main", &key.to_string()).await;
    }
    assert_eq!(bench.courier.run_once().await, Pass::Worked);
    assert!(matches!(bench.courier.run_once().await, Pass::Idle(_)), "all turns are taken");
    while bench.worked() < 3 {
        tokio::task::yield_now().await;
    }
    bench.handler.gate.add_permits(10);
    bench.settled().await;
    bench.drain().await;
    assert_eq!((bench.worked(), bench.handler.most.load(Ordering::SeqCst)), (10, 3));
}
