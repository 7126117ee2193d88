//! Documents in Redis, and what an operator may ask of it.

use async_trait::async_trait;
use deadpool_redis::redis;

use super::{RedisStore, Script, prefix};
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::{Documents, Inspect, StoreError, Weakness};

/// The largest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// The most names that are given at once.
const NAMES_MAX: usize = 1000;

static PUT_IF: Script = Script::new(|| redis::Script::new(include_str!("put_if.lua")));

fn command(name: &str, shop: &ShopId) -> redis::Cmd {
    let mut command = redis::cmd(name);
    command.arg(format!("{}:documents", prefix(shop)));
    command
}

#[async_trait]
impl Documents for RedisStore {
    async fn get(&self, shop: &ShopId, name: &str) -> Result<Option<String>, StoreError> {
        let mut get = command("HGET", shop);
        get.arg(name);
        self.command(get).await
    }

    async fn put(&self, shop: &ShopId, name: &str, text: &str) -> Result<(), StoreError> {
        fits(name, text)?;
        let mut put = command("HSET", shop);
        put.arg(name).arg(text);
        self.command(put).await
    }

    async fn put_if(&self, shop: &ShopId, name: &str, before: Option<&str>, text: &str) -> Result<bool, StoreError> {
        fits(name, text)?;
        let mut args: Vec<Vec<u8>> = vec![name.into(), text.into()];
        args.extend(before.map(|before| before.as_bytes().to_vec()));
        let written: u8 = self.run(&PUT_IF, &prefix(shop), args).await?;
        if written == 1 && self.wait_replicas() > 0 {
            self.await_replicas().await?;
        }
        Ok(written == 1)
    }

    async fn remove(&self, shop: &ShopId, name: &str) -> Result<(), StoreError> {
        let mut remove = command("HDEL", shop);
        remove.arg(name);
        self.command(remove).await
    }

    async fn names(&self, shop: &ShopId, start: &str) -> Result<Vec<String>, StoreError> {
        let mut names: Vec<String> = self.command(command("HKEYS", shop)).await?;
        names.retain(|name| name.starts_with(start));
        names.sort_unstable();
        names.truncate(NAMES_MAX);
        Ok(names)
    }

    async fn page(
        &self,
        shop: &ShopId,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut names: Vec<String> = self.command(command("HKEYS", shop)).await?;
        names.retain(|name| name.starts_with(prefix) && name.as_str() > after);
        names.sort_unstable();
        names.truncate(limit.min(NAMES_MAX));
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut get = command("HMGET", shop);
        get.arg(&names);
        let texts: Vec<Option<String>> = self.command(get).await?;
        Ok(names.into_iter().zip(texts).filter_map(|(name, text)| Some((name, text?))).collect())
    }

    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.time().await
    }
}

fn fits(name: &str, text: &str) -> Result<(), StoreError> {
    if text.len() <= DOCUMENT_BYTES_MAX {
        return Ok(());
    }
    let detail = format!("the document {name} has {} bytes; at most {DOCUMENT_BYTES_MAX} are kept", text.len());
    Err(StoreError::Unusable(detail))
}

#[async_trait]
impl Inspect for RedisStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.command(redis::cmd("TIME")).await.map(|_: (u64, u64)| ())
    }

    async fn weaknesses(&self) -> Result<Vec<Weakness>, StoreError> {
        let mut settings = match self.config("append*").await {
            Ok(settings) => settings,
            Err(StoreError::Away(why)) if why.contains("NOPERM") || why.contains("unknown command") => {
                let detail = "CONFIG is denied: whether Redis keeps what it acknowledges cannot be seen; ask whoever runs it for appendonly yes".into();
                return Ok(vec![Weakness { setting: "config", detail }]);
            }
            Err(error) => return Err(error),
        };
        settings.extend(self.config("maxmemory*").await?);
        settings.extend(self.config("no-appendfsync-on-rewrite").await?);
        let is = |name: &str, value: &str| settings.iter().any(|(key, has)| key == name && has == value);
        let mut found = Vec::new();
        let mut weak = |setting, detail: &str| found.push(Weakness { setting, detail: detail.to_owned() });
        if is("appendonly", "no") {
            weak(
                "appendonly",
                "appendonly is no: a restart of Redis loses what was acknowledged since its last snapshot. Set appendonly yes",
            );
        } else if is("appendfsync", "no") {
            weak(
                "appendfsync",
                "appendfsync is no: a power loss can take many seconds of acknowledged events. Set appendfsync always or everysec",
            );
        } else if is("appendfsync", "everysec") && is("no-appendfsync-on-rewrite", "yes") {
            weak(
                "no-appendfsync-on-rewrite",
                "no-appendfsync-on-rewrite is yes: while the log is rewritten a power loss can take half a minute. Set it to no",
            );
        }
        if !is("maxmemory", "0") && !is("maxmemory-policy", "noeviction") {
            weak(
                "maxmemory-policy",
                "maxmemory-policy lets Redis drop queued states when memory is short. Set maxmemory-policy noeviction",
            );
        }
        Ok(found)
    }

    fn resets(&self) -> u64 {
        self.store_resets()
    }

    fn take_emptied(&self) -> Vec<ShopId> {
        self.take_emptied()
    }
}
