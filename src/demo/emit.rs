//! Emits changes as a module does: batches of events, signed, over HTTP, in order for each key.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::ProgressBar;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::measure::Freshness;
use super::shop::Changes;
use super::{body, now};
use crate::clock::Clock;
use crate::http_client;
use crate::signing::standard_webhooks::Secret;

/// Events in one request.
const BATCH: usize = 200;
/// How often a request is tried.
const TRIES: u32 = 20;

/// Posts events to the gateway.
pub(super) struct Emitter {
    pub(super) url: String,
    pub(super) secret: Secret,
    pub(super) client: reqwest::Client,
    pub(super) clock: Arc<dyn Clock>,
}

/// What was emitted and what the gateway said to it.
#[derive(Debug)]
pub(super) struct Emitted {
    pub(super) changes: Changes,
    pub(super) freshness: Freshness,
    pub(super) events: u64,
    pub(super) coalesced: u64,
    pub(super) unchanged: u64,
}

impl Emitter {
    /// Emits `count` changes, spread over `span` as far as the gateway keeps up.
    pub(super) async fn emit(
        &self,
        mut changes: Changes,
        count: usize,
        span: Duration,
        bar: &ProgressBar,
    ) -> anyhow::Result<Emitted> {
        let mut freshness = Freshness::default();
        let (mut version, mut coalesced, mut unchanged) = (now(self.clock.as_ref()), 0, 0);
        let started = Instant::now();
        let mut sent = 0;
        while sent < count {
            let mut events = Vec::with_capacity(BATCH);
            for _ in 0..BATCH.min(count - sent) {
                let change = changes.next();
                version += 1;
                freshness.said(change.lane, change.offer, &change.value, now(self.clock.as_ref()));
                events.push(changes.event(&change, version));
            }
            let answer = self.post(&events).await?;
            let number = |key: &str| answer[key].as_u64().unwrap_or_default();
            coalesced += number("coalesced");
            unchanged += number("unchanged");
            let refused =
                answer["rejected"].as_array().map_or(0, Vec::len) + answer["stale"].as_array().map_or(0, Vec::len);
            if refused > 0 {
                bail!("the gateway refused {refused} events: {answer}");
            }
            sent += events.len();
            bar.set_position(sent as u64);
            let due = span.mul_f64(sent as f64 / count as f64);
            tokio::time::sleep(due.saturating_sub(started.elapsed())).await;
        }
        Ok(Emitted { changes, freshness, events: sent as u64, coalesced, unchanged })
    }

    /// Posts until the gateway has it: 503 means later, as for a module.
    async fn post(&self, events: &[Value]) -> anyhow::Result<Value> {
        let body = body(events);
        let id = hex::encode(Sha256::digest(&body));
        for attempt in 0..TRIES {
            let timestamp = self.clock.now().as_secs();
            let request = self
                .client
                .post(&self.url)
                .header("content-type", "application/json")
                .header("webhook-id", &id)
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", self.secret.sign(&id, timestamp, &body))
                .body(body.clone());
            let response = request.send().await.context("the gateway does not answer")?;
            let status = response.status();
            let text = http_client::text(response).await?;
            match status.as_u16() {
                202 => return Ok(serde_json::from_str(&text)?),
                429 | 503 => tokio::time::sleep(Duration::from_millis(50 << attempt.min(5))).await,
                _ => bail!("the gateway answers {status}: {text}"),
            }
        }
        bail!("the gateway does not take events")
    }
}
