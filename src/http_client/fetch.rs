//! Fetches what a stranger's URL names (a shop's pictures): bounded in size, time and redirects, and never from inside our own network.
//!
//! Addresses are looked at where the connection is made to them, so a name that resolves to another address a moment later gains nothing.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The most redirects that are followed.
const REDIRECTS_MAX: usize = 3;
/// The longest URL.
const URL_BYTES_MAX: usize = 2_048;

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It has more bytes than may be read.
    #[error("it is too large")]
    TooLarge,
    /// It will not be there the next time either.
    #[error("{0}")]
    Refused(String),
    /// It may be there the next time.
    #[error("{0}")]
    Later(String),
}

/// Fetches for one shop.
#[derive(Debug, Clone)]
pub struct Fetcher {
    http: reqwest::Client,
    private: Arc<BTreeSet<String>>,
}

/// Resolves names to public addresses alone, but for hosts that may be private.
#[derive(Debug)]
struct PublicOnly(Arc<BTreeSet<String>>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.0.contains(&name.as_str().to_ascii_lowercase());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| private || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err("its host has no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

impl Fetcher {
    /// A fetcher. `private`: hosts (names or addresses) that may have private addresses; `timeout` covers a whole fetch but redirects.
    ///
    /// # Errors
    /// Where the system's certificates cannot be used.
    #[expect(clippy::disallowed_methods, reason = "it is a client with all its limits")]
    pub fn new(private: impl IntoIterator<Item = String>, timeout: Duration) -> reqwest::Result<Self> {
        super::install_crypto_provider();
        let private: Arc<BTreeSet<String>> =
            Arc::new(private.into_iter().map(|host| host.to_ascii_lowercase()).collect());
        let http = reqwest::Client::builder()
            .connect_timeout(timeout.min(Duration::from_secs(5)))
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(PublicOnly(Arc::clone(&private))))
            // A proxy would connect to addresses that nobody has looked at.
            .no_proxy()
            .user_agent(concat!("aligate/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, private })
    }

    /// The bytes behind a URL, at most `bytes_max`.
    ///
    /// # Errors
    /// See [`FetchError`]; its words tell nothing of any inner network.
    pub async fn fetch(&self, url: &str, bytes_max: u64) -> Result<Vec<u8>, FetchError> {
        let refused = |why: &str| FetchError::Refused(why.to_owned());
        if url.len() > URL_BYTES_MAX {
            return Err(refused("its URL is too long"));
        }
        let mut url = Url::parse(url).map_err(|_| refused("it is not a whole URL"))?;
        for _ in 0..=REDIRECTS_MAX {
            self.admit(&url)?;
            let response = self.http.get(url.clone()).send().await.map_err(later)?;
            let status = response.status();
            if status.is_redirection() {
                let to = response.headers().get("location").and_then(|to| to.to_str().ok());
                url = to.and_then(|to| url.join(to).ok()).ok_or_else(|| refused("it leads nowhere"))?;
                continue;
            }
            if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
                return Err(FetchError::Later(format!("HTTP {}", status.as_u16())));
            }
            if !status.is_success() {
                return Err(FetchError::Refused(format!("HTTP {}", status.as_u16())));
            }
            return body(response, bytes_max).await;
        }
        Err(refused("it leads through too many redirects"))
    }

    fn admit(&self, url: &Url) -> Result<(), FetchError> {
        let refused = |why: &str| Err(FetchError::Refused(why.to_owned()));
        if !matches!(url.scheme(), "http" | "https") {
            return refused("its URL is neither http nor https");
        }
        let is_private = |host: &str| self.private.contains(&host.to_ascii_lowercase());
        match url.host() {
            Some(Host::Ipv4(ip)) if !is_public(ip.into()) && !is_private(&ip.to_string()) => {
                refused("its address is not public")
            }
            Some(Host::Ipv6(ip)) if !is_public(ip.into()) && !is_private(&ip.to_string()) => {
                refused("its address is not public")
            }
            Some(_) => Ok(()),
            None => refused("its URL names no host"),
        }
    }
}

fn later(error: reqwest::Error) -> FetchError {
    let why = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "it took too long",
        (_, true) => "its host could not be reached",
        _ => "the connection failed",
    };
    FetchError::Later(why.into())
}

async fn body(response: reqwest::Response, bytes_max: u64) -> Result<Vec<u8>, FetchError> {
    if response.content_length().is_some_and(|length| length > bytes_max) {
        return Err(FetchError::TooLarge);
    }
    let mut bytes = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(later)?;
        if (bytes.len() + chunk.len()) as u64 > bytes_max {
            return Err(FetchError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Whether an address is one of the internet at large.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast();
    let shared = a == 100 && (64..128).contains(&b);
    let reserved = a == 0 || a >= 240 || (a == 192 && b == 0 && c == 0) || (a == 198 && (b == 18 || b == 19));
    !(special || shared || reserved || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let parts = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        // Translated and tunnelled addresses lead to the address inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        [first, second, ..] => {
            (0x2000..0x4000).contains(&first) && !(first == 0x2001 && (second == 0xdb8 || second == 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_addresses_are_told_whatever_they_are_dressed_as() {
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "::1",
            "::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::7f00:1",
            "2001:db8::1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
        for public in ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[tokio::test]
    async fn what_names_an_inner_host_is_never_asked() {
        let fetcher = Fetcher::new([], Duration::from_secs(2)).unwrap();
        for (url, code) in [
            ("http://127.0.0.1:1/a.png", "refused"),
            ("http://[::1]:1/a.png", "refused"),
            ("http://0x7f.1/a.png", "refused"),
            ("http://2130706433/a.png", "refused"),
            ("file:///etc/passwd", "refused"),
            ("ftp://shop.example/a.png", "refused"),
            ("/upload/a.png", "refused"),
            ("http://localhost:1/a.png", "later"),
        ] {
            let told = match fetcher.fetch(url, 10).await.unwrap_err() {
                FetchError::Refused(_) => "refused",
                FetchError::Later(_) => "later",
                FetchError::TooLarge => "too large",
            };
            assert_eq!(told, code, "{url}");
        }
    }
}
