//! Lanes whose entries are worked one at a time, with any number of calls each: what a handler is asked for and what it answers.
//!
//! The handler knows the trade; leases, back-off, attempts, age, panics and metrics are the worker's (`single`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::backoff::backoff;
use crate::aliexpress::{CallError, Class};
use crate::clock::Timestamp;
use crate::config::LaneConfig;
use crate::domain::{Lane, ShopId};
use crate::queue::{Confirmed, Fault, Leased, Outcome, ParkReason};

/// How long a shop whose token or application is refused, and what AliExpress cannot take now, are left alone.
const LATER: Duration = Duration::from_secs(60);

/// Works the entries of a lane.
#[async_trait]
pub trait Handler: Send + Sync + std::fmt::Debug {
    /// Works one entry and says how it ended.
    ///
    /// The lease is renewed meanwhile. Each call to AliExpress takes its permit by itself (`Access::call`). Where `leased.suspect`, an earlier
    /// call for this key may have had its effect: what is not harmless twice is read again first.
    ///
    /// # Cancel safety
    /// It is dropped where it stands when the lease is lost; the key is suspect then.
    async fn work(&self, shop: &ShopId, leased: &Leased) -> Ending;

    /// The most entries in work at one time: of an application (lanes to AliExpress) or of a shop (lanes to the shop).
    fn at_once(&self) -> usize;

    /// For lanes to AliExpress: the method whose budget must be open before an entry is taken; its first call as a rule.
    fn method(&self) -> Option<&str> {
        None
    }
}

/// How the work on one entry ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// What the entry says is so.
    Done(Confirmed),
    /// It was taken and will be judged later.
    Awaiting {
        /// What to ask for.
        handle: String,
        /// When to ask.
        check_after: Duration,
    },
    /// It waits for something outside.
    Parked {
        /// For what.
        reason: ParkReason,
        /// For people.
        detail: String,
    },
    /// It waits for a person.
    Held {
        /// For people.
        detail: String,
    },
    /// Nothing was done, and it is to be looked at again at once.
    Again,
    /// Nothing was done, and it is to be looked at again after this long.
    Postponed(Duration),
    /// Refused for good.
    Refused(Fault),
    /// It failed, and the entry may be at fault: it is tried again until its attempts are spent.
    Failed(Fault),
    /// The other side, or what leads to it, cannot do it now; the entry is not to blame.
    Down {
        /// When to try again; `None`: after the lane's own back-off.
        after: Option<Duration>,
        /// What went wrong.
        fault: Fault,
    },
    /// A call was made and its effect is unknown.
    Unknown(Fault),
}

impl Ending {
    /// The other side did not work.
    pub fn is_down(&self) -> bool {
        matches!(self, Ending::Down { .. } | Ending::Unknown(_))
    }

    /// The outcome of the lease. `lane_wait` gives the lane's back-off.
    pub(super) fn outcome(
        self,
        leased: &Leased,
        lane: &LaneConfig,
        now: Timestamp,
        lane_wait: impl FnOnce() -> Duration,
    ) -> Outcome {
        let retry = |after, blame, fault| {
            let confirmed = leased.confirmed.clone();
            Outcome::Retry { after, blame, fault, confirmed, cohort: None }
        };
        let outcome = match self {
            Ending::Done(confirmed) => return Outcome::Done { confirmed },
            Ending::Awaiting { handle, check_after } => return Outcome::Awaiting { handle, check_after },
            Ending::Parked { reason, detail } => return Outcome::Parked { reason, detail },
            Ending::Held { detail } => return Outcome::Held { detail },
            Ending::Again => return Outcome::Released,
            Ending::Postponed(after) => return Outcome::Postponed { after },
            Ending::Refused(fault) => return Outcome::Dead { fault },
            Ending::Failed(fault) if leased.attempts + 1 >= lane.attempts_max => return Outcome::Dead { fault },
            Ending::Failed(fault) => retry(backoff(lane, leased.attempts), true, fault),
            Ending::Down { after, fault } => retry(after.unwrap_or_else(lane_wait), false, fault),
            Ending::Unknown(fault) => Outcome::Unknown { after: lane_wait(), fault },
        };
        if now.since(leased.first_at) > lane.age_max()
            && let Outcome::Retry { fault, .. } | Outcome::Unknown { fault, .. } = outcome
        {
            let detail =
                format!("undelivered for more than {} s; the last fault: {}", lane.age_max().as_secs(), fault.detail);
            return Outcome::Dead { fault: Fault { code: "too_old".into(), detail } };
        }
        outcome
    }
}

/// What a failed call to AliExpress means for the entry that it was made for.
impl From<&CallError> for Ending {
    fn from(error: &CallError) -> Self {
        let fault = Fault { code: error.code().to_owned(), detail: error.to_string() };
        match error.class() {
            Class::Throttled { retry_after, .. } => Ending::Down { after: Some(retry_after), fault },
            Class::NotNow | Class::Unauthorized => Ending::Down { after: Some(LATER), fault },
            Class::Transient => Ending::Down { after: None, fault },
            Class::Unknown => Ending::Unknown(fault),
            Class::Rejected if error.blames_application() => Ending::Down { after: Some(LATER), fault },
            Class::Rejected => Ending::Refused(fault),
        }
    }
}

/// The handlers of lanes.
#[derive(Debug, Clone, Default)]
pub struct Handlers(BTreeMap<Lane, Arc<dyn Handler>>);

impl Handlers {
    /// With one more.
    #[must_use]
    pub fn with(mut self, lane: Lane, handler: Arc<dyn Handler>) -> Self {
        self.0.insert(lane, handler);
        self
    }

    /// The handler of a lane.
    pub fn of(&self, lane: Lane) -> Option<&Arc<dyn Handler>> {
        self.0.get(&lane)
    }

    /// The lanes that have one.
    pub fn lanes(&self) -> impl Iterator<Item = Lane> {
        self.0.keys().copied()
    }
}
