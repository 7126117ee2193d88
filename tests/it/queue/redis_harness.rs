//! The Redis backend under test: one server for all tests, shops of its own for each.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aligate::domain::{Lane, ShopId};
use aligate::queue::Queue;
use aligate::queue::redis::RedisQueue;
use aligate::signing::entry::Sealer;
use aligate::store::redis::{RedisOptions, RedisStore};
use async_trait::async_trait;
use deadpool_redis::redis;

use super::harness::{Backend, Harness};
use crate::support::redis::RedisServer;

static SERVER: LazyLock<RedisServer> = LazyLock::new(|| RedisServer::start(&[]));
static SHOPS: AtomicU64 = AtomicU64::new(0);

struct Shared {
    store: Arc<RedisStore>,
}

impl Shared {
    fn queue(&self) -> Arc<dyn Queue> {
        Arc::new(RedisQueue::new(Arc::clone(&self.store), Arc::new(Sealer::new([b"master key".as_slice()]))))
    }
}

async fn connect() -> Arc<RedisStore> {
    connect_to(&SERVER).await
}

async fn connect_to(server: &RedisServer) -> Arc<RedisStore> {
    let options = RedisOptions {
        url: server.url().into(),
        key_checks: vec![[1; 32]],
        call_timeout: Duration::from_secs(20),
        wait_replicas: 0,
    };
    Arc::new(RedisStore::connect(options).await.unwrap())
}

#[async_trait]
impl Backend for Shared {
    async fn advance(&self, span: Duration) {
        self.store.advance(span);
    }

    /// Exchanges the payload at the end of the record.
    async fn tamper(&self, shop: &ShopId, lane: Lane, key: &str, payload: &str) {
        let entries = format!("aligate:{{{shop}}}:entries:{lane}");
        let mut get = redis::cmd("HGET");
        get.arg(&entries).arg(key);
        let mut record: Vec<u8> = self.store.command(get).await.unwrap();
        let start = record.iter().rposition(|byte| *byte == b'{').unwrap();
        record.truncate(start);
        record.extend_from_slice(payload.as_bytes());
        let mut set = redis::cmd("HSET");
        set.arg(&entries).arg(key).arg(record);
        let _: u8 = self.store.command(set).await.unwrap();
    }

    async fn reopen(&mut self) -> Arc<dyn Queue> {
        let ahead = self.store.ahead_us();
        self.store = connect().await;
        self.store.advance(Duration::from_micros(ahead));
        self.queue()
    }
}

/// The Redis backend.
pub async fn redis() -> Harness {
    with(connect().await).0
}

fn with(store: Arc<RedisStore>) -> (Harness, Arc<dyn Queue>) {
    let backend = Shared { store };
    let queue = backend.queue();
    let nth = SHOPS.fetch_add(1, Ordering::Relaxed);
    let shop = |name: &str| format!("{name}-{nth}").parse().unwrap();
    (Harness::new(Arc::clone(&queue), Box::new(backend), shop("main"), shop("other")), queue)
}

/// The Redis backend with a server of its own, and the queue in it.
pub async fn alone() -> (RedisServer, Harness, Arc<dyn Queue>) {
    let server = RedisServer::start(&[]);
    let (harness, queue) = with(connect_to(&server).await);
    (server, harness, queue)
}
