//! The load generator: whole requests, signed ahead, over connections that stay open, on one thread.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aligate::clock::{Clock, SystemClock};
use aligate::signing::standard_webhooks::Secret;
use hdrhistogram::Histogram;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// SKUs that change.
pub const SKUS: usize = 10_000;

/// The code of a SKU.
pub fn sku(number: usize) -> String {
    format!("SKU-{:05}-{:02}", number / 10 + 1, number % 10 + 1)
}

/// Requests as they go over the wire.
#[derive(Debug, Clone)]
pub struct Requests(Arc<Vec<Vec<u8>>>);

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// Requests a second.
    pub rate: f64,
    /// Microseconds from request to answer.
    pub latency: Histogram<u64>,
}

impl Requests {
    /// Prepares requests of so many events each; every state is newer than those before it.
    pub fn prepare(count: usize, events: usize, secret: &Secret) -> Self {
        Self(Arc::new((0..count).map(|_| request(&body(events), secret)).collect()))
    }

    /// Sends them all as fast as so many connections get them answered. Everything must be answered 202.
    pub fn run(&self, address: SocketAddr, connections: usize) -> Run {
        let (requests, next) = (Arc::clone(&self.0), Rc::new(Cell::new(0)));
        let latency = Rc::new(RefCell::new(Histogram::new_with_bounds(1, 60_000_000, 3).unwrap()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let local = tokio::task::LocalSet::new();
        let took = local.block_on(&runtime, async {
            let mut wires = Vec::new();
            for _ in 0..connections {
                let wire = TcpStream::connect(address).await.unwrap();
                wire.set_nodelay(true).unwrap();
                wires.push(wire);
            }
            let started = Instant::now();
            let send = |wire| {
                let (requests, next, latency) = (Arc::clone(&requests), Rc::clone(&next), Rc::clone(&latency));
                tokio::task::spawn_local(async move { send(wire, &requests, &next, &latency).await })
            };
            let tasks: Vec<_> = wires.into_iter().map(send).collect();
            for task in tasks {
                task.await.unwrap();
            }
            started.elapsed()
        });
        let latency = latency.borrow().clone();
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let rate = requests.len() as f64 / took.as_secs_f64();
        Run { rate, latency }
    }
}

async fn send(mut wire: TcpStream, requests: &[Vec<u8>], next: &Cell<usize>, latency: &RefCell<Histogram<u64>>) {
    let mut answer = Vec::with_capacity(4096);
    while let Some(request) = requests.get(next.get()) {
        next.set(next.get() + 1);
        let started = Instant::now();
        wire.write_all(request).await.unwrap();
        hear(&mut wire, &mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 202"), "{}", String::from_utf8_lossy(&answer));
        latency.borrow_mut().record(micros(started.elapsed())).unwrap();
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap().max(1)
}

/// Reads one answer.
async fn hear(wire: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    loop {
        assert!(wire.read_buf(answer).await.unwrap() > 0, "the gateway hung up");
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&answer[..head]).unwrap();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if answer.len() >= head + 4 + length.parse::<usize>().unwrap() {
            return;
        }
    }
}

/// A body of events as a shop sends them: stock more often than prices, any of its SKUs.
pub fn body(events: usize) -> String {
    let texts: Vec<String> = (0..events).map(|_| event(rand::random_range(0..SKUS))).collect();
    format!(r#"{{"events":[{}]}}"#, texts.join(","))
}

fn event(number: usize) -> String {
    // Prices stay within a half of each other: what falls by more is for the avalanche guard.
    let (sku, version, value) = (sku(number), version(), rand::random_range(500..1000));
    if rand::random_ratio(2, 3) {
        return format!(
            r#"{{"type":"stock.changed","version":{version},"occurred_at":"2026-11-23T10:00:00Z","cause":"order","data":{{"sku":"{sku}","quantity":{value}}}}}"#
        );
    }
    format!(
        r#"{{"type":"price.changed","version":{version},"occurred_at":"2026-11-23T10:00:00Z","cause":"edit","data":{{"sku":"{sku}","price":"{value}.90","discount_price":null,"currency":"RUB"}}}}"#
    )
}

/// A version above all before it.
pub fn version() -> u64 {
    static VERSION: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    VERSION.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// A whole request with this body.
pub fn request(body: &str, secret: &Secret) -> Vec<u8> {
    let (id, timestamp) = (hex::encode(Sha256::digest(body)), SystemClock.now().as_secs());
    let signature = secret.sign(&id, timestamp, body.as_bytes());
    format!(
        "POST /v1/shops/main/events HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nwebhook-id: {id}\r\nwebhook-timestamp: {timestamp}\r\nwebhook-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
