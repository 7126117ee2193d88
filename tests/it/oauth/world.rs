//! A store, AliExpress, and any number of replicas of the gateway's token keeping, all on clocks that tests turn.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aligate::alerts::Notice;
use aligate::aliexpress::solution::{ClientOptions, SolutionClient};
use aligate::aliexpress::{Access, Application};
use aligate::clock::{Clock, ManualClock, SharedClock, SystemClock, Timestamp};
use aligate::config::{self, Sources};
use aligate::domain::{Lane, ShopId};
use aligate::guard::tally::Tally;
use aligate::oauth::{CIPHER_PURPOSE, Callback, OAuth, Outcome, Parts};
use aligate::queue::redis::RedisQueue;
use aligate::queue::sqlite::SqliteQueue;
use aligate::queue::{Ask, Class, Confirmed, Outcome as Ended, Queue};
use aligate::rate_limit::breaker::Breaker;
use aligate::rate_limit::{Limits, LocalBudget};
use aligate::simulator::{OAuthOptions, Simulator, SimulatorOptions};
use aligate::store::cipher::Cipher;
use aligate::store::keys::MasterKeys;
use aligate::store::redis::{RedisOptions, RedisStore};
use aligate::store::sqlite::SqliteStore;
use aligate::store::{Documents, StoreError};
use aligate::telemetry::health::HealthBoard;
use async_trait::async_trait;

use crate::support::redis::RedisServer;

pub const DAY: Duration = Duration::from_secs(86_400);
/// Longer than a plan takes to come due, and than any pause while lanes wait.
pub const SECONDS: Duration = Duration::from_secs(10);
/// Where browsers come back to.
const PUBLIC_URL: &str = "https://gateway.example";
const APP_SECRET: &str = "planted-app-secret";

static SERVER: LazyLock<RedisServer> = LazyLock::new(|| RedisServer::start(&[]));

enum Store {
    Sqlite(#[expect(dead_code, reason = "keeps the folder")] tempfile::TempDir),
    Redis(Arc<RedisStore>),
}

/// Everything that outlives a replica.
pub struct World {
    store: Store,
    pub documents: Arc<dyn Documents>,
    pub tally: Arc<dyn Tally>,
    pub queue: Arc<dyn Queue>,
    pub clock: ManualClock,
    pub simulator: Simulator,
    pub keys: Arc<MasterKeys>,
    http: reqwest::Client,
    pub shop: ShopId,
    pub other: ShopId,
}

/// One process of the gateway, as far as tokens go.
pub struct Replica {
    pub oauth: OAuth,
    http: reqwest::Client,
    pub health: Arc<HealthBoard>,
    pub access: Arc<Access>,
    pub access_of_other: Arc<Access>,
}

/// A key of its own for each test.
fn keys() -> Arc<MasterKeys> {
    Arc::new(MasterKeys::random())
}

fn simulator(change: impl FnOnce(&mut OAuthOptions)) -> Simulator {
    let mut options = SimulatorOptions {
        app_secret: APP_SECRET.into(),
        requests_per_second: 0,
        products: 1,
        skus: 1,
        ..SimulatorOptions::default()
    };
    options.oauth.redirect_uri = Some(format!("{PUBLIC_URL}/oauth/callback"));
    change(&mut options.oauth);
    Simulator::start(options).unwrap()
}

impl World {
    pub async fn sqlite() -> Self {
        let (folder, clock, keys) = (tempfile::tempdir().unwrap(), ManualClock::at(SystemClock.now()), keys());
        let path = folder.path().join("store.db");
        let shared: SharedClock = Arc::new(clock.clone());
        let store = SqliteStore::open(path, shared, &keys.checks(), Duration::from_secs(20)).await.unwrap();
        let store = Arc::new(store);
        let queue = Arc::new(SqliteQueue::new(Arc::clone(&store), Arc::new(keys.sealer())));
        Self::new(Store::Sqlite(folder), (Arc::clone(&store) as _, store), queue, clock, keys)
    }

    pub async fn redis() -> Self {
        let keys = keys();
        let options = RedisOptions {
            url: SERVER.url().into(),
            key_checks: keys.checks(),
            call_timeout: Duration::from_secs(20),
            wait_replicas: 0,
        };
        let store = Arc::new(RedisStore::connect(options).await.unwrap());
        let queue = Arc::new(RedisQueue::new(Arc::clone(&store), Arc::new(keys.sealer())));
        let clock = ManualClock::at(SystemClock.now());
        Self::new(Store::Redis(Arc::clone(&store)), (Arc::clone(&store) as _, store), queue, clock, keys)
    }

    fn new(
        store: Store,
        (documents, tally): (Arc<dyn Documents>, Arc<dyn Tally>),
        queue: Arc<dyn Queue>,
        clock: ManualClock,
        keys: Arc<MasterKeys>,
    ) -> Self {
        let nth = ulid::Ulid::generate();
        let shop = |name: &str| format!("{name}-{nth}").parse().unwrap();
        let (shop, other) = (shop("main"), shop("other"));
        let http = aligate::http_client::build(Duration::from_secs(20), Duration::from_secs(20)).unwrap();
        Self { store, documents, tally, queue, clock, simulator: simulator(|_| {}), keys, http, shop, other }
    }

    /// The same with an AliExpress that is otherwise.
    pub fn with(mut self, change: impl FnOnce(&mut OAuthOptions)) -> Self {
        self.simulator = simulator(change);
        self
    }

    /// Time goes by for everybody.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
        self.simulator.advance(span);
        if let Store::Redis(store) = &self.store {
            store.advance(span);
        }
    }

    /// Moves this side's clocks alone. The store's goes with them where it is this machine's.
    pub fn advance_ours(&self, span: Duration) {
        self.clock.advance(span);
        if let Store::Redis(store) = &self.store {
            store.advance(span);
        }
    }

    /// Sets this machine's clock back, where the store's time is this machine's; says whether it is.
    pub fn set_back(&self, span: Duration) -> bool {
        let now = self.clock.now();
        self.clock.set(Timestamp(now.0 - u64::try_from(span.as_micros()).unwrap()));
        matches!(self.store, Store::Sqlite(_))
    }

    pub fn replica(&self) -> Replica {
        self.replica_on(Arc::clone(&self.documents), "")
    }

    /// A replica whose shops have a configured token.
    pub fn replica_with_token(&self, token: &str) -> Replica {
        self.replica_on(Arc::clone(&self.documents), token)
    }

    pub fn replica_on(&self, documents: Arc<dyn Documents>, token: &str) -> Replica {
        let clock: SharedClock = Arc::new(self.clock.clone());
        let options = ClientOptions {
            gateway_url: self.simulator.url(),
            app_key: SimulatorOptions::default().app_key,
            app_secret: APP_SECRET.to_owned().into(),
            methods: config::load(&Sources::default()).unwrap().aliexpress.methods,
        };
        let limits = Limits {
            per_second: 10_000,
            per_day: 0,
            per_method_per_second: 0,
            margin: Duration::ZERO,
            day_reserve_percent: 0,
        };
        // The budget counts real time: the tests' clock stands while it waits.
        let real: SharedClock = Arc::new(SystemClock);
        let budget = Arc::new(LocalBudget::new(limits, Arc::clone(&real), false));
        let breaker = Breaker::new(1_000, Duration::from_secs(1), real);
        let client = SolutionClient::new(options, self.http.clone(), Arc::clone(&clock));
        let application = Arc::new(Application::new("app".into(), client, budget, breaker, 8));
        let access = || Arc::new(Access::new(Arc::clone(&application), token.to_owned().into(), Arc::clone(&clock)));
        let (own, other, health) = (access(), access(), Arc::new(HealthBoard::new(Arc::clone(&clock))));
        let of = |shop: &ShopId, access: &Arc<Access>| (shop.clone(), Arc::clone(access), token.to_owned().into());
        let oauth = OAuth::new(Parts {
            documents,
            cipher: self.cipher(),
            queue: Arc::clone(&self.queue),
            health: Arc::clone(&health),
            public_url: PUBLIC_URL.into(),
            shops: vec![of(&self.shop, &own), of(&self.other, &other)],
        });
        Replica { oauth, http: self.http.clone(), health, access: own, access_of_other: other }
    }

    pub fn cipher(&self) -> Cipher {
        self.keys.cipher(CIPHER_PURPOSE)
    }

    /// What the shop is to be told, taken.
    pub async fn notices(&self) -> Vec<Notice> {
        self.notices_of(&self.shop).await
    }

    pub async fn notices_of(&self, shop: &ShopId) -> Vec<Notice> {
        let ask = Ask { class: Class::Any, entries: 100, listings: 100, lease: Duration::from_secs(30) };
        let mut told = Vec::new();
        for leased in self.queue.reserve(shop, Lane::Notice, ask).await.unwrap() {
            told.push(serde_json::from_str(&leased.payload).unwrap());
            let done = Ended::Done { confirmed: Confirmed::new() };
            self.queue.settle(shop, vec![(leased.lease, done)]).await.unwrap();
        }
        told
    }

    /// The codes of what the shop is to be told, sorted.
    pub async fn told(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.notices().await.into_iter().map(|notice| notice.code).collect();
        codes.sort_unstable();
        codes
    }

    /// Calls that AliExpress refused because of their token.
    pub fn sent_with_dead_tokens(&self) -> u64 {
        self.simulator.ledger().summary().by_outcome.get("IllegalAccessToken").copied().unwrap_or_default()
    }
}

/// Follows a consent link as a browser does, and gives what it brings back.
async fn browse(http: &reqwest::Client, url: &str) -> Callback {
    let answer = http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 302, "{}", answer.text().await.unwrap());
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(back.starts_with(&format!("{PUBLIC_URL}/oauth/callback?")), "{back}");
    callback(&back)
}

/// What a callback's URL says.
pub fn callback(url: &str) -> Callback {
    let mut callback = Callback::default();
    for (name, value) in url::Url::parse(url).unwrap().query_pairs() {
        match name.as_ref() {
            "state" => callback.state = value.into_owned(),
            "code" => callback.code = Some(value.into_owned().into()),
            _ => {}
        }
    }
    callback
}

impl Replica {
    /// The seller consents for a shop.
    pub async fn consent(&self, shop: &ShopId) -> Outcome {
        let link = self.oauth.link(shop).await.unwrap();
        self.oauth.callback(browse(&self.http, &link.url).await).await
    }

    /// What a browser brings back from a new link of a shop.
    pub async fn browsed(&self, shop: &ShopId) -> Callback {
        browse(&self.http, &self.oauth.link(shop).await.unwrap().url).await
    }

    /// Follows a link as a browser does.
    pub async fn browse(&self, url: &str) -> Callback {
        browse(&self.http, url).await
    }

    /// Sends for the shop, if it may; says whether it did, and succeeded.
    pub async fn send(&self) -> bool {
        send(&self.access).await
    }

    /// Looks at all shops.
    pub async fn look(&self) {
        self.oauth.run_once().await;
    }

    pub async fn state(&self, shop: &ShopId) -> &'static str {
        self.oauth.life(shop).await.unwrap().unwrap().state
    }
}

/// Sends with an access, if it may, as the worker does.
pub async fn send(access: &Access) -> bool {
    if !access.can_send() {
        return false;
    }
    let token = access.token();
    let answer = access.application.client.merchant_profile(&token).await;
    access.learn(&token, "profile", answer.as_ref().err()).await;
    answer.is_ok()
}

/// Documents of a process that dies after so many operations: the one that is its last may have its effect or not, and no other has.
#[derive(Debug)]
pub struct Dying {
    documents: Arc<dyn Documents>,
    left: AtomicI64,
    last_has_effect: bool,
}

impl Dying {
    pub fn after(documents: Arc<dyn Documents>, operations: i64, last_has_effect: bool) -> Arc<Self> {
        Arc::new(Self { documents, left: AtomicI64::new(operations), last_has_effect })
    }

    /// The store is there again.
    pub fn heal(&self) {
        self.left.store(i64::MAX, Ordering::SeqCst);
    }

    /// Whether the process died.
    pub fn died(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }

    async fn act<T>(&self, operation: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return operation.await;
        }
        if left == 0 && self.last_has_effect {
            operation.await?;
        }
        Err(StoreError::Away("the process is dead".into()))
    }
}

#[async_trait]
impl Documents for Dying {
    async fn get(&self, shop: &ShopId, name: &str) -> Result<Option<String>, StoreError> {
        self.act(self.documents.get(shop, name)).await
    }
    async fn put(&self, shop: &ShopId, name: &str, text: &str) -> Result<(), StoreError> {
        self.act(self.documents.put(shop, name, text)).await
    }
    async fn put_if(&self, shop: &ShopId, name: &str, before: Option<&str>, text: &str) -> Result<bool, StoreError> {
        self.act(self.documents.put_if(shop, name, before, text)).await
    }
    async fn remove(&self, shop: &ShopId, name: &str) -> Result<(), StoreError> {
        self.act(self.documents.remove(shop, name)).await
    }
    async fn names(&self, shop: &ShopId, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.act(self.documents.names(shop, prefix)).await
    }
    async fn page(
        &self,
        shop: &ShopId,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.act(self.documents.page(shop, prefix, after, limit)).await
    }
    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.act(self.documents.now()).await
    }
}
