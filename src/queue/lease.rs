//! Entries in the hands of a worker, and how that ends.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::place::ParkReason;
use crate::clock::Timestamp;
use crate::domain::{Cause, Lane, ListingId, Version};

/// Which due entries a reservation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Urgent entries, and what else is due of the same listings: it costs no request of its own.
    Urgent,
    /// All, urgent ones first.
    Any,
}

/// What a worker asks of [`Queue::reserve`](super::Queue::reserve).
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Which due entries.
    pub class: Class,
    /// The most entries, up to [`RESERVE_MAX`](super::RESERVE_MAX).
    pub entries: usize,
    /// The most distinct listings that the entries may touch (counted by each entry's first listing).
    pub listings: usize,
    /// How long they are held.
    pub lease: Duration,
}

/// Entries that were refused together and are being told apart: see `batching::bisect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cohort {
    /// Random, never 0; entries of one cohort go in one request.
    pub id: u32,
    /// Nothing else goes in that request (a whole request was refused, not one product in it).
    pub alone: bool,
}

/// The hold on an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeaseRef {
    /// The lane.
    pub lane: Lane,
    /// The key.
    pub key: String,
    /// The fencing token: unique in the store, greater for each later lease.
    pub token: u64,
    /// The version that was taken.
    pub version: Version,
}

/// A value per listing.
pub type Confirmed = BTreeMap<ListingId, String>;

/// An entry in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The hold.
    pub lease: LeaseRef,
    /// The state in its stored form, its seal verified.
    pub payload: String,
    /// What made the shop say it.
    pub cause: Cause,
    /// Send even if it equals what is confirmed.
    pub force: bool,
    /// It was urgent.
    pub urgent: bool,
    /// Failures so far that blame the entry.
    pub attempts: u32,
    /// When the key stopped being confirmed.
    pub first_at: Timestamp,
    /// When the newest state was taken from the shop.
    pub taken_at: Timestamp,
    /// Its effect on AliExpress is unknown: send it whatever is confirmed.
    pub suspect: bool,
    /// The avalanche guard held an older state of the key, and nobody has decided since.
    pub was_held: bool,
    /// Whom it was refused with.
    pub cohort: Option<Cohort>,
    /// Where the SKU stands on AliExpress; empty for lanes that need no listing.
    pub listings: Vec<ListingId>,
    /// What each listing is known to have.
    pub confirmed: Confirmed,
}

/// Why something failed, in a code to group by and words to read. Carries no secret and at most 500 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// A stable code: AliExpress's own where there is one.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// How a lease ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// AliExpress has the value in all listings of the entry (or in none, where nothing had to be sent).
    Done {
        /// What is known of each listing now; replaces what was known.
        confirmed: Confirmed,
    },
    /// AliExpress took it and will give its verdict later.
    Awaiting {
        /// What to ask AliExpress for.
        handle: String,
        /// When to ask.
        check_after: Duration,
    },
    /// Waits for something outside.
    Parked {
        /// For what.
        reason: ParkReason,
        /// For people.
        detail: String,
    },
    /// Waits for a person.
    Held {
        /// For people.
        detail: String,
    },
    /// Try again, with whatever is newest then.
    Retry {
        /// Not before this long from now.
        after: Duration,
        /// The failure is the entry's own and counts as an attempt.
        blame: bool,
        /// What went wrong.
        fault: Fault,
        /// Listings that did take the value.
        confirmed: Confirmed,
        /// Whom it goes with next time.
        cohort: Option<Cohort>,
    },
    /// Nothing was sent (stopping, no permit): due again at once, as if it had not been taken.
    Released,
    /// Nothing was sent: due after this long, as if it had not been taken.
    Postponed {
        /// From now.
        after: Duration,
    },
    /// The call was made and its effect is unknown: as a retry that does not blame, and the key is suspect.
    Unknown {
        /// Not before this long from now.
        after: Duration,
        /// What went wrong.
        fault: Fault,
    },
    /// Given up.
    Dead {
        /// Why.
        fault: Fault,
    },
}

/// What a settlement found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The outcome stands.
    Kept,
    /// A newer state came while it was leased; that one is due.
    Replaced,
    /// The lease was lost before; the key is suspect now, and its newest state is due.
    Lost,
}
