//! AliExpress fails in every way that it has, under load.

use std::time::Duration;

use aligate::simulator::{Fault, Kind};

use crate::rounds;
use crate::stage::{Stage, Store};

fn storms() -> Vec<Kind> {
    let error = |code: &str, sub_code: &str, message: &str| Kind::Error {
        code: code.into(),
        message: message.into(),
        sub_code: sub_code.into(),
    };
    vec![
        Kind::Status { status: 502 },
        Kind::Hang { ms: 3000 },
        Kind::Reset,
        Kind::Html,
        Kind::Truncate,
        Kind::AnswerLost,
        Kind::Latency { ms: 2000 },
        Kind::ContentType,
        error(
            "AppCallLimit",
            "",
            "The frequency of app access to the api exceeds the limit. This ban will last 1 seconds",
        ),
        error("ServiceUnavailable", "", "try later"),
        Kind::Status { status: 302 },
        Kind::Status { status: 429 },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_in_storms_of_aliexpress() {
    let mut stage = Stage::set(&Store::Sqlite, 20).await;
    for _ in 0..rounds(1).div_ceil(10) {
        let load = stage.shop.load();
        for kind in storms() {
            // Some calls come through, so that states are confirmed, replaced and suspect in every mixture.
            stage.simulator.faults().add(Fault { percent: Some(70), ..Fault::always(kind) });
            tokio::time::sleep(Duration::from_millis(700)).await;
            stage.simulator.faults().clear();
        }
        load.end().await;
        stage.drain().await;
        stage.follow();
    }
    stage.close("storms of AliExpress").await;
}
