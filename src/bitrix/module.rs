//! The module's endpoint: `POST {bitrix_url}`, one event a request, signed after Standard Webhooks with the shop's first secret.
//!
//! `webhook-id` is a digest of shop, event and version, so that a repeat is known as one. The URL is the operator's; redirects are not
//! followed, link-local addresses are not called (`http_client`), and of an answer no more is read than an answer needs.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{DeliveryError, OutboundEvent, Sink, Taken, of_buyer, words_of};
use crate::clock::SharedClock;
use crate::domain::ShopId;
use crate::http_client;
use crate::signing::standard_webhooks::Secret;

/// The most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 256 << 10;
/// The longest wait that a shop may ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);
/// How long a shop that refuses our signature, or whose endpoint is not there, is left alone.
const MISCONFIGURED: Duration = Duration::from_secs(60);
/// The most characters of the shop's words that are kept.
const WORDS_MAX: usize = 300;

/// Events to one shop's module.
pub struct ModuleClient {
    shop: ShopId,
    url: SecretString,
    secret: Secret,
    http: reqwest::Client,
    clock: SharedClock,
}

impl fmt::Debug for ModuleClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModuleClient({})", self.shop)
    }
}

impl ModuleClient {
    /// A client to the module at `url`, over an HTTP client made for shops.
    pub fn new(shop: ShopId, url: SecretString, secret: Secret, http: reqwest::Client, clock: SharedClock) -> Self {
        Self { shop, url, secret, http, clock }
    }

    async fn post(&self, event: &OutboundEvent) -> Result<Value, DeliveryError> {
        let body = json!({"type": event.kind, "version": event.version, "data": event.data}).to_string();
        let (id, timestamp) = (webhook_id(&self.shop, event), self.clock.now().as_secs());
        let signature = self.secret.sign(&id, timestamp, body.as_bytes());
        let request = self.http.post(self.url.expose_secret()).header("content-type", "application/json");
        let request = request.header("webhook-id", &id).header("webhook-timestamp", timestamp.to_string());
        let sent = request.header("webhook-signature", signature).body(body).send().await;
        let response = sent.map_err(|error| away("not_reached", words_of(error)))?;
        let (status, after) = (response.status(), retry_after(&response));
        let answer = http_client::bytes_up_to(response, ANSWER_BYTES_MAX).await;
        let answer = answer.map_err(|error| away("no_answer", error.to_string()))?;
        judge(status, after, &answer)
    }
}

#[async_trait]
impl Sink for ModuleClient {
    async fn order(&self, event: &OutboundEvent) -> Result<Taken, DeliveryError> {
        let answer = self.post(event).await.map_err(|error| error.without(&of_buyer(event)))?;
        let order_id = match &answer["order_id"] {
            Value::String(id) if !id.is_empty() && id.len() <= 50 => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            Value::Null if answer.get("order_id").is_some() => None,
            _ => return Err(away("no_answer", "the answer names no order_id".into())),
        };
        let created = answer["created"].as_bool().unwrap_or(false);
        // The module keeps its own journal.
        Ok(Taken { order_id, created, notes: Vec::new() })
    }

    async fn tell(&self, event: &OutboundEvent) -> Result<(), DeliveryError> {
        self.post(event).await.map(drop)
    }
}

/// The same for every repeat of an event, another for every other event.
fn webhook_id(shop: &ShopId, event: &OutboundEvent) -> String {
    let said = format!("{shop}\n{}\n{}\n{}", event.kind, event.key, event.version);
    format!("evt_{}", hex::encode(&Sha256::digest(said)[..20]))
}

fn away(code: &'static str, detail: String) -> DeliveryError {
    DeliveryError::Away { code, detail, after: None }
}

/// What an answer means.
fn judge(status: StatusCode, after: Option<Duration>, body: &[u8]) -> Result<Value, DeliveryError> {
    let answer: Option<Value> = serde_json::from_slice(body).ok().filter(Value::is_object);
    let text = |name: &str| answer.as_ref().and_then(|answer| answer[name].as_str()).map(cut);
    let detail = text("detail").or_else(|| text("title")).unwrap_or_else(|| format!("HTTP {}", status.as_u16()));
    let misconfigured =
        |code, detail| Err(DeliveryError::Away { code, detail, after: Some(after.unwrap_or(MISCONFIGURED)) });
    match status.as_u16() {
        200..=299 => answer.clone().ok_or_else(|| away("no_answer", "the answer is no JSON object".into())),
        300..=399 => misconfigured("redirected", "it redirects; set bitrix_url to where it redirects to".to_owned()),
        401 | 403 => misconfigured("unauthorized", format!("it refuses the signature ({detail}); compare the secrets")),
        404 | 405 | 410 => misconfigured("no_endpoint", format!("there is no module at bitrix_url ({detail})")),
        422 => Err(DeliveryError::Refused { code: text("code").unwrap_or_else(|| "refused".into()), detail }),
        408 | 425 | 429 | 502..=599 => Err(DeliveryError::Away { code: "busy", detail, after }),
        // A page that fails on one order must not stop the others, nor go on for ever.
        _ => Err(DeliveryError::Failed { code: format!("http_{}", status.as_u16()), detail }),
    }
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect()
}

/// `Retry-After` in seconds, bounded.
fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let text = response.headers().get("retry-after")?.to_str().ok()?;
    let seconds = Duration::from_secs(text.trim().parse().ok()?);
    Some(seconds.clamp(Duration::from_secs(1), RETRY_AFTER_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_the_contract_says() {
        let judged = |status: u16, body: &str| {
            let judged = judge(StatusCode::from_u16(status).unwrap(), Some(Duration::from_secs(7)), body.as_bytes());
            match judged {
                Ok(_) => "taken".to_owned(),
                Err(DeliveryError::Away { code, after, .. }) => format!("away {code} {after:?}"),
                Err(DeliveryError::Failed { code, .. }) => format!("failed {code}"),
                Err(DeliveryError::Refused { code, detail }) => format!("refused {code}: {detail}"),
            }
        };
        for (status, body, means) in [
            (200, r#"{"order_id":"551","created":true}"#, "taken"),
            (200, "<html>maintenance</html>", "away no_answer None"),
            (200, "[]", "away no_answer None"),
            (302, "", "away redirected Some(7s)"),
            (401, "", "away unauthorized Some(7s)"),
            (404, "<html>", "away no_endpoint Some(7s)"),
            (422, r#"{"code":"sku_unknown","detail":"no such article"}"#, "refused sku_unknown: no such article"),
            (422, "", "refused refused: HTTP 422"),
            (429, "", "away busy Some(7s)"),
            (503, "", "away busy Some(7s)"),
            (500, "", "failed http_500"),
            (400, "", "failed http_400"),
        ] {
            assert_eq!(judged(status, body), means, "{status} {body}");
        }
    }

    #[test]
    fn a_repeat_has_the_same_webhook_id_and_nothing_else_has() {
        let event = |kind: &str, key: &str, version| OutboundEvent {
            kind: kind.into(),
            key: key.into(),
            version,
            data: Value::Null,
        };
        let shop: ShopId = "main".parse().unwrap();
        let first = webhook_id(&shop, &event("order.changed", "1", 1));
        assert_eq!(first, webhook_id(&shop, &OutboundEvent { data: json!(1), ..event("order.changed", "1", 1) }));
        for other in [event("order.changed", "1", 2), event("order.changed", "11", 1), event("notice", "1", 1)] {
            assert_ne!(first, webhook_id(&shop, &other));
        }
        assert_ne!(first, webhook_id(&"other".parse().unwrap(), &event("order.changed", "1", 1)));
    }
}
