//! The real application under test: built from a configuration on port 0, on either store, beside a real simulator over HTTP.
//!
//! Time is the machine's and what [`TestApp::drained`] lets go by: it never waits for a time that it can move. A test that ends with
//! entries or dead letters that it did not name by [`TestApp::leaves`] fails.

mod call;
mod shop;
mod store;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aligate::app::App;
use aligate::clock::Clock;
use aligate::config::{self, Sources};
use aligate::domain::{Lane, ListingId, ShopId};
use aligate::http_client;
use aligate::queue::{Queue, Relisting};
use aligate::signing::standard_webhooks::Secret;
use aligate::simulator::{Simulator, SimulatorOptions};
use aligate::store::Documents;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use call::{Answer, Call};
use shop::Shop;
pub use store::{ShiftedClock, Store};

/// The longest that a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);
/// The operator's token.
pub const OPERATOR: &str = "operator-token-of-tests";
/// A token that may look.
pub const VIEWER: &str = "viewer-token-of-the-tests";
/// The first listing of the simulator, with `SKU-00001-01` and so on.
pub const FIRST: u64 = 1_005_000_000_000_001;

/// The method that sets stock.
pub const INVENTORY: &str = "aliexpress.solution.batch.product.inventory.update";
/// The method that sets prices.
pub const PRICE: &str = "aliexpress.solution.batch.product.price.update";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Makes of each named function one test for each store.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name(crate::app::Store::sqlite()).await; })+
        }
        mod redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name(crate::app::Store::redis()).await; })+
        }
    };
}
pub(crate) use on_both_stores;

/// An application that is to be started.
pub struct Setup {
    store: Store,
    settings: Vec<(String, String)>,
    simulator: SimulatorOptions,
    listed: bool,
}

impl Setup {
    /// Sets a key of the configuration, as the environment does: `intake.queue_max`.
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        let name = format!("ALIGATE__{}", key.to_uppercase().replace('.', "__"));
        self.settings.push((name, value.to_string()));
        self
    }

    /// Changes the simulator.
    pub fn simulator(mut self, change: impl FnOnce(&mut SimulatorOptions)) -> Self {
        change(&mut self.simulator);
        self
    }

    /// The gateway does not know where SKUs stand.
    pub fn unlisted(mut self) -> Self {
        self.listed = false;
        self
    }

    pub async fn start(self) -> TestApp {
        let Setup { store, settings, mut simulator, listed } = self;
        let nth = NUMBER.fetch_add(1, Ordering::Relaxed);
        simulator.app_key = format!("{}{nth}", std::process::id());
        let options = simulator.clone();
        let simulator = Simulator::start(simulator).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let secret_text = Secret::generate();
        let shop: ShopId = format!("shop-{nth}").parse().unwrap();
        let file = dir.path().join("aligate.toml");
        std::fs::write(dir.path().join("aligate.key"), format!("{}\n", &secret_text[6..])).unwrap();
        std::fs::write(&file, configuration(&store, dir.path(), &simulator, &options, &shop, &secret_text)).unwrap();
        let clock = ShiftedClock::default();
        let client = http_client::build(Duration::from_secs(3), Duration::from_secs(30)).unwrap();
        let secret = secret_text.parse().unwrap();
        let mut app = TestApp {
            shop,
            simulator: Some(simulator),
            secret,
            secret_text,
            client,
            clock,
            settings,
            file,
            running: None,
            left: BTreeMap::new(),
            truth: Shop::default(),
            store,
            dir,
        };
        app.begin().await;
        if listed {
            app.list_all().await;
        }
        app
    }
}

fn configuration(
    store: &Store,
    dir: &std::path::Path,
    simulator: &Simulator,
    options: &SimulatorOptions,
    shop: &ShopId,
    secret: &str,
) -> String {
    let lanes: Vec<String> = Lane::ALL
        .iter()
        .map(|lane| {
            format!("[worker.lanes.{lane}]\nwindow_ms = 0\nlease_secs = 7\nbackoff_ms_min = 1\nbackoff_ms_max = 50\n")
        })
        .collect();
    format!(
        r#"
        [intake]
        listen = "127.0.0.1:0"
        [admin]
        listen = "127.0.0.1:0"
        token = "{OPERATOR}"
        tokens = [{{ name = "onlooker", role = "viewer", token = "{VIEWER}" }}]
        [store]
        url = "{url}"
        key_file = "{dir}/aligate.key"
        timeout_ms = 10000
        [worker]
        poll_ms_max = 10
        {lanes}
        [aliexpress]
        gateway_url = "{gateway}"
        requests_per_second = 1000
        connect_timeout_ms = 1000
        timeout_ms = 2000
        [[shops]]
        id = "{shop}"
        webhook_secrets = ["{secret}"]
        app_key = "{key}"
        app_secret = "{app_secret}"
        token = "{token}"
        currency = "{currency}"
        "#,
        url = store.url(dir),
        dir = dir.display(),
        lanes = lanes.concat(),
        gateway = simulator.url(),
        key = options.app_key,
        app_secret = options.app_secret,
        token = options.tokens[0],
        currency = options.currency,
    )
}

/// A running application with its shop and its AliExpress.
pub struct TestApp {
    pub shop: ShopId,
    pub secret: Secret,
    pub secret_text: String,
    pub clock: ShiftedClock,
    pub store: Store,
    pub dir: tempfile::TempDir,
    simulator: Option<Simulator>,
    client: reqwest::Client,
    settings: Vec<(String, String)>,
    file: PathBuf,
    running: Option<Running>,
    /// What is left at the end: lane and place → how many.
    left: BTreeMap<String, u64>,
    /// What the shop has, by the events that were taken.
    truth: Shop,
}

struct Running {
    intake: String,
    admin: String,
    queue: Arc<dyn Queue>,
    documents: Arc<dyn Documents>,
    redis: Option<Arc<aligate::store::redis::RedisStore>>,
    stop: CancellationToken,
    end: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    /// An application with three products of three SKUs, all listed, on a store.
    pub fn on(store: Store) -> Setup {
        let simulator =
            SimulatorOptions { products: 3, skus: 3, requests_per_second: 0, ..SimulatorOptions::default() };
        Setup { store, settings: Vec::new(), simulator, listed: true }
    }

    async fn begin(&mut self) {
        let sources = Sources { file: Some(self.file.clone()), environment: self.settings.clone() };
        let config = config::load(&sources).unwrap_or_else(|faults| panic!("{faults}"));
        // Threads of a stopped application's listeners may hold its file a moment longer than their servers.
        let built = self.until("the store", async || {
            match App::build_with(config.clone(), Arc::new(self.clock.clone())).await {
                Err(error) if error.to_string().contains("has this store open") => None,
                built => Some(built.unwrap()),
            }
        });
        let app = built.await;
        let (intake, admin) = (format!("http://{}", app.intake_addr()), format!("http://{}", app.admin_addr()));
        let (queue, redis, stop) = (app.queue(), app.redis(), CancellationToken::new());
        let documents = app.documents();
        if let Some(redis) = &redis {
            redis.advance(self.clock.ahead());
        }
        let end = tokio::spawn(app.run(stop.clone()));
        self.running = Some(Running { intake, admin, queue, documents, redis, stop, end });
    }

    /// Builds an application of the same configuration; why it refuses, in words.
    pub async fn try_build(&self) -> Result<(), String> {
        let sources = Sources { file: Some(self.file.clone()), environment: self.settings.clone() };
        let config = config::load(&sources).unwrap_or_else(|faults| panic!("{faults}"));
        App::build(config).await.map(drop).map_err(|error| format!("{error:#}"))
    }

    /// Stops it in order, if it runs.
    pub async fn stop(&mut self) {
        let Some(Running { queue, documents, redis, stop, end, .. }) = self.running.take() else { return };
        drop((queue, documents, redis));
        stop.cancel();
        end.await.unwrap().unwrap();
    }

    /// Stops it and starts it again, with more settings.
    pub async fn restart(&mut self, settings: &[(&str, &str)]) {
        self.stop().await;
        let more = Self::on(Store::sqlite());
        let more = settings.iter().fold(more, |more, (key, value)| more.with(key, value));
        self.settings.extend(more.settings);
        self.begin().await;
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn queue(&self) -> &dyn Queue {
        self.running().queue.as_ref()
    }

    pub fn documents(&self) -> Arc<dyn Documents> {
        Arc::clone(&self.running().documents)
    }

    pub fn simulator(&self) -> &Simulator {
        self.simulator.as_ref().unwrap()
    }

    /// Unix seconds, by the application's clock.
    pub fn now(&self) -> u64 {
        self.clock.now().as_secs()
    }

    /// Microseconds, by the application's clock: a version that is newer than all before.
    pub fn clock_us(&self) -> u64 {
        self.clock.now().0
    }

    /// Lets time go by for application and store.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
        if let Some(redis) = &self.running().redis {
            redis.advance(span);
        }
    }

    /// A request to the listener of shops.
    pub fn intake(&self, method: Method, path: &str) -> Call {
        Call::new(self.client.clone(), method, &self.running().intake, path)
    }

    pub fn admin_url(&self) -> &str {
        &self.running().admin
    }

    pub fn intake_url(&self) -> &str {
        &self.running().intake
    }

    /// A signed delivery with this body.
    pub fn deliver(&self, body: impl Into<Vec<u8>>) -> Call {
        let call = self.intake(Method::POST, &format!("/v1/shops/{}/events", self.shop));
        call.json().body(body).sign(&self.secret, self.now())
    }

    /// A signed delivery of these events.
    pub fn events(&self, events: &[Value]) -> Call {
        self.deliver(json!({ "events": events }).to_string())
    }

    /// Delivers events, all of which must be taken.
    pub async fn accepted(&self, events: &[Value]) -> Value {
        let accepted = self.events(events).send().await.json(202);
        assert_eq!((&accepted["stale"], &accepted["rejected"]), (&json!([]), &json!([])), "{accepted}");
        events.iter().for_each(|event| self.truth.note(event));
        accepted
    }

    /// A request to the shop API, signed; `path` follows the shop's.
    pub fn signed(&self, method: Method, path: &str) -> Call {
        let call = self.intake(method, &format!("/v1/shops/{}{path}", self.shop));
        call.sign_whole(&self.secret, self.now())
    }

    /// A request to the operators' listener without a token.
    pub fn anonymous(&self, method: Method, path: &str) -> Call {
        Call::new(self.client.clone(), method, &self.running().admin, path)
    }

    /// An operator's request.
    pub fn admin(&self, method: Method, path: &str) -> Call {
        self.anonymous(method, path).header("authorization", &format!("Bearer {OPERATOR}"))
    }

    /// What an operator gets for a shop; `path` follows the shop's.
    pub async fn get(&self, path: &str) -> Value {
        self.admin(Method::GET, &format!("/v1/shops/{}{path}", self.shop)).send().await.json(200)
    }

    /// An operator's request for the shop with a body; `path` follows the shop's.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let call = self.admin(Method::POST, &format!("/v1/shops/{}{path}", self.shop));
        call.json().body(body.to_string()).send().await
    }

    /// Tells the gateway where the simulator's SKUs stand, past the import.
    pub async fn list_all(&self) {
        let mut all: BTreeMap<String, Vec<ListingId>> = BTreeMap::new();
        for product in self.simulator().catalogue().products() {
            for sku in product.skus {
                all.entry(sku.sku).or_default().push(ListingId(product.id));
            }
        }
        let all = all.into_iter().map(|(sku, listings)| Relisting { sku: sku.parse().unwrap(), listings });
        self.queue().relist(&self.shop, &all.collect::<Vec<_>>()).await.unwrap();
    }

    /// Follows a job to its end.
    pub async fn job_done(&self, started: &Value) -> Value {
        let id = started["job"].as_str().unwrap().to_owned();
        let path = format!("/jobs/{id}");
        self.until("the job's end", async || Some(self.get(&path).await).filter(|job| job["state"] != "running")).await
    }

    /// Waits until something is there.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if Instant::now() > deadline {
                let left = if self.running.is_some() { self.count().await } else { BTreeMap::new() };
                panic!("{what} did not come; left: {left:?}");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until nothing is due or leased in any lane; time goes by at once where only time is missing.
    pub async fn drained(&self) {
        let idle = AtomicU64::new(0);
        self.until("the end of the work", async || {
            let (depth, leased) = self.waiting().await;
            if depth == 0 && leased == 0 {
                return Some(());
            }
            let ready = self.queue().ready(std::slice::from_ref(&self.shop)).await.unwrap().remove(0);
            // What is on the way has the time that it takes: moved time would end its lease.
            if leased > 0 || self.waiting().await != (depth, leased) {
                idle.store(0, Ordering::Relaxed);
                return None;
            }
            let now = ready.values().any(|ready| ready.urgent + ready.normal > 0);
            match ready.values().filter_map(|ready| ready.next_in).min().filter(|_| !now) {
                Some(next) => self.advance(next),
                // Work that nobody takes waits for the budget: a ban, or a store that is new to it.
                None if idle.fetch_add(1, Ordering::Relaxed) > 2 => self.advance(Duration::from_millis(100)),
                None => {}
            }
            None
        })
        .await;
    }

    /// Entries that are due, now or later, and those on the way, of lanes that are not paused.
    async fn waiting(&self) -> (u64, u64) {
        let stats = self.queue().stats(&self.shop).await.unwrap();
        let lanes = stats.values().filter(|stats| !stats.paused);
        lanes.fold((0, 0), |(depth, leased), stats| (depth + stats.depth, leased + stats.leased))
    }

    /// Waits for the end of the work; then AliExpress has of every SKU what the shop's newest events say.
    pub async fn agrees(&self) {
        self.drained().await;
        assert_eq!(self.truth.drift(self.simulator().catalogue()), Vec::<String>::new());
    }

    /// Updates of stock and prices that AliExpress was asked for so far.
    pub fn updates(&self) -> usize {
        let calls = self.simulator().ledger().calls();
        calls.iter().filter(|call| [INVENTORY, PRICE].contains(&call.method.as_str())).count()
    }

    /// How many entries are in each lane and place, idle ones left out.
    pub async fn count(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for (lane, stats) in self.queue().stats(&self.shop).await.unwrap() {
            for (reason, count) in stats.parked {
                counts.insert(format!("{lane}: parked {}", reason.as_str()), count);
            }
            let places = [("due", stats.depth), ("leased", stats.leased), ("awaiting", stats.awaiting)];
            for (place, count) in places.into_iter().chain([("held", stats.held), ("dead", stats.dead)]) {
                counts.insert(format!("{lane}: {place}"), count);
            }
        }
        counts.retain(|_, count| *count > 0);
        counts
    }

    /// Names what may be left at the end: `("stock: dead", 1)`.
    pub fn leaves(&mut self, left: &[(&str, u64)]) {
        self.left = left.iter().map(|(place, count)| ((*place).to_owned(), *count)).collect();
    }

    /// Names all that is in these lanes now as left: the test is about others.
    pub async fn leaves_lanes(&mut self, lanes: &[Lane]) {
        let mut left = self.count().await;
        left.retain(|place, _| lanes.iter().any(|lane| place.starts_with(&format!("{lane}: "))));
        self.left.extend(left);
    }

    /// What AliExpress has of a SKU: its stock.
    pub fn stock_there(&self, sku: &str) -> u64 {
        self.simulator().catalogue().sku(sku).unwrap().stock
    }

    async fn end(&mut self) {
        if self.running.is_some() {
            let left = self.count().await;
            assert_eq!(left, self.left, "entries are left that the test did not name");
            self.stop().await;
        }
        self.simulator.take().unwrap().stop().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            if let Some(running) = &self.running {
                running.stop.cancel();
            }
            return;
        }
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(self.end()));
    }
}

/// A stock event.
pub fn stock(sku: &str, version: u64, quantity: u64) -> Value {
    json!({"type": "stock.changed", "version": version, "data": {"sku": sku, "quantity": quantity}})
}

/// A price event; no discount is named.
pub fn price(sku: &str, version: u64, price: &str) -> Value {
    json!({"type": "price.changed", "version": version, "data": {"sku": sku, "price": price, "currency": "RUB"}})
}
