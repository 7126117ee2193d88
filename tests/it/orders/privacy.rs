//! Buyers' data: in the store only encrypted, in lists not at all, erased when the time has come.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::Place;
use aligate::simulator::{PlacedLine, Receiver};

use super::bench::Bench;

const DAY: Duration = Duration::from_secs(86_400);
const PLANTED: [&str; 4] = ["Planted Buyer", "9990001122", "Planted street 7", "planted memo"];

/// Everything that the store's files hold.
fn files(bench: &Bench) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(bench.dir.path()).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

fn has(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn a_planted_name_is_nowhere_but_in_the_shop_and_is_erased_after_the_retention() {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.poll().await;
    let receiver = Receiver {
        name: PLANTED[0].into(),
        phone: PLANTED[1].into(),
        address: PLANTED[2].into(),
        ..Receiver::default()
    };
    let line = PlacedLine { sku: "SKU-00001-01".into(), quantity: 1, price: "1.00".into(), status: None };
    let place = |bench: &Bench| {
        let id = bench.simulator.orders().place(vec![line.clone()], receiver.clone());
        bench.simulator.orders().change(id, |order| order.memo = PLANTED[3].into());
        bench.simulator.orders().pay(id);
        id
    };
    // One that the shop takes, one that it refuses, one that waits.
    let taken = place(&bench);
    bench.advance(Duration::from_secs(60));
    bench.poll().await;
    bench.drain().await;
    assert_eq!(bench.in_shop(taken).unwrap()["buyer"]["name"], PLANTED[0]);
    assert_eq!(bench.in_shop(taken).unwrap()["comment"], PLANTED[3]);
    bench.shop.lock().unwrap().answers.push_back(422);
    let refused = place(&bench);
    bench.advance(Duration::from_secs(60));
    bench.poll().await;
    bench.drain().await;
    bench.shop.lock().unwrap().down = true;
    let waiting = place(&bench);
    bench.advance(Duration::from_secs(60));
    bench.poll().await;
    bench.drain().await;
    let stored = files(&bench);
    assert!(has(&stored, &taken.to_string()), "the files are the store's");
    let mut lists = format!("{:?} {:?}", bench.orders, bench.desk);
    for place in [Place::Idle, Place::Due, Place::Dead] {
        lists += &format!("{:?}", bench.in_place(Lane::Order, place).await);
    }
    for order in [taken, refused, waiting] {
        lists += &format!("{:?}", bench.desk.queue.trace(&bench.id(), &order.to_string()).await.unwrap());
        lists += &format!("{:?}", bench.kept(order).await);
    }
    for planted in PLANTED {
        assert!(!has(&stored, planted), "{planted} lies open in the store");
        assert!(!lists.contains(planted), "{planted} is in a list");
    }
    // The retention goes by.
    assert!(!bench.kept(taken).await.unwrap().sealed.is_empty());
    bench.simulator.orders().finish(refused, "buyer_cancel_order");
    bench.advance(31 * DAY);
    bench.poll().await;
    bench.advance(DAY / 24);
    bench.poll().await;
    assert!(bench.kept(taken).await.unwrap().sealed.is_empty(), "the shop has had it for a month");
    assert!(!bench.kept(waiting).await.unwrap().sealed.is_empty(), "the shop has not taken it yet");
    bench.stop().await;
}
