//! Delivery: how well the request budget is used, how few requests do, how fresh AliExpress is.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use aligate::clock::{Clock, SystemClock};
use aligate::domain::Lane;
use aligate::signing::standard_webhooks::Secret;
use aligate::simulator::{CatalogueProduct, CatalogueSku, Simulator, SimulatorOptions};
use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::gateway::{Gateway, Seed, listing, write_secrets};
use crate::load;
use crate::redis::RedisServer;
use crate::report::Report;

/// The fixed dirty set: 400 requests of 20 products, ten seconds of the budget.
const PRODUCTS: usize = 8_000;
const SKUS_OF_PRODUCT: usize = 5;
const PRODUCTS_OF_REQUEST: usize = 20;
/// Requests a second that AliExpress allows.
const LIMIT: usize = 40;
/// The time of AliExpress for a request.
const LATENCY: Duration = Duration::from_millis(50);
/// The longest that draining may take.
const DRAIN_MAX: Duration = Duration::from_secs(60);
/// How long events are sent one by one, and their pace.
const FRESH_FOR: Duration = Duration::from_secs(20);
const EVENT_EVERY: Duration = Duration::from_millis(15);

fn aliexpress(products: usize) -> Simulator {
    let simulator = Simulator::start(SimulatorOptions {
        products: 0,
        requests_per_second: u32::try_from(LIMIT).unwrap(),
        latency: LATENCY,
        ..SimulatorOptions::default()
    });
    let simulator = simulator.unwrap();
    let sku =
        |number| CatalogueSku { sku: load::sku(number), stock: 10, price: "1000.00".into(), discount_price: None };
    let product = |at: usize| CatalogueProduct {
        id: listing(at).0,
        skus: (at * SKUS_OF_PRODUCT..(at + 1) * SKUS_OF_PRODUCT).map(sku).collect(),
    };
    simulator.catalogue().replace((0..products).map(product).collect());
    simulator
}

/// Measures delivery from both stores.
pub fn measure(report: &mut Report) {
    for name in ["SQLite", "Redis everysec"] {
        let dir = tempfile::tempdir().unwrap();
        let redis = (name != "SQLite").then(|| RedisServer::start(&["appendonly", "yes"]));
        let store = redis.as_ref().map_or(format!("sqlite:{}/store.db", dir.path().display()), RedisServer::url);
        let secret = Secret::generate();
        write_secrets(dir.path(), &secret);
        report.section(&format!("Delivery from {name}, AliExpress takes {} ms", LATENCY.as_millis()));
        drain(report, dir.path(), &store);
        freshness(report, dir.path(), &store, &secret.parse().unwrap());
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts to be compared")]
fn drain(report: &mut Report, dir: &Path, store: &str) {
    let simulator = aliexpress(PRODUCTS);
    let skus = PRODUCTS * SKUS_OF_PRODUCT;
    let seed = Seed::new(dir, store);
    seed.list(skus, SKUS_OF_PRODUCT);
    seed.dirty(Lane::Stock, skus);
    drop(seed);
    let gateway = Gateway::start(dir, store, &simulator.url(), "");
    let until = Instant::now() + DRAIN_MAX;
    while simulator.ledger().summary().applied < skus as u64 {
        assert!(Instant::now() < until, "{:?}", simulator.ledger().summary());
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(gateway);
    let calls = simulator.ledger().calls();
    let updates = calls.iter().filter(|call| call.method.ends_with("inventory.update")).count();
    // The whole seconds from the first request on for which there was work to the end.
    let first = calls.first().unwrap().at_us;
    let seconds = (calls.last().unwrap().at_us - first) / 1_000_000;
    let within = calls.iter().filter(|call| call.at_us < first + seconds * 1_000_000).count();
    let percent = |share: f64| format!("{share:.1} %");
    let used = 100.0 * within as f64 / (LIMIT as f64 * seconds as f64);
    report.at_least(format!("budget used over {seconds} s while there is a backlog"), used, 98.0, percent);
    let most = simulator.ledger().summary().most_in_a_second;
    report.at_most("most requests in any second, as they arrive", most as f64, LIMIT as f64, |count| count.to_string());
    let least = PRODUCTS / PRODUCTS_OF_REQUEST;
    let times = |ratio: f64| format!("{ratio:.3}");
    report.at_most(
        format!("requests for {PRODUCTS} dirty products from rest, of {least} that must be"),
        updates as f64 / least as f64,
        1.05,
        times,
    );
}

/// Events one by one at a pace that leaves no backlog: from each one's sending to its value on AliExpress.
fn freshness(report: &mut Report, dir: &Path, store: &str, secret: &Secret) {
    let simulator = aliexpress(PRODUCTS);
    let gateway = Gateway::start(dir, store, &simulator.url(), "");
    let sent = one_by_one(&gateway.intake, secret);
    let until = Instant::now() + DRAIN_MAX;
    let mut histograms = HashMap::new();
    // A value may be replaced by a newer one of its SKU before it leaves: so each SKU is said once.
    while histograms.values().map(Histogram::len).sum::<u64>() < sent.len() as u64 {
        assert!(Instant::now() < until, "{} of {} arrived", histograms.len(), sent.len());
        std::thread::sleep(Duration::from_millis(50));
        histograms = arrivals(&simulator, &sent);
    }
    for lane in [Lane::Stock, Lane::Price] {
        let histogram = &histograms[&lane];
        #[expect(clippy::cast_precision_loss, reason = "milliseconds to be shown")]
        let millis = |quantile| histogram.value_at_quantile(quantile) as f64 / 1000.0;
        let shown = |millis: f64| format!("{millis:.0} ms");
        let what = format!("{lane}: p95 from event to AliExpress, no backlog (p50 {:.0} ms)", millis(0.5));
        match lane {
            Lane::Stock => report.at_most(what, millis(0.95), 1000.0, shown),
            _ => report.note(format!("{what}; its window is 2 s"), shown(millis(0.95))),
        }
    }
}

type Sent = HashMap<(Lane, String), u64>;

fn one_by_one(intake: &str, secret: &Secret) -> Sent {
    let mut sent = Sent::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut wire = tokio::net::TcpStream::connect(intake).await.unwrap();
        wire.set_nodelay(true).unwrap();
        let mut answer = vec![0; 8192];
        let mut pace = tokio::time::interval(EVENT_EVERY);
        let started = Instant::now();
        for number in 0.. {
            pace.tick().await;
            if started.elapsed() > FRESH_FOR {
                return;
            }
            // Every SKU once, spread over the products.
            let (lane, sku) = (if number % 3 == 2 { Lane::Price } else { Lane::Stock }, load::sku(number * 29 % 40_000));
            let version = SystemClock.now().0;
            let event = match lane {
                Lane::Stock => {
                    format!(r#"{{"type":"stock.changed","version":{version},"data":{{"sku":"{sku}","quantity":{}}}}}"#, 2000 + number)
                }
                _ => format!(
                    r#"{{"type":"price.changed","version":{version},"data":{{"sku":"{sku}","price":"{}.00","discount_price":null,"currency":"RUB"}}}}"#,
                    2000 + number
                ),
            };
            sent.insert((lane, sku), SystemClock.now().0);
            wire.write_all(&load::request(&format!(r#"{{"events":[{event}]}}"#), secret)).await.unwrap();
            let read = wire.read(&mut answer).await.unwrap();
            assert!(answer[..read].starts_with(b"HTTP/1.1 202"), "{}", String::from_utf8_lossy(&answer[..read]));
        }
    });
    sent
}

fn arrivals(simulator: &Simulator, sent: &Sent) -> HashMap<Lane, Histogram<u64>> {
    let mut histograms: HashMap<Lane, Histogram<u64>> = HashMap::new();
    let mut first: HashMap<(Lane, &String), u64> = HashMap::new();
    let items = simulator.ledger().items();
    for item in &items {
        let lane = if item.stock.is_some() { Lane::Stock } else { Lane::Price };
        first.entry((lane, &item.sku)).or_insert(item.at_us);
    }
    for ((lane, sku), at) in sent {
        if let Some(arrived) = first.get(&(*lane, sku)) {
            let histogram = histograms.entry(*lane).or_insert_with(|| Histogram::new(3).unwrap());
            histogram.record(arrived.saturating_sub(*at).max(1)).unwrap();
        }
    }
    histograms
}
