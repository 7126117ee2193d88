//! The machine's clock is set under a gateway: ahead, and back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::rounds;
use crate::stage::{EVERYSEC, Stage, Store};

/// How far it jumps: beyond every lease, within what AliExpress takes for a clock.
const JUMP_SECS: i64 = 600;

/// A library that, loaded before a gateway's own, adds the seconds in a file to its wall clock.
fn library(dir: &Path) -> PathBuf {
    let library = dir.join("skewed_clock.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/skewed_clock.c"))
        .arg("-ldl")
        .status();
    assert!(built.expect("cc is installed: tests/install-tools.sh").success());
    library
}

fn set(stage: &Stage, ahead_secs: i64) {
    std::fs::write(stage.dir().join("ahead"), ahead_secs.to_ne_bytes()).unwrap();
    stage.shop.ahead_secs.store(ahead_secs, Ordering::Relaxed);
}

/// The stage after the jumps, and what its gateways logged.
async fn clock_jumps(store: &Store<'_>) -> (Stage, String) {
    let mut logs = String::new();
    let mut stage = Stage::set(store, 10).await;
    let library = library(stage.dir());
    set(&stage, 0);
    stage.kill(0);
    stage.gateways[0].environment = vec![
        ("LD_PRELOAD".into(), library.display().to_string()),
        ("SKEWED_CLOCK".into(), stage.dir().join("ahead").display().to_string()),
    ];
    stage.start(0).await;
    let load = stage.shop.load();
    for round in 0..rounds(1) {
        for ahead in [0, JUMP_SECS, 0, -JUMP_SECS, 0] {
            set(&stage, ahead);
            tokio::time::sleep(Duration::from_millis(700)).await;
            // Now and then it is set while nobody looks.
            if round % 2 == 1 {
                stage.kill(0);
                logs += &stage.gateways[0].log();
                set(&stage, -ahead);
                stage.start(0).await;
            }
        }
        stage.follow();
    }
    set(&stage, 0);
    load.end().await;
    logs += &stage.gateways[0].log();
    (stage, logs)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_loses_nothing_and_holds_nothing_up_on_sqlite() {
    let (mut stage, logs) = clock_jumps(&Store::Sqlite).await;
    assert!(logs.contains("the clock was set back"), "the jump was felt");
    stage.close("clock jumps, SQLite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_is_nothing_to_leases_that_redis_times() {
    let (mut stage, logs) = clock_jumps(&EVERYSEC).await;
    assert!(!logs.contains("leases were lost"), "leases are in the store's time");
    stage.close("clock jumps, Redis").await;
}
