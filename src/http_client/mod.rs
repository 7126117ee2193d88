//! The only maker of `reqwest::Client`: every client has its timeouts, follows no redirects and trusts the system's certificates.

use std::net::{IpAddr, SocketAddr};
mod fetch;

use std::sync::{Arc, Once};
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

pub use fetch::{FetchError, Fetcher, is_public};

/// The most bytes of an answer that are read.
pub const ANSWER_BYTES_MAX: usize = 16 << 20;

/// Why an answer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The connection ended or stalled meanwhile.
    #[error("the answer ended early")]
    Broken(#[source] reqwest::Error),
    /// It is larger than it may be.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
}

static PROVIDER: Once = Once::new();

/// Chooses rustls' cryptography for the whole process; later calls change nothing.
pub fn install_crypto_provider() {
    PROVIDER.call_once(|| {
        // Somebody else may have chosen before us; either choice serves.
        drop(rustls::crypto::ring::default_provider().install_default());
    });
}

/// A client. `timeout` covers a whole call, connecting and reading the answer included.
///
/// # Errors
/// Where the system's certificates cannot be used.
pub fn build(connect_timeout: Duration, timeout: Duration) -> reqwest::Result<reqwest::Client> {
    builder(connect_timeout, timeout).build()
}

/// A client for URLs that people set (shops' endpoints): as [`build`], and what a name stands for is looked at before it is called.
/// Link-local addresses, where clouds keep the secrets of machines, are never called; private ones are, since shops live there.
///
/// # Errors
/// As [`build`].
pub fn build_guarded(connect_timeout: Duration, timeout: Duration) -> reqwest::Result<reqwest::Client> {
    builder(connect_timeout, timeout).dns_resolver(Arc::new(GuardedResolver)).no_proxy().build()
}

/// Whether an address may be called for a URL that people set.
pub fn may_be_called(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !(v4.is_link_local() || v4.is_multicast() || v4.is_broadcast() || v4.is_unspecified()),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => may_be_called(IpAddr::V4(v4)),
            None => !(v6.is_unicast_link_local() || v6.is_multicast() || v6.is_unspecified()),
        },
    }
}

/// Resolves names by the system and leaves out addresses that may not be called.
#[derive(Debug)]
struct GuardedResolver;

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| may_be_called(address.ip())).collect();
            match allowed.is_empty() {
                true => Err("the name stands for no address that may be called".into()),
                false => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the maker of clients")]
fn builder(connect_timeout: Duration, timeout: Duration) -> reqwest::ClientBuilder {
    install_crypto_provider();
    reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(50))
        .user_agent(concat!("aligate/", env!("CARGO_PKG_VERSION")))
}

/// The bytes of an answer, at most [`ANSWER_BYTES_MAX`] after decompression.
///
/// # Errors
/// Where it ends early or has more.
pub async fn bytes(response: reqwest::Response) -> Result<Vec<u8>, ReadError> {
    bytes_up_to(response, ANSWER_BYTES_MAX).await
}

/// The bytes of an answer, at most so many after decompression.
///
/// # Errors
/// Where it ends early or has more.
pub async fn bytes_up_to(response: reqwest::Response, bytes_max: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| ReadError::Broken(error.without_url()))?;
        if bytes.len() + chunk.len() > bytes_max {
            return Err(ReadError::TooLarge(bytes_max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The text of an answer; what is not UTF-8 is replaced.
///
/// # Errors
/// As [`bytes`].
pub async fn text(response: reqwest::Response) -> Result<String, ReadError> {
    Ok(String::from_utf8_lossy(&bytes(response).await?).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_clouds_keep_secrets_is_never_called() {
        for bad in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1"] {
            assert!(!may_be_called(bad.parse().unwrap()), "{bad}");
        }
        for good in ["127.0.0.1", "10.0.0.7", "192.168.1.2", "::1", "fd00::1", "93.184.216.34"] {
            assert!(may_be_called(good.parse().unwrap()), "{good}");
        }
    }
}
