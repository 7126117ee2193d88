//! Ingest: requests a second until durable, by store, as shares of the ceiling.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpServer, web};
use aligate::clock::{SharedClock, SystemClock};
use aligate::domain::ShopId;
use aligate::http::intake::{self, Intake, commit};
use aligate::listings::{PriceRules, StoreCurrencies};
use aligate::queue::Queue;
use aligate::signing::standard_webhooks::Secret;
use hdrhistogram::Histogram;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::gateway::{self, Seed};
use crate::load::{Requests, Run, SKUS};
use crate::nothing::Nothing;
use crate::redis::RedisServer;
use crate::report::{Report, median};

/// The first argument of this program as a server.
pub const CHILD: &str = "serve-ingest";
const ROUNDS: usize = 7;
/// Connections of the load generator when answers are timed.
const CONNECTIONS: usize = 64;
/// Connections when the shares are measured: as many as fill the groups of a group commit, for the ceiling and every store alike.
const CROWD: usize = 256;
/// Requests of one event, and requests of many, in a round of a variant.
const ONES: usize = 20_000;
const MANY: usize = 200;
const MANIES: usize = 250;

/// Serves intake on this store until killed; prints its address. Store and writer run on a runtime of their own, as the gateway's do.
pub fn serve(store: &str, dir: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let config = gateway::config(dir, store, "http://127.0.0.1:1", "");
    let shops: Vec<(ShopId, _)> = config.shops.iter().map(|shop| (shop.id.clone(), shop.currency)).collect();
    let (queue, currencies) = runtime.block_on(async {
        let queue: Arc<dyn Queue> = match store {
            "nothing" => Arc::new(Nothing),
            _ => gateway::queue(dir, store).await,
        };
        (queue, StoreCurrencies::load(&shops, &gateway::documents(dir).await).await.unwrap())
    });
    let wake = Arc::new(Notify::new());
    let (committer, writer) = commit::writer(queue, config.intake.queue_max, config.store.timeout, wake);
    runtime.spawn(writer.run(CancellationToken::new()));
    let clock: SharedClock = Arc::new(SystemClock);
    let intake = web::Data::new(Intake::new(&config, committer, (currencies, PriceRules::default()), clock));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    println!("{}", listener.local_addr().unwrap());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let server = HttpServer::new(move || {
        App::new().app_data(intake.clone()).route("/v1/shops/{shop}/events", web::post().to(intake::post_events))
    });
    actix_web::rt::System::new().block_on(server.workers(threads).listen(listener).unwrap().run()).unwrap();
}

/// A store under test, with its server.
struct Variant {
    name: &'static str,
    goal: Option<f64>,
    child: Child,
    address: SocketAddr,
    /// Requests of one event: by a crowd of connections, and by few.
    ones: Vec<Run>,
    few: Vec<Run>,
    manies: Vec<Run>,
    /// Seconds of processors that the crowd's requests of one event cost, of the server and its store.
    cost: f64,
    redis: Option<RedisServer>,
    _dir: tempfile::TempDir,
}

impl Variant {
    fn start(name: &'static str, goal: Option<f64>, redis: Option<RedisServer>, secret: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        gateway::write_secrets(dir.path(), secret);
        let store = match (&redis, name) {
            (Some(redis), _) => redis.url(),
            (None, "nothing") => "nothing".to_owned(),
            (None, _) => format!("sqlite:{}/store.db", dir.path().display()),
        };
        if store != "nothing" {
            Seed::new(dir.path(), &store).list(SKUS, 10);
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([CHILD, &store])
            .arg(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().parse().unwrap();
        let (ones, few, manies) = (Vec::new(), Vec::new(), Vec::new());
        Self { name, goal, child, address, ones, few, manies, cost: 0.0, redis, _dir: dir }
    }

    /// Seconds of processors that server and store have had so far.
    fn seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
        let info = self.redis.as_ref().map(|redis| redis.cli(&["INFO", "cpu"])).unwrap_or_default();
        let of_redis = |name| info.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
        ticks / 100.0 + ["used_cpu_sys:", "used_cpu_user:"].into_iter().filter_map(of_redis).sum::<f64>()
    }

    /// Ratios to the ceiling, round by round.
    fn shares(runs: &[Run], ceiling: &[Run]) -> f64 {
        median(runs.iter().zip(ceiling).map(|(run, ceiling)| run.rate / ceiling.rate).collect())
    }
}

impl Drop for Variant {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Measures every store in turns, or those alone whose names start so.
pub fn measure(report: &mut Report, only: &str) {
    let text = Secret::generate();
    let secret: Secret = text.parse().unwrap();
    let redis = |fsync: &str| Some(RedisServer::start(&["appendonly", "yes", "appendfsync", fsync]));
    let mut variants = vec![
        Variant::start("nothing", None, None, &text),
        Variant::start("SQLite, synchronous FULL", Some(0.65), None, &text),
        Variant::start("Redis, appendfsync everysec", Some(0.6), redis("everysec"), &text),
        Variant::start("Redis, appendfsync always", Some(0.5), redis("always"), &text),
    ];
    variants.retain(|variant| variant.goal.is_none() || variant.name.starts_with(only));
    for round in 0..=ROUNDS {
        let ones = Requests::prepare(ONES, 1, &secret);
        let few = Requests::prepare(ONES, 1, &secret);
        let manies = Requests::prepare(MANIES, MANY, &secret);
        for variant in &mut variants {
            let before = variant.seconds();
            let one = ones.run(variant.address, CROWD);
            let cost = variant.seconds() - before;
            let of_few = few.run(variant.address, CONNECTIONS);
            let many = manies.run(variant.address, CONNECTIONS / 4);
            // The first round warms up.
            if round > 0 {
                variant.cost += cost;
                variant.ones.push(one);
                variant.few.push(of_few);
                variant.manies.push(many);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    tell(report, &variants);
}

fn tell(report: &mut Report, variants: &[Variant]) {
    report.section(&format!(
        "Ingest, medians of {ROUNDS} rounds: 1 event a request over {CROWD} connections, {MANY} over {}",
        CONNECTIONS / 4
    ));
    let (ceiling, stores) = variants.split_first().unwrap();
    for variant in variants {
        let rate = |runs: &[Run]| median(runs.iter().map(|run| run.rate).collect());
        let (ones, few, manies) = (rate(&variant.ones), rate(&variant.few), rate(&variant.manies) * MANY as f64);
        report.note(
            format!(
                "{}: events a second at 1 event a request (over {CONNECTIONS} connections) · at {MANY}",
                title(variant.name)
            ),
            format!("{ones:.0} ({few:.0}) · {manies:.0}"),
        );
    }
    for variant in variants {
        let micros = variant.cost * 1e6 / (ONES * ROUNDS) as f64;
        report.note(
            format!("{}: processor time of server and store for 1 event", title(variant.name)),
            format!("{micros:.1} µs"),
        );
    }
    let share = |share: f64| format!("{share:.2}");
    for variant in stores {
        let goal = variant.goal.unwrap();
        let (ones, manies) =
            (Variant::shares(&variant.ones, &ceiling.ones), Variant::shares(&variant.manies, &ceiling.manies));
        report.at_least(format!("{}: share of the ceiling at 1 event a request", variant.name), ones, goal, share);
        let few = Variant::shares(&variant.few, &ceiling.few);
        report.note(format!("{}: the same over {CONNECTIONS} connections", variant.name), share(few));
        report.note(format!("{}: share of the ceiling at {MANY}", variant.name), share(manies));
    }
    for variant in stores {
        let mut all = Histogram::<u64>::new(3).unwrap();
        variant.few.iter().for_each(|run| all.add(&run.latency).unwrap());
        #[expect(clippy::cast_precision_loss, reason = "milliseconds to be shown")]
        let millis = |quantile| all.value_at_quantile(quantile) as f64 / 1000.0;
        let shown = |millis: f64| format!("{millis:.1} ms");
        report.at_most(
            format!(
                "{}: p99 of a request of 1 event over {CONNECTIONS} connections (p50 {:.1} ms)",
                variant.name,
                millis(0.5)
            ),
            millis(0.99),
            10.0,
            shown,
        );
    }
}

fn title(name: &str) -> &str {
    if name == "nothing" { "No store (the ceiling: the same handler, a queue that keeps nothing)" } else { name }
}
