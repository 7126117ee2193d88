//! Problems as RFC 9457 (`application/problem+json`): the only place that knows which fault has which status.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::QueryPayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::{oauth, request_id};
use crate::catalog::mapping::MappingFault;
use crate::domain::Rejection;
use crate::queue::QueueError;
use crate::store::StoreError;

/// The media type of problems.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What was wrong with a request, in the form that the client reads.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `urn:aligate:problem:<code>`
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What was wrong and what to do.
    pub detail: String,
    /// A stable code.
    pub code: String,
    /// The request's `x-request-id`.
    pub request_id: String,
    /// Events that were refused, where nothing of a request could be taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
    /// Every fault of a mapping.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<MappingFault>,
}

/// An event that was not taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rejected {
    /// Its place in the request, from 0.
    pub index: usize,
    /// A stable code.
    pub code: String,
    /// For people.
    pub detail: String,
}

impl Rejected {
    /// The rejection of the event at a place.
    pub fn at(index: usize, rejection: Rejection) -> Self {
        Self { index, code: rejection.code.to_owned(), detail: rejection.detail }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after_secs: Option<u64>,
    rejected: Vec<Rejected>,
    // Behind a pointer, since nearly every problem has none.
    faults: Option<std::sync::Arc<Vec<MappingFault>>>,
    request_id: String,
}

impl Problem {
    /// A problem with a status, a stable code and words for the client.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let request_id = request_id::current();
        Self {
            status,
            code,
            detail: detail.into(),
            retry_after_secs: None,
            rejected: Vec::new(),
            faults: None,
            request_id,
        }
    }

    /// 400
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401, the same for an unknown shop, no signature and a bad one.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "the shop is unknown or the signature is not valid")
    }

    /// 400 for a page that no page named.
    pub fn bad_cursor() -> Self {
        Self::bad_request("cursor_invalid", "the cursor is not one that was given")
    }

    /// 404
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// 422
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 503 with `Retry-After`; the detail tells nothing of the inside.
    pub fn store_away() -> Self {
        let detail = "the store is away; nothing was taken";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store_away", detail).retry_after(2)
    }

    /// Says when to come again.
    #[must_use]
    pub fn retry_after(mut self, secs: u64) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }

    /// Names the faults of a mapping.
    #[must_use]
    pub fn faulting(mut self, faults: Vec<MappingFault>) -> Self {
        self.faults = Some(std::sync::Arc::new(faults));
        self
    }

    /// Names the events that were refused.
    #[must_use]
    pub fn rejecting(mut self, rejected: Vec<Rejected>) -> Self {
        self.rejected = rejected;
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type(PROBLEM_JSON);
        if let Some(secs) = self.retry_after_secs {
            response.insert_header((RETRY_AFTER, secs));
        }
        response.json(ProblemBody {
            kind: format!("urn:aligate:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Unknown").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.to_owned(),
            request_id: self.request_id.clone(),
            rejected: self.rejected.clone(),
            faults: self.faults.as_deref().cloned().unwrap_or_default(),
        })
    }
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Away(_) => {
                tracing::warn!(%error, "the store did not do what a request asked for");
                Self::store_away()
            }
            QueueError::Unreadable(_) | QueueError::Newer { .. } | QueueError::WrongKey => {
                tracing::error!(%error, "the store cannot be used");
                Self::store_away()
            }
            QueueError::TooMuch(what) => Self::unprocessable("too_much", what),
            QueueError::BadCursor => Self::bad_cursor(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the store did not do what a request asked for");
        Self::store_away()
    }
}

/// Gives a problem's body to errors that the server makes by itself.
pub async fn dress<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let response = next.call(request).await?;
    let (status, headers) = (response.status(), response.headers());
    let is_dressed = headers.get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON || kind == oauth::PAGE);
    if is_dressed || !(status.is_client_error() || status.is_server_error()) {
        return Ok(response.map_into_left_body());
    }
    let (request, _) = response.into_parts();
    let detail = format!("the server refuses {} {}", request.method(), request.path());
    let problem = Problem::new(status, "request_refused", detail).error_response();
    Ok(ServiceResponse::new(request, problem.map_into_right_body()))
}

/// A query that cannot be read.
pub fn bad_query(error: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    Problem::bad_request("query_invalid", error.to_string()).into()
}

/// What no route takes.
pub async fn no_route(request: HttpRequest) -> HttpResponse {
    if request.match_pattern().is_some() {
        let detail = format!("{} does not answer {}", request.path(), request.method());
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).error_response();
    }
    Problem::not_found(format!("nothing answers {} {}", request.method(), request.path())).error_response()
}
