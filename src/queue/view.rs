//! Entries and lanes as people look at them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lease::{Confirmed, Fault};
use super::place::{ParkReason, Place};
use crate::domain::{Cause, Lane, ListingId, Version};

/// The code of a state that the avalanche guard held and a person discarded: the key rests with what is confirmed until it has a newer one.
pub const DISCARDED: &str = "discarded";

/// An entry as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The lane.
    pub lane: Lane,
    /// The key.
    pub key: String,
    /// Where it is.
    pub place: Place,
    /// The version held.
    pub version: Version,
    /// The newest state.
    pub payload: String,
    /// Failures that blame it.
    pub attempts: u32,
    /// When the key stopped being confirmed, milliseconds since the epoch; absent when idle.
    pub first_at_ms: Option<u64>,
    /// When it comes next, milliseconds since the epoch.
    pub due_at_ms: Option<u64>,
    /// Why it is parked, held or dead, or what went wrong last.
    pub fault: Option<Fault>,
    /// Since when it is where it is (parked, held, dead), milliseconds since the epoch.
    pub since_ms: Option<u64>,
    /// Its effect on AliExpress is unknown.
    pub suspect: bool,
    /// What made the shop say it.
    pub cause: Cause,
}

impl EntryView {
    /// The newest state is not AliExpress's, and must not become so by any other way: the avalanche guard holds it, or a person discarded it.
    pub fn is_withheld(&self) -> bool {
        self.place == Place::Held || self.fault.as_ref().is_some_and(|fault| fault.code == DISCARDED)
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one starts; none at the end.
    pub next: Option<String>,
}

/// Keys of a lane, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These; at most [`PAGE_MAX`](super::PAGE_MAX).
    Keys(Vec<String>),
    /// All.
    All,
}

/// Which kept states a replay makes due again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayFilter {
    /// One lane, or stock and price.
    #[serde(default)]
    pub lane: Option<Lane>,
    /// Changed by the shop no earlier than this, milliseconds since the epoch.
    #[serde(default)]
    pub since_ms: Option<u64>,
    /// Changed by the shop before this, milliseconds since the epoch.
    #[serde(default)]
    pub until_ms: Option<u64>,
    /// These keys alone; empty = all.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// A step of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayStep {
    /// Entries that matched in this step.
    pub matched: Vec<(Lane, String, Vec<ListingId>)>,
    /// Where the next step goes on; none at the end.
    pub next: Option<String>,
}

/// A line of an entry's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// When, milliseconds since the epoch.
    pub at_ms: u64,
    /// The version it speaks of.
    pub version: Version,
    /// `confirmed`, `retry`, `unknown`, `parked`, `held`, `awaiting`, `dead_letter`, `lease_expired`, `redriven`, `replayed` …
    pub what: String,
    /// More of it.
    pub detail: String,
}

/// What is known of a key in one lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The entry.
    pub entry: EntryView,
    /// What each listing is known to have.
    pub confirmed: Confirmed,
    /// What happened, newest first.
    pub history: Vec<HistoryLine>,
}

/// Counts of a lane.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneStats {
    /// Entries due now or later.
    pub depth: u64,
    /// Entries that a worker holds.
    pub leased: u64,
    /// Entries that wait for AliExpress's verdict.
    pub awaiting: u64,
    /// Entries that wait for something outside, by reason.
    pub parked: BTreeMap<ParkReason, u64>,
    /// Entries that wait for a person.
    pub held: u64,
    /// Dead letters.
    pub dead: u64,
    /// Age of the oldest due or leased entry, milliseconds; 0 when there is none.
    pub oldest_age_ms: u64,
    /// Kept states, wherever they are.
    pub kept: u64,
    /// The lane is paused.
    pub paused: bool,
}

/// What is due in a lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ready {
    /// Urgent entries whose time has come (or whose lease has run out). Backends may stop counting at 1 000: it is asked before every request.
    pub urgent: u64,
    /// Other entries whose time has come (or whose lease has run out). Backends may stop counting at 1 000: it is asked before every request.
    pub normal: u64,
    /// How long until the next entry's time comes, when none is ready.
    pub next_in: Option<Duration>,
    /// The lane is paused; nothing may be reserved.
    pub paused: bool,
}
