//! How products stand on AliExpress.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::http::Api;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::publishing::{ListingState, Record, Wanted};

/// The most listings of a page.
const PAGE_MAX: usize = 200;

/// A listing as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownListing {
    /// The shop's product.
    pub product_id: String,
    /// The mapping that it is for: `main`, or the key of a market.
    pub market: String,
    /// Its name in the shop.
    pub name: String,
    /// Its id on AliExpress.
    pub aliexpress_product_id: Option<String>,
    /// How it stands.
    pub state: ListingState,
    /// Why.
    pub reasons: Vec<crate::publishing::Reason>,
    /// Other listings of the same SKUs.
    pub duplicates: Vec<String>,
    /// Since when, milliseconds since the epoch.
    pub changed_ms: u64,
}

impl From<Record> for ShownListing {
    fn from(record: Record) -> Self {
        Self {
            product_id: record.product_id,
            market: record.market.to_string(),
            name: record.name,
            aliexpress_product_id: record.listing.map(|listing| listing.to_string()),
            state: record.state,
            reasons: record.reasons,
            duplicates: record.duplicates.iter().map(ToString::to_string).collect(),
            changed_ms: record.changed_ms,
        }
    }
}

/// A page of listings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listings {
    /// What is on it.
    pub items: Vec<ShownListing>,
    /// Give it as `cursor` for the next page; null at the end. A page may hold fewer than asked for, even none, and not be the last.
    pub next: Option<String>,
}

/// Which page of which listings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListingsQuery {
    /// `check_failed`, `auditing`, `refused`, `on_selling` or `offline`.
    #[param(value_type = Option<String>)]
    state: Option<ListingState>,
    /// Those with this reason alone.
    reason: Option<String>,
    /// Those of this market alone.
    market: Option<String>,
    /// Where the page starts.
    cursor: Option<String>,
    /// At most 200.
    limit: Option<usize>,
}

/// How the shop's products stand on AliExpress.
#[utoipa::path(get, path = "/v1/shops/{shop}/listings", tag = "publishing",
    params(("shop" = String, Path), ListingsQuery), responses((status = 200, body = Listings)))]
pub async fn get_listings(caller: Caller, query: web::Query<ListingsQuery>, api: web::Data<Api>) -> Answer<Listings> {
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let market = query.market.as_ref().map(|named| super::market(Some(named))).transpose()?;
    let wanted = Wanted { state: query.state, reason: query.reason.as_deref(), market: market.as_ref() };
    let page = api.publisher.listings(&caller.shop, wanted, query.cursor.as_deref(), limit).await?;
    let page = page.ok_or_else(|| Problem::bad_request("cursor_invalid", "the cursor is not one that was given"))?;
    Ok(web::Json(Listings { items: page.items.into_iter().map(ShownListing::from).collect(), next: page.next }))
}
