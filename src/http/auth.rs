//! Who calls the API: a shop by its signature (intake listener) or an operator by a bearer token (admin listener).
//!
//! Handlers take a [`Caller`] and never look further.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, web};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use super::intake::body;
use super::problem::Problem;
use super::{Api, Intake};
use crate::config::{AdminToken, Role};
use crate::domain::ShopId;

/// The largest body of an admin request.
const ADMIN_BODY_BYTES_MAX: usize = 1 << 20;

/// The tokens of the admin listener.
#[derive(Debug)]
pub struct AdminAuth {
    tokens: Vec<AdminToken>,
}

impl AdminAuth {
    /// Lets these tokens in.
    pub fn new(tokens: Vec<AdminToken>) -> Self {
        Self { tokens }
    }

    fn role(&self, request: &HttpRequest) -> Result<Role, Problem> {
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let given = header.strip_prefix("Bearer ").unwrap_or_default().trim();
        let is = |token: &SecretString| bool::from(token.expose_secret().as_bytes().ct_eq(given.as_bytes()));
        let found =
            self.tokens.iter().fold(None, |found, token| if is(&token.token) { Some(token.role) } else { found });
        let detail = "give the admin token as `Authorization: Bearer …`";
        found.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail))
    }
}

/// An operator who may look.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    /// What the token may do.
    pub role: Role,
}

impl FromRequest for Operator {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let auth = request.app_data::<Data<AdminAuth>>();
        let role =
            auth.ok_or_else(|| Problem::not_found("there is no admin API here")).and_then(|auth| auth.role(request));
        std::future::ready(role.map(|role| Self { role }))
    }
}

/// Somebody who may speak for the shop of the path, and what they sent.
#[derive(Debug)]
pub struct Caller {
    /// The shop, which is configured.
    pub shop: ShopId,
    role: Role,
    body: Bytes,
}

impl Caller {
    /// The body as JSON; an empty one is `{}`.
    ///
    /// # Errors
    /// 400 where it is not what is expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let text: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(text).map_err(|error| Problem::bad_request("body_unreadable", error.to_string()))
    }

    /// Whether they may change things.
    ///
    /// # Errors
    /// 403 where they may only look.
    pub fn may_act(&self) -> Result<(), Problem> {
        match self.role {
            Role::Operator => Ok(()),
            Role::Viewer => Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "this token may look, not act")),
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let unreadable = |error: actix_web::Error| Problem::bad_request("body_unreadable", error.to_string());
            let payload = payload.into_inner().map_err(unreadable)?;
            let named = request.match_info().get("shop").unwrap_or_default().to_owned();
            if let Some(auth) = request.app_data::<Data<AdminAuth>>() {
                let role = auth.role(&request)?;
                let api = request.app_data::<Data<Api>>().expect("both listeners carry the API");
                let shop = api.shop(&named).ok_or_else(|| Problem::not_found(format!("no shop is named {named:?}")))?;
                let body = body::read(payload, ADMIN_BODY_BYTES_MAX).await?;
                return Ok(Self { shop: shop.id.clone(), role, body });
            }
            let intake = request.app_data::<Data<Intake>>().expect("the intake listener carries the intake");
            let body = body::read(payload, intake.body_bytes_max()).await?;
            let shop = intake.admit(&request, &named, &body).await?;
            Ok(Self { shop, role: Role::Operator, body })
        })
    }
}
