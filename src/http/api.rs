//! What people and the module's pages ask of a shop, on either listener. Handlers read, call one function, answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, Responder, web};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Operator};
use super::guard;
use super::oauth;
use super::openapi::openapi_json;
use super::orders;
use super::problem::{Problem, ProblemBody};
pub use super::status::ShopStatus;
use super::status::{self, AppStatus};
use crate::aliexpress::Applications;
use crate::batching::BatchLimits;
use crate::config::ShopConfig;
use crate::domain::{Lane, ShopId, state};
use crate::guard::Guard;
use crate::jobs::{self, ImportCursor, Job, JobState, Jobs, Work};
use crate::listings::StoreCurrencies;
use crate::oauth::OAuth;
use crate::orders::Orders;
use crate::publishing::Publisher;
use crate::queue::{Confirmed, EntryView, Fault, HistoryLine, PAGE_MAX, Place, Queue, ReplayFilter, Which};
use crate::telemetry::health::{Component, Condition, HealthBoard};
use crate::telemetry::metric;

/// What the API works with.
#[derive(Debug, Clone)]
pub struct Api {
    /// The queue.
    pub queue: Arc<dyn Queue>,
    /// The shops.
    pub shops: Arc<[ShopConfig]>,
    /// Their applications.
    pub applications: Arc<Applications>,
    /// Long work.
    pub jobs: Jobs,
    /// Consents and tokens.
    pub oauth: Arc<OAuth>,
    /// Their orders.
    pub orders: Arc<Orders>,
    /// Wakes the poller of a shop.
    pub hints: BTreeMap<ShopId, Arc<Notify>>,
    /// An order that must be sent within this is near its deadline.
    pub deadline_near: Duration,
    /// How everything is.
    pub health: Arc<HealthBoard>,
    /// The stores' currencies.
    pub currencies: StoreCurrencies,
    /// For estimates.
    pub limits: BatchLimits,
    /// Publishing.
    pub publisher: Arc<Publisher>,
    /// What is held.
    pub guard: Arc<Guard>,
    /// Work that goes on behind an answer.
    pub tasks: TaskTracker,
}

impl Api {
    /// The shop of that name.
    pub fn shop(&self, name: &str) -> Option<&ShopConfig> {
        self.shops.iter().find(|shop| shop.id.as_str() == name)
    }
}

type Answer<T> = Result<web::Json<T>, Problem>;

/// Routes of both listeners.
pub fn shop_routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/v1/shops/{shop}")
            .configure(super::catalog::routes)
            .route("/status", web::get().to(get_status))
            .route("/trace", web::get().to(get_trace))
            .route("/entries", web::get().to(get_entries))
            .route("/dead-letters", web::get().to(get_dead_letters))
            .route("/dead-letters/redrive", web::post().to(post_redrive))
            .route("/redrive", web::post().to(post_redrive))
            .route("/dead-letters/discard", web::post().to(post_discard))
            .route("/replay", web::post().to(post_replay))
            .route("/jobs/{id}", web::get().to(get_job))
            .route("/jobs/{id}/cancel", web::post().to(post_cancel))
            .route("/listings/import", web::post().to(post_import))
            .route("/orders", web::get().to(orders::get_orders))
            .route("/orders/import", web::post().to(orders::post_orders_import))
            .route("/carriers", web::get().to(orders::get_carriers))
            .route("/carriers", web::put().to(orders::put_carriers))
            .route("/guard/confirm", web::post().to(guard::post_confirm))
            .route("/guard/discard", web::post().to(guard::post_discard))
            .route("/oauth/url", web::get().to(oauth::get_oauth_url))
            .route("/oauth/confirm", web::post().to(oauth::post_oauth_confirm))
            .route("/lanes/{lane}/pause", web::post().to(post_pause))
            .route("/lanes/{lane}/resume", web::post().to(post_resume)),
    );
}

/// Routes of the admin listener alone.
pub fn admin_routes(config: &mut web::ServiceConfig) {
    config
        .route("/livez", web::get().to(get_livez))
        .route("/readyz", web::get().to(get_readyz))
        .route("/health", web::get().to(get_health))
        .route("/metrics", web::get().to(get_metrics))
        .route("/openapi.json", web::get().to(get_openapi))
        .route("/v1/shops", web::get().to(get_shops));
}

/// The process lives.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200)), security(()))]
pub async fn get_livez() -> impl Responder {
    web::Json(serde_json::json!({"status": "ok"}))
}

/// Events can be taken.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200), (status = 503, body = ProblemBody)), security(()))]
pub async fn get_readyz(api: web::Data<Api>) -> Result<impl Responder, Problem> {
    match api.health.of(status::STORE) {
        Condition::Down => Err(Problem::store_away()),
        Condition::Ok | Condition::Degraded => Ok(web::Json(serde_json::json!({"status": "ready"}))),
    }
}

/// How every component is, since when and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// The worst of all.
    pub status: Condition,
    /// The gateway's version.
    pub version: &'static str,
    /// Each component.
    pub components: BTreeMap<String, Component>,
}

/// How every component is, since when and why.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, body = Health)))]
pub async fn get_health(_operator: Operator, api: web::Data<Api>) -> web::Json<Health> {
    let components = api.health.components();
    web::Json(Health { status: api.health.worst(), version: env!("CARGO_PKG_VERSION"), components })
}

/// Metrics for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, content_type = "text/plain")))]
pub async fn get_metrics(_operator: Operator, api: web::Data<Api>) -> Result<impl Responder, Problem> {
    status::gauge(&api).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(metric::prometheus().render()))
}

/// This interface.
#[utoipa::path(get, path = "/openapi.json", tag = "health", responses((status = 200)))]
pub async fn get_openapi(_operator: Operator) -> impl Responder {
    HttpResponse::Ok().content_type("application/json").body(openapi_json())
}

/// Every shop and application.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shops {
    /// The shops.
    pub shops: Vec<ShopStatus>,
    /// The applications that they speak through.
    pub applications: Vec<AppStatus>,
}

/// Every shop as it stands.
#[utoipa::path(get, path = "/v1/shops", tag = "shops", responses((status = 200, body = Shops)))]
pub async fn get_shops(_operator: Operator, api: web::Data<Api>) -> Answer<Shops> {
    let mut shops = Vec::new();
    for shop in api.shops.iter() {
        shops.push(status::of_shop(&api, shop).await?);
    }
    Ok(web::Json(Shops { shops, applications: status::of_applications(&api).await }))
}

/// A shop as it stands: lanes, listings, token, limits.
#[utoipa::path(get, path = "/v1/shops/{shop}/status", tag = "shops", params(("shop" = String, Path)),
    responses((status = 200, body = ShopStatus)))]
pub async fn get_status(caller: Caller, api: web::Data<Api>) -> Answer<ShopStatus> {
    let shop = api.shop(caller.shop.as_str()).ok_or_else(Problem::unauthorized)?;
    Ok(web::Json(status::of_shop(&api, shop).await?))
}

/// An entry as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownEntry {
    /// The lane.
    pub lane: String,
    /// The key: a SKU, a product id, an order id.
    pub key: String,
    /// Where it is.
    pub place: String,
    /// The version held.
    pub version: u64,
    /// The newest state, by the names of events.
    pub state: serde_json::Value,
    /// Failures that blame it.
    pub attempts: u32,
    /// Unconfirmed since, milliseconds since the epoch.
    pub first_at_ms: Option<u64>,
    /// Comes next, milliseconds since the epoch.
    pub due_at_ms: Option<u64>,
    /// There since, milliseconds since the epoch.
    pub since_ms: Option<u64>,
    /// Why, as a code.
    pub reason: Option<String>,
    /// Why, for people.
    pub detail: Option<String>,
    /// Its effect on AliExpress is unknown.
    pub suspect: bool,
    /// What made the shop say it: `order`, `edit`, `exchange`, `sweep`, `export`; `decision`: a person let it go.
    pub cause: &'static str,
}

impl From<EntryView> for ShownEntry {
    fn from(entry: EntryView) -> Self {
        let place = serde_json::to_value(entry.place).ok().and_then(|place| place.as_str().map(str::to_owned));
        let (reason, detail) = entry.fault.map_or((None, None), |Fault { code, detail }| (Some(code), Some(detail)));
        Self {
            lane: entry.lane.to_string(),
            key: entry.key,
            place: place.unwrap_or_default(),
            version: entry.version,
            state: state::shown(entry.lane, &entry.payload),
            attempts: entry.attempts,
            first_at_ms: entry.first_at_ms,
            due_at_ms: entry.due_at_ms,
            since_ms: entry.since_ms,
            reason,
            detail,
            suspect: entry.suspect,
            cause: entry.cause.as_str(),
        }
    }
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entries {
    /// What is on it.
    pub items: Vec<ShownEntry>,
    /// Give it as `cursor` for the next page; null at the end.
    pub next: Option<String>,
}

/// Which page of which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuery {
    /// One lane, or all that have some.
    lane: Option<String>,
    /// `due`, `leased`, `awaiting`, `parked`, `held`, `dead` or `idle`; dead letters where it is left out.
    #[param(value_type = Option<String>)]
    place: Option<Place>,
    /// Where the page starts.
    cursor: Option<String>,
    /// At most 1 000.
    limit: Option<usize>,
}

/// Entries in a place.
#[utoipa::path(get, path = "/v1/shops/{shop}/entries", tag = "shops", params(("shop" = String, Path), EntriesQuery),
    responses((status = 200, body = Entries)))]
pub async fn get_entries(caller: Caller, query: web::Query<EntriesQuery>, api: web::Data<Api>) -> Answer<Entries> {
    page(&api, &caller.shop, &query, query.place.unwrap_or(Place::Dead)).await
}

/// Dead letters, oldest first.
#[utoipa::path(get, path = "/v1/shops/{shop}/dead-letters", tag = "dead letters",
    params(("shop" = String, Path), EntriesQuery), responses((status = 200, body = Entries)))]
pub async fn get_dead_letters(caller: Caller, query: web::Query<EntriesQuery>, api: web::Data<Api>) -> Answer<Entries> {
    page(&api, &caller.shop, &query, Place::Dead).await
}

/// A page over one lane, or over all of them one after the other: the cursor then starts with the lane.
async fn page(api: &Api, shop: &ShopId, query: &EntriesQuery, place: Place) -> Answer<Entries> {
    let limit = query.limit.unwrap_or(100).clamp(1, PAGE_MAX);
    let (from, mut cursor) = match query.cursor.as_deref().map(|cursor| cursor.split_once('/')) {
        None => (None, None),
        Some(Some((lane, rest))) => (
            Some(lane.parse::<Lane>().map_err(|_| Problem::bad_cursor())?),
            Some(rest.to_owned()).filter(|rest| !rest.is_empty()),
        ),
        Some(None) => return Err(Problem::bad_cursor()),
    };
    let only = query.lane.as_deref().map(parse_lane).transpose()?;
    let lanes = Lane::ALL.into_iter().filter(|lane| only.is_none_or(|only| only == *lane));
    let mut items = Vec::new();
    for lane in lanes.skip_while(|lane| from.is_some_and(|from| from != *lane)) {
        if items.len() == limit {
            return Ok(web::Json(Entries { items, next: Some(format!("{lane}/")) }));
        }
        let page = api.queue.list(shop, lane, place, cursor.take().as_deref(), limit - items.len()).await?;
        items.extend(page.items.into_iter().map(ShownEntry::from));
        if let Some(next) = page.next {
            return Ok(web::Json(Entries { items, next: Some(format!("{lane}/{next}")) }));
        }
    }
    Ok(web::Json(Entries { items, next: None }))
}

fn parse_lane(name: &str) -> Result<Lane, Problem> {
    name.parse()
        .map_err(|error: crate::domain::lane::UnknownLane| Problem::bad_request("lane_unknown", error.to_string()))
}

/// Which dead letters.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// One lane, or all.
    lane: Option<String>,
    /// These keys.
    #[serde(default)]
    keys: Vec<String>,
    /// All of them.
    #[serde(default)]
    all: bool,
}

/// How many entries were acted on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// How many.
    pub count: u64,
}

impl Selection {
    fn which(self) -> Result<(Vec<Lane>, Which), Problem> {
        let lanes = self.lane.as_deref().map(parse_lane).transpose()?.map_or(Lane::ALL.to_vec(), |lane| vec![lane]);
        let which = match (self.all, self.keys.is_empty()) {
            (true, true) => Which::All,
            (false, false) if self.keys.len() <= PAGE_MAX => Which::Keys(self.keys),
            (false, false) => {
                return Err(Problem::unprocessable("too_much", format!("at most {PAGE_MAX} keys at once")));
            }
            _ => return Err(Problem::unprocessable("selection_invalid", "give either `keys` or `\"all\": true`")),
        };
        Ok((lanes, which))
    }
}

/// Puts dead letters back, with their newest states.
#[utoipa::path(post, path = "/v1/shops/{shop}/dead-letters/redrive", tag = "dead letters",
    params(("shop" = String, Path)), request_body = Selection, responses((status = 200, body = Count)))]
pub async fn post_redrive(caller: Caller, api: web::Data<Api>) -> Answer<Count> {
    caller.may_act()?;
    let (lanes, which) = caller.json::<Selection>()?.which()?;
    let mut count = 0;
    for lane in lanes {
        loop {
            let step = api.queue.redrive(&caller.shop, lane, &which).await?;
            count += step;
            if step == 0 || which != Which::All {
                break;
            }
        }
    }
    tracing::info!(shop.id = %caller.shop, count, "dead letters were redriven");
    Ok(web::Json(Count { count }))
}

/// Drops dead letters.
#[utoipa::path(post, path = "/v1/shops/{shop}/dead-letters/discard", tag = "dead letters",
    params(("shop" = String, Path)), request_body = Selection, responses((status = 200, body = Count)))]
pub async fn post_discard(caller: Caller, api: web::Data<Api>) -> Answer<Count> {
    caller.may_act()?;
    let (lanes, which) = caller.json::<Selection>()?.which()?;
    let mut count = 0;
    for lane in lanes {
        loop {
            let step = api.queue.discard(&caller.shop, lane, &which).await?;
            count += step;
            if step == 0 || which != Which::All {
                break;
            }
        }
    }
    tracing::info!(shop.id = %caller.shop, count, "dead letters were discarded");
    Ok(web::Json(Count { count }))
}

/// Which states to send again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// One lane, or stock and price.
    lane: Option<String>,
    /// Changed no earlier than this (RFC 3339).
    #[schema(value_type = Option<String>)]
    since: Option<jiff::Timestamp>,
    /// Changed before this (RFC 3339).
    #[schema(value_type = Option<String>)]
    until: Option<jiff::Timestamp>,
    /// These keys alone.
    #[serde(default)]
    keys: Vec<String>,
    /// Only say how much it would be.
    #[serde(default)]
    dry_run: bool,
}

/// A replay that was started, or looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayStarted {
    /// Its job; null for a dry run.
    pub job: Option<String>,
    /// Entries that it makes due.
    pub matched: u64,
    /// Requests that this costs, about.
    pub requests: u64,
}

/// Makes kept states due again although they were confirmed.
#[utoipa::path(post, path = "/v1/shops/{shop}/replay", tag = "shops", params(("shop" = String, Path)),
    request_body = ReplayRequest, responses((status = 202, body = ReplayStarted)))]
pub async fn post_replay(caller: Caller, api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    caller.may_act()?;
    let asked: ReplayRequest = caller.json()?;
    if asked.keys.len() > PAGE_MAX {
        return Err(Problem::unprocessable("too_much", format!("at most {PAGE_MAX} keys at once")));
    }
    let millis = |at: Option<jiff::Timestamp>| at.and_then(|at| u64::try_from(at.as_millisecond()).ok());
    let filter = ReplayFilter {
        lane: asked.lane.as_deref().map(parse_lane).transpose()?,
        since_ms: millis(asked.since),
        until_ms: millis(asked.until),
        keys: asked.keys,
    };
    let (matched, requests) = jobs::preview(api.queue.as_ref(), &caller.shop, &filter, api.limits).await?;
    let job = match asked.dry_run {
        true => None,
        false => {
            let work = Work::Replay { filter, cursor: None };
            Some(api.jobs.start(&caller.shop, work, Some(matched)).await?.id)
        }
    };
    Ok(HttpResponse::Accepted().json(ReplayStarted { job, matched, requests }))
}

/// A job as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownJob {
    /// Its id.
    pub job: String,
    /// `replay`, `listings_import` or `orders_import`.
    pub kind: &'static str,
    /// How it stands.
    pub state: JobState,
    /// Units done.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// Started, milliseconds since the epoch.
    pub started_ms: u64,
    /// Last moved, milliseconds since the epoch.
    pub moved_ms: u64,
    /// Why it failed or stands still.
    pub fault: Option<String>,
}

impl From<Job> for ShownJob {
    fn from(job: Job) -> Self {
        let kind = match job.work {
            Work::Replay { .. } => "replay",
            Work::ListingsImport { .. } => "listings_import",
            Work::OrdersImport { .. } => "orders_import",
        };
        let Job { id, state, done, total, started_ms, moved_ms, fault, .. } = job;
        Self { job: id, kind, state, done, total, started_ms, moved_ms, fault }
    }
}

/// A job as it stands.
#[utoipa::path(get, path = "/v1/shops/{shop}/jobs/{id}", tag = "shops",
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 200, body = ShownJob)))]
pub async fn get_job(caller: Caller, path: web::Path<(String, String)>, api: web::Data<Api>) -> Answer<ShownJob> {
    let job = api.jobs.get(&caller.shop, &path.1).await?;
    Ok(web::Json(job.ok_or_else(|| Problem::not_found(format!("there is no job {}", path.1)))?.into()))
}

/// Stops a job for good.
#[utoipa::path(post, path = "/v1/shops/{shop}/jobs/{id}/cancel", tag = "shops",
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 200, body = ShownJob)))]
pub async fn post_cancel(caller: Caller, path: web::Path<(String, String)>, api: web::Data<Api>) -> Answer<ShownJob> {
    caller.may_act()?;
    let job = api.jobs.cancel(&caller.shop, &path.1).await?;
    Ok(web::Json(job.ok_or_else(|| Problem::not_found(format!("there is no job {}", path.1)))?.into()))
}

/// Reads the shop's listings from AliExpress into the directory, as a job.
#[utoipa::path(post, path = "/v1/shops/{shop}/listings/import", tag = "shops", params(("shop" = String, Path)),
    responses((status = 202, body = ShownJob)))]
pub async fn post_import(caller: Caller, api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    caller.may_act()?;
    if !api.applications.of_shop(&caller.shop).is_some_and(|access| access.can_ask()) {
        let detail = "the shop has no application or no access token to ask AliExpress with: give app_key and app_secret, then consent";
        return Err(Problem::unprocessable("no_credentials", detail));
    }
    let work = Work::ListingsImport { cursor: ImportCursor::default() };
    let job = api.jobs.start(&caller.shop, work, None).await?;
    Ok(HttpResponse::Accepted().json(ShownJob::from(job)))
}

/// Pauses a lane, for all replicas and over restarts.
#[utoipa::path(post, path = "/v1/shops/{shop}/lanes/{lane}/pause", tag = "shops",
    params(("shop" = String, Path), ("lane" = String, Path)), responses((status = 200)))]
pub async fn post_pause(
    caller: Caller,
    path: web::Path<(String, String)>,
    api: web::Data<Api>,
) -> Answer<serde_json::Value> {
    pause(&caller, &path.1, &api, true).await
}

/// Resumes a lane.
#[utoipa::path(post, path = "/v1/shops/{shop}/lanes/{lane}/resume", tag = "shops",
    params(("shop" = String, Path), ("lane" = String, Path)), responses((status = 200)))]
pub async fn post_resume(
    caller: Caller,
    path: web::Path<(String, String)>,
    api: web::Data<Api>,
) -> Answer<serde_json::Value> {
    pause(&caller, &path.1, &api, false).await
}

async fn pause(caller: &Caller, lane: &str, api: &Api, paused: bool) -> Answer<serde_json::Value> {
    caller.may_act()?;
    let lane = parse_lane(lane)?;
    api.queue.pause(&caller.shop, lane, paused).await?;
    tracing::info!(shop.id = %caller.shop, %lane, paused, "a lane was paused or resumed");
    Ok(web::Json(serde_json::json!({"lane": lane, "paused": paused})))
}

/// What is known of a key.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TraceQuery {
    /// A SKU, a product id or an order id.
    sku: String,
}

/// What is known of a key in one lane.
#[derive(Debug, Serialize, ToSchema)]
pub struct LaneTrace {
    /// Its entry.
    pub entry: ShownEntry,
    /// What each listing is known to have.
    #[schema(value_type = BTreeMap<String, String>)]
    pub confirmed: Confirmed,
    /// What happened, newest first.
    #[schema(value_type = Vec<Object>)]
    pub history: Vec<HistoryLine>,
}

/// What is known of a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyTrace {
    /// The key.
    pub sku: String,
    /// Where it stands on AliExpress.
    #[schema(value_type = Vec<u64>)]
    pub listings: Vec<crate::domain::ListingId>,
    /// By lane.
    pub lanes: Vec<LaneTrace>,
}

/// The history of one SKU, to AliExpress's verdict.
#[utoipa::path(get, path = "/v1/shops/{shop}/trace", tag = "shops", params(("shop" = String, Path), TraceQuery),
    responses((status = 200, body = KeyTrace), (status = 404, body = ProblemBody)))]
pub async fn get_trace(caller: Caller, query: web::Query<TraceQuery>, api: web::Data<Api>) -> Answer<KeyTrace> {
    let traces = api.queue.trace(&caller.shop, &query.sku).await?;
    let listings = match query.sku.parse() {
        Ok(sku) => api.queue.listings(&caller.shop, &[sku]).await?.pop().unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    if traces.is_empty() && listings.is_empty() {
        return Err(Problem::not_found(format!("nothing is known of {:?}", query.sku)));
    }
    let lane = |trace: crate::queue::Trace| LaneTrace {
        entry: trace.entry.into(),
        confirmed: trace.confirmed,
        history: trace.history,
    };
    Ok(web::Json(KeyTrace { sku: query.sku.clone(), listings, lanes: traces.into_iter().map(lane).collect() }))
}
