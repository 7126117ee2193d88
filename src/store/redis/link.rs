//! The connection that everybody shares, and when it is given up for a new one.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::cluster_async::ClusterConnection;
use deadpool_redis::redis::{self, ErrorKind, FromRedisValue, RedisError, ServerErrorKind};
use deadpool_redis::{cluster, sentinel};

use super::url::{self, Target};
use crate::store::StoreError;

/// A connection; clones share it.
#[derive(Clone)]
pub(super) enum Link {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Link {
    pub(super) async fn query<T: FromRedisValue>(&mut self, command: &redis::Cmd) -> Result<T, RedisError> {
        match self {
            Link::Server(connection) => command.query_async(connection).await,
            Link::Cluster(connection) => command.query_async(connection).await,
        }
    }

    /// Calls a script by its name, which costs one copy of what it is given; a server that does not know it is told it.
    pub(super) async fn invoke<T: FromRedisValue>(
        &mut self,
        script: &redis::Script,
        keys: &[String],
        args: &[Vec<u8>],
    ) -> Result<T, RedisError> {
        let mut call = redis::cmd("EVALSHA");
        call.arg(script.get_hash()).arg(keys.len()).arg(keys).arg(args);
        match self.query(&call).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                match self {
                    Link::Server(connection) => script.load_async(connection).await?,
                    Link::Cluster(connection) => script.load_async(connection).await?,
                };
                self.query(&call).await
            }
            answer => answer,
        }
    }
}

enum Pool {
    Single(deadpool_redis::Pool),
    Sentinel(sentinel::Pool),
    Cluster(cluster::Pool),
}

/// Makes connections, keeps one.
pub(super) struct Links {
    pool: Pool,
    kept: Mutex<Option<Link>>,
    /// Counts connections.
    epoch: AtomicU64,
    timeout: Duration,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Links(connection {})", self.epoch())
    }
}

impl Links {
    pub(super) fn new(url: &str, timeout: Duration) -> Result<Self, StoreError> {
        // The words of these errors may repeat the URL, which may hold a password.
        let unusable =
            |_| StoreError::Unusable("store.url cannot be used: check its host, port and database".to_owned());
        let runtime = Some(deadpool_redis::Runtime::Tokio1);
        let pool = match url::parse(url)? {
            Target::Single(url) => {
                Pool::Single(deadpool_redis::Config::from_url(url).create_pool(runtime).map_err(unusable)?)
            }
            Target::Cluster(nodes) => {
                Pool::Cluster(cluster::Config::from_urls(nodes).create_pool(runtime).map_err(unusable)?)
            }
            Target::Sentinel { sentinels, master, credentials, database } => {
                let mut config = sentinel::Config::from_urls(sentinels, master, sentinel::SentinelServerType::Master);
                let mut node = sentinel::SentinelNodeConnectionInfo::default();
                let mut login = deadpool_redis::RedisConnectionInfo { db: database, ..Default::default() };
                if let Some((user, password)) = credentials {
                    login.username = Some(user).filter(|user| !user.is_empty());
                    login.password = Some(password);
                }
                node.redis_connection_info = Some(login);
                config.node_connection_info = Some(node);
                Pool::Sentinel(config.create_pool(runtime).map_err(unusable)?)
            }
        };
        Ok(Self { pool, kept: Mutex::new(None), epoch: AtomicU64::new(0), timeout })
    }

    /// The number of the newest connection.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// The connection and its number; makes one where there is none.
    pub(super) async fn get(&self) -> Result<(Link, u64), StoreError> {
        if let Some(link) = self.kept().clone() {
            return Ok((link, self.epoch()));
        }
        let away = |error: &dyn fmt::Display| StoreError::Away(error.to_string());
        let link = match &self.pool {
            Pool::Single(pool) => {
                let mut connection = deadpool_redis::Connection::take(pool.get().await.map_err(|error| away(&error))?);
                connection.set_response_timeout(self.timeout);
                Link::Server(connection)
            }
            Pool::Sentinel(pool) => {
                let mut connection = sentinel::Connection::take(pool.get().await.map_err(|error| away(&error))?);
                connection.set_response_timeout(self.timeout);
                Link::Server(connection)
            }
            Pool::Cluster(pool) => {
                Link::Cluster(cluster::Connection::take(pool.get().await.map_err(|error| away(&error))?))
            }
        };
        let epoch = self.epoch.fetch_add(1, Ordering::AcqRel) + 1;
        *self.kept() = Some(link.clone());
        Ok((link, epoch))
    }

    /// Gives up the connection of that number, or whichever there is.
    pub(super) fn give_up(&self, epoch: Option<u64>) {
        if epoch.is_none_or(|epoch| epoch == self.epoch()) {
            *self.kept() = None;
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Link>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an error is the connection's, or of a server that is not the one to talk to.
pub(super) fn is_of_connection(error: &RedisError) -> bool {
    let server = matches!(
        error.kind(),
        ErrorKind::Server(
            ServerErrorKind::ReadOnly
                | ServerErrorKind::BusyLoading
                | ServerErrorKind::MasterDown
                | ServerErrorKind::ClusterDown
        )
    );
    server
        || error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_unrecoverable_error()
}
