//! Orders over HTTP: what is kept of them (nothing of the buyer), the table of carriers, an import, and AliExpress's push messages.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::api::{Api, ShownJob};
use super::auth::Caller;
use super::intake::body;
use super::problem::{Problem, ProblemBody};
use crate::domain::{Lane, OrderId, ShopId};
use crate::jobs::Work;
use crate::orders::book::Which;
use crate::orders::carriers::{self, Carrier, Carriers};
use crate::orders::fulfilment::Told;
use crate::orders::{self, Kept};
use crate::queue::{PAGE_MAX, ParkReason, Place};
use crate::signing::iop;

/// The largest push message; AliExpress's have a few hundred bytes.
const PUSH_BYTES_MAX: usize = 64 << 10;
/// Shipments that are looked through for carriers without a service.
const PARKED_MAX: usize = 200;

/// Which orders are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrdersQuery {
    /// Those alone that must be sent soon, the nearest first.
    #[serde(default)]
    near_deadline: bool,
    /// Where the page starts, as the page before says.
    cursor: Option<String>,
    /// Orders on it, at most 200.
    limit: Option<usize>,
}

/// What is kept of an order; nothing of the buyer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownOrder {
    /// Its id on AliExpress.
    pub aliexpress_order_id: String,
    /// Where it stands.
    pub status: &'static str,
    /// Its newest version.
    pub version: u64,
    /// By when it must be sent, milliseconds since the epoch.
    pub ship_before_ms: Option<u64>,
    /// The shop has it.
    pub taken: bool,
    /// Its id in the shop.
    pub order_id: Option<String>,
    /// Tracking numbers declared.
    pub declared: Vec<String>,
    /// Pieces by SKU that it holds back from AliExpress.
    pub pieces: BTreeMap<String, u64>,
    /// The buyer's data were erased.
    pub erased: bool,
}

impl From<Kept> for ShownOrder {
    fn from(kept: Kept) -> Self {
        Self {
            aliexpress_order_id: kept.order.to_string(),
            status: kept.status.as_str(),
            version: kept.version,
            ship_before_ms: kept.ship_before.map(|at| at / 1000),
            taken: kept.taken.is_some(),
            order_id: kept.taken.and_then(|taken| taken.order_id),
            declared: kept.declared.into_iter().map(|parcel| parcel.number).collect(),
            pieces: kept.pieces.into_iter().map(|(sku, pieces)| (sku.to_string(), pieces)).collect(),
            erased: kept.sealed.is_empty(),
        }
    }
}

/// A page of orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownOrders {
    /// The orders.
    pub orders: Vec<ShownOrder>,
    /// Where the next page starts; none at the end.
    pub next: Option<String>,
}

/// Orders that are kept.
#[utoipa::path(get, path = "/v1/shops/{shop}/orders", tag = "orders", params(("shop" = String, Path), OrdersQuery),
    responses((status = 200, body = ShownOrders)))]
pub async fn get_orders(
    caller: Caller,
    query: web::Query<OrdersQuery>,
    api: web::Data<Api>,
) -> Result<web::Json<ShownOrders>, Problem> {
    let OrdersQuery { near_deadline, cursor, limit } = query.into_inner();
    let which = match near_deadline {
        true => Which::Due(api.orders.documents.now().await?.plus(api.deadline_near)),
        false => Which::All,
    };
    let (kept, next) = api.orders.book.list(&caller.shop, which, cursor.as_deref(), limit.unwrap_or(50)).await?;
    Ok(web::Json(ShownOrders { orders: kept.into_iter().map(ShownOrder::from).collect(), next }))
}

/// A service of AliExpress.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownService {
    /// Its key.
    pub service: String,
    /// Its name for people.
    pub title: String,
    /// What its tracking numbers look like.
    pub pattern: Option<String>,
}

/// A delivery service of the shop without a service of AliExpress.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingCarrier {
    /// The shop's code.
    pub carrier: String,
    /// Services that it may be.
    pub suggestions: Vec<String>,
}

/// The table of carriers, and what helps to fill it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCarriers {
    /// The rows in force, those of the configuration included.
    pub carriers: BTreeMap<String, Carrier>,
    /// Carriers that shipments wait for.
    pub missing: Vec<MissingCarrier>,
    /// AliExpress's services; empty until they were read.
    pub services: Vec<ShownService>,
}

/// The table of carriers: the shop's delivery service → AliExpress's logistics service.
#[utoipa::path(get, path = "/v1/shops/{shop}/carriers", tag = "orders", params(("shop" = String, Path)),
    responses((status = 200, body = ShownCarriers)))]
pub async fn get_carriers(caller: Caller, api: web::Data<Api>) -> Result<web::Json<ShownCarriers>, Problem> {
    Ok(web::Json(shown(&api, &caller.shop).await?))
}

/// A table of carriers, whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenCarriers {
    /// Rows by the shop's code of its delivery service.
    carriers: BTreeMap<String, Carrier>,
}

/// Sets the table of carriers; shipments that waited for a row are looked at again.
#[utoipa::path(put, path = "/v1/shops/{shop}/carriers", tag = "orders", params(("shop" = String, Path)), request_body = GivenCarriers,
    responses((status = 200, body = ShownCarriers), (status = 422, body = ProblemBody)))]
pub async fn put_carriers(caller: Caller, api: web::Data<Api>) -> Result<web::Json<ShownCarriers>, Problem> {
    caller.may_act()?;
    let given: GivenCarriers = caller.json()?;
    let carriers = Carriers(given.carriers);
    if let Some(fault) = carriers.fault() {
        return Err(Problem::unprocessable("carriers_invalid", fault));
    }
    api.orders.set_carriers(&caller.shop, &carriers).await?;
    while api.queue.release(&caller.shop, Lane::Fulfilment, ParkReason::CarrierMissing).await? > 0 {}
    Ok(web::Json(shown(&api, &caller.shop).await?))
}

async fn shown(api: &Api, shop: &ShopId) -> Result<ShownCarriers, Problem> {
    let services = api.orders.services(shop).await?.unwrap_or_default();
    let configured = api.shop(shop.as_str()).map(|shop| Carriers::parse(&shop.carriers)).and_then(Result::ok);
    let table = configured.unwrap_or_default().under(api.orders.carriers(shop).await?);
    let parked = api.queue.list(shop, Lane::Fulfilment, Place::Parked, None, PARKED_MAX.min(PAGE_MAX)).await?;
    let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in parked.items {
        let told: Option<Told> = serde_json::from_str(&entry.payload).ok();
        for shipment in told.into_iter().flat_map(|told| told.shipments) {
            if table.find(shipment.carrier(), &services).is_none() {
                let suggestions = carriers::suggestions(shipment.carrier(), &services);
                let names = suggestions.into_iter().map(|service| service.name.clone()).collect();
                missing.insert(shipment.carrier().to_owned(), names);
            }
        }
    }
    let missing = missing.into_iter().map(|(carrier, suggestions)| MissingCarrier { carrier, suggestions });
    let service = |service: crate::aliexpress::LogisticsService| ShownService {
        service: service.name,
        title: service.title,
        pattern: service.pattern,
    };
    Ok(ShownCarriers {
        carriers: table.0,
        missing: missing.collect(),
        services: services.into_iter().map(service).collect(),
    })
}

/// From when on past orders are imported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrdersImport {
    /// A time, RFC 3339; orders placed from then on are read.
    #[schema(value_type = String)]
    since: jiff::Timestamp,
}

/// Reads past orders from AliExpress and offers those that are new or changed to the shop, as a job.
#[utoipa::path(post, path = "/v1/shops/{shop}/orders/import", tag = "orders", params(("shop" = String, Path)),
    request_body = OrdersImport, responses((status = 202, body = ShownJob), (status = 422, body = ProblemBody)))]
pub async fn post_orders_import(caller: Caller, api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    caller.may_act()?;
    let OrdersImport { since } = caller.json()?;
    if api.applications.of_shop(&caller.shop).is_none() {
        let detail = "the shop has no app_key: there is nobody to ask AliExpress for";
        return Err(Problem::unprocessable("no_credentials", detail));
    }
    let until = api.orders.documents.now().await?.0;
    let from = u64::try_from(since.as_microsecond()).unwrap_or(0);
    if from >= until {
        return Err(Problem::unprocessable("since_invalid", "since is not in the past"));
    }
    let work = Work::OrdersImport { cursor: orders::ImportCursor { from, until, ..orders::ImportCursor::default() } };
    let job = api.jobs.start(&caller.shop, work, None).await?;
    Ok(HttpResponse::Accepted().json(ShownJob::from(job)))
}

/// What a push message says, as far as it is heeded: it is a hint, and what it hints at is read.
#[derive(Debug, Deserialize)]
struct Push {
    #[serde(default)]
    seller_id: serde_json::Value,
    #[serde(default)]
    data: serde_json::Value,
}

/// Takes AliExpress's push messages: a durable hint to look for changed orders now, acknowledged at once.
#[utoipa::path(post, path = "/v1/apps/{app_key}/aliexpress", tag = "orders", security(()),
    params(("app_key" = String, Path), ("Authorization" = String, Header, description = "hex HMAC-SHA256 over application key and body")),
    request_body = serde_json::Value, responses((status = 200), (status = 401, body = ProblemBody)))]
pub async fn post_push(
    request: HttpRequest,
    app_key: web::Path<String>,
    payload: web::Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let raw = body::read(payload, PUSH_BYTES_MAX).await?;
    let shops: Vec<_> = api.shops.iter().filter(|shop| !app_key.is_empty() && shop.app_key == *app_key).collect();
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = shops.iter().any(|shop| iop::verify_push(shop.app_secret.expose_secret(), &app_key, &raw, header));
    if !signed {
        return Err(Problem::unauthorized());
    }
    // From here on it is AliExpress who speaks: what we cannot read would only be repeated.
    let push: Push = serde_json::from_slice(&raw)
        .unwrap_or(Push { seller_id: serde_json::Value::Null, data: serde_json::Value::Null });
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
    let seller = text(&push.seller_id);
    let order: Option<OrderId> =
        ["orderId", "order_id", "trade_order_id"].iter().find_map(|name| text(&push.data[name]).parse().ok());
    let mut hinted = 0;
    for shop in shops {
        let known = api.oauth.life(&shop.id).await.ok().flatten().and_then(|life| life.seller);
        // A shop whose seller is not known, since its token was given by hand, may be meant.
        if known.is_none_or(|known| known == seller) {
            orders::poll::hint(&api.orders, &shop.id).await?;
            api.hints.get(&shop.id).inspect(|hint| hint.notify_one());
            hinted += 1;
        }
    }
    tracing::debug!(app = %app_key, order.id = order.as_ref().map(OrderId::as_str), hinted, "AliExpress hints at a change");
    Ok(HttpResponse::build(StatusCode::OK).json(serde_json::json!({"hinted": hinted})))
}
