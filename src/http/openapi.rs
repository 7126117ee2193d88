//! The interface as OpenAPI, generated from the handlers; `openapi.json` at the top of the tests' fixtures is compared with it.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{api, intake, oauth};

#[derive(OpenApi)]
#[openapi(
    info(title = "aligate", description = "An event-driven gateway between 1C-Bitrix shops and AliExpress. `/v1/shops/{shop}/…` answers on both listeners: \
        signed after Standard Webhooks on the intake listener (the signed body is `<METHOD> <path?query>\\n<body>`, for events the body alone), with a bearer token on the admin listener."),
    modifiers(&Schemes),
    security(("bearer" = []), ("webhook" = [])),
    paths(
        intake::post_events,
        api::get_livez, api::get_readyz, api::get_health, api::get_metrics, api::get_openapi, api::get_shops, api::get_status,
        api::get_trace, api::get_entries, api::get_dead_letters, api::post_redrive, api::post_discard, api::post_replay,
        api::get_job, api::post_cancel, api::post_import, api::post_pause, api::post_resume,
        oauth::get_oauth_url, oauth::post_oauth_confirm, oauth::get_callback,
    )
)]
struct Interface;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("bearer", bearer);
        let webhook = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("webhook-signature")));
        components.add_security_scheme("webhook", webhook);
    }
}

/// The interface as JSON text.
pub fn openapi_json() -> String {
    Interface::openapi().to_pretty_json().expect("the interface is plain data")
}
