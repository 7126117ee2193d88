//! What the module's pages ask about publishing: categories, mappings, checks, listings.
//!
//! Every answer is bounded: lists of values come in pages, a schema shows the first of each, a report names some of the products.

pub mod categories;
pub mod listings;
pub mod mapping;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;

use super::Api;
use super::auth::Caller;
use super::problem::Problem;
use crate::aliexpress::{Access, CallError};
use crate::catalog::mapping::Market;
use crate::publishing::{CategoryError, DryRunError};

type Answer<T> = Result<web::Json<T>, Problem>;

/// Routes of both listeners, below `/v1/shops/{shop}`.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/categories", web::get().to(categories::get_categories))
        .route("/categories/{id}/schema", web::get().to(categories::get_schema))
        .route("/categories/{id}/attributes/{attribute}/values", web::get().to(categories::get_values))
        .route("/mappings", web::get().to(mapping::get_mappings))
        .route("/mapping", web::get().to(mapping::get_mapping))
        .route("/mapping", web::put().to(mapping::put_mapping))
        .route("/mapping/check", web::post().to(mapping::post_check))
        .route("/mapping/suggestions", web::get().to(mapping::get_suggestions))
        .route("/listings", web::get().to(listings::get_listings));
}

fn access<'a>(api: &'a Api, caller: &Caller) -> Result<&'a Arc<Access>, Problem> {
    let detail = "the shop has no app_key, app_secret and token to ask AliExpress with";
    api.publisher.access(&caller.shop).ok_or_else(|| Problem::unprocessable("no_credentials", detail))
}

fn of_call(error: &CallError) -> Problem {
    let detail = error.to_string();
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "aliexpress_away", detail).retry_after(10)
}

fn of_category(error: CategoryError) -> Problem {
    match error {
        CategoryError::Call(CallError::Refused(refusal)) if refusal.class == crate::aliexpress::Class::Rejected => {
            Problem::unprocessable("category_refused", format!("AliExpress: {} ({})", refusal.message, refusal.code))
        }
        CategoryError::Call(error) => of_call(&error),
        CategoryError::Store(error) => error.into(),
    }
}

fn of_dry_run(error: DryRunError) -> Problem {
    match error {
        DryRunError::Queue(error) => error.into(),
        DryRunError::Category(error) => of_category(error),
    }
}

/// The market that a query names; the main one where it names none.
fn market(named: Option<&String>) -> Result<Market, Problem> {
    let parsed = named.map_or_else(|| Ok(Market::default()), |text| text.parse::<Market>());
    parsed.map_err(|error| Problem::bad_request("market_invalid", error.to_string()))
}
