//! `/sync`: who calls, is the call signed, may it be made now; then its method. Errors come with HTTP 200, as AliExpress's do.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::fault::Kind;
use super::ledger::Call;
use super::methods::{self, Done};
use super::{World, now_us};
use crate::signing::iop;

/// How far a caller's clock may be off.
const SKEW_MS_MAX: u64 = 7_200_000;

/// A gateway error.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) code: String,
    pub(super) kind: &'static str,
    pub(super) message: String,
    pub(super) sub_code: Option<String>,
}

impl Refused {
    pub(super) fn isv(code: &str, message: &str) -> Self {
        Self { code: code.into(), kind: "ISV", message: message.into(), sub_code: None }
    }

    /// An error of the service behind the gateway.
    pub(super) fn remote(sub_code: &str, message: &str) -> Self {
        let sub_code = Some(sub_code.to_owned());
        Self { code: "15".into(), kind: "ISP", message: message.into(), sub_code }
    }

    pub(super) fn missing(name: &str) -> Self {
        let message =
            format!("The input parameter \"{name}\" that is mandatory for processing this request is not supplied");
        Self::isv("MissingParameter", &message)
    }

    fn body(&self) -> Value {
        let mut error = json!({"type": self.kind, "code": self.code, "msg": self.message, "request_id": request_id()});
        if let Some(sub_code) = &self.sub_code {
            error["msg"] = "Remote service error".into();
            error["sub_code"] = sub_code.as_str().into();
            error["sub_msg"] = self.message.as_str().into();
        }
        json!({ "error_response": error })
    }
}

/// Parameters of a call, from its query and its form together.
pub(super) type Params = BTreeMap<String, String>;

pub(super) fn request_id() -> String {
    format!("2141{:024x}", rand::random::<u64>())
}

/// One call.
pub(super) async fn sync(request: HttpRequest, body: Bytes, world: Data<World>) -> HttpResponse {
    let arrived = now_us();
    let (params, upload) = params(&request, &body);
    let named = params.get("method").cloned().unwrap_or_default();
    let faults = world.faults.of_call(&named);
    let latency = latency(&world, &faults);
    let answer = faults.iter().find_map(instead);
    let done = match &answer {
        Some(Instead::Refused(refused)) => Err(refused.clone()),
        Some(_) => Err(Refused::isv("fault", "")),
        None => admit(&world, &params, arrived)
            .and_then(|()| methods::answer(&world, &named, &params, upload.as_ref(), &faults, arrived)),
    };
    let stamped_ms = stamped_ms(&params);
    let (outcome, counts, applied, value) = match done {
        Ok(Done { value, products, skus, applied, whole }) => {
            (if whole { "ok".into() } else { "partial".into() }, (products, skus), applied, value)
        }
        Err(refused) => (refused.code.clone(), (0, 0), Vec::new(), refused.body()),
    };
    let (products, skus) = counts;
    let call = Call { sequence: 0, at_us: arrived, stamped_ms, method: named, products, skus, outcome };
    world.ledger.write(call, applied);
    respond(&faults, latency, answer, &value).await
}

/// How long an answer takes.
pub(super) fn latency(world: &World, faults: &[Kind]) -> Duration {
    faults.iter().fold(world.options.latency, |latency, fault| match fault {
        Kind::Latency { ms } => latency + Duration::from_millis(*ms),
        _ => latency,
    })
}

/// When a call says that it was made; 0 where it does not say.
pub(super) fn stamped_ms(params: &Params) -> u64 {
    params.get("timestamp").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The answer, as late and as whole as faults leave it.
pub(super) async fn respond(
    faults: &[Kind],
    latency: Duration,
    instead: Option<Instead>,
    value: &Value,
) -> HttpResponse {
    if !latency.is_zero() {
        actix_web::rt::time::sleep(latency).await;
    }
    match instead {
        Some(Instead::Hang(span)) => {
            actix_web::rt::time::sleep(span).await;
            broken(Bytes::new())
        }
        Some(Instead::Page(status)) => HttpResponse::build(status).content_type("text/html").body(PAGE),
        Some(Instead::Reset) => broken(Bytes::new()),
        Some(Instead::Refused(_)) | None => after(faults, value),
    }
}

const PAGE: &str = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Tengine</body></html>";

/// What comes instead of the call's effect.
pub(super) enum Instead {
    Hang(Duration),
    Page(StatusCode),
    Reset,
    Refused(Refused),
}

pub(super) fn instead(fault: &Kind) -> Option<Instead> {
    match fault {
        Kind::Hang { ms } => Some(Instead::Hang(Duration::from_millis((*ms).min(600_000)))),
        Kind::Status { status } => {
            Some(Instead::Page(StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)))
        }
        Kind::Html => Some(Instead::Page(StatusCode::OK)),
        Kind::Reset => Some(Instead::Reset),
        Kind::Error { code, message, sub_code } => Some(Instead::Refused(Refused {
            code: code.clone(),
            kind: "ISP",
            message: message.clone(),
            sub_code: Some(sub_code.clone()).filter(|sub_code| !sub_code.is_empty()),
        })),
        _ => None,
    }
}

/// The answer of a call that had its effect, as far as it comes through.
fn after(faults: &[Kind], value: &Value) -> HttpResponse {
    let text = value.to_string();
    if faults.contains(&Kind::AnswerLost) {
        return broken(Bytes::new());
    }
    if faults.contains(&Kind::Truncate) {
        return broken(Bytes::from(text).slice(..value.to_string().len() / 2));
    }
    let content_type = if faults.contains(&Kind::ContentType) { "text/html" } else { "application/json;charset=UTF-8" };
    HttpResponse::Ok().content_type(content_type).body(text)
}

/// A body that ends in a broken connection.
fn broken(start: Bytes) -> HttpResponse {
    let reset = || std::io::Error::new(std::io::ErrorKind::ConnectionReset, "on purpose");
    let parts = futures_util::stream::iter([Ok(start), Err(reset())]);
    HttpResponse::Ok().content_type("application/json").no_chunking(1 << 20).streaming(parts)
}

/// Parameters of query and body together, and the file of a multipart body.
pub(super) fn params(request: &HttpRequest, body: &Bytes) -> (Params, Option<Bytes>) {
    let pairs = |text: &[u8]| url::form_urlencoded::parse(text).into_owned().collect::<Vec<_>>();
    let mut params: Params = pairs(request.query_string().as_bytes()).into_iter().collect();
    let content_type = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match content_type.split_once("boundary=") {
        Some((_, boundary)) if content_type.starts_with("multipart/form-data") => {
            let (texts, upload) = parts(body, boundary.trim_matches('"'));
            params.extend(texts);
            (params, upload)
        }
        _ => {
            params.extend(pairs(body));
            (params, None)
        }
    }
}

/// The parts of a multipart body: texts, and the part named `image_bytes`.
fn parts(body: &Bytes, boundary: &str) -> (Vec<(String, String)>, Option<Bytes>) {
    let find = |from: usize, what: &[u8]| {
        body[from..].windows(what.len()).position(|window| window == what).map(|at| from + at)
    };
    let (delimiter, mut texts, mut upload) = (format!("--{boundary}"), Vec::new(), None);
    let mut at = find(0, delimiter.as_bytes());
    while let Some(start) = at.map(|at| at + delimiter.len() + 2).filter(|start| *start < body.len()) {
        let (Some(head), Some(end)) = (find(start, b"\r\n\r\n"), find(start, format!("\r\n{delimiter}").as_bytes()))
        else {
            break;
        };
        let head_text = String::from_utf8_lossy(&body[start..head]).into_owned();
        let name =
            head_text.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
        let content = body.slice((head + 4).min(end)..end);
        if name == "image_bytes" {
            upload = Some(content);
        } else {
            texts.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
        at = Some(end + 2);
    }
    (texts, upload)
}

/// What every call must have, `/sync` (no path is signed) or `/rest`: a known application, a time, a signature over all of it.
pub(super) fn signed(world: &World, params: &Params, path: Option<&str>) -> Result<(), Refused> {
    let required =
        |name: &'static str| params.get(name).filter(|value| !value.is_empty()).ok_or_else(|| Refused::missing(name));
    if required("app_key")? != &world.options.app_key {
        return Err(Refused::isv("InvalidAppkey", "The specified App Key is invalid"));
    }
    let stamped: u64 =
        required("timestamp")?.parse().map_err(|_| Refused::isv("IllegalTimestamp", "The timestamp is invalid"))?;
    if stamped.abs_diff(world.now_us() / 1000) > SKEW_MS_MAX {
        return Err(Refused::isv("IllegalTimestamp", "The timestamp is outside of the allowed range"));
    }
    if required("sign_method")? != "sha256" {
        return Err(Refused::isv("IncompleteSignature", "The sign method is not supported"));
    }
    let sign = required("sign")?;
    let pairs: Vec<(&String, &String)> = params.iter().collect();
    if !iop::verify(&world.options.app_secret, path, &pairs, sign) {
        return Err(Refused::isv(
            "IncompleteSignature",
            "The request signature does not conform to platform standards",
        ));
    }
    Ok(())
}

/// The checks of `/sync`, in their order.
fn admit(world: &World, params: &Params, arrived: u64) -> Result<(), Refused> {
    signed(world, params, None)?;
    let given = |name: &str| params.get(name).filter(|value| !value.is_empty());
    let required = |name: &'static str| given(name).ok_or_else(|| Refused::missing(name));
    if !methods::known(required("method")?) {
        return Err(Refused::isv("InvalidApiPath", "The specified API path is invalid"));
    }
    let token = given("session").or_else(|| given("access_token")).ok_or_else(|| Refused::missing("access_token"))?;
    let revoked = *world.revoked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if revoked || !(world.options.tokens.contains(token) || world.oauth.takes(token, world.now_us())) {
        return Err(Refused::isv("IllegalAccessToken", "The specified access token is invalid or expired"));
    }
    flow(world, arrived)
}

/// Flow control: over the limit within a second, the application is banned for a second.
fn flow(world: &World, arrived: u64) -> Result<(), Refused> {
    let limit = world.options.requests_per_second as usize;
    if limit == 0 {
        return Ok(());
    }
    let mut arrivals = world.arrivals.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (times, banned_until) = &mut *arrivals;
    while times.front().is_some_and(|first| arrived.saturating_sub(*first) >= 1_000_000) {
        times.pop_front();
    }
    times.push_back(arrived);
    if times.len() > limit && *banned_until <= arrived {
        *banned_until = arrived + 1_000_000;
    }
    if *banned_until > arrived {
        let secs = (*banned_until - arrived).div_ceil(1_000_000);
        let message =
            format!("The frequency of app access to the api exceeds the limit. This ban will last {secs} seconds");
        return Err(Refused::isv("AppCallLimit", &message));
    }
    Ok(())
}
