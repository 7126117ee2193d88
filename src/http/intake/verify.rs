//! Who sent this: Standard Webhooks over the raw body, then the time window.

use std::sync::LazyLock;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::Problem;
use crate::clock::Timestamp;
use crate::signing::standard_webhooks::{self, Secret};

/// How far a sender's clock may be off.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Seconds into the past.
    pub past_secs: u64,
    /// Seconds into the future.
    pub future_secs: u64,
}

/// The longest `webhook-id`.
const ID_BYTES_MAX: usize = 200;

/// A secret that nobody has, so that an unknown shop costs as much as a bad signature.
static NOBODY: LazyLock<[Secret; 1]> =
    LazyLock::new(|| [Secret::generate().parse().expect("a generated secret is one")]);

/// The `webhook-id` of a request whose signature over `signed` is valid and in time. `secrets` is `None` for an unknown shop.
///
/// # Errors
/// 401 `unauthorized`, one answer for every reason; 401 `clock_skew` where the signature is valid but not in time; 400 for an
/// id that cannot be kept.
pub fn verify(
    request: &HttpRequest,
    secrets: Option<&[Secret]>,
    signed: &[u8],
    now: Timestamp,
    window: Window,
) -> Result<String, Problem> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, timestamp, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let valid = standard_webhooks::verify(secrets.unwrap_or(NOBODY.as_slice()), id, timestamp, signed, signature);
    let sent: Option<u64> = timestamp.parse().ok();
    let Some(sent) = sent.filter(|_| valid && secrets.is_some()) else { return Err(Problem::unauthorized()) };
    let now = now.as_secs();
    if sent.saturating_add(window.past_secs) < now || sent > now.saturating_add(window.future_secs) {
        let detail = format!(
            "the signature is valid, but webhook-timestamp {sent} is not within {} s before and {} s after this gateway's time {now}: set the clock",
            window.past_secs, window.future_secs
        );
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "clock_skew", detail));
    }
    if id.is_empty() || id.len() > ID_BYTES_MAX || id.contains(char::is_control) {
        let detail = format!("webhook-id has {} bytes; 1 to {ID_BYTES_MAX} are expected", id.len());
        return Err(Problem::bad_request("webhook_id_invalid", detail));
    }
    Ok(id.to_owned())
}
