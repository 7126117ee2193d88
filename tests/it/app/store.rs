//! The stores that every test of the application runs on, and their time, which tests move.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aligate::clock::{Clock, SystemClock, Timestamp};

use crate::support::redis::RedisServer;

static SERVER: LazyLock<RedisServer> = LazyLock::new(|| RedisServer::start(&["maxclients", "4000"]));

/// The store under an application.
pub enum Store {
    /// A file in the application's folder.
    Embedded,
    /// The Redis server that tests share; each has shops and an application key of its own.
    Shared,
    /// A Redis server of the test's own, which it may break.
    Own(RedisServer),
}

impl Store {
    /// A file.
    pub fn sqlite() -> Self {
        Self::Embedded
    }

    /// Redis.
    pub fn redis() -> Self {
        Self::Shared
    }

    /// A Redis for this test alone.
    pub fn own_redis(settings: &[&str]) -> Self {
        Self::Own(RedisServer::start(settings))
    }

    /// What the configuration says of it.
    pub fn url(&self, dir: &Path) -> String {
        match self {
            Store::Embedded => format!("sqlite:{}/aligate.db", dir.display()),
            Store::Shared => SERVER.url(),
            Store::Own(server) => server.url(),
        }
    }

    /// The test's own server.
    pub fn server(&mut self) -> &mut RedisServer {
        match self {
            Store::Own(server) => server,
            Store::Embedded | Store::Shared => panic!("the test has no Redis of its own"),
        }
    }
}

/// The machine's clock, and as much more as tests have let go by.
#[derive(Debug, Clone, Default)]
pub struct ShiftedClock(Arc<AtomicU64>);

impl ShiftedClock {
    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(u64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// How much has gone by so.
    pub fn ahead(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.ahead())
    }
}
