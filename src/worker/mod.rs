//! Sends what is queued: one dispatcher for each application key, one courier for all shops, any number of rounds in flight.
//!
//! dispatcher: whose turn ([`fairness`]) → budget open? → reserve → [`render`] → [`judge`] → `batching::pack` → permit → round.
//! [`round`]: the calls of one reservation → [`verdict`] → settle. Lanes with a [`handler`] have no rounds: their entries are worked one at
//! a time ([`single`]), those for AliExpress in the dispatcher's turns, those for the shop by the [`courier`]. A retry is a new turn through the queue ([`backoff`]),
//! never a sleep in a task. The budget is looked at before entries are taken, so that they keep coalescing while it is spent:
//! batches are sent at once while it is plentiful and fill by themselves while it is scarce.

mod backoff;
mod courier;
mod deliver;
mod dispatch;
pub mod fairness;
mod fulfil;
mod handler;
mod judge;
mod lease;
mod probe;
mod render;
mod round;
mod scar;
mod single;
mod verdict;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use courier::Courier;
pub use deliver::Deliver;
pub use dispatch::{Dispatcher, Pass};
pub use fulfil::Fulfil;
pub use handler::{Ending, Handler, Handlers};
pub use probe::Probe;

use crate::aliexpress::{Access, Application};
use crate::batching::BatchLimits;
use crate::clock::SharedClock;
use crate::config::{LaneConfig, Methods, Mode, ShopConfig};
use crate::domain::{Lane, ShopId};
use crate::guard::Guard;
use crate::listings::{PriceRules, StoreCurrencies};
use crate::orders::Book;
use crate::queue::{Outcome, Queue};

/// What dispatchers and rounds share.
#[derive(Debug)]
pub struct Desk {
    /// The queue.
    pub queue: Arc<dyn Queue>,
    /// Pieces in orders, which stock that leaves is lessened by.
    pub book: Arc<dyn Book>,
    /// Holds what would take too much from buyers at once.
    pub guard: Arc<Guard>,
    /// The stores' currencies.
    pub currencies: StoreCurrencies,
    /// How prices become those of AliExpress.
    pub rules: PriceRules,
    /// For measuring.
    pub clock: SharedClock,
    /// How much fits into a request.
    pub limits: BatchLimits,
    /// The method behind each call.
    pub methods: Methods,
    /// The settings of lanes, by `Lane as usize`.
    pub lanes: [LaneConfig; 6],
    /// The longest look-away.
    pub poll_max: Duration,
    /// Told of each commit of the intake and each end of a round.
    pub wake: Arc<Notify>,
    /// Rounds in flight.
    pub rounds: TaskTracker,
    /// Who works the lanes whose entries are worked one at a time.
    pub handlers: Handlers,
}

impl Desk {
    /// The settings of a lane.
    pub fn lane(&self, lane: Lane) -> &LaneConfig {
        &self.lanes[lane as usize]
    }

    /// The method by which a lane's states reach AliExpress.
    pub fn method(&self, lane: Lane) -> &str {
        match lane {
            Lane::Price => &self.methods.price_update,
            _ => &self.methods.inventory_update,
        }
    }
}

/// A shop as a dispatcher serves it.
#[derive(Debug, Clone)]
pub struct Client {
    /// The shop.
    pub shop: ShopId,
    /// Its settings.
    pub config: Arc<ShopConfig>,
    /// Its way to AliExpress.
    pub access: Arc<Access>,
}

impl Client {
    /// Nothing is sent for this shop.
    pub fn observes(&self) -> bool {
        self.config.mode == Mode::Observe
    }
}

/// Runs the dispatcher of an application until told to stop; a pass that fails is logged and tried again.
pub async fn run(desk: Arc<Desk>, application: Arc<Application>, clients: Vec<Client>, stop: CancellationToken) {
    let mut dispatcher = Dispatcher::new(Arc::clone(&desk), application, clients);
    while !stop.is_cancelled() {
        // Made before the look, so that no wake-up is lost between the two.
        let wake = desk.wake.notified();
        let pass = tokio::select! {
            () = stop.cancelled() => return,
            pass = dispatcher.run_once() => pass,
        };
        idle(pass, wake, &stop).await;
    }
}

/// Waits after a pass that found nothing: as long as it says, or until something is new.
async fn idle(pass: Pass, wake: Notified<'_>, stop: &CancellationToken) {
    let Pass::Idle(wait) = pass else { return };
    tokio::select! {
        () = stop.cancelled() => {}
        // A burst of events is one wake-up: a few milliseconds let it come in.
        () = wake => tokio::time::sleep(Duration::from_millis(5)).await,
        () = tokio::time::sleep(wait) => {}
    }
}

/// An outcome's name in metrics.
const fn outcome_label(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "confirmed",
        Outcome::Awaiting { .. } => "awaiting",
        Outcome::Parked { .. } => "parked",
        Outcome::Held { .. } => "held",
        Outcome::Retry { .. } => "retry",
        Outcome::Released | Outcome::Postponed { .. } => "released",
        Outcome::Unknown { .. } => "unknown",
        Outcome::Dead { .. } => "dead_letter",
    }
}
