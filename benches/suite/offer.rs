//! What a store call costs by itself: batches as the group commit makes them, one after the other, nothing else at work.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aligate::domain::{Lane, ShopId};
use aligate::queue::{Delivery, Queue, Receipt};
use sha2::{Digest, Sha256};

use crate::gateway::{self, Seed};
use crate::load::{SKUS, version};
use crate::redis::RedisServer;
use crate::report::{Report, median};

/// Deliveries of one change in a call.
const BATCH: usize = 128;
const ROUNDS: usize = 9;
const CALLS: usize = 100;

/// Measures both stores.
pub fn measure(report: &mut Report, only: &str) {
    report.section(&format!("A store call of {BATCH} deliveries of one change, medians of {ROUNDS} rounds"));
    let stores = [("SQLite, synchronous FULL", None), ("Redis, appendfsync everysec", Some("everysec"))];
    for (name, fsync) in stores.into_iter().filter(|(name, _)| name.starts_with(only)) {
        let redis = fsync.map(|fsync| RedisServer::start(&["appendonly", "yes", "appendfsync", fsync]));
        let dir = tempfile::tempdir().unwrap();
        gateway::write_secrets(dir.path(), "");
        let store =
            redis.as_ref().map_or_else(|| format!("sqlite:{}/store.db", dir.path().display()), RedisServer::url);
        Seed::new(dir.path(), &store).list(SKUS, 10);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let queue = runtime.block_on(gateway::queue(dir.path(), &store));
        // The first round makes the entries.
        let rounds: Vec<(f64, f64)> = (0..=ROUNDS).map(|_| runtime.block_on(round(&queue))).skip(1).collect();
        let (walls, works): (Vec<f64>, Vec<f64>) = rounds.into_iter().unzip();
        report.note(
            format!("{name}: time for a change (processor time of this process)"),
            format!("{:.1} µs ({:.1} µs)", median(walls), median(works)),
        );
    }
}

async fn round(queue: &Arc<dyn Queue>) -> (f64, f64) {
    let shop: ShopId = "main".parse().unwrap();
    let batches: Vec<Vec<Delivery>> = (0..CALLS).map(|_| (0..BATCH).map(|_| delivery()).collect()).collect();
    let (started, before) = (Instant::now(), seconds());
    for batch in batches {
        let offered = queue.offer(vec![(shop.clone(), batch)]).await;
        assert!(offered[0].as_ref().unwrap().receipts.iter().all(|receipt| matches!(receipt, Receipt::Taken(_))));
    }
    let changes = (CALLS * BATCH) as f64;
    (started.elapsed().as_secs_f64() * 1e6 / changes, (seconds() - before) * 1e6 / changes)
}

fn delivery() -> Delivery {
    let version = version();
    let lane = if rand::random_ratio(2, 3) { Lane::Stock } else { Lane::Price };
    Delivery {
        id: hex::encode(Sha256::digest(version.to_be_bytes())),
        digest: Sha256::digest(version.to_le_bytes()).into(),
        changes: vec![aligate::queue::Change { version, ..gateway::change(lane, rand::random_range(0..SKUS)) }],
        owners: Vec::new(),
        remember: Duration::from_secs(600),
    }
}

/// Seconds of processors that this process has had so far.
fn seconds() -> f64 {
    let of = |task: std::io::Result<std::fs::DirEntry>| {
        let stat = std::fs::read_to_string(task.unwrap().path().join("schedstat")).unwrap();
        stat.split(' ').next().unwrap().parse::<f64>().unwrap()
    };
    std::fs::read_dir("/proc/self/task").unwrap().map(of).sum::<f64>() / 1e9
}
