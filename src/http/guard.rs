//! What the avalanche guard holds: people decide. On either listener.

use std::collections::BTreeMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::api::Api;
use super::auth::Caller;
use super::problem::Problem;
use crate::guard::{Held, Kind};
use crate::queue::Decision;

/// Which kinds.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardSelection {
    /// `withdrawal`, `zero_stock` or `price`; all of them where it is left out.
    #[schema(value_type = Option<String>)]
    kind: Option<Kind>,
}

/// How many changes were decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardCount {
    /// How many.
    pub count: u64,
    /// Of each kind.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub kinds: BTreeMap<Kind, u64>,
}

/// What the guard holds of a shop.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardStatus {
    /// Changes that wait for a decision.
    pub held: u64,
    /// Of each kind: `withdrawal`, `zero_stock`, `price`.
    #[schema(value_type = BTreeMap<String, GuardKind>)]
    pub kinds: BTreeMap<Kind, GuardKind>,
}

/// How a kind stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardKind {
    /// Changes that wait for a decision.
    pub held: u64,
    /// SKUs, or products for `withdrawal`, that fell within the guard's window.
    pub fallen: u64,
    /// How many may.
    pub limit: u64,
    /// Seconds for which a confirmation still lets all of the kind through; null: it does not.
    pub let_secs: Option<u64>,
}

impl From<BTreeMap<Kind, Held>> for GuardStatus {
    fn from(kinds: BTreeMap<Kind, Held>) -> Self {
        let kind = |(kind, stands): (Kind, Held)| {
            let let_secs = stands.let_for.map(|left| left.as_secs());
            (kind, GuardKind { held: stands.held, fallen: stands.fallen, limit: stands.limit, let_secs })
        };
        Self { held: kinds.values().map(|stands| stands.held).sum(), kinds: kinds.into_iter().map(kind).collect() }
    }
}

/// Sends what is held: it was right. What else of the kind comes within the guard's window goes with it.
#[utoipa::path(post, path = "/v1/shops/{shop}/guard/confirm", tag = "guard", params(("shop" = String, Path)),
    request_body = GuardSelection, responses((status = 200, body = GuardCount)))]
pub async fn post_confirm(caller: Caller, api: web::Data<Api>) -> Result<web::Json<GuardCount>, Problem> {
    decide(&caller, &api, Decision::Confirm).await
}

/// Drops what is held: it was wrong. AliExpress keeps what it has until the shop says something new of a SKU.
#[utoipa::path(post, path = "/v1/shops/{shop}/guard/discard", tag = "guard", params(("shop" = String, Path)),
    request_body = GuardSelection, responses((status = 200, body = GuardCount)))]
pub async fn post_discard(caller: Caller, api: web::Data<Api>) -> Result<web::Json<GuardCount>, Problem> {
    decide(&caller, &api, Decision::Discard).await
}

async fn decide(caller: &Caller, api: &Api, decision: Decision) -> Result<web::Json<GuardCount>, Problem> {
    caller.may_act()?;
    let selection: GuardSelection = caller.json()?;
    let kinds = selection.kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let kinds = api.guard.decide(&caller.shop, &kinds, decision).await?;
    Ok(web::Json(GuardCount { count: kinds.values().sum(), kinds }))
}
