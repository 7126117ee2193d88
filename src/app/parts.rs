//! Applications and clients made of a checked configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;

use super::backend::Backend;
use crate::aliexpress::solution::{ClientOptions, SolutionClient};
use crate::aliexpress::{Access, Application, Applications};
use crate::clock::SharedClock;
use crate::config::{Config, Dialect};
use crate::http_client;
use crate::oauth::{self, OAuth};
use crate::rate_limit::breaker::Breaker;
use crate::telemetry::health::HealthBoard;
use crate::worker::Client;

/// The applications of the shops that have one; the others take events and send nothing. A shop may get its token later, by consent.
pub(super) fn applications(config: &Config, backend: &Backend, clock: &SharedClock) -> anyhow::Result<Applications> {
    let aliexpress = &config.aliexpress;
    let http = http_client::build(aliexpress.connect_timeout(), aliexpress.timeout()).context("the HTTP client")?;
    let mut applications = Applications::default();
    let mut known: BTreeMap<String, Arc<Application>> = BTreeMap::new();
    for shop in &config.shops {
        if shop.dialect == Dialect::Local {
            tracing::warn!(shop.id = %shop.id, "this version does not speak the dialect `local` yet: events are taken, nothing is sent");
            continue;
        }
        if shop.app_key.is_empty() {
            tracing::warn!(shop.id = %shop.id, "the shop has no app_key: events are taken, nothing is sent");
            continue;
        }
        let application = known.entry(shop.app_key.clone()).or_insert_with(|| {
            let options = ClientOptions {
                gateway_url: aliexpress.gateway_url.clone(),
                app_key: shop.app_key.clone(),
                app_secret: shop.app_secret.clone(),
                methods: aliexpress.methods.clone(),
            };
            let client = SolutionClient::new(options, http.clone(), Arc::clone(clock));
            let breaker = Breaker::new(aliexpress.breaker_failures, aliexpress.breaker_max(), Arc::clone(clock));
            let in_flight = config.worker.requests_in_flight_max;
            Arc::new(Application::new(shop.app_key.clone(), client, Arc::clone(&backend.budget), breaker, in_flight))
        });
        applications.add(shop.id.clone(), Access::new(Arc::clone(application), shop.token.clone(), Arc::clone(clock)));
    }
    Ok(applications)
}

/// The keeper of the tokens of shops that have an application.
pub(super) fn oauth(
    config: &Config,
    backend: &Backend,
    applications: &Applications,
    health: &Arc<HealthBoard>,
) -> Arc<OAuth> {
    // The token of dialect `local` is the cabinet's own: nobody consents to it, nothing refreshes it.
    let consents = |shop: &&crate::config::ShopConfig| shop.dialect == Dialect::Solution;
    let shop = |shop: &crate::config::ShopConfig| {
        Some((shop.id.clone(), Arc::clone(applications.of_shop(&shop.id)?), shop.token.clone()))
    };
    Arc::new(OAuth::new(oauth::Parts {
        documents: Arc::clone(&backend.documents),
        cipher: backend.keys.cipher(oauth::CIPHER_PURPOSE),
        queue: Arc::clone(&backend.queue),
        health: Arc::clone(health),
        public_url: config.intake.public_url.clone(),
        shops: config.shops.iter().filter(consents).filter_map(shop).collect(),
    }))
}

/// The shops that dispatchers serve.
pub(super) fn clients(config: &Config, applications: &Applications) -> Vec<Client> {
    let client = |shop: &crate::config::ShopConfig| {
        let access = Arc::clone(applications.of_shop(&shop.id)?);
        Some(Client { shop: shop.id.clone(), config: Arc::new(shop.clone()), access })
    };
    config.shops.iter().filter_map(client).collect()
}
