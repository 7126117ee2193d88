//! The shared store: Redis, stand-alone, behind Sentinel, or as a Cluster.
//!
//! One multiplexed connection for everything (nothing here blocks on the server), taken from deadpool and kept until it
//! fails: any error of the connection, a call that takes too long, or a server that is no longer the master drops it, and the next call makes a
//! new one. So the store heals by itself from a restart, a hang, an emptied server and a failover.
//!
//! Keys, all of a shop in one hash slot (`queue::redis` lists those of the queue): `aligate:{shop}:meta` HASH — `generation` ULID of what
//! the shop's keys hold, `run_id` of the server that it was made on, `schema`, `key` check value of the master key, `token` last
//! fencing token (a new generation starts at its time in µs, above all that were given before) · `aligate:{shop}:documents` HASH name → text.

mod documents;
mod link;
mod url;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::{self, FromRedisValue, RedisError};
use futures_util::future::join_all;
use secrecy::{ExposeSecret, SecretString};

use self::link::{Link, Links};
use super::StoreError;
use crate::clock::Timestamp;
use crate::domain::ShopId;

/// The schema of what this version keeps in Redis.
pub const SCHEMA: u32 = 1;

/// How to reach Redis, and how to use it.
#[derive(Debug, Clone)]
pub struct RedisOptions {
    /// `redis://`, `rediss://`, `redis+sentinel://host:port,host:port/master`, `redis+cluster://host:port,host:port`.
    pub url: SecretString,
    /// What tells the master keys, newest first.
    pub key_checks: Vec<[u8; 32]>,
    /// The longest that a call may take.
    pub call_timeout: Duration,
    /// Replicas that must have a write before it is acknowledged.
    pub wait_replicas: u32,
}

/// Redis as a store.
#[derive(Debug)]
pub struct RedisStore {
    links: Links,
    options: RedisOptions,
    resets: AtomicU64,
    /// Shops whose keys were looked at before: when they are found missing again, the store was emptied.
    known: Mutex<BTreeSet<ShopId>>,
    emptied: Mutex<BTreeSet<ShopId>>,
    /// Microseconds that tests have moved the store's time ahead.
    ahead: AtomicU64,
}

/// A Lua script, loaded where the server has forgotten it. Its first key is the prefix of a shop's keys: it routes in a Cluster, and the
/// script builds the other keys from it, all in the same slot.
pub type Script = LazyLock<redis::Script>;

static ADMIT: Script = Script::new(|| redis::Script::new(include_str!("admit.lua")));

impl RedisStore {
    /// Connects, once, to see that it can be done.
    ///
    /// # Errors
    /// `Unusable` for a URL that names no Redis, `Away` where it does not answer.
    pub async fn connect(options: RedisOptions) -> Result<Self, StoreError> {
        let links = Links::new(options.url.expose_secret(), options.call_timeout)?;
        let (resets, ahead) = (AtomicU64::new(0), AtomicU64::new(0));
        let store = Self { links, options, resets, known: Mutex::default(), emptied: Mutex::default(), ahead };
        store.time().await?;
        Ok(store)
    }

    /// How long a call may take.
    pub fn call_timeout(&self) -> Duration {
        self.options.call_timeout
    }

    /// Checks, for each shop, schema and master key, and whether the server is the one that its generation was made on.
    ///
    /// # Errors
    /// `Unusable` for a newer schema or another key.
    pub async fn admit(&self, shops: &[ShopId]) -> Result<(), StoreError> {
        for shop in shops {
            let durable = self.keeps_what_it_acknowledges().await;
            let mut args: Vec<Vec<u8>> = vec![
                SCHEMA.to_string().into(),
                ulid::Ulid::generate().to_string().into(),
                if durable { b"1".to_vec() } else { b"0".to_vec() },
            ];
            args.extend(self.options.key_checks.iter().map(|check| hex::encode(check).into_bytes()));
            let answer: Vec<String> = self.run(&ADMIT, &prefix(shop), args).await?;
            match answer.first().map(String::as_str) {
                Some("ok") => _ = lock(&self.known).insert(shop.clone()),
                Some("made") => {
                    if !lock(&self.known).insert(shop.clone()) {
                        self.note_reset(shop, "its keys were gone");
                        lock(&self.emptied).insert(shop.clone());
                    }
                }
                Some("reset") => self.note_reset(shop, "the server changed and may have lost its last writes"),
                Some("newer") => {
                    let found = answer.get(1).cloned().unwrap_or_default();
                    return Err(StoreError::Unusable(format!(
                        "the store has schema {found}, this version of aligate knows {SCHEMA}: upgrade aligate, or point it at another store"
                    )));
                }
                Some("key") => {
                    return Err(StoreError::Unusable(
                        "the key file is not the one this store was made with: give store.key_file the old key, too, or the right one".into(),
                    ));
                }
                _ => return Err(StoreError::Away("the server gave no answer that can be read".into())),
            }
        }
        Ok(())
    }

    /// Whether every acknowledged write survives the server's restart.
    async fn keeps_what_it_acknowledges(&self) -> bool {
        let setting = |values: &[(String, String)], name: &str| {
            values.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        match self.config("append*").await {
            Ok(values) => setting(&values, "appendonly") == "yes" && setting(&values, "appendfsync") == "always",
            Err(_) => false,
        }
    }

    pub(crate) async fn config(&self, pattern: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut command = redis::cmd("CONFIG");
        command.arg("GET").arg(pattern);
        self.command(command).await
    }

    /// Times that a shop's keys were found emptied, or the server failed over, since the start.
    pub fn store_resets(&self) -> u64 {
        self.resets.load(Ordering::Relaxed)
    }

    /// Shops whose keys were found gone since the last call. Of several replicas one gets to know.
    pub fn take_emptied(&self) -> Vec<ShopId> {
        std::mem::take(&mut *lock(&self.emptied)).into_iter().collect()
    }

    /// The store was found emptied or failed over: everything that senders still keep is wanted again.
    fn note_reset(&self, shop: &ShopId, why: &str) {
        self.resets.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(shop.id = %shop, "the store has a new generation: {why}; shops send again what they keep");
    }

    /// The number of the newest connection: a new one means that whatever was known of the server may no longer hold.
    pub fn epoch(&self) -> u64 {
        self.links.epoch()
    }

    /// Waits until the replicas asked for have everything written on this connection.
    ///
    /// # Errors
    /// `Away` where fewer have it in time.
    pub async fn await_replicas(&self) -> Result<(), StoreError> {
        let mut wait = redis::cmd("WAIT");
        let millis = u64::try_from(self.options.call_timeout.as_millis() / 2).unwrap_or(u64::MAX).max(1);
        wait.arg(self.options.wait_replicas).arg(millis);
        let have: u32 = self.command(wait).await?;
        if have >= self.options.wait_replicas {
            return Ok(());
        }
        Err(StoreError::Away(format!("{have} of {} replicas have the write", self.options.wait_replicas)))
    }

    /// Replicas that must have a write before it is acknowledged.
    pub fn wait_replicas(&self) -> u32 {
        self.options.wait_replicas
    }

    /// Microseconds that scripts add to the server's time; 0 outside of tests.
    pub fn ahead_us(&self) -> u64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// Moves the store's time ahead, for tests.
    pub fn advance(&self, span: Duration) {
        self.ahead.fetch_add(u64::try_from(span.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }

    /// The server's time.
    ///
    /// # Errors
    /// `Away` where it does not answer.
    pub async fn time(&self) -> Result<Timestamp, StoreError> {
        let (seconds, micros): (u64, u64) = self.command(redis::cmd("TIME")).await?;
        Ok(Timestamp(seconds * 1_000_000 + micros + self.ahead_us()))
    }

    /// Runs a command.
    ///
    /// # Errors
    /// `Away`.
    pub async fn command<T: FromRedisValue>(&self, command: redis::Cmd) -> Result<T, StoreError> {
        self.within(async |mut link: Link| link.query(&command).await).await
    }

    /// Runs a script on the keys that start with `prefix`.
    ///
    /// # Errors
    /// `Away`.
    pub async fn run<T: FromRedisValue>(
        &self,
        script: &redis::Script,
        prefix: &str,
        args: Vec<Vec<u8>>,
    ) -> Result<T, StoreError> {
        self.run_on(script, &[prefix.to_owned()], &args).await
    }

    /// Runs a script once for each shop, all in one round trip.
    pub async fn run_each<T: FromRedisValue>(
        &self,
        script: &redis::Script,
        calls: Vec<(String, Vec<Vec<u8>>)>,
    ) -> Vec<Result<T, StoreError>> {
        // Concurrent calls on one multiplexed connection leave in one write.
        join_all(calls.into_iter().map(async |(prefix, args)| self.run(script, &prefix, args).await)).await
    }

    /// Runs a script on these keys.
    ///
    /// # Errors
    /// `Away`.
    pub async fn run_on<T: FromRedisValue>(
        &self,
        script: &redis::Script,
        keys: &[String],
        args: &[Vec<u8>],
    ) -> Result<T, StoreError> {
        self.within(async |mut link: Link| link.invoke(script, keys, args).await).await
    }

    /// Makes a call in time; a connection that fails or is too slow is given up.
    async fn within<T>(&self, call: impl AsyncFnOnce(Link) -> Result<T, RedisError>) -> Result<T, StoreError> {
        let timeout = self.options.call_timeout;
        let answer = tokio::time::timeout(timeout, async {
            let (link, epoch) = self.links.get().await?;
            Ok::<_, StoreError>((call(link).await, epoch))
        });
        match answer.await {
            Err(_) => {
                self.links.give_up(None);
                Err(StoreError::Away(format!("no answer in {} ms", timeout.as_millis())))
            }
            Ok(Err(error)) => Err(error),
            Ok(Ok((Ok(value), _))) => Ok(value),
            Ok(Ok((Err(error), epoch))) => {
                if link::is_of_connection(&error) {
                    self.links.give_up(Some(epoch));
                }
                Err(StoreError::Away(error.to_string()))
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What all keys of a shop start with; the braces keep them in one slot.
pub fn prefix(shop: &ShopId) -> String {
    format!("aligate:{{{shop}}}")
}
