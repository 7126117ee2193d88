//! A buyer's data is planted, and everything that a gateway lets be seen is searched for it: its log at every level, figures, answers to
//! operators and to the shop, dead letters, and the files of the store.

use std::path::Path;

use aligate::clock::{Clock, SystemClock};
use aligate::simulator::Receiver;

use super::Stage;

const PLANTED: [&str; 6] =
    ["Planted Buyer", "Плантова", "9990001122", "Planted street 7", "Plantedville", "planted memo"];

/// Everything that files of a folder hold, with those below it.
fn files(dir: &Path, all: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, all),
            // What is named here is what this test itself has written.
            false => all.extend(std::fs::read(path).unwrap_or_default()),
        }
    }
}

fn has(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// Answers of the shop's side, which the shop signs for.
async fn ask_as_shop(stage: &Stage, path: &str) -> String {
    let (id, timestamp) = (format!("ask-{}", rand::random::<u64>()), SystemClock.now().as_secs());
    let signature = stage.secret.sign(&id, timestamp, format!("GET {path}\n").as_bytes());
    let request = stage.client.get(format!("{}{path}", stage.gateway.intake));
    let request = request.header("webhook-id", &id).header("webhook-timestamp", timestamp);
    let response = request.header("webhook-signature", signature).send().await.unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.status());
    aligate::http_client::text(response).await.unwrap()
}

/// What operators and the shop are shown: figures, lists, states, traces.
async fn everything(stage: &Stage, orders: [u64; 3]) -> String {
    let mut shown = String::new();
    let lists = [
        "/metrics",
        "/health",
        "/v1/shops",
        "/v1/shops/main/status",
        "/v1/shops/main/orders",
        "/v1/shops/main/orders?near_deadline=true",
        "/v1/shops/main/entries?lane=order&place=idle",
        "/v1/shops/main/entries?lane=order&place=due",
        "/v1/shops/main/entries?lane=fulfilment&place=idle",
        "/v1/shops/main/entries?lane=notice&place=idle",
    ];
    let traces = orders.map(|order| format!("/v1/shops/main/trace?sku={order}"));
    for path in lists.into_iter().chain(traces.iter().map(String::as_str)) {
        shown += &stage.ask(path).await;
    }
    let of_shop = ["status", "dead-letters", "listings"].map(|path| format!("/v1/shops/main/{path}"));
    for path in of_shop.iter().chain(&traces) {
        shown += &ask_as_shop(stage, path).await;
    }
    shown
}

async fn a_planted_buyer_is_nowhere_to_be_read(redis: bool) {
    let mut stage = Stage::set(redis, "trace").await;
    let receiver = Receiver {
        name: format!("{} {}", PLANTED[0], PLANTED[1]),
        phone: PLANTED[2].into(),
        address: PLANTED[3].into(),
        city: PLANTED[4].into(),
        ..Receiver::default()
    };
    let place = |stage: &Stage| {
        let id = stage.order(&receiver);
        stage.simulator.orders().change(id, |order| order.memo = PLANTED[5].into());
        id
    };
    // One that is taken, one that is refused in words that repeat the buyer, one that fails and is tried again and again.
    let (taken, refused, failing) = (place(&stage), place(&stage), place(&stage));
    stage.shop.state().refuses = Some((refused, format!("no such street: {} ({})", PLANTED[3], PLANTED[2])));
    stage.shop.state().later.push(failing);
    stage.until("the shop has it", |stage| stage.shop.state().orders.contains_key(&taken)).await;
    stage.ship(taken, &["RU111111111CN"]).await;
    stage.until("it is declared", |stage| !stage.simulator.orders().get(taken).unwrap().parcels.is_empty()).await;
    {
        let state = stage.shop.state();
        let buyer = &state.orders[&taken].newest["data"];
        assert_eq!(
            (buyer["buyer"]["name"].as_str(), buyer["comment"].as_str()),
            (Some(&*receiver.name), Some(PLANTED[5]))
        );
    }
    let dead = "/v1/shops/main/dead-letters?lane=order";
    let mut shown = String::new();
    for _ in 0..500 {
        shown = stage.ask(dead).await;
        if shown.contains(&refused.to_string()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(shown.contains("refused_here") && shown.contains("no such"), "{shown}");
    shown += &everything(&stage, [taken, refused, failing]).await;
    let log = stage.gateway.log();
    assert!(log.contains("TRACE") && log.contains(&refused.to_string()), "the log is that of every level");
    let mut stored = Vec::new();
    files(stage.dir.path(), &mut stored);
    if let Some(redis) = &stage.redis {
        redis.cli(&["SAVE"]);
        let dir = redis.cli(&["CONFIG", "GET", "dir"]);
        files(Path::new(dir.lines().nth(1).unwrap()), &mut stored);
    }
    assert!(has(&stored, &taken.to_string()), "the files are the store's");
    for planted in PLANTED {
        let line = log.lines().find(|line| line.contains(planted));
        assert!(line.is_none(), "{planted} is logged: {line:?}");
        assert!(!shown.contains(planted), "{planted} is shown");
        assert!(!has(&stored, planted), "{planted} lies open in the store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_buyer_is_nowhere_to_be_read_on_sqlite() {
    a_planted_buyer_is_nowhere_to_be_read(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_buyer_is_nowhere_to_be_read_on_redis() {
    a_planted_buyer_is_nowhere_to_be_read(true).await;
}
