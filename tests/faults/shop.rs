//! A shop that follows the sender's contract: what is not acknowledged is sent again, what is acknowledged is kept for a
//! quarter of an hour and sent again when the store's generation changes. It remembers everything that it said.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aligate::clock::{Clock, SystemClock};
use aligate::domain::Lane;
use aligate::http_client;
use aligate::signing::standard_webhooks::Secret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Tasks that send; each has its own keys, so that a key's states leave in order.
const WRITERS: usize = 4;
/// Events in a request.
const BATCH: usize = 25;
/// Events in a request of those that are sent again.
const BATCH_AGAIN: usize = 200;
/// The pause of a writer after each request.
const PAUSE: Duration = Duration::from_millis(25);
/// How long the gateway may refuse before the test gives up.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long what was acknowledged is kept.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// Of so many stock states of a key one is zero.
const ZERO_EVERY: usize = 6;

/// A SKU by number, in a lane.
pub type Key = (Lane, usize);

/// What the shop said of a key, oldest first, in pieces or in cents.
#[derive(Debug, Default)]
struct Said {
    values: Vec<u64>,
    version: u64,
    acknowledged: Option<Instant>,
}

#[derive(Debug, Clone)]
struct Event {
    key: Key,
    value: u64,
    version: u64,
}

/// The shop.
#[derive(Debug)]
pub struct Shop {
    secret: Secret,
    client: reqwest::Client,
    skus_of_product: usize,
    /// Gateways that take events now.
    pub gateways: Mutex<Vec<String>>,
    /// The SKUs that change now.
    pub changing: Mutex<std::ops::Range<usize>>,
    /// How far the shop's clock is ahead, seconds.
    pub ahead_secs: AtomicI64,
    book: Mutex<BTreeMap<Key, Said>>,
    version: AtomicU64,
    turn: AtomicU64,
    acknowledged: AtomicU64,
    refused: AtomicU64,
}

impl Shop {
    /// A shop whose SKUs are those of the simulator's invented catalogue.
    pub fn new(secret: &str, skus_of_product: usize) -> Self {
        Self {
            secret: secret.parse().unwrap(),
            client: http_client::build(Duration::from_secs(1), Duration::from_secs(4)).unwrap(),
            skus_of_product,
            gateways: Mutex::default(),
            changing: Mutex::new(0..1),
            ahead_secs: AtomicI64::new(0),
            book: Mutex::default(),
            version: AtomicU64::new(SystemClock.now().0),
            turn: AtomicU64::new(0),
            acknowledged: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Events that were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Requests that were refused or broke.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// What was said of each key, oldest first.
    pub fn said(&self) -> BTreeMap<Key, Vec<u64>> {
        self.book.lock().unwrap().iter().map(|(key, said)| (*key, said.values.clone())).collect()
    }

    /// The code of a SKU.
    pub fn sku(&self, sku: usize) -> String {
        format!("SKU-{:05}-{:02}", sku / self.skus_of_product + 1, sku % self.skus_of_product + 1)
    }

    /// The number of a SKU.
    pub fn number(&self, sku: &str) -> usize {
        let mut parts = sku.trim_start_matches("SKU-").split('-').map(|part| part.parse::<usize>().unwrap());
        (parts.next().unwrap() - 1) * self.skus_of_product + parts.next().unwrap() - 1
    }

    /// Says one new state of each of these SKUs and waits until all are acknowledged.
    pub async fn say(&self, lane: Lane, skus: std::ops::Range<usize>) {
        let events: Vec<Event> = skus.map(|sku| self.change((lane, sku), false)).collect();
        self.deliver(&mut None, events, &[]).await;
    }

    /// Changes states until [`Load::end`].
    pub fn load(self: &Arc<Self>) -> Load {
        let stop = CancellationToken::new();
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(Arc::clone(self).write(writer, stop.clone()));
        }
        Load { stop, writers }
    }

    async fn write(self: Arc<Self>, writer: usize, stop: CancellationToken) {
        let mut generation = None;
        loop {
            // One more request after the stop: its answer names the generation of the store after the last fault.
            let is_last = stop.is_cancelled();
            let changing = self.changing.lock().unwrap().clone();
            let own: Vec<usize> = changing.filter(|sku| sku % WRITERS == writer).collect();
            let event = |_| {
                let lane = if rand::random_ratio(3, 5) { Lane::Stock } else { Lane::Price };
                self.change((lane, own[rand::random_range(0..own.len())]), true)
            };
            let events = (0..BATCH).map(event).collect();
            self.deliver(&mut generation, events, &[writer]).await;
            if is_last {
                return;
            }
            tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(PAUSE) => {} }
        }
    }

    fn change(&self, key: Key, zeros: bool) -> Event {
        let mut book = self.book.lock().unwrap();
        let said = book.entry(key).or_default();
        let n = said.values.len();
        let value = match key.0 {
            Lane::Stock if zeros && n % ZERO_EVERY == ZERO_EVERY - 1 => 0,
            Lane::Stock => 11 + n as u64,
            _ => 100_001 + n as u64,
        };
        said.values.push(value);
        said.version = self.version.fetch_add(1, Ordering::Relaxed) + 1;
        Event { key, value, version: said.version }
    }

    /// Sends until acknowledged; when the store's generation changes, everything that is kept of these writers as well.
    async fn deliver(&self, generation: &mut Option<String>, events: Vec<Event>, writers: &[usize]) {
        let mut waiting = VecDeque::from([events]);
        while let Some(events) = waiting.pop_front() {
            let answer = self.post(&events).await;
            self.acknowledge(&events, &answer);
            let store = answer["store"].as_str().unwrap().to_owned();
            if generation.replace(store.clone()).is_some_and(|before| before != store) {
                waiting = self.kept(writers).chunks(BATCH_AGAIN).map(<[Event]>::to_vec).collect();
            }
        }
    }

    fn kept(&self, writers: &[usize]) -> Vec<Event> {
        let book = self.book.lock().unwrap();
        let is_kept = |said: &Said| said.acknowledged.is_some_and(|at| at.elapsed() < KEPT);
        book.iter()
            .filter(|((_, sku), said)| writers.contains(&(sku % WRITERS)) && is_kept(said))
            .map(|(key, said)| Event { key: *key, value: *said.values.last().unwrap(), version: said.version })
            .collect()
    }

    fn acknowledge(&self, events: &[Event], answer: &Value) {
        assert_eq!(answer["rejected"], json!([]), "{answer}");
        let mut book = self.book.lock().unwrap();
        for (index, event) in events.iter().enumerate() {
            let said = book.get_mut(&event.key).unwrap();
            said.acknowledged = Some(Instant::now());
            let stale = answer["stale"].as_array().unwrap().iter().find(|stale| stale["index"] == index);
            if let Some(held) = stale.map(|stale| stale["version"].as_u64().unwrap()) {
                // What is sent again may be there; nobody else gives versions to this shop's keys.
                assert!(held <= said.version, "{answer}");
            }
        }
        self.acknowledged.fetch_add(events.len() as u64, Ordering::Relaxed);
    }

    fn body(&self, events: &[Event]) -> Vec<u8> {
        let event = |event: &Event| {
            let (lane, sku) = event.key;
            let sku = self.sku(sku);
            match lane {
                Lane::Stock => {
                    // Sold, one by one: what falls otherwise is for the avalanche guard.
                    json!({"type": "stock.changed", "version": event.version, "cause": "order", "data": {"sku": sku, "quantity": event.value}})
                }
                _ => {
                    let data =
                        json!({"sku": sku, "price": money(event.value), "discount_price": null, "currency": "RUB"});
                    json!({"type": "price.changed", "version": event.version, "data": data})
                }
            }
        };
        json!({"events": events.iter().map(event).collect::<Vec<_>>()}).to_string().into_bytes()
    }

    /// Posts until some gateway has it.
    async fn post(&self, events: &[Event]) -> Value {
        let body = self.body(events);
        let id = hex::encode(Sha256::digest(&body));
        let until = Instant::now() + PATIENCE;
        loop {
            match self.try_post(&id, &body).await {
                Ok(answer) => return answer,
                Err(why) => assert!(Instant::now() < until, "the gateway does not take events: {why}"),
            }
            self.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(super::between(10, 60)).await;
        }
    }

    /// Posts any body, signed as it should be; the status of the answer.
    pub async fn post_raw(&self, gateway: &str, body: Vec<u8>, encoding: &str) -> u16 {
        let (id, timestamp) = (hex::encode(Sha256::digest(&body)), SystemClock.now().as_secs());
        let request = self
            .client
            .post(format!("{gateway}/v1/shops/main/events"))
            .header("content-type", "application/json")
            .header("content-encoding", encoding)
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", self.secret.sign(&id, timestamp, &body))
            .body(body);
        request.send().await.unwrap().status().as_u16()
    }

    async fn try_post(&self, id: &str, body: &[u8]) -> Result<Value, String> {
        let gateways = self.gateways.lock().unwrap().clone();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) as usize;
        let gateway = gateways.get(turn % gateways.len().max(1)).ok_or("no gateway runs")?;
        let timestamp = SystemClock.now().as_secs().saturating_add_signed(self.ahead_secs.load(Ordering::Relaxed));
        let request = self
            .client
            .post(format!("{gateway}/v1/shops/main/events"))
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", self.secret.sign(id, timestamp, body))
            .body(body.to_vec());
        let response = request.send().await.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let text = http_client::text(response).await.map_err(|error| error.to_string())?;
        match status {
            202 => serde_json::from_str(&text).map_err(|error| error.to_string()),
            429 | 503 => Err(format!("{status} {text}")),
            // A clock that jumps meanwhile.
            401 if text.contains("clock_skew") => Err(text),
            _ => panic!("the gateway answers {status}: {text}"),
        }
    }
}

/// Cents as decimal text.
pub fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A shop at work.
#[derive(Debug)]
pub struct Load {
    stop: CancellationToken,
    writers: JoinSet<()>,
}

impl Load {
    /// Ends it; everything that was said is acknowledged then.
    pub async fn end(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.writers.join_next().await {
            ended.unwrap();
        }
    }
}
