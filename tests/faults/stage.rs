//! A shop, gateways, a store and AliExpress, ready to be broken.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aligate::http_client;
use aligate::signing::standard_webhooks::Secret;
use aligate::simulator::{Simulator, SimulatorOptions};
use serde_json::Value;

use crate::audit::Audit;
use crate::gateway::Gateway;
use crate::shop::Shop;
use crate::support::redis::RedisServer;
use crate::watched::Watched;

/// Requests a second, as the gateway is told and as AliExpress allows.
pub const LIMIT: u64 = 100;
/// The length of leases.
pub const LEASE: Duration = Duration::from_secs(6);
/// SKUs of a product.
pub const SKUS: usize = 40;
const TOKEN: &str = "operator-of-the-fault-tests";
/// The longest that everything may take to reach AliExpress.
const DRAIN_MAX: Duration = Duration::from_secs(90);

/// Where states are kept.
pub enum Store<'a> {
    /// In a file.
    Sqlite,
    /// In a Redis with these settings.
    Redis(&'a [&'a str]),
    /// In two of them, one master at a time, with so many replicas that must have what is acknowledged.
    Watched(&'a [&'a str], u32),
}

/// An append-only file that is synced with each write.
pub const ALWAYS: Store<'static> = Store::Redis(&["appendonly", "yes", "appendfsync", "always"]);
/// An append-only file that is synced every second.
pub const EVERYSEC: Store<'static> = Store::Redis(&["appendonly", "yes", "appendfsync", "everysec"]);

/// A store that runs.
enum Kept {
    File,
    Redis(RedisServer),
    Watched(Watched, u32),
}

/// Everything.
pub struct Stage {
    pub simulator: Simulator,
    pub shop: Arc<Shop>,
    pub gateways: Vec<Gateway>,
    pub audit: Audit,
    kept: Kept,
    client: reqwest::Client,
    products: usize,
    /// Products in one request of the gateways that are added from now on.
    pub products_per_request: usize,
    dir: tempfile::TempDir,
}

impl Stage {
    /// AliExpress with so many products, a store, and a gateway that knows the listings.
    pub async fn set(store: &Store<'_>, products: usize) -> Self {
        let mut stage = Self::bare(store, products);
        stage.add_gateway(&stage.simulator.url()).await;
        stage.import().await;
        stage
    }

    /// The same without a gateway.
    pub fn bare(store: &Store<'_>, products: usize) -> Self {
        let simulator = Simulator::start(SimulatorOptions {
            products,
            skus: SKUS,
            requests_per_second: u32::try_from(LIMIT).unwrap(),
            latency: Duration::from_millis(30),
            ..SimulatorOptions::default()
        });
        let kept = match store {
            Store::Sqlite => Kept::File,
            Store::Redis(settings) => Kept::Redis(RedisServer::start(settings)),
            Store::Watched(settings, wait_replicas) => Kept::Watched(Watched::start(settings), *wait_replicas),
        };
        let dir = tempfile::tempdir().unwrap();
        let secret = Secret::generate();
        std::fs::write(dir.path().join("secret"), &secret).unwrap();
        let key = "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=";
        std::fs::write(dir.path().join("key"), key).unwrap();
        let shop = Shop::new(&secret, SKUS);
        *shop.changing.lock().unwrap() = 0..products * SKUS;
        Self {
            simulator: simulator.unwrap(),
            shop: Arc::new(shop),
            gateways: Vec::new(),
            audit: Audit::default(),
            kept,
            client: http_client::build(Duration::from_secs(1), Duration::from_secs(10)).unwrap(),
            products,
            products_per_request: 20,
            dir,
        }
    }

    /// Starts one more gateway, which reaches AliExpress at that URL.
    pub async fn add_gateway(&mut self, aliexpress: &str) {
        let file = self.dir.path().join(format!("gateway-{}.toml", self.gateways.len()));
        std::fs::write(&file, self.config(aliexpress)).unwrap();
        self.gateways.push(Gateway::new(&file));
        self.start(self.gateways.len() - 1).await;
    }

    fn config(&self, aliexpress: &str) -> String {
        let dir = self.dir.path().display();
        let (store, wait_replicas) = match &self.kept {
            Kept::File => (format!("sqlite:{dir}/store.db"), 0),
            Kept::Redis(redis) => (redis.url(), 0),
            Kept::Watched(redis, wait_replicas) => (redis.url(), *wait_replicas),
        };
        let simulator = SimulatorOptions::default();
        let lane = |lane: &str| {
            let lease = LEASE.as_secs();
            format!(
                "[worker.lanes.{lane}]\nwindow_ms = 100\nlease_secs = {lease}\nbackoff_ms_min = 100\nbackoff_ms_max = 2000\n"
            )
        };
        format!(
            r#"
            [intake]
            listen = "127.0.0.1:0"
            [admin]
            listen = "127.0.0.1:0"
            token = "{TOKEN}"
            [store]
            url = "{store}"
            key_file = "{dir}/key"
            timeout_ms = 1000
            wait_replicas = {wait_replicas}
            [worker]
            poll_ms_max = 200
            {stock}
            {price}
            [aliexpress]
            gateway_url = "{aliexpress}"
            requests_per_second = {LIMIT}
            margin_ms = 200                 # a machine that is busy with tests is late by more than a few milliseconds
            connect_timeout_ms = 500
            timeout_ms = 1000
            breaker_secs_max = 2
            products_per_request_max = {products}
            [[shops]]
            id = "main"
            webhook_secrets_file = "{dir}/secret"
            app_key = "{key}"
            app_secret = "{secret}"
            token = "{token}"
            currency = "RUB"
            "#,
            products = self.products_per_request,
            stock = lane("stock"),
            price = lane("price"),
            key = simulator.app_key,
            secret = simulator.app_secret,
            token = simulator.tokens[0],
        )
    }

    /// The Redis.
    pub fn redis(&mut self) -> &mut RedisServer {
        let Kept::Redis(redis) = &mut self.kept else { panic!("the store is no Redis by itself") };
        redis
    }

    /// The two Redis servers.
    pub fn watched(&mut self) -> &mut Watched {
        let Kept::Watched(redis, _) = &mut self.kept else { panic!("the store is no watched Redis") };
        redis
    }

    /// A folder for what a test needs.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Starts a gateway again and lets the shop know.
    pub async fn start(&mut self, gateway: usize) {
        self.gateways[gateway].start().await;
        self.tell();
    }

    /// kill -9.
    pub fn kill(&mut self, gateway: usize) {
        self.gateways[gateway].kill();
        self.tell();
    }

    /// Lets the shop know where gateways take events.
    pub fn tell(&self) {
        let running = self.gateways.iter().map(|gateway| gateway.intake.clone()).filter(|intake| !intake.is_empty());
        *self.shop.gateways.lock().unwrap() = running.collect();
    }

    /// Lets other SKUs change: those of the `round`th of `rounds` parts. What was said in a round is not said anew in the next ones, so that
    /// a state lost in it is missed at the end.
    pub fn turn(&self, round: usize, rounds: usize) {
        let all = self.products * SKUS;
        let part = (all / rounds).max(SKUS).min(all);
        let from = round * part % (all - part + 1);
        *self.shop.changing.lock().unwrap() = from..from + part;
    }

    /// Asks a gateway's operators' side.
    pub async fn ask(&self, method: reqwest::Method, path: &str) -> Result<Value, String> {
        let running = self.gateways.iter().find(|gateway| !gateway.intake.is_empty()).ok_or("no gateway runs")?;
        let request = self.client.request(method, format!("{}{path}", running.admin)).bearer_auth(TOKEN);
        let response = request.send().await.map_err(|error| error.to_string())?;
        let status = response.status();
        let text = http_client::text(response).await.map_err(|error| error.to_string())?;
        match status.is_success() {
            true => serde_json::from_str(&text).map_err(|error| error.to_string()),
            false => Err(format!("{status} {text}")),
        }
    }

    /// Lets the gateway read the listings.
    pub async fn import(&mut self) {
        let job = self.ask(reqwest::Method::POST, "/v1/shops/main/listings/import").await.unwrap();
        let path = format!("/v1/shops/main/jobs/{}", job["job"].as_str().unwrap());
        let until = Instant::now() + DRAIN_MAX;
        loop {
            let job = self.ask(reqwest::Method::GET, &path).await.unwrap();
            match job["state"].as_str() {
                Some("done") => return,
                Some("running") => assert!(Instant::now() < until, "the import takes too long: {job}"),
                _ => panic!("the import failed: {job}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until AliExpress has everything: no entry waits anywhere, for anything.
    pub async fn drain(&mut self) {
        let until = Instant::now() + DRAIN_MAX;
        loop {
            let status = self.ask(reqwest::Method::GET, "/v1/shops/main/status").await;
            let lanes = status.as_ref().ok().and_then(|status| status["lanes"].as_object());
            if lanes.is_some_and(|lanes| lanes.values().all(is_quiet)) {
                return;
            }
            let lanes = lanes.map(|lanes| format!("{lanes:?}"));
            assert!(Instant::now() < until, "it does not drain: {lanes:?} {:?}", status.as_ref().err());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Reads AliExpress's ledger on.
    pub fn follow(&mut self) {
        self.audit.follow(&self.shop, self.simulator.ledger());
    }

    /// Drains, then compares both sides: nothing lost, nothing backwards, no second above the budget.
    pub async fn close(&mut self, what: &str) {
        self.drain().await;
        self.follow();
        let (events, refused, calls) = (self.shop.acknowledged(), self.shop.refused(), self.audit.calls());
        println!(
            "{what}: {events} events acknowledged, {refused} requests refused or broken, {calls} calls, {} backwards",
            self.audit.backwards.len()
        );
        Audit::assert_complete(&self.shop, &self.simulator);
        self.audit.assert_forwards();
        self.audit.assert_within(LIMIT, &[]);
    }
}

/// Nothing waits in a lane; what is given up counts as waiting, since no fault here is an entry's own.
fn is_quiet(lane: &Value) -> bool {
    let none = |key: &str| lane[key].as_u64() == Some(0);
    none("depth") && none("leased") && none("awaiting") && none("dead") && lane["parked"] == serde_json::json!({})
}
