//! `/_simulator/…`: look at what AliExpress has and what arrived, sell something, make something go wrong.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::orders::STATUSES;
use super::{CatalogueProduct, Fault, PlacedLine, Receiver, World};
use crate::signing::iop;

/// The most lines of the ledger in one answer.
const LINES_MAX: usize = 10_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/_simulator")
            .route("/catalogue", web::get().to(catalogue))
            .route("/catalogue", web::post().to(add))
            .route("/state", web::get().to(state))
            .route("/ledger", web::get().to(ledger))
            .route("/summary", web::get().to(summary))
            .route("/order", web::post().to(order))
            .route("/orders", web::get().to(orders))
            .route("/orders", web::post().to(place))
            .route("/orders/{id}/status", web::post().to(set_status))
            .route("/orders/{id}/push", web::get().to(push))
            .route("/faults", web::get().to(waiting))
            .route("/faults", web::post().to(fault))
            .route("/faults", web::delete().to(mend))
            .route("/publishing", web::get().to(published))
            .route("/audit", web::post().to(audit))
            .route("/token", web::post().to(token))
            .route("/oauth", web::get().to(consents))
            .route("/oauth", web::post().to(consent))
            .route("/reset", web::post().to(reset)),
    );
}

async fn catalogue(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"products": world.catalogue.products()}))
}

#[derive(Deserialize)]
struct Products {
    products: Vec<CatalogueProduct>,
    #[serde(default)]
    replace: bool,
}

async fn add(body: web::Json<Products>, world: web::Data<World>) -> HttpResponse {
    let Products { products, replace } = body.into_inner();
    if replace {
        world.catalogue.replace(products)
    } else {
        world.catalogue.add(products)
    }
    HttpResponse::NoContent().finish()
}

#[derive(Deserialize)]
struct OfSku {
    sku: String,
}

async fn state(query: web::Query<OfSku>, world: web::Data<World>) -> HttpResponse {
    world
        .catalogue
        .sku(&query.sku)
        .map_or_else(|| HttpResponse::NotFound().finish(), |sku| HttpResponse::Ok().json(sku))
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn ledger(query: web::Query<After>, world: web::Data<World>) -> HttpResponse {
    let calls = world.ledger.calls().into_iter().filter(|call| call.sequence > query.after).take(LINES_MAX);
    let calls: Vec<_> = calls.collect();
    let last = calls.last().map_or(query.after, |call| call.sequence);
    let within = |item: &super::Applied| item.sequence > query.after && item.sequence <= last;
    let items: Vec<_> = world.ledger.items().into_iter().filter(within).collect();
    HttpResponse::Ok().json(json!({"requests": calls, "items": items, "last": last}))
}

async fn summary(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.ledger.summary())
}

#[derive(Deserialize)]
struct Order {
    sku: String,
    quantity: u64,
}

async fn order(body: web::Json<Order>, world: web::Data<World>) -> HttpResponse {
    match world.catalogue.sell(&body.sku, body.quantity) {
        true => HttpResponse::NoContent().finish(),
        false => HttpResponse::NotFound().finish(),
    }
}

async fn orders(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"orders": world.orders.all()}))
}

#[derive(Deserialize)]
struct Placed {
    lines: Vec<PlacedLine>,
    #[serde(default)]
    receiver: Receiver,
    #[serde(default)]
    paid: bool,
}

async fn place(body: web::Json<Placed>, world: web::Data<World>) -> HttpResponse {
    let Placed { lines, receiver, paid } = body.into_inner();
    for line in &lines {
        world.catalogue.sell(&line.sku, line.quantity);
    }
    let id = world.orders.place(lines, receiver);
    if paid {
        world.orders.pay(id);
    }
    HttpResponse::Created().json(json!({"id": id}))
}

#[derive(Deserialize)]
struct Status {
    status: String,
    #[serde(default)]
    end_reason: String,
}

async fn set_status(id: web::Path<u64>, body: web::Json<Status>, world: web::Data<World>) -> HttpResponse {
    let Status { status, end_reason } = body.into_inner();
    if world.orders.get(*id).is_none() || !STATUSES.contains(&status.as_str()) {
        return HttpResponse::NotFound().finish();
    }
    match status.as_str() {
        "WAIT_SELLER_SEND_GOODS" => world.orders.pay(*id),
        "FINISH" => world.orders.finish(*id, &end_reason),
        status => world.orders.set_status(*id, status),
    }
    HttpResponse::NoContent().finish()
}

async fn push(id: web::Path<u64>, world: web::Data<World>) -> HttpResponse {
    let (authorization, body) = push_message(&world, *id);
    HttpResponse::Ok().json(json!({"authorization": authorization, "body": body}))
}

/// The header and the body of a push message on an order.
pub(super) fn push_message(world: &World, order: u64) -> (String, String) {
    let status = world.orders.get(order).map(|order| order.status);
    let body = json!({"seller_id": world.options.seller_id, "message_type": 53, "timestamp": world.orders.now_us() / 1_000_000,
        "site": "ae_global", "data": {"orderId": order.to_string(), "orderStatus": status}});
    let body = body.to_string();
    (iop::push_signature(&world.options.app_secret, &world.options.app_key, body.as_bytes()), body)
}

async fn waiting(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.faults.waiting())
}

async fn fault(body: web::Json<Fault>, world: web::Data<World>) -> HttpResponse {
    world.faults.add(body.into_inner());
    HttpResponse::NoContent().finish()
}

async fn mend(world: web::Data<World>) -> HttpResponse {
    world.faults.clear();
    HttpResponse::NoContent().finish()
}

async fn published(world: web::Data<World>) -> HttpResponse {
    let photos = world.publishing.photos();
    let body =
        json!({"products": world.publishing.posted(), "uploads": photos.uploads(), "pictures": photos.distinct()});
    HttpResponse::Ok().json(body)
}

#[derive(Deserialize)]
struct Audit {
    /// How long audits take from now on.
    #[serde(default)]
    ms: Option<u64>,
    /// Those under way end now.
    #[serde(default)]
    end: bool,
}

async fn audit(body: web::Json<Audit>, world: web::Data<World>) -> HttpResponse {
    if let Some(ms) = body.ms {
        world.publishing.set_audit(std::time::Duration::from_millis(ms));
    }
    if body.end {
        world.publishing.end_audits();
    }
    HttpResponse::NoContent().finish()
}

#[derive(Deserialize)]
struct Token {
    revoked: bool,
}

async fn token(body: web::Json<Token>, world: web::Data<World>) -> HttpResponse {
    *world.revoked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = body.revoked;
    HttpResponse::NoContent().finish()
}

async fn consents(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.oauth.counts())
}

/// What a person may change of consents.
#[derive(Deserialize)]
struct Consent {
    /// Who is logged in from now on.
    #[serde(default)]
    seller: Option<u64>,
    /// Seconds that AliExpress's clock goes ahead.
    #[serde(default)]
    advance_secs: u64,
    /// Takes every token back.
    #[serde(default)]
    revoke: bool,
}

async fn consent(body: web::Json<Consent>, world: web::Data<World>) -> HttpResponse {
    if let Some(seller) = body.seller {
        world.oauth.log_in(seller);
    }
    if body.revoke {
        world.oauth.revoke(true);
    }
    let ahead = i64::try_from(body.advance_secs.saturating_mul(1_000_000)).unwrap_or(0);
    world.ahead.fetch_add(ahead, std::sync::atomic::Ordering::Relaxed);
    HttpResponse::NoContent().finish()
}

async fn reset(world: web::Data<World>) -> HttpResponse {
    world.ledger.clear();
    world.faults.clear();
    HttpResponse::NoContent().finish()
}
