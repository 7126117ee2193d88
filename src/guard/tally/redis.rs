//! The tally in Redis. Keys, `P` = `aligate:{shop}`:
//!
//! | key | type | holds |
//! |---|---|---|
//! | `P:falls:KIND` | ZSET | keys that fell, by when they were first seen to, µs; expires with the window |
//! | `P:falls-let` | HASH | kind → until when all of it is let through, µs |

use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis;

use super::{KEYS_MAX, Kind, Noted, Reading, Spans, Tally};
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::StoreError;
use crate::store::redis::{RedisStore, Script, prefix};

static NOTE: Script = Script::new(|| redis::Script::new(include_str!("note.lua")));
static DECIDE: Script = Script::new(|| redis::Script::new(include_str!("decide.lua")));

fn micros(span: Duration) -> String {
    span.as_micros().to_string()
}

fn time(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map(Timestamp).map_err(|_| StoreError::Unusable("a time in the tally cannot be read".into()))
}

impl RedisStore {
    async fn decide(&self, shop: &ShopId, kind: Kind, what: &str, window: Duration) -> Result<(), StoreError> {
        let args = [what.to_owned(), kind.as_str().to_owned(), micros(window)];
        let _: u8 = self.run(&DECIDE, &prefix(shop), args.into_iter().map(String::into_bytes).collect()).await?;
        if self.wait_replicas() > 0 {
            self.await_replicas().await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Tally for RedisStore {
    async fn note(&self, shop: &ShopId, kind: Kind, keys: &[String], spans: Spans) -> Result<Noted, StoreError> {
        let mut args = vec![
            self.ahead_us().to_string(),
            kind.as_str().to_owned(),
            micros(spans.window),
            micros(spans.look),
            KEYS_MAX.to_string(),
        ];
        args.extend_from_slice(keys);
        let args = args.into_iter().map(String::into_bytes).collect();
        let answer: (String, String, u64, u64, Vec<String>) = self.run(&NOTE, &prefix(shop), args).await?;
        let (now, until, in_window, in_look, first) = answer;
        let (now, until) = (time(&now)?, time(&until)?);
        let first = first.iter().map(|text| time(text)).collect::<Result<_, _>>()?;
        Ok(Noted { now, let_until: (until > now).then_some(until), first, in_window, in_look })
    }

    async fn read(&self, shop: &ShopId, kind: Kind, window: Duration) -> Result<Reading, StoreError> {
        let noted = self.note(shop, kind, &[], Spans { window, look: window }).await?;
        let let_for = noted.let_until.map(|until| until.since(noted.now));
        Ok(Reading { in_window: noted.in_window, let_for })
    }

    async fn let_through(&self, shop: &ShopId, kind: Kind, window: Duration) -> Result<(), StoreError> {
        self.decide(shop, kind, "let", window).await
    }

    async fn forget(&self, shop: &ShopId, kind: Kind) -> Result<(), StoreError> {
        self.decide(shop, kind, "forget", Duration::ZERO).await
    }
}
