//! What the module's pages ask about publishing: categories, mapping, checks, listings.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::auth::Caller;
use super::problem::{Problem, ProblemBody};
use crate::aliexpress::{Access, CallError};
use crate::catalog::mapping::{self, Mapping};
use crate::catalog::schema::{CategorySchema, Names};
use crate::publishing::{CategoryError, CheckReport, DryRunError, ListingState, Record, Suggestions, Tree};

type Answer<T> = Result<web::Json<T>, Problem>;

/// The most listings of a page.
const PAGE_MAX: usize = 200;

/// The most categories that are asked for by their ids.
const IDS_MAX: usize = 200;

/// Routes of both listeners, below `/v1/shops/{shop}`.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/categories", web::get().to(get_categories))
        .route("/categories/{id}/schema", web::get().to(get_schema))
        .route("/mapping", web::get().to(get_mapping))
        .route("/mapping", web::put().to(put_mapping))
        .route("/mapping/check", web::post().to(post_check))
        .route("/mapping/suggestions", web::get().to(get_suggestions))
        .route("/listings", web::get().to(get_listings));
}

/// A category as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCategory {
    /// Its id.
    pub id: u64,
    /// Products can stand in it.
    pub leaf: bool,
    /// Its names by language.
    #[schema(value_type = Object)]
    pub names: Names,
    /// Russian names from the top.
    pub path: Vec<String>,
    /// English names from the top.
    pub path_en: Vec<String>,
}

/// Categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCategories {
    /// When the tree was read, milliseconds since the epoch; null while it is being read for the first time.
    pub read_ms: Option<u64>,
    /// The categories.
    pub items: Vec<ShownCategory>,
}

/// Which categories.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CategoriesQuery {
    /// Those below this one; 0 or nothing = the roots.
    #[serde(default)]
    parent: u64,
    /// Leaves with these words in their names.
    search: Option<String>,
    /// Leaves that AliExpress proposes for this title.
    suggest: Option<String>,
    /// These, by their ids with commas between them, at most 200; unknown ones are left out.
    ids: Option<String>,
}

/// Ids with commas between them.
fn ids(text: &str) -> Result<Vec<u64>, Problem> {
    let detail = || format!("ids are at most {IDS_MAX} whole numbers with commas between them");
    let all: Result<Vec<u64>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    all.ok().filter(|all| all.len() <= IDS_MAX).ok_or_else(|| Problem::bad_request("ids_invalid", detail()))
}

fn shown(tree: &Tree, id: u64, leaf: bool, names: Names) -> ShownCategory {
    let (path, path_en) = (tree.path(id, "ru"), tree.path(id, "en"));
    ShownCategory { id, leaf, names, path, path_en }
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

/// Categories of the kept tree: below one, by words, by their ids, or proposed by AliExpress for a title.
#[utoipa::path(get, path = "/v1/shops/{shop}/categories", tag = "publishing",
    params(("shop" = String, Path), CategoriesQuery), responses((status = 200, body = ShownCategories)))]
pub async fn get_categories(
    caller: Caller,
    query: web::Query<CategoriesQuery>,
    api: web::Data<Api>,
) -> Answer<ShownCategories> {
    let tree = api.publisher.categories.tree(&caller.shop).await?;
    let Some(tree) = tree else {
        let access = Arc::clone(access(&api, &caller)?);
        let (publisher, shop) = (Arc::clone(&api.publisher), caller.shop.clone());
        // Read in the background: it takes some hundred requests.
        api.tasks.spawn(async move {
            if let Err(error) = publisher.categories.walk(&shop, &access).await {
                tracing::warn!(shop.id = %shop, %error, "the categories could not be read");
            }
        });
        return Ok(web::Json(ShownCategories { read_ms: None, items: Vec::new() }));
    };
    let items = match (&query.ids, &query.suggest, &query.search) {
        (Some(wanted), ..) => {
            let wanted = ids(wanted)?;
            let found = tree.categories.iter().filter(|category| wanted.contains(&category.id));
            found.map(|category| shown(&tree, category.id, category.leaf, category.names.clone())).collect()
        }
        (None, Some(title), _) => {
            let access = access(&api, &caller)?;
            let client = &access.application.client;
            let method = &client.methods().category_suggest;
            let call = async |token: crate::aliexpress::Token| client.suggest_category(&token, title, "ru").await;
            let found = access.call(method, false, call).await.map_err(|error| of_call(&error))?;
            let known = |id: u64| tree.categories.iter().find(|category| category.id == id);
            let names = |name: String| Names::from([("en".to_owned(), name)]);
            let one = |found: crate::aliexpress::SuggestedCategory| match known(found.id) {
                Some(category) => shown(&tree, category.id, category.leaf, category.names.clone()),
                None => {
                    let (path, path_en) = (found.path.clone(), found.path);
                    ShownCategory { id: found.id, leaf: true, names: names(found.name), path, path_en }
                }
            };
            found.into_iter().map(one).collect()
        }
        (None, None, Some(words)) => {
            let found = tree.search(words).into_iter();
            found.map(|category| shown(&tree, category.id, category.leaf, category.names.clone())).collect()
        }
        (None, None, None) => {
            let below = tree.below(query.parent);
            below.map(|category| shown(&tree, category.id, category.leaf, category.names.clone())).collect()
        }
    };
    Ok(web::Json(ShownCategories { read_ms: Some(tree.at_ms), items }))
}

/// What AliExpress asks of a product of a leaf.
#[utoipa::path(get, path = "/v1/shops/{shop}/categories/{id}/schema", tag = "publishing",
    params(("shop" = String, Path), ("id" = u64, Path)), responses((status = 200, body = Object), (status = 422, body = ProblemBody)))]
pub async fn get_schema(caller: Caller, path: web::Path<(String, u64)>, api: web::Data<Api>) -> Answer<CategorySchema> {
    let access = access(&api, &caller)?;
    let schema = api.publisher.categories.schema(&caller.shop, access, path.1).await;
    Ok(web::Json(schema.map_err(of_category)?))
}

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

/// The shop's mapping; an empty one of version 0 where it has none.
#[utoipa::path(get, path = "/v1/shops/{shop}/mapping", tag = "publishing", params(("shop" = String, Path)),
    responses((status = 200, body = VersionedMapping)))]
pub async fn get_mapping(caller: Caller, api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    let kept = api.publisher.mappings.of(&caller.shop).await?;
    Ok(match kept {
        Some(kept) => answer(StatusCode::OK, kept.version, kept.mapping.clone()),
        None => answer(StatusCode::OK, 0, Mapping::default()),
    })
}

/// Exchanges the mapping; products that the change touches are published anew. The version that it was made from is in `If-Match` or in the body.
#[utoipa::path(put, path = "/v1/shops/{shop}/mapping", tag = "publishing", params(("shop" = String, Path)),
    request_body = VersionedMapping, responses((status = 200, body = VersionedMapping), (status = 412, body = ProblemBody),
        (status = 422, body = ProblemBody, description = "every fault with its path, in `faults`")))]
pub async fn put_mapping(caller: Caller, request: HttpRequest, api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    caller.may_act()?;
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
    match api.publisher.put_mapping(&caller.shop, expected, &given.mapping).await? {
        Some(kept) => {
            tracing::info!(shop.id = %caller.shop, version = kept.version, "the mapping was exchanged");
            Ok(answer(StatusCode::OK, kept.version, kept.mapping))
        }
        None => {
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
#[utoipa::path(post, path = "/v1/shops/{shop}/mapping/check", tag = "publishing", params(("shop" = String, Path)),
    request_body = CheckRequest, responses((status = 200, body = CheckReport)))]
pub async fn post_check(caller: Caller, api: web::Data<Api>) -> Answer<CheckReport> {
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
            let kept = api.publisher.mappings.of(&caller.shop).await?;
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

/// A listing as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownListing {
    /// The shop's product.
    pub product_id: String,
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
    /// Give it as `cursor` for the next page; null at the end.
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
    let (reason, cursor) = (query.reason.as_deref(), query.cursor.as_deref());
    let page = api.publisher.listings(&caller.shop, query.state, reason, cursor, limit).await?;
    let page = page.ok_or_else(|| Problem::bad_request("cursor_invalid", "the cursor is not one that was given"))?;
    Ok(web::Json(Listings { items: page.items.into_iter().map(ShownListing::from).collect(), next: page.next }))
}
