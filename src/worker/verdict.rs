//! What AliExpress said → how each entry's lease ends. Pure but for the dice of back-offs and cohorts.
//!
//! An entry may go to several listings: it is done when all have it; else the gravest of its hits decides, and what the
//! other listings took is kept.

use std::time::Duration;

use super::backoff::backoff;
use super::render::Sendable;
use crate::aliexpress::{CallError, Class, Verdict};
use crate::batching::{Batch, Item, bisect};
use crate::clock::Timestamp;
use crate::config::LaneConfig;
use crate::domain::ListingId;
use crate::queue::{Cohort, Confirmed, Fault, Outcome};

/// How long a product under audit is left alone.
const LATER: Duration = Duration::from_secs(60);
/// How long entries wait whose shop's token or application is refused: their lanes are paused by then, and wait for a new token.
const REFUSED: Duration = Duration::from_secs(2);

/// What became of one product of one request. The order is the order of gravity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hit {
    /// It has the values.
    Accepted,
    /// Nothing was sent, or what was said no longer holds: look again at once.
    Unsent,
    /// The application or the method is banned for a while.
    Throttled {
        /// For how long.
        after: Duration,
        /// As AliExpress says it.
        fault: Fault,
    },
    /// The shop's token, or the application itself, is refused.
    Unauthorized {
        /// As AliExpress says it.
        fault: Fault,
    },
    /// AliExpress could not be reached; nothing was sent.
    Down {
        /// What went wrong.
        fault: Fault,
    },
    /// AliExpress cannot take it now (audit).
    NotNow {
        /// As AliExpress says it.
        fault: Fault,
    },
    /// AliExpress failed on this product and says: later.
    Later {
        /// As AliExpress says it.
        fault: Fault,
    },
    /// Refused for good, for the fault of one of its SKUs.
    Refused {
        /// As AliExpress says it.
        fault: Fault,
        /// The product or a SKU of it is unknown to AliExpress.
        unknown: bool,
    },
    /// The whole request was refused for good, for the fault of one of its SKUs.
    RequestRefused {
        /// As AliExpress says it.
        fault: Fault,
    },
    /// It may have the values or not.
    Unknown {
        /// What went wrong.
        fault: Fault,
    },
}

impl Hit {
    /// The hit of one product of an answered request.
    pub(super) fn of_product(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accepted => Hit::Accepted,
            Verdict::Missing => {
                let detail = "AliExpress names the product neither as updated nor as failed".to_owned();
                Hit::Unknown { fault: Fault { code: "not_named".into(), detail } }
            }
            Verdict::Refused(refusal) => {
                let unknown = refusal.says_unknown_sku_or_product();
                let fault = Fault { code: refusal.code.clone(), detail: refusal.message.clone() };
                match refusal.class {
                    Class::NotNow => Hit::NotNow { fault },
                    Class::Throttled { retry_after, .. } => Hit::Throttled { after: retry_after, fault },
                    Class::Transient => Hit::Later { fault },
                    Class::Unauthorized => Hit::Unauthorized { fault },
                    Class::Unknown => Hit::Unknown { fault },
                    Class::Rejected => Hit::Refused { fault, unknown },
                }
            }
        }
    }

    /// The hit of every product of a request that failed whole.
    pub(super) fn of_call(error: &CallError) -> Self {
        let fault = Fault { code: error.code().to_owned(), detail: error.to_string() };
        match error.class() {
            Class::Throttled { retry_after, .. } => Hit::Throttled { after: retry_after, fault },
            Class::NotNow => Hit::NotNow { fault },
            Class::Transient => Hit::Down { fault },
            Class::Unauthorized => Hit::Unauthorized { fault },
            Class::Unknown => Hit::Unknown { fault },
            Class::Rejected if error.blames_application() => Hit::Unauthorized { fault },
            Class::Rejected => Hit::RequestRefused { fault },
        }
    }

    const fn gravity(&self) -> u8 {
        match self {
            Hit::Accepted => 0,
            Hit::Unsent => 1,
            Hit::Throttled { .. } => 2,
            Hit::Unauthorized { .. } => 3,
            Hit::Down { .. } => 4,
            Hit::NotNow { .. } => 5,
            Hit::Later { .. } => 6,
            Hit::Refused { .. } => 7,
            Hit::RequestRefused { .. } => 8,
            Hit::Unknown { .. } => 9,
        }
    }
}

/// What is known of one entry so far.
#[derive(Debug)]
struct Standing {
    /// The value on its way.
    rendered: String,
    confirmed: Confirmed,
    gravest: Hit,
    /// Whom it goes with next time; none when it was refused alone.
    cohort: Option<Cohort>,
}

/// What is known of every entry of a round.
#[derive(Debug)]
pub(super) struct Verdicts(Vec<Standing>);

impl Verdicts {
    /// Nothing is known but what was confirmed before.
    pub(super) fn new(sendables: &[Sendable]) -> Self {
        let standing = |sendable: &Sendable| {
            let known = |listing: &ListingId| Some((*listing, sendable.leased.confirmed.get(listing)?.clone()));
            let confirmed = sendable.leased.listings.iter().filter_map(known).collect();
            Standing { rendered: sendable.rendered.clone(), confirmed, gravest: Hit::Accepted, cohort: None }
        };
        Self(sendables.iter().map(standing).collect())
    }

    /// Notes what became of one product.
    pub(super) fn item(&mut self, item: &Item, hit: &Hit) {
        match hit {
            Hit::Accepted => {
                for &entry in &item.entries {
                    let standing = &mut self.0[entry];
                    standing.confirmed.insert(item.listing, standing.rendered.clone());
                }
            }
            Hit::Refused { .. } => self.refused(std::slice::from_ref(&item.entries), false, hit),
            hit => item.entries.iter().for_each(|&entry| self.hit(entry, hit, None)),
        }
        if *hit != Hit::Accepted {
            for &entry in &item.entries {
                self.0[entry].confirmed.remove(&item.listing);
            }
        }
    }

    /// Notes what became of a whole request.
    pub(super) fn all(&mut self, batch: &Batch, hit: &Hit) {
        if let Hit::RequestRefused { .. } = hit {
            let groups: Vec<Vec<usize>> = batch.items.iter().map(|item| item.entries.clone()).collect();
            self.refused(&groups, true, hit);
        }
        for item in &batch.items {
            for &entry in &item.entries {
                if !matches!(hit, Hit::RequestRefused { .. }) {
                    self.hit(entry, hit, None);
                }
                self.0[entry].confirmed.remove(&item.listing);
            }
        }
    }

    fn refused(&mut self, groups: &[Vec<usize>], alone: bool, hit: &Hit) {
        let id = rand::random::<u32>().max(2);
        match bisect(groups, alone, [id, id - 1]) {
            Some(halves) => halves.into_iter().for_each(|(entry, cohort)| self.hit(entry, hit, Some(cohort))),
            None => groups.iter().flatten().for_each(|&entry| self.hit(entry, hit, None)),
        }
    }

    fn hit(&mut self, entry: usize, hit: &Hit, cohort: Option<Cohort>) {
        let standing = &mut self.0[entry];
        if hit.gravity() > standing.gravest.gravity() {
            (standing.gravest, standing.cohort) = (hit.clone(), cohort);
        }
    }

    /// How each lease ends, in the order of the sendables. `lane_wait` gives the lane's own back-off, once for all.
    pub(super) fn outcomes(
        self,
        sendables: &[Sendable],
        lane: &LaneConfig,
        now: Timestamp,
        lane_wait: &mut dyn FnMut() -> Duration,
    ) -> Vec<Outcome> {
        let end = |(standing, sendable): (Standing, &Sendable)| standing.outcome(sendable, lane, now, lane_wait);
        self.0.into_iter().zip(sendables).map(end).collect()
    }
}

impl Standing {
    fn outcome(
        mut self,
        sendable: &Sendable,
        lane: &LaneConfig,
        now: Timestamp,
        lane_wait: &mut dyn FnMut() -> Duration,
    ) -> Outcome {
        let leased = &sendable.leased;
        let retry = |after, blame, fault, confirmed, cohort| Outcome::Retry { after, blame, fault, confirmed, cohort };
        let confirmed = std::mem::take(&mut self.confirmed);
        let outcome = match self.gravest {
            Hit::Accepted => {
                let has = |listing: &ListingId| (*listing, sendable.rendered.clone());
                return Outcome::Done { confirmed: leased.listings.iter().map(has).collect() };
            }
            Hit::Unsent => return Outcome::Released,
            Hit::Throttled { after, fault } => retry(after, false, fault, confirmed, leased.cohort),
            Hit::Unauthorized { fault } => retry(REFUSED, false, fault, confirmed, leased.cohort),
            Hit::NotNow { fault } => retry(LATER, false, fault, confirmed, leased.cohort),
            Hit::Down { fault } => retry(lane_wait(), false, fault, confirmed, leased.cohort),
            Hit::Later { fault } if leased.attempts + 1 >= lane.attempts_max => return Outcome::Dead { fault },
            Hit::Later { fault } => retry(backoff(lane, leased.attempts), true, fault, confirmed, leased.cohort),
            Hit::Refused { fault, .. } | Hit::RequestRefused { fault } => match self.cohort {
                None => return Outcome::Dead { fault },
                cohort => retry(Duration::ZERO, false, fault, confirmed, cohort),
            },
            Hit::Unknown { fault } => Outcome::Unknown { after: lane_wait(), fault },
        };
        // Outages, limits and tokens never count as attempts: what they hold up for too long ends by its age.
        if now.since(leased.first_at) > lane.age_max()
            && let Outcome::Retry { fault, .. } | Outcome::Unknown { fault, .. } = outcome
        {
            let detail =
                format!("unconfirmed for more than {} s; the last fault: {}", lane.age_max().as_secs(), fault.detail);
            return Outcome::Dead { fault: Fault { code: "too_old".into(), detail } };
        }
        outcome
    }
}
