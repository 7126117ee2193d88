//! What an answer of Bitrix's REST means: to be asked again, refused, or something for the shop's people.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::bitrix::DeliveryError;

/// How long a shop whose webhook is refused, or whose REST is not there, is left alone.
const MISCONFIGURED: Duration = Duration::from_secs(60);
/// After the bucket of requests ran over: it leaks two a second.
const BUCKET: Duration = Duration::from_secs(2);
/// After a method's time is spent, where the answer does not say until when.
const TIME_SPENT: Duration = Duration::from_secs(60);
/// After the portal was closed for its load.
const OVERLOAD: Duration = Duration::from_secs(300);
/// The longest wait that an answer may ask for.
const RESET_MAX: u64 = 600;
/// The most characters of the shop's words that are kept.
const WORDS_MAX: usize = 300;

/// Why a call did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallError {
    /// What it means for the event.
    pub(super) error: DeliveryError,
    /// It may have had its effect, now or in a while.
    pub(super) unknown: bool,
}

impl CallError {
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.error, DeliveryError::Refused { .. })
    }

    /// The shop's code.
    pub(super) fn code(&self) -> &str {
        match &self.error {
            DeliveryError::Away { code, .. } => code,
            DeliveryError::Failed { code, .. } | DeliveryError::Refused { code, .. } => code,
        }
    }

    /// Nothing was sent, and nothing is wrong with the event.
    pub(super) fn away(code: &'static str, detail: impl Into<String>, after: Option<Duration>) -> Self {
        Self { error: DeliveryError::Away { code, detail: detail.into(), after }, unknown: false }
    }

    /// There is no answer that can be read.
    pub(super) fn silent(code: &'static str, detail: impl Into<String>) -> Self {
        Self { unknown: true, ..Self::away(code, detail, None) }
    }
}

impl From<CallError> for DeliveryError {
    fn from(error: CallError) -> Self {
        error.error
    }
}

/// The answer of a call: its body, or what went wrong. `now`: seconds since the epoch.
pub(super) fn judge(status: StatusCode, body: &[u8], now: u64) -> Result<Value, CallError> {
    let answer: Option<Value> = serde_json::from_slice(body).ok().filter(Value::is_object);
    if let Some(answer) = &answer
        && answer.get("error").is_some()
    {
        let reset = answer["time"]["operating_reset_at"].as_u64().map(|at| at.saturating_sub(now));
        return Err(fault(&text(&answer["error"]), &text(&answer["error_description"]), reset));
    }
    let said = format!("HTTP {}", status.as_u16());
    match (status.as_u16(), answer) {
        (200..=299, Some(answer)) if answer.get("result").is_some() => Ok(answer),
        (200..=299, _) => Err(CallError::silent("no_answer", "the answer is none of Bitrix's REST")),
        (300..=399, _) => {
            let detail = "it redirects; set rest.url to where it redirects to";
            Err(CallError::away("redirected", detail, Some(MISCONFIGURED)))
        }
        (401 | 403, _) => Err(refused_webhook(&said)),
        (404 | 405 | 410, _) => Err(no_rest(&said)),
        (408 | 425 | 429, _) => Err(CallError::away("busy", said, Some(BUCKET))),
        (502..=504, _) => Err(CallError::silent("busy", said)),
        (code, _) => Err(failed(&format!("http_{code}"), said)),
    }
}

/// What an error of REST means, by its code. `reset`: seconds until a method's time is given back.
pub(super) fn fault(code: &str, description: &str, reset: Option<u64>) -> CallError {
    let said = if description.is_empty() { code.to_owned() } else { format!("{} ({code})", cut(description)) };
    // Codes of D7 controllers: module, controller, kind, number; 403 is a right that is missing.
    let is_right = code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_digit()) && &code[4..7] == "403";
    match code {
        "QUERY_LIMIT_EXCEEDED" => CallError::away("busy", said, Some(BUCKET)),
        "OPERATION_TIME_LIMIT" => {
            let after = reset.map_or(TIME_SPENT, |seconds| Duration::from_secs(seconds.clamp(1, RESET_MAX)));
            CallError::away("busy", said, Some(after))
        }
        "OVERLOAD_LIMIT" => CallError::away("busy", said, Some(OVERLOAD)),
        "INVALID_CREDENTIALS"
        | "NO_AUTH_FOUND"
        | "expired_token"
        | "insufficient_scope"
        | "ERROR_OAUTH"
        | "ACCESS_DENIED"
        | "INVALID_REQUEST" => refused_webhook(&said),
        _ if is_right => refused_webhook(&said),
        "ERROR_METHOD_NOT_FOUND" => no_rest(&said),
        // What broke inside the shop may have been written before.
        "" | "0" | "ERROR_CORE" | "INTERNAL_SERVER_ERROR" => {
            failed(if code.is_empty() { "unnamed" } else { code }, said)
        }
        _ => {
            let error = DeliveryError::Refused { code: cut(code), detail: said };
            CallError { error, unknown: false }
        }
    }
}

fn refused_webhook(said: &str) -> CallError {
    let detail =
        format!("it refuses the webhook ({said}); give one of an administrator with the rights sale and catalog");
    CallError::away("unauthorized", detail, Some(MISCONFIGURED))
}

fn no_rest(said: &str) -> CallError {
    let detail = format!("there is no such REST at rest.url ({said}); look whether sale and catalog are installed");
    CallError::away("no_endpoint", detail, Some(MISCONFIGURED))
}

fn failed(code: &str, detail: String) -> CallError {
    CallError { error: DeliveryError::Failed { code: code.to_owned(), detail }, unknown: true }
}

/// A text, or a number as text.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string)).unwrap_or_default()
}

pub(super) fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_one_of_taken_later_failed_and_refused() {
        let judged = |status: u16, body: &str| {
            let judged = judge(StatusCode::from_u16(status).unwrap(), body.as_bytes(), 1_000);
            match judged {
                Ok(_) => "taken".to_owned(),
                Err(CallError { error, unknown }) => {
                    let doubt = if unknown { "?" } else { "" };
                    match error {
                        DeliveryError::Away { code, after, .. } => {
                            format!("away{doubt} {code} {:?}", after.map(|after| after.as_secs()))
                        }
                        DeliveryError::Failed { code, .. } => format!("failed{doubt} {code}"),
                        DeliveryError::Refused { code, .. } => format!("refused{doubt} {code}"),
                    }
                }
            }
        };
        for (status, body, means) in [
            (200, r#"{"result":{"order":{"id":1}}}"#, "taken"),
            (200, r#"{"result":true}"#, "taken"),
            (200, "<html>maintenance</html>", "away? no_answer None"),
            (503, r#"{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}"#, "away busy Some(2)"),
            (429, r#"{"error":"OPERATION_TIME_LIMIT","time":{"operating_reset_at":1090}}"#, "away busy Some(90)"),
            (429, r#"{"error":"OPERATION_TIME_LIMIT"}"#, "away busy Some(60)"),
            (503, r#"{"error":"OVERLOAD_LIMIT"}"#, "away busy Some(300)"),
            (401, r#"{"error":"INVALID_CREDENTIALS"}"#, "away unauthorized Some(60)"),
            (401, r#"{"error":"expired_token"}"#, "away unauthorized Some(60)"),
            (403, r#"{"error":"insufficient_scope"}"#, "away unauthorized Some(60)"),
            (400, r#"{"error":200040300020,"error_description":"Access Denied"}"#, "away unauthorized Some(60)"),
            (404, r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#, "away no_endpoint Some(60)"),
            (404, "<html>", "away no_endpoint Some(60)"),
            (302, "", "away redirected Some(60)"),
            (400, r#"{"error":200140400011,"error_description":"Currency"}"#, "refused 200140400011"),
            (400, r#"{"error":"0","error_description":"fatal"}"#, "failed? 0"),
            (500, r#"{"error":"INTERNAL_SERVER_ERROR"}"#, "failed? INTERNAL_SERVER_ERROR"),
            (500, "", "failed? http_500"),
            (502, "", "away? busy None"),
        ] {
            assert_eq!(judged(status, body), means, "{status} {body}");
        }
    }
}
