//! A network between a gateway and AliExpress that can hold back what the gateway says, and let it through later.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy. It ends with the test's runtime.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    holds: watch::Sender<bool>,
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    target: SocketAddr,
    held: AtomicU64,
    passed: AtomicU64,
}

impl Proxy {
    /// A proxy in front of `target`.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Arc::new(Inner { target, held: AtomicU64::new(0), passed: AtomicU64::new(0) });
        let proxy = Self { address, holds: watch::Sender::new(false), inner };
        let (holds, inner) = (proxy.holds.subscribe(), Arc::clone(&proxy.inner));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(target).await else { continue };
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(forth(from_client, to_server, holds.clone(), Arc::clone(&inner)));
                tokio::spawn(back(from_server, to_client));
            }
        });
        proxy
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Holds back what comes from now on.
    pub fn hold(&self) {
        self.holds.send_replace(true);
    }

    /// Lets it through, though its sender may have given up long ago.
    pub fn release(&self) {
        self.holds.send_replace(false);
    }

    /// Requests that are or were held back.
    pub fn held(&self) -> u64 {
        self.inner.held.load(Ordering::Acquire)
    }

    /// Bytes that AliExpress got.
    pub fn passed(&self) -> u64 {
        self.inner.passed.load(Ordering::Acquire)
    }
}

/// One connection's way to AliExpress. What was held back arrives over a new connection, since AliExpress has closed the idle one.
async fn forth(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    mut holds: watch::Receiver<bool>,
    proxy: Arc<Inner>,
) {
    let mut bytes = vec![0; 1 << 16];
    loop {
        let Ok(read @ 1..) = client.read(&mut bytes).await else { return };
        if *holds.borrow_and_update() {
            let mut kept = bytes[..read].to_vec();
            while !is_whole(&kept) {
                let Ok(read @ 1..) = client.read(&mut bytes).await else { return };
                kept.extend_from_slice(&bytes[..read]);
            }
            proxy.held.fetch_add(1, Ordering::Release);
            if holds.wait_for(|holds| !holds).await.is_err() {
                return;
            }
            let mut late = TcpStream::connect(proxy.target).await.unwrap();
            late.write_all(&kept).await.unwrap();
            proxy.passed.fetch_add(kept.len() as u64, Ordering::Release);
            // AliExpress does not look whether somebody still listens.
            drop(late.read(&mut bytes).await);
            return;
        }
        proxy.passed.fetch_add(read as u64, Ordering::Release);
        if server.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// Whether these bytes are a whole request.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

async fn back(mut server: OwnedReadHalf, mut client: OwnedWriteHalf) {
    drop(tokio::io::copy(&mut server, &mut client).await);
}
