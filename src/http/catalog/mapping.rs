//! Mappings, what they would refuse, and what names may mean.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Answer, market, of_dry_run};
use crate::catalog::mapping::{self, Mapping, Market};
use crate::http::Api;
use crate::http::auth::Caller;
use crate::http::problem::{Problem, ProblemBody};
use crate::publishing::{CheckReport, MARKETS_MAX, Put, Suggestions};

/// A mapping and its version.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct VersionedMapping {
    /// Counts changes from 1; 0: there is none yet.
    #[serde(default)]
    pub version: Option<u64>,
    /// The mapping.
    #[schema(value_type = Object)]
    pub mapping: Mapping,
}

fn answer(status: StatusCode, version: u64, mapping: Mapping) -> HttpResponse {
    let body = VersionedMapping { version: Some(version), mapping };
    HttpResponse::build(status).insert_header((ETAG, format!("\"{version}\""))).json(body)
}

/// Which mapping.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MarketQuery {
    /// The key of a market that gets listings of its own, 1–20 of `a-z 0-9 _ -`; nothing or `main`: the main mapping.
    market: Option<String>,
}

/// A mapping in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct MappingLine {
    /// Its key: `main`, or that of a market.
    pub market: String,
    /// Its version.
    pub version: u64,
    /// The main language of its listings.
    pub language: String,
    /// Sections that it covers.
    pub sections: usize,
}

/// The mappings of a shop.
#[derive(Debug, Serialize, ToSchema)]
pub struct MappingLines {
    /// The main one first; at most 21.
    pub items: Vec<MappingLine>,
}

/// The shop's mappings: the main one, and one for each market that gets listings of its own.
#[utoipa::path(get, path = "/v1/shops/{shop}/mappings", tag = "publishing", params(("shop" = String, Path)),
    responses((status = 200, body = MappingLines)))]
pub async fn get_mappings(caller: Caller, api: web::Data<Api>) -> Answer<MappingLines> {
    let mappings = &api.publisher.mappings;
    let markets = mappings.markets(&caller.shop).await?;
    let mut items = Vec::new();
    for market in [Market::default()].iter().chain(markets.iter()) {
        if let Some(kept) = mappings.of(&caller.shop, market).await? {
            items.push(MappingLine {
                market: market.to_string(),
                version: kept.version,
                language: kept.mapping.language.clone(),
                sections: kept.mapping.categories.len(),
            });
        }
    }
    Ok(web::Json(MappingLines { items }))
}

/// The shop's mapping; an empty one of version 0 where it has none.
#[utoipa::path(get, path = "/v1/shops/{shop}/mapping", tag = "publishing", params(("shop" = String, Path), MarketQuery),
    responses((status = 200, body = VersionedMapping)))]
pub async fn get_mapping(
    caller: Caller,
    query: web::Query<MarketQuery>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let kept = api.publisher.mappings.of(&caller.shop, &market(query.market.as_ref())?).await?;
    Ok(match kept {
        Some(kept) => answer(StatusCode::OK, kept.version, kept.mapping.clone()),
        None => answer(StatusCode::OK, 0, Mapping::default()),
    })
}

/// Exchanges the mapping; products that the change touches are published anew. The version that it was made from is in `If-Match` or in the body.
#[utoipa::path(put, path = "/v1/shops/{shop}/mapping", tag = "publishing", params(("shop" = String, Path), MarketQuery),
    request_body = VersionedMapping, responses((status = 200, body = VersionedMapping), (status = 412, body = ProblemBody),
        (status = 422, body = ProblemBody, description = "every fault with its path, in `faults`")))]
pub async fn put_mapping(
    caller: Caller,
    query: web::Query<MarketQuery>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    caller.may_act()?;
    let market = market(query.market.as_ref())?;
    let given: VersionedMapping = caller.json()?;
    let header = request.headers().get(IF_MATCH).and_then(|value| value.to_str().ok());
    let matched = header.and_then(|text| text.trim().trim_matches('"').parse::<u64>().ok());
    let Some(expected) = matched.or(given.version) else {
        let detail = "give the version that the mapping was made from, in If-Match or in `version`; 0 for the first";
        return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "version_missing", detail));
    };
    let faults = mapping::faults(&given.mapping);
    if !faults.is_empty() {
        let detail = format!("the mapping has {} faults; nothing was changed", faults.len());
        return Err(Problem::unprocessable("mapping_invalid", detail).faulting(faults));
    }
    match api.publisher.put_mapping(&caller.shop, &market, expected, &given.mapping).await? {
        Put::Kept(kept) => {
            tracing::info!(shop.id = %caller.shop, %market, version = kept.version, "a mapping was exchanged");
            Ok(answer(StatusCode::OK, kept.version, kept.mapping.clone()))
        }
        Put::TooMany => {
            let detail = format!("a shop has at most {MARKETS_MAX} markets beside the main mapping");
            Err(Problem::unprocessable("markets_too_many", detail))
        }
        Put::OtherVersion => {
            let detail = "somebody changed the mapping meanwhile; read it again";
            Err(Problem::new(StatusCode::PRECONDITION_FAILED, "version_mismatch", detail))
        }
    }
}

/// What to check by.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// A mapping that is not kept yet; the kept one where it is left out.
    #[schema(value_type = Option<Object>)]
    mapping: Option<Mapping>,
}

/// Checks the products last seen: what would be refused, by cause, with the SKUs. Nothing is sent.
#[utoipa::path(post, path = "/v1/shops/{shop}/mapping/check", tag = "publishing", params(("shop" = String, Path), MarketQuery),
    request_body = CheckRequest, responses((status = 200, body = CheckReport)))]
pub async fn post_check(caller: Caller, query: web::Query<MarketQuery>, api: web::Data<Api>) -> Answer<CheckReport> {
    let market = market(query.market.as_ref())?;
    let asked: CheckRequest = caller.json()?;
    let mapping = match asked.mapping {
        Some(mapping) => {
            let faults = mapping::faults(&mapping);
            if !faults.is_empty() {
                let detail = format!("the mapping has {} faults", faults.len());
                return Err(Problem::unprocessable("mapping_invalid", detail).faulting(faults));
            }
            mapping
        }
        None => {
            let kept = api.publisher.mappings.of(&caller.shop, &market).await?;
            let kept = kept.ok_or_else(|| Problem::unprocessable("mapping_missing", "the shop has no mapping yet"))?;
            kept.mapping.clone()
        }
    };
    Ok(web::Json(api.publisher.dry_run(&caller.shop, &mapping).await.map_err(of_dry_run)?))
}

/// For which section and leaf.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestionsQuery {
    /// The shop's section.
    section: String,
    /// AliExpress's leaf.
    category: u64,
}

/// What the properties and values of a section's products may mean on AliExpress, by their names.
#[utoipa::path(get, path = "/v1/shops/{shop}/mapping/suggestions", tag = "publishing",
    params(("shop" = String, Path), SuggestionsQuery), responses((status = 200, body = Suggestions)))]
pub async fn get_suggestions(
    caller: Caller,
    query: web::Query<SuggestionsQuery>,
    api: web::Data<Api>,
) -> Answer<Suggestions> {
    let found = api.publisher.suggestions(&caller.shop, &query.section, query.category).await;
    Ok(web::Json(found.map_err(of_dry_run)?))
}
