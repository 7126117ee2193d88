//! Consents: `/oauth/authorize` sends the browser back with a code, `/rest/auth/token/create` and `/refresh` give tokens for it.
//!
//! Whoever opens the consent page is logged in and confirms at once. Errors are flat objects with HTTP 200, as AliExpress's are.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::World;
use super::gateway::{self, Instead, Params, Refused, request_id};
use super::ledger::Call;

/// How sellers consent, and for how long.
#[derive(Debug, Clone)]
pub struct OAuthOptions {
    /// Who is logged in.
    pub seller: u64,
    /// The callback that is registered; any where it is none.
    pub redirect_uri: Option<String>,
    /// Seconds that a code lives.
    pub code_secs: u64,
    /// Seconds that an access token lives.
    pub access_secs: u64,
    /// Seconds in which it can be refreshed, counted from the consent; 0 = it cannot.
    pub refresh_secs: u64,
    /// A refresh gives a new refresh token and takes the old one back.
    pub rotates: bool,
    /// A refresh takes the old access token back.
    pub retires: bool,
    /// Numbers of answers are texts.
    pub numbers_as_text: bool,
}

impl Default for OAuthOptions {
    fn default() -> Self {
        Self {
            seller: 2_678_881_002,
            redirect_uri: None,
            code_secs: 180,
            access_secs: 2_592_000,
            refresh_secs: 5_184_000,
            rotates: true,
            retires: true,
            numbers_as_text: false,
        }
    }
}

/// How often what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OAuthCounts {
    /// Codes given.
    pub codes: u64,
    /// Codes exchanged.
    pub created: u64,
    /// Refreshes.
    pub refreshed: u64,
    /// Refresh tokens that were exchanged for others.
    pub rotated: u64,
    /// Exchanges and refreshes refused.
    pub refused: u64,
}

#[derive(Debug, Clone, Copy)]
struct Code {
    until_us: u64,
    seller: u64,
}

#[derive(Debug, Clone)]
struct Grant {
    seller: u64,
    access: String,
    refresh_until_us: u64,
}

#[derive(Debug, Default)]
struct Given {
    seller: u64,
    codes: BTreeMap<String, Code>,
    /// Access token → when it ends.
    access: BTreeMap<String, u64>,
    /// Refresh token → what it belongs to.
    refresh: BTreeMap<String, Grant>,
    counts: OAuthCounts,
}

/// Consents and tokens.
#[derive(Debug)]
pub struct OAuth {
    options: OAuthOptions,
    given: Mutex<Given>,
}

impl OAuth {
    pub(super) fn new(options: OAuthOptions) -> Self {
        let given = Given { seller: options.seller, ..Given::default() };
        Self { options, given: Mutex::new(given) }
    }

    /// This seller is logged in from now on.
    pub fn log_in(&self, seller: u64) {
        self.given().seller = seller;
    }

    /// Takes every access token back; with `wholly` every refresh token, too.
    pub fn revoke(&self, wholly: bool) {
        let mut given = self.given();
        given.access.clear();
        if wholly {
            given.refresh.clear();
        }
    }

    /// How often what happened.
    pub fn counts(&self) -> OAuthCounts {
        self.given().counts
    }

    /// The access tokens that it takes.
    pub fn access_tokens(&self) -> Vec<String> {
        self.given().access.keys().cloned().collect()
    }

    /// The refresh tokens that it takes.
    pub fn refresh_tokens(&self) -> Vec<String> {
        self.given().refresh.keys().cloned().collect()
    }

    pub(super) fn takes(&self, token: &str, now_us: u64) -> bool {
        self.given().access.get(token).is_some_and(|until| now_us < *until)
    }

    fn code(&self, app_key: &str, now_us: u64) -> String {
        let mut given = self.given();
        let code = format!("3_{app_key}_{}", random());
        let (until_us, seller) = (now_us + self.options.code_secs * 1_000_000, given.seller);
        given.codes.insert(code.clone(), Code { until_us, seller });
        given.counts.codes += 1;
        code
    }

    fn create(&self, code: &str, now_us: u64) -> Option<Value> {
        let mut given = self.given();
        let code = given.codes.remove(code).filter(|code| now_us < code.until_us)?;
        given.counts.created += 1;
        let refresh_until_us = now_us + self.options.refresh_secs * 1_000_000;
        let grant = Grant { seller: code.seller, access: format!("50000{}", random()), refresh_until_us };
        Some(self.answer(&mut given, grant, format!("50001{}", random()), now_us))
    }

    fn refresh(&self, token: &str, now_us: u64) -> Option<Value> {
        let mut given = self.given();
        let mut grant = given.refresh.get(token).filter(|grant| now_us < grant.refresh_until_us).cloned()?;
        given.counts.refreshed += 1;
        if self.options.retires {
            given.access.remove(&grant.access);
        }
        grant.access = format!("50000{}", random());
        let mut refresh = token.to_owned();
        if self.options.rotates {
            given.refresh.remove(token);
            given.counts.rotated += 1;
            refresh = format!("50001{}", random());
        }
        Some(self.answer(&mut given, grant, refresh, now_us))
    }

    fn answer(&self, given: &mut Given, grant: Grant, refresh: String, now_us: u64) -> Value {
        let ends_us = now_us + self.options.access_secs * 1_000_000;
        given.access.insert(grant.access.clone(), ends_us);
        let refresh_left = grant.refresh_until_us.saturating_sub(now_us) / 1_000_000;
        let number = |number: u64| match self.options.numbers_as_text {
            true => Value::from(number.to_string()),
            false => Value::from(number),
        };
        let value = json!({"access_token": grant.access, "refresh_token": refresh,
            "expires_in": number(self.options.access_secs), "expire_time": number(ends_us / 1000),
            "refresh_expires_in": number(refresh_left), "refresh_token_valid_time": number(grant.refresh_until_us / 1000),
            "user_id": grant.seller.to_string(), "seller_id": grant.seller.to_string(), "account_id": grant.seller.to_string(),
            "user_nick": format!("ru{}abcd", grant.seller), "account": format!("seller-{}@shop.example", grant.seller),
            "account_platform": "seller_center", "sp": "ae", "locale": "ru_RU", "code": "0", "request_id": request_id()});
        given.refresh.insert(refresh, grant);
        value
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// What a consent link says.
#[derive(Debug, Deserialize)]
pub(super) struct Consent {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    state: Option<String>,
}

/// The consent page, whose visitor is logged in and confirms at once.
pub(super) async fn authorize(consent: Query<Consent>, world: Data<World>) -> HttpResponse {
    let registered = world.options.oauth.redirect_uri.as_ref().is_none_or(|uri| *uri == consent.redirect_uri);
    if consent.response_type != "code" || consent.client_id != world.options.app_key || !registered {
        return HttpResponse::BadRequest()
            .content_type("text/html")
            .body("<html><body>param-appkey.not.exists</body></html>");
    }
    let Ok(mut back) = url::Url::parse(&consent.redirect_uri) else { return HttpResponse::BadRequest().finish() };
    back.query_pairs_mut().append_pair("code", &world.oauth.code(&consent.client_id, world.now_us()));
    if let Some(state) = &consent.state {
        back.query_pairs_mut().append_pair("state", state);
    }
    HttpResponse::Found().insert_header(("location", back.as_str())).finish()
}

/// `/rest/auth/token/create` and `/refresh`.
pub(super) async fn token(request: HttpRequest, what: Path<String>, body: Bytes, world: Data<World>) -> HttpResponse {
    let (params, _) = gateway::params(&request, &body);
    let path = format!("/auth/token/{what}");
    let faults = world.faults.of_call(&path);
    let instead = faults.iter().find_map(gateway::instead);
    let done = match &instead {
        Some(Instead::Refused(refused)) => Err(refused.clone()),
        Some(_) => Err(Refused::isv("fault", "")),
        None => grant(&world, &path, &params),
    };
    let (outcome, value) = match done {
        Ok(value) => ("ok".to_owned(), value),
        Err(refused) => {
            world.oauth.given().counts.refused += u64::from(refused.code != "fault");
            let value = json!({"type": refused.kind, "code": refused.code, "message": refused.message, "request_id": request_id()});
            (refused.code, value)
        }
    };
    let (at_us, stamped_ms) = (super::now_us(), gateway::stamped_ms(&params));
    let call = Call { sequence: 0, at_us, stamped_ms, method: path, products: 0, skus: 0, outcome };
    world.ledger.write(call, Vec::new());
    gateway::respond(&faults, gateway::latency(&world, &faults), instead, &value).await
}

fn grant(world: &World, path: &str, params: &Params) -> Result<Value, Refused> {
    gateway::signed(world, params, Some(path))?;
    let given =
        |name: &'static str| params.get(name).filter(|value| !value.is_empty()).ok_or_else(|| Refused::missing(name));
    let now_us = world.now_us();
    match path {
        "/auth/token/create" => {
            let code = given("code")?;
            // The parameter exists and spoils the exchange.
            let code = if params.contains_key("uuid") { None } else { world.oauth.create(code, now_us) };
            code.ok_or_else(|| Refused::isv("InvalidCode", "Invalid Code"))
        }
        "/auth/token/refresh" => {
            let refreshed = world.oauth.refresh(given("refresh_token")?, now_us);
            refreshed
                .ok_or_else(|| Refused::isv("IllegalRefreshToken", "The specified refresh token is invalid or expired"))
        }
        _ => Err(Refused::isv("InvalidApiPath", "The specified API path is invalid")),
    }
}
