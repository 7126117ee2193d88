//! Whatever comes in by the wire that is no request, and requests that want to do harm, while the shop goes on.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::rounds;
use crate::stage::{Stage, Store};

/// The longest that an answer to garbage may take; a head that does not end is cut after ten seconds.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// Connections that send half a head and then nothing.
const SLOW: usize = 200;
/// How much memory all of this may cost.
const MEMORY_MAX: u64 = 96 << 20;

fn garbage() -> Vec<(&'static str, Vec<u8>)> {
    let post = "POST /v1/shops/main/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let text = |text: String| text.into_bytes();
    let noise = || (0..65_536).map(|_| rand::random::<u8>()).collect::<Vec<u8>>();
    vec![
        ("noise", noise()),
        ("zeros", vec![0; 65_536]),
        ("TLS", [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &noise()[..500]].concat()),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        ("an endless head", text(format!("GET / HTTP/1.1\r\nHost: x\r\nx: {}\r\n\r\n", "y".repeat(1 << 20)))),
        ("many headers", text(format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(10_000)))),
        ("a length beyond all numbers", text(format!("{post}Content-Length: 99999999999999999999\r\n\r\nx"))),
        ("a length below zero", text(format!("{post}Content-Length: -1\r\n\r\nx"))),
        ("a huge length", text(format!("{post}Content-Length: 9999999999\r\n\r\n{}", "x".repeat(6 << 20)))),
        ("two lengths", text(format!("{post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"))),
        (
            "a length and chunks",
            text(format!("{post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
        ),
        ("chunks that are none", text(format!("{post}Transfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n"))),
        ("a chunk without end", text(format!("{post}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"))),
        ("no signature", text(format!("{post}Content-Length: 2\r\n\r\n{{}}"))),
        ("control characters", text(format!("{post}webhook-id: a\x01b\r\nContent-Length: 2\r\n\r\n{{}}"))),
        ("a path that climbs", b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()),
    ]
}

/// What a listener says to these bytes; nothing where it hangs up or says nothing before the sender does.
async fn said(address: &str, bytes: &[u8]) -> String {
    let mut wire = TcpStream::connect(address).await.unwrap();
    // It may hang up before it has heard everything.
    drop(wire.write_all(bytes).await);
    drop(wire.shutdown().await);
    let mut answer = Vec::new();
    tokio::time::timeout(ANSWER_MAX, wire.read_to_end(&mut answer)).await.map(drop).unwrap_or_default();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Small as it comes, a gigabyte when it is unpacked.
fn bomb() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    (0..1024).for_each(|_| packed.write_all(&zeros).unwrap());
    packed.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_on_the_wire_is_refused_and_disturbs_nobody() {
    let mut stage = Stage::set(&Store::Sqlite, 10).await;
    let load = stage.shop.load();
    let [intake, admin] = [&stage.gateways[0].intake, &stage.gateways[0].admin].map(|url| url.replace("http://", ""));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (before, events) = (stage.gateways[0].resident(), stage.shop.acknowledged());
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut wire = TcpStream::connect(&intake).await.unwrap();
        wire.write_all(b"POST /v1/shops/main/events HTTP/1.1\r\nHost: x\r\nx: ").await.unwrap();
        slow.push(wire);
    }
    let bomb = bomb();
    for _ in 0..rounds(1) {
        for (what, bytes) in garbage() {
            for address in [&intake, &admin] {
                let answer = said(address, &bytes).await;
                let status = answer.split(' ').nth(1).unwrap_or_default();
                assert!(status.is_empty() || status.starts_with('4'), "{what}: {answer}");
            }
        }
        let url = stage.gateways[0].intake.clone();
        let deep = "[".repeat(1 << 20).into_bytes();
        assert_eq!(stage.shop.post_raw(&url, deep, "identity").await, 400);
        assert_eq!(stage.shop.post_raw(&url, vec![b' '; 5 << 20], "identity").await, 413);
        assert_eq!(stage.shop.post_raw(&url, bomb.clone(), "gzip").await, 413);
        assert_eq!(stage.shop.post_raw(&url, bomb[..bomb.len() / 2].to_vec(), "gzip").await, 413);
        assert_eq!(stage.shop.post_raw(&url, b"no gzip".to_vec(), "gzip").await, 400);
    }
    let held = stage.gateways[0].resident().saturating_sub(before);
    assert!(held < MEMORY_MAX, "{} MiB more than before", held >> 20);
    assert!(stage.shop.acknowledged() > events, "the shop goes on meanwhile");
    drop(slow);
    load.end().await;
    assert_eq!(stage.shop.refused(), 0, "no request of the shop was refused");
    stage.close("garbage on the wire").await;
}
