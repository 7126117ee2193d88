//! An application key and the shops that speak through it. The layers of an outbound call stand here, in one order:
//! concurrency → breaker → request budget → call (which has its timeout). A retry is a new turn through the queue.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::access::Access;
use super::error::{CallError, Class, Scope};
use super::solution::SolutionClient;
use crate::domain::ShopId;
use crate::rate_limit::breaker::{Breaker, Pass};
use crate::rate_limit::{BanScope, Budget, BudgetError, Permit, Request, Usage};
use crate::telemetry::metric::Metric;

/// The longest that a caller sleeps before it asks for a permit again: a ban may be lifted by hand.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// An application key with its client, budget, breaker and slots.
#[derive(Debug)]
pub struct Application {
    key: String,
    /// The calls of the dialect.
    pub client: SolutionClient,
    budget: Arc<dyn Budget>,
    breaker: Mutex<Breaker>,
    slots: Arc<Semaphore>,
}

/// Whether a call could be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It could.
    Now,
    /// Not before this long from now.
    Wait(Duration),
}

impl Application {
    /// An application. At most `in_flight_max` calls are made at one time.
    pub fn new(
        key: String,
        client: SolutionClient,
        budget: Arc<dyn Budget>,
        breaker: Breaker,
        in_flight_max: usize,
    ) -> Self {
        Self { key, client, budget, breaker: Mutex::new(breaker), slots: Arc::new(Semaphore::new(in_flight_max)) }
    }

    /// The application key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// A slot for one call; waits until there is one.
    pub async fn slot(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.slots).acquire_owned().await.expect("the slots are never closed")
    }

    /// Looks whether a call of a method could be made, without taking a permit.
    ///
    /// # Errors
    /// Where the budget's store is away.
    pub async fn opening(&self, method: &str, essential: bool) -> Result<Opening, BudgetError> {
        if let Some(wait) = self.breaker().waits() {
            return Ok(Opening::Wait(wait));
        }
        let look = self.budget.look(&Request { app: &self.key, method, essential }).await?;
        Ok(opening(&look))
    }

    /// Takes a permit for a call of a method; waits for it as long as it takes.
    ///
    /// # Errors
    /// Where the budget's store is away.
    ///
    /// # Cancel safety
    /// A permit granted to a dropped call is lost, which costs one request of the budget.
    pub async fn permit(&self, method: &str, essential: bool) -> Result<(), BudgetError> {
        let request = Request { app: &self.key, method, essential };
        let mut probes = false;
        loop {
            let pass = if probes { Pass::Probe } else { self.breaker().try_pass() };
            // A probe that waits for the budget is still the one that may look.
            probes = pass == Pass::Probe;
            let wait = match pass {
                Pass::Wait(wait) => wait,
                Pass::Go | Pass::Probe => match self.budget.ask(&request).await {
                    Ok(permit) => match opening(&permit) {
                        Opening::Now => return Ok(()),
                        Opening::Wait(wait) => wait,
                    },
                    Err(error) => {
                        if probes {
                            self.breaker().not_probed();
                        }
                        return Err(error);
                    }
                },
            };
            tokio::time::sleep(wait.min(WAIT_MAX)).await;
        }
    }

    /// Learns from how a call ended: bans what AliExpress bans, and tells the breaker whether AliExpress works.
    pub async fn learn(&self, method: &str, error: Option<&CallError>) {
        let class = error.map(CallError::class);
        let outcome = class.as_ref().map_or("ok", Class::as_str);
        let labels = [("app", self.key.clone()), ("method", method.to_owned()), ("outcome", outcome.to_owned())];
        Metric::Requests.add(1, &labels);
        let ok = !matches!(class, Some(Class::Transient | Class::Unknown));
        let opened = self.breaker().report(ok);
        if opened {
            tracing::warn!(app = self.key, "calls to AliExpress pause: several failed in a row");
        }
        if let Some(Class::Throttled { scope, retry_after }) = class {
            let scope = match scope {
                Scope::App => BanScope::App,
                Scope::Method => BanScope::Method(method),
            };
            tracing::warn!(
                app = self.key,
                method,
                ?scope,
                secs = retry_after.as_secs(),
                "AliExpress bans calls for a while"
            );
            if let Err(error) = self.budget.ban(&self.key, scope, retry_after).await {
                tracing::warn!(app = self.key, %error, "a ban could not be shared");
            }
        }
    }

    /// The budget's use.
    ///
    /// # Errors
    /// Where the budget's store is away.
    pub async fn usage(&self) -> Result<Usage, BudgetError> {
        self.budget.usage(&self.key).await
    }

    /// How long calls still pause after failures; none when they do not.
    pub fn pauses(&self) -> Option<Duration> {
        self.breaker().waits()
    }

    /// Calls in flight.
    pub fn in_flight(&self, max: usize) -> usize {
        max.saturating_sub(self.slots.available_permits())
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn opening(permit: &Permit) -> Opening {
    match permit {
        Permit::Granted => Opening::Now,
        Permit::Wait(wait) | Permit::Banned { for_: wait, .. } | Permit::DaySpent { for_: wait } => {
            Opening::Wait(*wait)
        }
    }
}

/// Every application, and every shop's way through one.
#[derive(Debug, Default)]
pub struct Applications {
    applications: BTreeMap<String, Arc<Application>>,
    shops: BTreeMap<ShopId, Arc<Access>>,
}

impl Applications {
    /// Adds a shop's access.
    pub fn add(&mut self, shop: ShopId, access: Access) {
        self.applications.insert(access.application.key().to_owned(), Arc::clone(&access.application));
        self.shops.insert(shop, Arc::new(access));
    }

    /// The application of that key.
    pub fn get(&self, key: &str) -> Option<&Arc<Application>> {
        self.applications.get(key)
    }

    /// All applications.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Application>> {
        self.applications.values()
    }

    /// A shop's access; none without an application. Whether it has a token is its [`Access::standing`].
    pub fn of_shop(&self, shop: &ShopId) -> Option<&Arc<Access>> {
        self.shops.get(shop)
    }

    /// The shops of an application.
    pub fn shops_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = (&'a ShopId, &'a Arc<Access>)> {
        self.shops.iter().filter(move |(_, access)| access.application.key() == key)
    }
}
