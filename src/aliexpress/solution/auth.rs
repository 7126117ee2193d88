//! The calls that give tokens: `POST {gateway}/rest/auth/token/create` and `/refresh`, signed with their path.
//!
//! No word of an answer goes into an error unless AliExpress's own refusal: half an answer may hold a token.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::client::words;
use super::response::{self, number, text};
use super::{ClientOptions, SolutionClient};
use crate::aliexpress::{CallError, Refusal, TokenGrant};
use crate::clock::Timestamp;
use crate::http_client;
use crate::signing::iop;

/// The method of the exchange of a code, for the budget and the metrics.
pub const CREATE: &str = "/auth/token/create";
/// The method of a refresh.
pub const REFRESH: &str = "/auth/token/refresh";
/// The life of a token of which AliExpress says nothing: the shortest that is documented.
const LIFE_UNKNOWN: Duration = Duration::from_secs(86_400);

impl SolutionClient {
    /// The page on which a seller consents; AliExpress then calls `redirect_uri` with a code and the `state`.
    pub fn consent_url(&self, redirect_uri: &str, state: &str) -> String {
        let ClientOptions { gateway_url, app_key, .. } = &self.options;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("force_auth", "true")
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("client_id", app_key)
            .append_pair("state", state)
            .finish();
        format!("{}/oauth/authorize?{query}", gateway_url.trim_end_matches('/'))
    }

    /// Exchanges the code of a consent, which lives for three minutes and serves once.
    ///
    /// # Errors
    /// `InvalidCode` among others; `Unknown` where no answer came: the code may have been used.
    ///
    /// # Cancel safety
    /// A dropped call may have used the code.
    pub async fn create_token(&self, code: &SecretString) -> Result<TokenGrant, CallError> {
        self.grant(CREATE, "code", code).await
    }

    /// Gives a new access token for a refresh token.
    ///
    /// # Errors
    /// `IllegalRefreshToken` among others; `Unknown` where no answer came: the refresh token may have been exchanged.
    ///
    /// # Cancel safety
    /// A dropped call may have exchanged the refresh token.
    pub async fn refresh_token(&self, refresh_token: &SecretString) -> Result<TokenGrant, CallError> {
        self.grant(REFRESH, "refresh_token", refresh_token).await
    }

    async fn grant(
        &self,
        path: &'static str,
        name: &'static str,
        secret: &SecretString,
    ) -> Result<TokenGrant, CallError> {
        let ClientOptions { app_key, app_secret, gateway_url, .. } = &self.options;
        let now = self.clock.now();
        let mut params = vec![
            ("app_key", app_key.clone()),
            ("timestamp", now.as_millis().to_string()),
            ("sign_method", "sha256".to_owned()),
            (name, secret.expose_secret().to_owned()),
        ];
        params.push(("sign", iop::sign(app_secret.expose_secret(), Some(path), &params)));
        let no_answer = |detail: String| CallError::NoAnswer { detail, harmless: false };
        let url = format!("{}/rest{path}", gateway_url.trim_end_matches('/'));
        let sent = self.http.post(url).form(&params).send().await;
        let response = sent.map_err(|error| match error.is_connect() || error.is_builder() {
            true => CallError::not_made(words(error)),
            false => no_answer(words(error)),
        })?;
        let status = response.status();
        let body = http_client::bytes(response).await.map_err(|error| no_answer(error.to_string()))?;
        match response::result(&body) {
            Ok(value) => {
                grant(&value, now).ok_or_else(|| no_answer(format!("HTTP {status}, an answer without a token")))
            }
            Err(response::Trouble::Refused(refusal)) => Err(CallError::Refused(without(refusal, secret))),
            Err(response::Trouble::Unreadable(_)) => {
                Err(no_answer(format!("HTTP {status}, {} bytes that are no answer of AliExpress's", body.len())))
            }
        }
    }
}

/// A refusal whose words do not repeat what was sent, be it cut.
fn without(mut refusal: Refusal, secret: &SecretString) -> Refusal {
    let start: String = secret.expose_secret().chars().take(8).collect();
    if !start.is_empty() && refusal.message.contains(&start) {
        refusal.message = "its words are left out, since they repeat the secret".into();
    }
    refusal
}

/// The tokens of an answer; times may be numbers or texts, spans or ends, or missing.
fn grant(value: &Value, now: Timestamp) -> Option<TokenGrant> {
    let filled = |name: &str| text(&value[name]).filter(|text| !text.is_empty());
    let left = |span: &str, end: &str| {
        let until = || number(&value[end]).map(|end| Duration::from_millis(end.saturating_sub(now.as_millis())));
        number(&value[span]).map(Duration::from_secs).or_else(until)
    };
    let seller_id = ["seller_id", "user_id", "account_id"].into_iter().find_map(filled).unwrap_or_default();
    Some(TokenGrant {
        access_token: filled("access_token")?.into(),
        expires_in: left("expires_in", "expire_time").unwrap_or(LIFE_UNKNOWN),
        refresh_token: filled("refresh_token").map(Into::into),
        refresh_expires_in: left("refresh_expires_in", "refresh_token_valid_time"),
        seller_id,
        seller_name: ["account", "user_nick"].into_iter().find_map(filled).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_709_626_830_000);

    #[test]
    fn tokens_are_read_in_every_form_of_times() {
        let rows = [
            (json!({"expires_in": 2_592_000, "refresh_expires_in": "5184000"}), (2_592_000, Some(5_184_000))),
            (json!({"expires_in": "60", "refresh_expires_in": 0}), (60, Some(0))),
            (
                json!({"expire_time": 1_709_626_890_000_u64, "refresh_token_valid_time": "1709626930000"}),
                (60, Some(100)),
            ),
            (json!({"expire_time": 1_u64}), (0, None)),
            (json!({}), (86_400, None)),
        ];
        for (mut answer, (access, refresh)) in rows {
            answer["access_token"] = "a".into();
            answer["seller_id"] = 77.into();
            let grant = grant(&answer, NOW).unwrap();
            let secs = (grant.expires_in.as_secs(), grant.refresh_expires_in.map(|left| left.as_secs()));
            assert_eq!((secs, grant.seller_id.as_str()), ((access, refresh), "77"), "{answer}");
        }
        for none in [json!({"code": "0"}), json!({"access_token": ""}), json!({"access_token": null})] {
            assert!(grant(&none, NOW).is_none());
        }
    }

    #[test]
    fn a_refusal_repeats_no_secret() {
        let secret: SecretString = "3_500_planted".to_owned().into();
        let refusal = without(Refusal::new("InvalidCode", "Invalid Code 3_500_planted", "", ""), &secret);
        assert!(!refusal.message.contains("3_500"), "{}", refusal.message);
    }
}
