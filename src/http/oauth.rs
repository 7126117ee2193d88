//! The seller's consent over HTTP: the link for whoever asks, and the page on which AliExpress sends the seller's browser back.
//!
//! The callback is the one route without a signature: its `state` is the proof. Its page holds no secret, and no other page learns its URL.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Caller;
use super::problem::{Problem, ProblemBody};
use super::{Api, api};
use crate::oauth::{Callback, Failure, Language, LinkError, Outcome, VaultError};

/// What the callback answers with.
pub(super) const PAGE: &str = "text/html; charset=utf-8";

/// A consent link.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentLink {
    /// Where the seller goes; serves once.
    pub url: String,
    /// Names the consent in `token.last_consent` of the status.
    pub consent: String,
    /// Until when it serves, milliseconds since the epoch.
    pub expires_at_ms: u64,
}

/// A link to AliExpress's consent page; it serves once, for half an hour.
#[utoipa::path(get, path = "/v1/shops/{shop}/oauth/url", tag = "consent", params(("shop" = String, Path)),
    responses((status = 200, body = ConsentLink), (status = 422, body = ProblemBody)))]
pub async fn get_oauth_url(caller: Caller, api: web::Data<Api>) -> Result<web::Json<ConsentLink>, Problem> {
    caller.may_act()?;
    let link = api.oauth.link(&caller.shop).await?;
    let expires_at_ms = link.until.as_millis();
    Ok(web::Json(ConsentLink { url: link.url, consent: link.id, expires_at_ms }))
}

/// Whose consent is confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The seller's id, as `token.unconfirmed_seller` of the status says it.
    seller: String,
}

/// Takes the consent of another seller than the first.
#[utoipa::path(post, path = "/v1/shops/{shop}/oauth/confirm", tag = "consent", params(("shop" = String, Path)),
    request_body = Confirmation, responses((status = 200, body = api::ShopStatus), (status = 404, body = ProblemBody)))]
pub async fn post_oauth_confirm(caller: Caller, api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    caller.may_act()?;
    let Confirmation { seller } = caller.json()?;
    if !api.oauth.confirm(&caller.shop, &seller).await? {
        return Err(Problem::not_found(format!("no consent of seller {seller:?} waits for confirmation")));
    }
    let shop = api.shop(caller.shop.as_str()).ok_or_else(Problem::unauthorized)?;
    Ok(HttpResponse::Ok().json(super::status::of_shop(&api, shop).await?))
}

/// What AliExpress adds to the callback's URL.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallbackQuery {
    /// The link's state.
    #[serde(default)]
    state: String,
    /// The code; left out where the seller said no.
    #[serde(default, deserialize_with = "secret")]
    #[param(value_type = Option<String>)]
    code: Option<SecretString>,
}

fn secret<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Into::into))
}

/// Where AliExpress sends the seller's browser back to: exchanges the code and says how it went, in Russian or English.
#[utoipa::path(get, path = "/oauth/callback", tag = "consent", params(CallbackQuery), security(()),
    responses((status = 200, content_type = "text/html"), (status = 400, content_type = "text/html"), (status = 503, content_type = "text/html")))]
pub async fn get_callback(request: HttpRequest, query: web::Query<CallbackQuery>, api: web::Data<Api>) -> HttpResponse {
    let CallbackQuery { state, code } = query.into_inner();
    // Neither a client that hangs up nor a server that stops may cut an exchange short: the code serves once.
    let oauth = std::sync::Arc::clone(&api.oauth);
    let outcome = actix_web::rt::spawn(async move { oauth.callback(Callback { state, code }).await }).await;
    let outcome = outcome.unwrap_or(Outcome::Failed(Failure::StoreAway));
    let status = match &outcome {
        Outcome::Stored { .. } | Outcome::Doubtful { .. } => StatusCode::OK,
        Outcome::Failed(Failure::StoreAway | Failure::AliExpressAway) => StatusCode::SERVICE_UNAVAILABLE,
        Outcome::Failed(_) => StatusCode::BAD_REQUEST,
    };
    HttpResponse::build(status)
        .content_type(PAGE)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .body(page(&outcome, language(&request)))
}

/// Russian where the browser prefers it to English, else English.
fn language(request: &HttpRequest) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = header.to_ascii_lowercase();
    let at = |language: &str| named.split(',').position(|tag| tag.trim_start().starts_with(language));
    match (at("ru"), at("en")) {
        (Some(ru), Some(en)) if ru > en => Language::En,
        (Some(_), _) => Language::Ru,
        _ => Language::En,
    }
}

fn page(outcome: &Outcome, language: Language) -> String {
    let lang = match language {
        Language::Ru => "ru",
        Language::En => "en",
    };
    let colour = match outcome {
        Outcome::Stored { .. } => "#1a7f37",
        Outcome::Doubtful { .. } => "#9a6700",
        Outcome::Failed(_) => "#b42318",
    };
    let (title, words) = (escaped(&outcome.title(language)), escaped(&outcome.words(language)));
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · aligate</title><style>body{{font:17px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.25rem;color:#1f2328;background:#fff}}\
         h1{{font-size:1.5rem;color:{colour}}}@media(prefers-color-scheme:dark){{body{{color:#e6edf3;background:#0d1117}}}}</style></head>\
         <body><main data-outcome=\"{}\"><h1>{title}</h1><p>{words}</p></main></body></html>",
        outcome.code()
    )
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::NoApplication => Self::unprocessable("no_application", error.to_string()),
            LinkError::NoPublicUrl => Self::unprocessable("public_url_missing", error.to_string()),
            LinkError::Store(error) => error.into(),
        }
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Store(error) => error.into(),
            VaultError::Sealed(_) | VaultError::Unreadable => {
                tracing::error!(%error, "a shop's tokens cannot be used");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "tokens_unreadable", error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_browsers_first_known_language_is_spoken() {
        let rows = [
            ("ru-RU,ru;q=0.9,en-US;q=0.8", Language::Ru),
            ("en-GB,en,ru", Language::En),
            ("de, ru;q=0.5", Language::Ru),
        ];
        for (header, expected) in rows {
            let request = TestRequest::default().insert_header((ACCEPT_LANGUAGE, header)).to_http_request();
            assert_eq!(language(&request), expected, "{header}");
        }
        assert_eq!(language(&TestRequest::default().to_http_request()), Language::En);
    }

    #[test]
    fn what_aliexpress_says_cannot_become_markup() {
        let outcome = Outcome::Stored { shop: "main".parse().unwrap(), seller: "<script>\"'&".into() };
        let page = page(&outcome, Language::Ru);
        assert!(page.contains("&lt;script&gt;&quot;&#39;&amp;") && !page.contains("<script"), "{page}");
    }
}
