//! The listener that shops reach: events in, each either durable or refused with its reason.
//!
//! read (bounded) → verify (who, when) → parse (each event by itself) → plan (lanes, values) → commit (durable) → 202.

pub mod body;
pub mod changes;
pub mod commit;
mod rate;
pub mod verify;

use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use self::changes::{Partial, Planned, Terms};
use self::commit::{CommitError, Committed, Committer};
use self::rate::IntakeRate;
use self::verify::Window;
use super::problem::{Problem, Rejected};
use crate::clock::SharedClock;
use crate::config::{Config, ShopConfig};
use crate::domain::event::{self, Unreadable};
use crate::domain::{Event, Lane, ShopId, Version};
use crate::listings::{PriceRules, StoreCurrencies};
use crate::queue::{Answer, Delivery, Receipt};
use crate::signing::standard_webhooks::Secret;
use crate::telemetry::metric::Metric;

/// What the intake needs.
#[derive(Debug)]
pub struct Intake {
    shops: HashMap<String, IntakeShop>,
    committer: Committer,
    currencies: StoreCurrencies,
    rules: PriceRules,
    clock: SharedClock,
    window: Window,
    body_bytes_max: usize,
    events_max: usize,
    remember: Duration,
}

#[derive(Debug)]
struct IntakeShop {
    id: ShopId,
    secrets: Vec<Secret>,
    stock: crate::domain::StockRules,
    windows: [Duration; 6],
    rate: IntakeRate,
}

impl Intake {
    /// The intake of a checked configuration.
    pub fn new(
        config: &Config,
        committer: Committer,
        (currencies, rules): (StoreCurrencies, PriceRules),
        clock: SharedClock,
    ) -> Self {
        let (past_secs, future_secs) = (config.intake.timestamp_tolerance_secs, config.intake.timestamp_future_secs);
        let windows = Lane::ALL.map(|lane| config.worker.lane(lane).window());
        let shop = |shop: &ShopConfig| IntakeShop {
            id: shop.id.clone(),
            secrets: secrets(shop),
            stock: shop.stock,
            windows,
            rate: IntakeRate::new(config.intake.requests_per_second_max),
        };
        Self {
            shops: config.shops.iter().map(|s| (s.id.to_string(), shop(s))).collect(),
            committer,
            currencies,
            rules,
            clock,
            window: Window { past_secs, future_secs },
            body_bytes_max: config.intake.body_bytes_max,
            events_max: config.intake.events_per_request_max,
            // A signed request can be repeated from the future tolerance on until the past tolerance has gone by.
            remember: Duration::from_secs(past_secs + 2 * future_secs + 60),
        }
    }

    /// The shop whose signature over `signed` the request carries, and the request's `webhook-id`.
    ///
    /// # Errors
    /// As [`verify::verify`]; 429 where the shop's budget of requests is spent.
    fn authenticate(&self, request: &HttpRequest, shop: &str, signed: &[u8]) -> Result<(&IntakeShop, String), Problem> {
        let shop = self.shops.get(shop);
        let secrets = shop.map(|shop| shop.secrets.as_slice());
        let now = self.clock.now();
        let id = verify::verify(request, secrets, signed, now, self.window)?;
        let shop = shop.ok_or_else(Problem::unauthorized)?;
        if !shop.rate.allows(now) {
            let detail = "the shop's intake budget is spent; send more events in a request";
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "intake_budget_spent", detail).retry_after(1));
        }
        Ok((shop, id))
    }

    /// Verifies a request of the shop API: the signature covers method, path and body, and its id is taken once.
    ///
    /// # Errors
    /// As [`Intake::authenticate`]; 409 where the id was taken before.
    pub async fn admit(&self, request: &HttpRequest, shop: &str, raw: &[u8]) -> Result<ShopId, Problem> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let mut signed = format!("{} {path}\n", request.method()).into_bytes();
        signed.extend_from_slice(raw);
        let (shop, id) = self.authenticate(request, shop, &signed)?;
        let delivery = Delivery {
            id: format!("api:{id}"),
            digest: Sha256::digest(&signed).into(),
            changes: Vec::new(),
            owners: Vec::new(),
            remember: self.remember,
        };
        match self.commit(shop.id.clone(), delivery, Vec::new()).await?.receipt {
            Receipt::Taken(_) => Ok(shop.id.clone()),
            Receipt::Duplicate | Receipt::Reused | Receipt::Conflict => Err(reused()),
        }
    }

    /// The largest body of a request.
    pub fn body_bytes_max(&self) -> usize {
        self.body_bytes_max
    }

    async fn commit(&self, shop: ShopId, delivery: Delivery, partial: Partial) -> Result<Committed, Problem> {
        self.committer.commit(shop, delivery, partial).await.map_err(|error| match error {
            CommitError::Store(error) => error.into(),
            CommitError::Full => {
                let detail = "as many requests wait for the store as may wait; nothing was taken";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "intake_full", detail).retry_after(1)
            }
        })
    }
}

fn secrets(shop: &ShopConfig) -> Vec<Secret> {
    use secrecy::ExposeSecret;
    let parsed = shop.webhook_secrets.iter().map(|text| text.expose_secret().parse());
    parsed.collect::<Result<_, _>>().expect("webhook secrets were checked with the configuration")
}

fn reused() -> Problem {
    let detail = "this webhook-id was taken before with another body; nothing was taken";
    Problem::new(StatusCode::CONFLICT, "webhook_id_reused", detail)
}

/// What became of a request's events.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Accepted {
    /// Events whose key waits now.
    pub enqueued: u64,
    /// Events that replaced a state that waited.
    pub coalesced: u64,
    /// Events that equal what AliExpress has.
    pub unchanged: u64,
    /// Events that wait for something outside.
    pub parked: u64,
    /// This `webhook-id` was taken before with this body.
    pub duplicate: bool,
    /// The generation of the store: another one means that it was emptied or failed over.
    pub store: String,
    /// Events that are not newer than what is held.
    pub stale: Vec<Stale>,
    /// Events that never become acceptable.
    pub rejected: Vec<Rejected>,
}

/// An event that is not newer than what is held.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stale {
    /// Its place in the request, from 0.
    pub index: usize,
    /// The version held.
    pub version: Version,
}

/// Takes a shop's events; they are durable when 202 is answered.
#[utoipa::path(post, path = "/v1/shops/{shop}/events", tag = "intake",
    params(("shop" = String, Path, description = "The shop's id")),
    request_body(content = serde_json::Value, description = "`{\"events\":[…]}`, signed after Standard Webhooks, gzip accepted"),
    responses((status = 202, body = Accepted), (status = 400, body = super::problem::ProblemBody),
        (status = 401, body = super::problem::ProblemBody), (status = 409, body = super::problem::ProblemBody),
        (status = 413, body = super::problem::ProblemBody), (status = 415, body = super::problem::ProblemBody),
        (status = 422, body = super::problem::ProblemBody), (status = 429, body = super::problem::ProblemBody),
        (status = 503, body = super::problem::ProblemBody)))]
pub async fn post_events(
    request: HttpRequest,
    shop: web::Path<String>,
    payload: web::Payload,
    intake: web::Data<Intake>,
) -> HttpResponse {
    let started = std::time::Instant::now();
    let result = take(&request, &shop, payload, &intake).await;
    let status = result.as_ref().map_or_else(actix_web::ResponseError::status_code, |_| StatusCode::ACCEPTED);
    Metric::IntakeRequests.add(1, &[("status", status.as_str().to_owned())]);
    Metric::IntakeSeconds.observe(started.elapsed().as_secs_f64(), &[]);
    match result {
        Ok(accepted) => HttpResponse::Accepted().json(accepted),
        Err(problem) => actix_web::ResponseError::error_response(&problem),
    }
}

async fn take(request: &HttpRequest, shop: &str, payload: web::Payload, intake: &Intake) -> Result<Accepted, Problem> {
    let raw = body::read(payload, intake.body_bytes_max).await?;
    let (shop, id) = intake.authenticate(request, shop, &raw)?;
    let digest = Sha256::digest(&raw).into();
    let text = body::json(request, raw, intake.body_bytes_max)?;
    let (events, places, rejected) = sift(event::parse(&text, intake.events_max).map_err(unreadable)?)?;
    let terms = Terms {
        stock: shop.stock,
        price: intake.rules.of(&shop.id),
        currency: intake.currencies.of(&shop.id),
        windows: shop.windows,
    };
    let Planned { changes, owners, main, partial } = changes::plan(&events, &terms);
    let lanes: Vec<Lane> = main.iter().map(|&at| changes[at].lane).collect();
    let delivery = Delivery { id, digest, changes, owners, remember: intake.remember };
    let Committed { receipt, generation } = intake.commit(shop.id.clone(), delivery, partial).await?;
    let mut accepted = Accepted { store: generation, ..Accepted::default() };
    match receipt {
        Receipt::Duplicate => accepted.duplicate = true,
        Receipt::Reused | Receipt::Conflict => return Err(reused()),
        Receipt::Taken(answers) => {
            accepted.rejected = rejected;
            for ((at, lane), index) in main.into_iter().zip(lanes).zip(places) {
                count(&mut accepted, &shop.id, lane, answers.get(at).copied(), index);
            }
        }
    }
    Ok(accepted)
}

fn count(accepted: &mut Accepted, shop: &ShopId, lane: Lane, answer: Option<Answer>, index: usize) {
    let Some(answer) = answer else { return };
    let labels = [("shop", shop.to_string()), ("lane", lane.to_string()), ("result", commit::label(answer).to_owned())];
    Metric::Events.add(1, &labels);
    match answer {
        Answer::Enqueued => accepted.enqueued += 1,
        Answer::Coalesced => accepted.coalesced += 1,
        Answer::Unchanged | Answer::NotOwner => accepted.unchanged += 1,
        Answer::Parked => accepted.parked += 1,
        Answer::Stale(version) => accepted.stale.push(Stale { index, version }),
    }
}

type Sifted = (Vec<Event>, Vec<usize>, Vec<Rejected>);

/// Events that can be taken, their places in the request, and the rest with reasons.
fn sift(parsed: Vec<Result<Event, crate::domain::Rejection>>) -> Result<Sifted, Problem> {
    let (mut events, mut places, mut rejected) = (Vec::with_capacity(parsed.len()), Vec::new(), Vec::new());
    for (index, event) in parsed.into_iter().enumerate() {
        match event {
            Ok(event) => {
                events.push(event);
                places.push(index);
            }
            Err(rejection) => rejected.push(Rejected::at(index, rejection)),
        }
    }
    if events.is_empty() {
        let first = rejected.first().map(|rejected| rejected.detail.clone()).unwrap_or_default();
        let detail = format!("none of the {} events can be taken; the first: {first}", rejected.len());
        return Err(Problem::unprocessable("nothing_acceptable", detail).rejecting(rejected));
    }
    Ok((events, places, rejected))
}

fn unreadable(error: Unreadable) -> Problem {
    match error {
        Unreadable::Json(_) | Unreadable::TooDeep => Problem::bad_request("body_unreadable", error.to_string()),
        Unreadable::Empty => Problem::unprocessable("nothing_acceptable", error.to_string()),
        Unreadable::TooMany { .. } => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_events", error.to_string()),
    }
}
