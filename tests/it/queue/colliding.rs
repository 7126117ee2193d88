//! What only the queue in Redis has to show: a step whose keys another step wrote meanwhile starts again, so that the group commit keeps
//! calls that are under way at one time apart.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aligate::http::intake::commit;
use aligate::queue::Receipt;
use tokio_util::sync::CancellationToken;

use super::harness::{LEASE, stock};
use super::redis_harness::alone;

#[tokio::test]
async fn calls_under_way_at_one_time_share_no_key_and_none_starts_again() {
    let (server, h, queue) = alone().await;
    h.offer(stock("A", 1, 1)).await;
    let (committer, writer) = commit::writer(queue, 100, LEASE, Arc::default());
    let stop = CancellationToken::new();
    let writer = tokio::spawn(writer.run(stop.clone()));
    server.cli(&["CONFIG", "RESETSTAT"]);
    // The first goes alone, the others find it under way.
    server.cli(&["CLIENT", "PAUSE", "300", "ALL"]);
    let (ended, mut tasks) = (Arc::new(Mutex::new(Vec::new())), Vec::new());
    for (name, keys) in [("first", ["A", "B"]), ("same", ["B", "C"]), ("other", ["D", "E"]), ("behind", ["C", "F"])] {
        let (committer, shop, ended) = (committer.clone(), h.shop.clone(), Arc::clone(&ended));
        let delivery = h.delivery(keys.into_iter().map(|key| stock(key, 2, 2)).collect());
        tasks.push(tokio::spawn(async move {
            let receipt = committer.commit(shop, delivery, Vec::new()).await.unwrap().receipt;
            assert!(matches!(receipt, Receipt::Taken(_)));
            ended.lock().unwrap().push(name);
        }));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    stop.cancel();
    writer.await.unwrap();
    assert_eq!(*ended.lock().unwrap(), ["first", "other", "same", "behind"]);
    let stats = server.cli(&["INFO", "commandstats"]);
    let scripts = stats.lines().filter(|line| line.starts_with("cmdstat_evalsha:"));
    let calls: Vec<&str> = scripts.filter_map(|line| line.split_once("calls=")?.1.split(',').next()).collect();
    assert_eq!(calls, ["6"], "a load and a commit for each of three calls");
}
