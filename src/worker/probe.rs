//! The health probe: asks AliExpress for the seller's profile, at start, now and then, and while a token is refused.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Client;
use crate::aliexpress::{CallError, Class};
use crate::config::Methods;
use crate::telemetry::health::{Condition, HealthBoard};

/// Between probes of a shop that is well.
const EVERY: Duration = Duration::from_secs(300);
/// Between probes of a shop that is not.
const SOON: Duration = Duration::from_secs(15);

/// Probes shops one after the other.
#[derive(Debug)]
pub struct Probe {
    /// Whom.
    pub clients: Vec<Client>,
    /// The method.
    pub methods: Methods,
    /// Where it is shown.
    pub health: Arc<HealthBoard>,
}

impl Probe {
    /// Probes until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let mut well = true;
            for client in &self.clients {
                tokio::select! {
                    () = stop.cancelled() => return,
                    ok = self.run_once(client) => well &= ok,
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(if well { EVERY } else { SOON }) => {}
            }
        }
    }

    /// Asks once; says whether all is well.
    pub async fn run_once(&self, client: &Client) -> bool {
        let component = format!("aliexpress/{}", client.shop);
        let application = &client.access.application;
        let method = &self.methods.merchant_profile;
        if let Err(error) = application.permit(method, false).await {
            self.health.set(&component, Condition::Degraded, Some(format!("not asked: {error}")));
            return false;
        }
        let profile = application.client.merchant_profile(client.access.token()).await;
        application.learn(method, profile.as_ref().err()).await;
        let error = match profile {
            Ok(_) => {
                client.access.set_refused(false);
                self.health.set(&component, Condition::Ok, None);
                return true;
            }
            Err(error) => error,
        };
        let refused = matches!(error.class(), Class::Unauthorized);
        if refused {
            client.access.set_refused(true);
        }
        self.health.set(&component, Condition::Down, Some(words(&error, refused)));
        false
    }
}

fn words(error: &CallError, refused: bool) -> String {
    match refused {
        true => format!("AliExpress refuses the access token; give a new one: {error}"),
        false => error.to_string(),
    }
}
