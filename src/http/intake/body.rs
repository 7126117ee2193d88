//! Reading a request's body: bounded as it arrives, bounded again while it is decompressed.

use std::io::Read;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::{Bytes, BytesMut, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;

use super::Problem;

/// The body as it was sent, at most `bytes_max` bytes.
///
/// # Errors
/// 413 where it has more; 400 where it ends early.
pub async fn read(mut payload: Payload, bytes_max: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|error| Problem::bad_request("body_unreadable", format!("the body ended early: {error}")))?;
        if body.len() + chunk.len() > bytes_max {
            return Err(too_large(bytes_max));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The body's JSON text: decompressed where it is gzip, at most `bytes_max` bytes.
///
/// # Errors
/// 415 for another type or encoding than JSON and gzip, 413 where it has more bytes, 400 where the gzip is broken.
pub fn json(request: &HttpRequest, raw: Bytes, bytes_max: usize) -> Result<Bytes, Problem> {
    let unsupported =
        |detail: String| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type_unsupported", detail);
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !request.content_type().eq_ignore_ascii_case("application/json") {
        return Err(unsupported(format!("Content-Type is {:?}; application/json is expected", header(CONTENT_TYPE))));
    }
    match header(CONTENT_ENCODING).trim() {
        "" | "identity" => Ok(raw),
        encoding if encoding.eq_ignore_ascii_case("gzip") => {
            let mut text = Vec::with_capacity(raw.len().saturating_mul(4).min(bytes_max));
            // One byte more than allowed is read, never the rest: a bomb costs no more than a body.
            let mut limited = flate2::read::MultiGzDecoder::new(raw.as_ref()).take(bytes_max as u64 + 1);
            limited
                .read_to_end(&mut text)
                .map_err(|error| Problem::bad_request("gzip_broken", format!("the body is not gzip: {error}")))?;
            if text.len() > bytes_max { Err(too_large(bytes_max)) } else { Ok(text.into()) }
        }
        other => Err(unsupported(format!("Content-Encoding is {other:?}; gzip or none is expected"))),
    }
}

fn too_large(bytes_max: usize) -> Problem {
    let detail = format!("the body has more than {bytes_max} bytes; send fewer events in a request");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}
