//! Gateways and stores as the benches need them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aligate::clock::SystemClock;
use aligate::config::{self, Config};
use aligate::domain::{Cause, Lane, ListingId, ShopId};
use aligate::queue::redis::RedisQueue;
use aligate::queue::sqlite::SqliteQueue;
use aligate::queue::{Change, Delivery, Queue, Receipt, Relisting};
use aligate::simulator::SimulatorOptions;
use aligate::store::Documents;
use aligate::store::keys::MasterKeys;
use aligate::store::redis::{RedisOptions, RedisStore};
use aligate::store::sqlite::SqliteStore;

use crate::load;

/// The operator's token of these gateways.
const TOKEN: &str = "operator-of-the-benches";
/// Products from here on.
const FIRST_LISTING: u64 = 1_005_000_000_000_001;

/// Writes the key and the shop's secret.
pub fn write_secrets(dir: &Path, secret: &str) {
    std::fs::write(dir.join("secret"), secret).unwrap();
    std::fs::write(dir.join("key"), "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=").unwrap();
}

fn config_file(dir: &Path, store: &str, aliexpress: &str, more: &str) -> PathBuf {
    let simulator = SimulatorOptions::default();
    let store = if store == "nothing" { "sqlite:unused.db" } else { store };
    let text = format!(
        r#"
        [intake]
        listen = "127.0.0.1:0"
        requests_per_second_max = 0
        [admin]
        listen = "127.0.0.1:0"
        token = "{TOKEN}"
        [store]
        url = "{store}"
        key_file = "{dir}/key"
        [aliexpress]
        gateway_url = "{aliexpress}"
        [[shops]]
        id = "main"
        webhook_secrets_file = "{dir}/secret"
        app_key = "{key}"
        app_secret = "{secret}"
        token = "{token}"
        currency = "RUB"
        {more}
        "#,
        dir = dir.display(),
        key = simulator.app_key,
        secret = simulator.app_secret,
        token = simulator.tokens[0],
    );
    let file = dir.join("aligate.toml");
    std::fs::write(&file, text).unwrap();
    file
}

/// A configuration: defaults, no limit of requests, this store, this AliExpress.
pub fn config(dir: &Path, store: &str, aliexpress: &str, more: &str) -> Config {
    let file = Some(config_file(dir, store, aliexpress, more));
    config::load(&config::Sources { file, environment: Vec::new() }).unwrap()
}

/// The queue of a store.
pub async fn queue(dir: &Path, store: &str) -> Arc<dyn Queue> {
    let keys = MasterKeys::load(&dir.join("key"), false).unwrap();
    let (sealer, timeout) = (Arc::new(keys.sealer()), Duration::from_secs(30));
    match store.strip_prefix("sqlite:") {
        Some(path) => {
            let store = SqliteStore::open(path, Arc::new(SystemClock), &keys.checks(), timeout).await.unwrap();
            Arc::new(SqliteQueue::new(Arc::new(store), sealer))
        }
        None => {
            let options =
                RedisOptions { url: store.into(), key_checks: keys.checks(), call_timeout: timeout, wait_replicas: 0 };
            Arc::new(RedisQueue::new(Arc::new(RedisStore::connect(options).await.unwrap()), sealer))
        }
    }
}

/// Documents of a shop, in a file apart from the store under test.
pub async fn documents(dir: &Path) -> impl Documents {
    SqliteStore::open(dir.join("documents.db"), Arc::new(SystemClock), &[], Duration::from_secs(30)).await.unwrap()
}

/// Fills a store before a gateway opens it.
pub struct Seed {
    runtime: tokio::runtime::Runtime,
    queue: Arc<dyn Queue>,
    shop: ShopId,
}

impl Seed {
    /// Opens the store.
    pub fn new(dir: &Path, store: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let queue = runtime.block_on(queue(dir, store));
        Self { runtime, queue, shop: "main".parse().unwrap() }
    }

    /// Lists so many SKUs, so many in a product.
    pub fn list(&self, skus: usize, in_product: usize) {
        let relisting = |number: usize| Relisting {
            sku: load::sku(number).parse().unwrap(),
            listings: vec![listing(number / in_product)],
        };
        for page in (0..skus).collect::<Vec<_>>().chunks(1000) {
            let page: Vec<Relisting> = page.iter().map(|number| relisting(*number)).collect();
            self.runtime.block_on(self.queue.relist(&self.shop, &page)).unwrap();
        }
    }

    /// Makes so many SKUs dirty in a lane.
    pub fn dirty(&self, lane: Lane, skus: usize) {
        for (page, numbers) in (0..skus).collect::<Vec<_>>().chunks(500).enumerate() {
            let delivery = Delivery {
                id: format!("{lane}-{page}"),
                digest: [0; 32],
                changes: numbers.iter().map(|number| change(lane, *number)).collect(),
                owners: Vec::new(),
                remember: Duration::from_secs(1),
            };
            let offered = self.runtime.block_on(self.queue.offer(vec![(self.shop.clone(), vec![delivery])]));
            assert!(matches!(offered[0].as_ref().unwrap().receipts[0], Receipt::Taken(_)));
        }
    }
}

/// The product of that number.
pub fn listing(product: usize) -> ListingId {
    ListingId(FIRST_LISTING + product as u64)
}

/// A change of that SKU.
pub fn change(lane: Lane, number: usize) -> Change {
    let payload = match lane {
        Lane::Price => r#"{"p":"1990.00","d":null,"c":"RUB"}"#.to_owned(),
        _ => format!(r#"{{"q":{}}}"#, 11 + number % 900),
    };
    Change {
        lane,
        key: load::sku(number),
        version: 1_763_892_000_000_000,
        payload,
        cause: Cause::Exchange,
        force: false,
        urgent: false,
        window: Duration::ZERO,
        rendered: None,
        park: None,
        guard: None,
        base: None,
    }
}

/// The gateway's own program.
pub struct Gateway {
    child: Child,
    /// Where it takes events.
    pub intake: String,
}

impl Gateway {
    /// Starts it and waits until it takes events.
    pub fn start(dir: &Path, store: &str, aliexpress: &str, more: &str) -> Self {
        let (file, log) = (config_file(dir, store, aliexpress, more), dir.join("log"));
        let child = Command::new(env!("CARGO_BIN_EXE_aligate"))
            .args(["serve", "--config"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut gateway = Self { child, intake: String::new() };
        let until = Instant::now() + Duration::from_secs(30);
        while gateway.intake.is_empty() {
            let text = std::fs::read_to_string(&log).unwrap();
            assert!(Instant::now() < until && gateway.child.try_wait().unwrap().is_none(), "{text}");
            let url =
                text.split_once(" takes events at http://").map(|(_, rest)| rest.split([',', ' ']).next().unwrap());
            gateway.intake = url.unwrap_or_default().to_owned();
            std::thread::sleep(Duration::from_millis(5));
        }
        gateway
    }

    /// Mebibytes of memory that it holds.
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
