//! `x-request-id`: every answer carries one, every problem repeats it, every log line of the request shows it.

use std::cell::RefCell;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;

static NAME: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: RefCell<String>;
}

/// The id of the request that this task serves; empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(|id| id.borrow().clone()).unwrap_or_default()
}

/// Gives the request an id: the client's own where it is 1–64 plain characters, else a new one.
pub async fn assign<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let given = request.headers().get(&NAME).and_then(|id| id.to_str().ok()).filter(|id| is_plain(id));
    let id = given.map_or_else(|| ulid::Ulid::generate().to_string(), str::to_owned);
    let value = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("unknown"));
    let mut response = CURRENT.scope(RefCell::new(id), next.call(request)).await?;
    response.headers_mut().insert(NAME.clone(), value);
    Ok(response)
}

fn is_plain(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
