//! The interface as OpenAPI, generated from the handlers; `tests/fixtures/openapi.json` is compared with it.

use actix_web::http::StatusCode;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::problem::PROBLEM_JSON;
use super::{api, catalog, guard, intake, oauth, orders};

#[derive(OpenApi)]
#[openapi(
    info(title = "aligate", description = "An event-driven gateway between 1C-Bitrix shops and AliExpress. `/v1/shops/{shop}/…` answers on both listeners: \
        signed after Standard Webhooks on the intake listener (the signed body is `<METHOD> <path?query>\\n<body>`, for events the body alone), with a bearer token on the admin listener."),
    modifiers(&Schemes, &Problems),
    security(("bearer" = []), ("webhook" = [])),
    paths(
        intake::post_events,
        api::get_livez, api::get_readyz, api::get_health, api::get_metrics, api::get_openapi, api::get_shops, api::get_status,
        api::get_trace, api::get_entries, api::get_dead_letters, api::post_redrive, api::post_discard, api::post_replay,
        api::get_job, api::post_cancel, api::post_import, api::post_pause, api::post_resume,
        orders::get_orders, orders::get_carriers, orders::put_carriers, orders::post_orders_import, orders::post_push,
        oauth::get_oauth_url, oauth::post_oauth_confirm, oauth::get_callback,
        catalog::categories::get_categories, catalog::categories::get_schema, catalog::categories::get_values,
        catalog::mapping::get_mappings, catalog::mapping::get_mapping, catalog::mapping::put_mapping, catalog::mapping::post_check,
        catalog::mapping::get_suggestions, catalog::listings::get_listings,
        guard::post_confirm, guard::post_discard,
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

/// What any request may be answered: handlers name only the problems that are their own.
struct Problems;

impl Modify for Problems {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        // The page of the callback is for people.
        for (path, item) in openapi.paths.paths.iter_mut().filter(|(path, _)| *path != crate::oauth::CALLBACK_PATH) {
            let acts = !path.ends_with("/events");
            let PathItem { get, put, post, delete, .. } = item;
            get.iter_mut().for_each(|operation| name_problems(operation, &["401"]));
            for operation in [put, post, delete].into_iter().flatten() {
                name_problems(operation, if acts { &["400", "401", "403"] } else { &["401"] });
            }
        }
    }
}

fn name_problems(operation: &mut Operation, statuses: &[&str]) {
    let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    let problem = |status: &str| {
        let words = StatusCode::from_bytes(status.as_bytes()).ok().and_then(|status| status.canonical_reason());
        ResponseBuilder::new().description(words.unwrap_or_default()).content(PROBLEM_JSON, content()).build()
    };
    let responses = &mut operation.responses.responses;
    // An open path names its own.
    let open = operation.security.as_ref().is_some_and(|schemes| schemes.contains(&SecurityRequirement::default()));
    let more = ["503"].into_iter().chain(statuses.iter().copied()).filter(|_| !open);
    for status in more.chain(responses.keys().cloned().collect::<Vec<_>>().iter().map(String::as_str)) {
        if status >= "400" {
            responses.insert(status.to_owned(), RefOr::T(problem(status)));
        }
    }
}

/// The interface as JSON text.
pub fn openapi_json() -> String {
    Interface::openapi().to_pretty_json().expect("the interface is plain data")
}
