//! The only maker of `reqwest::Client`: every client has its timeouts, follows no redirects and trusts the system's certificates.

use std::sync::Once;
use std::time::Duration;

use futures_util::StreamExt;

/// The most bytes of an answer that are read.
pub const ANSWER_BYTES_MAX: usize = 16 << 20;

/// Why an answer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The connection ended or stalled meanwhile.
    #[error("the answer ended early")]
    Broken(#[source] reqwest::Error),
    /// It is larger than any answer may be.
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
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
#[expect(clippy::disallowed_methods, reason = "this is the maker of clients")]
pub fn build(connect_timeout: Duration, timeout: Duration) -> reqwest::Result<reqwest::Client> {
    install_crypto_provider();
    reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(50))
        .user_agent(concat!("aligate/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// The bytes of an answer, at most [`ANSWER_BYTES_MAX`] after decompression.
///
/// # Errors
/// Where it ends early or has more.
pub async fn bytes(response: reqwest::Response) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| ReadError::Broken(error.without_url()))?;
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(ReadError::TooLarge);
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
