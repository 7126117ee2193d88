//! The health probe: asks AliExpress for the seller's profile, at start, now and then, and soon while something is refused.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Client;
use crate::aliexpress::{CallError, Class, Standing};
use crate::config::Methods;
use crate::domain::ShopId;
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
        let mut asked: HashMap<ShopId, (Instant, bool)> = HashMap::new();
        loop {
            for client in &self.clients {
                let well = |&(at, well): &(Instant, bool)| well && client.access.can_send() && at.elapsed() < EVERY;
                if asked.get(&client.shop).is_some_and(well) {
                    continue;
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    well = self.run_once(client) => drop(asked.insert(client.shop.clone(), (Instant::now(), well))),
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(SOON) => {}
            }
        }
    }

    /// Asks once; says whether all is well. A token that is refused is asked with, too: AliExpress may take it again.
    pub async fn run_once(&self, client: &Client) -> bool {
        let component = format!("aliexpress/{}", client.shop);
        let access = &client.access;
        if access.standing() == Standing::Refreshing {
            return false;
        }
        if !access.can_ask() {
            let why = match access.standing() {
                Standing::Missing => "not asked: the shop has no access token yet",
                _ => "not asked: the life of the access token is over",
            };
            self.health.set(&component, Condition::Degraded, Some(why.into()));
            return false;
        }
        let method = &self.methods.merchant_profile;
        if let Err(error) = access.application.permit(method, false).await {
            self.health.set(&component, Condition::Degraded, Some(format!("not asked: {error}")));
            return false;
        }
        let token = access.token();
        let profile = access.application.client.merchant_profile(&token).await;
        access.learn(&token, method, profile.as_ref().err()).await;
        let Err(error) = profile else {
            self.health.set(&component, Condition::Ok, None);
            return true;
        };
        self.health.set(&component, Condition::Down, Some(words(&error)));
        false
    }
}

fn words(error: &CallError) -> String {
    match error.class() {
        Class::Unauthorized => format!("AliExpress refuses the access token: {error}"),
        _ => error.to_string(),
    }
}
