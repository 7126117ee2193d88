//! An entry as it is kept, and the small steps that the `rules` are made of. Pure.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::domain::{Cause, Lane, ListingId, Version};
use crate::queue::{
    Change, Cohort, Confirmed, DISCARDED, EntryView, Fault, LeaseRef, Leased, ParkReason, Place, ReplayFilter,
};
use crate::signing::entry::Seal;

/// The code of what the avalanche guard holds; it stays with a newer state until that is settled.
pub(in crate::queue) const HELD: &str = "held";
/// The most bytes of a fault's and a note's detail.
const DETAIL_BYTES_MAX: usize = 500;

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::queue) struct Entry {
    pub place: Place,
    /// The time that orders entries within a place: when it is due, when its lease ends, when to check, or since when it is there. None when idle.
    pub at: Option<Timestamp>,
    pub version: Version,
    pub payload: String,
    pub seal: Vec<u8>,
    pub cause: Cause,
    pub force: bool,
    pub urgent: bool,
    /// When the newest state was taken.
    pub taken_at: Timestamp,
    pub first_at: Timestamp,
    pub attempts: u32,
    /// Leases of this version that ran out in a row.
    pub expiries: u8,
    /// Set: the key is suspect, and a lease taken from this time on clears it.
    pub suspect_at: Option<Timestamp>,
    pub park: Option<ParkReason>,
    pub fault: Option<Fault>,
    pub cohort: Option<Cohort>,
    /// Set while leased or awaiting.
    pub hold: Option<Hold>,
    /// How long the last lease was: what "one lease later" means for the key.
    pub lease: Duration,
    /// What a state that came while the entry was held asks for.
    pub next: Option<Next>,
    pub confirmed: Confirmed,
    /// What happened in this step, to be added to the history.
    pub notes: Vec<Note>,
}

/// A lease, or what is left of it while AliExpress's verdict is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::queue) struct Hold {
    pub token: u64,
    pub version: Version,
    pub leased_at: Timestamp,
    /// What is confirmed was forgotten meanwhile, so what this lease confirms is out of date.
    pub forgotten: bool,
}

/// Where a state that came while the entry was held goes afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::queue) struct Next {
    pub at: Timestamp,
    pub park: Option<ParkReason>,
}

/// A line for the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::queue) struct Note {
    pub version: Version,
    pub what: &'static str,
    pub detail: String,
}

/// What a step needs to know besides the entry.
#[derive(Debug, Clone, Copy)]
pub(in crate::queue) struct Scene<'a> {
    pub now: Timestamp,
    pub lane: Lane,
    /// Where the SKU stands; empty for lanes that need no listing.
    pub listings: &'a [ListingId],
}

impl Scene<'_> {
    pub(in crate::queue) fn nowhere_to_go(&self) -> bool {
        self.lane.needs_listing() && self.listings.is_empty()
    }
}

/// The text, cut to what history and faults may hold.
pub(in crate::queue) fn cut(mut text: String) -> String {
    if text.len() > DETAIL_BYTES_MAX {
        text.truncate(text.floor_char_boundary(DETAIL_BYTES_MAX));
    }
    text
}

impl Entry {
    pub(in crate::queue) fn blank(now: Timestamp) -> Self {
        Self {
            place: Place::Idle,
            at: None,
            version: 0,
            payload: String::new(),
            seal: Vec::new(),
            cause: Cause::Edit,
            force: false,
            urgent: false,
            taken_at: now,
            first_at: now,
            attempts: 0,
            expiries: 0,
            suspect_at: None,
            park: None,
            fault: None,
            cohort: None,
            hold: None,
            lease: Duration::ZERO,
            next: None,
            confirmed: Confirmed::new(),
            notes: Vec::new(),
        }
    }

    /// Whether AliExpress is known to have this value wherever the SKU stands, with nothing under way that could alter it.
    pub(in crate::queue) fn has_everywhere(&self, rendered: Option<&str>, listings: &[ListingId]) -> bool {
        let quiet = self.hold.is_none() && self.suspect_at.is_none();
        quiet
            && !listings.is_empty()
            && rendered.is_some_and(|value| {
                listings.iter().all(|listing| self.confirmed.get(listing).is_some_and(|has| has == value))
            })
    }

    pub(in crate::queue) fn take(&mut self, change: Change, seal: Seal, now: Timestamp) {
        self.version = change.version;
        self.payload = change.payload;
        self.seal = seal.to_vec();
        self.cause = change.cause;
        self.urgent = change.urgent;
        self.taken_at = now;
        self.start_anew();
    }

    pub(in crate::queue) fn start_anew(&mut self) {
        self.attempts = 0;
        self.expiries = 0;
        self.cohort = None;
    }

    pub(in crate::queue) fn note(&mut self, version: Version, what: &'static str, detail: String) {
        self.notes.push(Note { version, what, detail: cut(detail) });
    }

    /// Nothing to do any more.
    pub(in crate::queue) fn rest(&mut self) {
        self.place = Place::Idle;
        self.at = None;
        self.park = None;
        self.fault = None;
        self.force = false;
        self.start_anew();
    }

    /// Makes it due, or parks it where the SKU stands in no listing.
    pub(in crate::queue) fn queue(&mut self, at: Timestamp, scene: Scene<'_>) {
        if scene.nowhere_to_go() {
            return self.park_for(ParkReason::NoListing, String::new(), scene.now);
        }
        self.place = Place::Due;
        self.at = Some(at);
        self.park = None;
    }

    /// As [`Self::queue`] for a key that was confirmed or given up until now.
    pub(in crate::queue) fn queue_afresh(&mut self, at: Timestamp, scene: Scene<'_>) {
        self.first_at = scene.now;
        self.queue(at, scene);
    }

    /// Makes a key due that rests, since what AliExpress has of it is in doubt; what a person discarded is not sent for that.
    pub(in crate::queue) fn queue_again(&mut self, scene: Scene<'_>) {
        if self.fault.as_ref().is_none_or(|fault| fault.code != DISCARDED) {
            self.queue_afresh(scene.now, scene);
        }
    }

    pub(in crate::queue) fn park_for(&mut self, reason: ParkReason, detail: String, now: Timestamp) {
        if self.park != Some(reason) {
            self.at = Some(now);
        }
        self.place = Place::Parked;
        self.park = Some(reason);
        self.fault = Some(Fault { code: reason.as_str().to_owned(), detail: cut(detail) });
    }

    pub(in crate::queue) fn give_up(&mut self, fault: Fault, now: Timestamp) {
        self.place = Place::Dead;
        self.at = Some(now);
        self.park = None;
        self.fault = Some(Fault { code: fault.code, detail: cut(fault.detail) });
    }

    /// The entry as people look at it.
    pub(in crate::queue) fn view(self, lane: Lane, key: String) -> EntryView {
        let at = self.at.map(Timestamp::as_millis);
        let comes = matches!(self.place, Place::Due | Place::Leased | Place::Awaiting);
        EntryView {
            lane,
            key,
            place: self.place,
            version: self.version,
            payload: self.payload,
            attempts: self.attempts,
            first_at_ms: (self.place != Place::Idle).then_some(self.first_at.as_millis()),
            due_at_ms: at.filter(|_| comes),
            fault: self.fault,
            since_ms: at.filter(|_| !comes),
            suspect: self.suspect_at.is_some(),
            cause: self.cause,
        }
    }

    /// Whether a replay takes it.
    pub(in crate::queue) fn is_replayed_by(&self, filter: &ReplayFilter) -> bool {
        let at = self.taken_at.as_millis();
        self.is_replayable()
            && filter.since_ms.is_none_or(|since| at >= since)
            && filter.until_ms.is_none_or(|until| at < until)
    }

    /// The entry as its worker gets it, once it is leased.
    pub(in crate::queue) fn leased(&self, lane: Lane, key: &str, token: u64, listings: Vec<ListingId>) -> Leased {
        Leased {
            lease: LeaseRef { lane, key: key.to_owned(), token, version: self.version },
            payload: self.payload.clone(),
            cause: self.cause,
            force: self.force,
            urgent: self.urgent,
            attempts: self.attempts,
            first_at: self.first_at,
            taken_at: self.taken_at,
            suspect: self.suspect_at.is_some(),
            was_held: self.fault.as_ref().is_some_and(|fault| fault.code == HELD),
            cohort: self.cohort,
            listings,
            confirmed: self.confirmed.clone(),
        }
    }
}
