//! Memory: of the gateway at rest and under more than it can take, of Redis with a whole catalogue dirty.

use std::time::{Duration, Instant};

use aligate::domain::Lane;
use aligate::signing::standard_webhooks::Secret;
use aligate::simulator::{Simulator, SimulatorOptions};

use crate::gateway::{Gateway, Seed, write_secrets};
use crate::load::Requests;
use crate::redis::RedisServer;
use crate::report::Report;

/// SKUs whose stock and price are dirty.
const DIRTY: usize = 100_000;
/// Connections of the load that is taken well, and ten times as many.
const CONNECTIONS: usize = 64;
const OVERLOAD: usize = 10;
/// Requests of the overload, of so many events each.
const REQUESTS: usize = 5_000;
const EVENTS: usize = 20;

/// Measures memory.
pub fn measure(report: &mut Report) {
    report.section("Memory");
    of_redis(report);
    for name in ["SQLite", "Redis"] {
        of_gateway(report, name);
    }
}

fn of_gateway(report: &mut Report, name: &str) {
    let dir = tempfile::tempdir().unwrap();
    let redis = (name == "Redis").then(|| RedisServer::start(&["appendonly", "yes"]));
    let store = redis.as_ref().map_or(format!("sqlite:{}/store.db", dir.path().display()), RedisServer::url);
    let text = Secret::generate();
    write_secrets(dir.path(), &text);
    let secret: Secret = text.parse().unwrap();
    Seed::new(dir.path(), &store).list(crate::load::SKUS, 10);
    let simulator = Simulator::start(SimulatorOptions { products: 1000, ..SimulatorOptions::default() }).unwrap();
    let gateway = Gateway::start(dir.path(), &store, &simulator.url(), "");
    std::thread::sleep(Duration::from_secs(3));
    let mebibytes = |mebibytes: f64| format!("{mebibytes:.1} MiB");
    report.at_most(format!("gateway at rest, {name}"), gateway.resident(), 25.0, mebibytes);
    let address = gateway.intake.parse().unwrap();
    let most_under = |connections: usize, requests: &Requests| {
        std::thread::scope(|scope| {
            let load = scope.spawn(|| requests.run(address, connections));
            let mut most: f64 = 0.0;
            while !load.is_finished() {
                most = most.max(gateway.resident());
                std::thread::sleep(Duration::from_millis(20));
            }
            (most, load.join().unwrap().rate)
        })
    };
    let requests = || Requests::prepare(REQUESTS, EVENTS, &secret);
    let (usual, rate) = most_under(CONNECTIONS, &requests());
    report.note(format!("gateway under {rate:.0} requests a second of {EVENTS} events, {name}"), mebibytes(usual));
    let started = Instant::now();
    let (over, rate) = most_under(CONNECTIONS * OVERLOAD, &requests());
    let first = over;
    let (over, _) = most_under(CONNECTIONS * OVERLOAD, &requests());
    let what = format!(
        "gateway with {} connections pushing for {} s ({rate:.0} requests a second), {name}",
        CONNECTIONS * OVERLOAD,
        started.elapsed().as_secs()
    );
    report.note(what, mebibytes(over));
    let times = |ratio: f64| format!("{ratio:.2} ×");
    report.at_most(format!("second half of that against its first half, {name}"), over / first, 1.1, times);
}

fn of_redis(report: &mut Report) {
    let dir = tempfile::tempdir().unwrap();
    write_secrets(dir.path(), &Secret::generate());
    let redis = RedisServer::start(&[]);
    let used = || {
        let info = redis.cli(&["INFO", "memory"]);
        let line = info.lines().find_map(|line| line.strip_prefix("used_memory:")).unwrap();
        line.trim().parse::<f64>().unwrap() / 1e6
    };
    let seed = Seed::new(dir.path(), &redis.url());
    let before = used();
    seed.list(DIRTY, 10);
    let listed = used();
    seed.dirty(Lane::Stock, DIRTY);
    seed.dirty(Lane::Price, DIRTY);
    std::thread::sleep(Duration::from_secs(2));
    let megabytes = |megabytes: f64| format!("{megabytes:.1} MB");
    report.at_most(
        format!("Redis: {DIRTY} SKUs with stock and price dirty ({} entries)", 2 * DIRTY),
        used() - listed,
        60.0,
        megabytes,
    );
    report.note(format!("Redis: the directory of {DIRTY} SKUs"), megabytes(listed - before));
}
