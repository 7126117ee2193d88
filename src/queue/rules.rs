//! What happens to an entry: pure steps from one state to the next, apart from how entries are stored.
//!
//! The rules themselves are the doc comments of `Queue`. Each step may leave `Note`s for the entry's history.

use std::time::Duration;

use super::entry::{Entry, HELD, Hold, Next, Scene, cut};
use crate::clock::Timestamp;
use crate::domain::{Cause, ListingId, Version};
use crate::queue::{
    Answer, Attested, Change, Confirmed, DISCARDED, Decision, EXPIRIES_MAX, Fault, LeaseRef, Outcome, ParkReason,
    Place, Settled,
};
use crate::signing::entry::Seal;

/// The fault of an entry that waits for the end of a product request.
const GIVES_WAY: &str = "product_request";

/// Lays a change over what is held of its key, after its guard was passed.
pub(in crate::queue) fn offer(held: &mut Option<Entry>, change: Change, seal: Seal, scene: Scene<'_>) -> Answer {
    if let Some(entry) = held
        && change.version <= entry.version
    {
        return Answer::Stale(entry.version);
    }
    let entry = held.get_or_insert_with(|| Entry::blank(scene.now));
    let unsent = matches!(entry.place, Place::Due | Place::Parked);
    let falls_on = change.urgent && change.cause.is_guarded();
    let force = change.force || (entry.force && !matches!(entry.place, Place::Idle | Place::Dead));
    let was_held = entry.place == Place::Due && entry.fault.as_ref().is_some_and(|fault| fault.code == HELD);
    let due = if change.urgent { scene.now } else { scene.now.plus(change.window) };
    if !force && entry.has_everywhere(change.rendered.as_deref(), scene.listings) {
        entry.take(change, seal, scene.now);
        entry.rest();
        return Answer::Unchanged;
    }
    let park = change.park;
    // What an order sold out stays sold out by an order, though an exchange says so once more before it was sent.
    let is_excused = change.urgent && entry.urgent && !entry.cause.is_guarded() && is_pending(entry.place);
    let cause = if is_excused { entry.cause } else { change.cause };
    entry.take(Change { cause, ..change }, seal, scene.now);
    entry.force = force;
    if !unsent && entry.hold.is_none() {
        entry.first_at = scene.now;
    }
    match entry.place {
        Place::Leased | Place::Awaiting => {
            let at = entry.next.map_or(due, |next| next.at.min(due));
            entry.next = Some(Next { at, park });
            Answer::Coalesced
        }
        Place::Held if falls_on => Answer::Parked,
        place => {
            // That its key is held is what it is judged by.
            entry.fault.take_if(|_| place != Place::Held && !was_held);
            let due = entry.at.filter(|_| place == Place::Due).map_or(due, |at| at.min(due));
            if park.is_some() || scene.nowhere_to_go() {
                entry.park_for(park.unwrap_or(ParkReason::NoListing), String::new(), scene.now);
                return Answer::Parked;
            }
            entry.queue(due, scene);
            if unsent || place == Place::Held { Answer::Coalesced } else { Answer::Enqueued }
        }
    }
}

/// Whether the newest state of an entry there is still to be sent.
const fn is_pending(place: Place) -> bool {
    matches!(place, Place::Due | Place::Leased | Place::Awaiting | Place::Parked)
}

/// Ends a lease.
pub(in crate::queue) fn settle(entry: &mut Entry, lease: &LeaseRef, outcome: Outcome, scene: Scene<'_>) -> Settled {
    let Some(hold) = entry.hold.take_if(|hold| hold.token == lease.token) else {
        entry.lose(lease, &outcome, scene);
        return Settled::Lost;
    };
    entry.note_outcome(hold.version, &outcome);
    match entry.next.take() {
        Some(next) => {
            entry.settle_replaced(next, hold, outcome, scene);
            Settled::Replaced
        }
        None => {
            entry.settle_newest(hold, outcome, scene);
            Settled::Kept
        }
    }
}

impl Entry {
    /// Where the newest state goes after the hold on an older one ended.
    fn go_on(&mut self, next: Next, scene: Scene<'_>) {
        match next.park {
            Some(reason) => self.park_for(reason, String::new(), scene.now),
            None => self.queue(next.at, scene),
        }
    }

    fn suspect_from(&mut self, now: Timestamp) {
        self.suspect_at = Some(now.plus(self.lease));
    }

    fn lose(&mut self, lease: &LeaseRef, outcome: &Outcome, scene: Scene<'_>) {
        if matches!(outcome, Outcome::Released | Outcome::Postponed { .. }) {
            return;
        }
        self.note(lease.version, "lease_lost", format!("settled late as {}", outcome_name(outcome)));
        self.suspect_from(scene.now);
        match self.place {
            Place::Idle => self.queue_again(scene),
            Place::Due => self.at = self.at.min(Some(scene.now)),
            _ => {}
        }
    }

    fn settle_replaced(&mut self, mut next: Next, hold: Hold, outcome: Outcome, scene: Scene<'_>) {
        match outcome {
            Outcome::Done { confirmed } => {
                self.confirm(confirmed, hold);
                // The key was confirmed, and unconfirmed again by the newer state.
                self.first_at = self.taken_at;
                self.fault = None;
            }
            Outcome::Retry { after, blame, confirmed, .. } => {
                self.confirm_some(confirmed, hold);
                if !blame {
                    next.at = next.at.max(scene.now.plus(after));
                }
            }
            Outcome::Unknown { after, .. } => {
                self.suspect_from(scene.now);
                next.at = next.at.max(scene.now.plus(after));
            }
            Outcome::Awaiting { .. }
            | Outcome::Parked { .. }
            | Outcome::Held { .. }
            | Outcome::Released
            | Outcome::Postponed { .. }
            | Outcome::Dead { .. } => {}
        }
        self.go_on(next, scene);
    }

    fn settle_newest(&mut self, hold: Hold, outcome: Outcome, scene: Scene<'_>) {
        if !matches!(outcome, Outcome::Released | Outcome::Postponed { .. }) {
            self.expiries = 0;
        }
        match outcome {
            Outcome::Done { confirmed } => self.finish(confirmed, hold, scene),
            Outcome::Awaiting { handle, check_after } => {
                self.hold = Some(hold);
                self.place = Place::Awaiting;
                self.at = Some(scene.now.plus(check_after));
                self.fault = Some(Fault { code: "awaiting".to_owned(), detail: cut(handle) });
            }
            // A listing that came while it was under way has released it already.
            Outcome::Parked { reason: ParkReason::NoListing, .. } if !scene.listings.is_empty() => {
                self.queue(scene.now, scene);
            }
            Outcome::Parked { reason, detail } => self.park_for(reason, detail, scene.now),
            Outcome::Held { detail } => {
                self.place = Place::Held;
                self.at = Some(scene.now);
                self.fault = Some(Fault { code: HELD.to_owned(), detail: cut(detail) });
            }
            Outcome::Retry { after, blame, fault, confirmed, cohort } => {
                self.confirm_some(confirmed, hold);
                self.attempts += u32::from(blame);
                self.cohort = cohort;
                self.retry(after, fault, scene);
            }
            Outcome::Released => self.queue(scene.now, scene),
            Outcome::Postponed { after } => self.queue(scene.now.plus(after), scene),
            Outcome::Unknown { after, fault } => {
                self.suspect_from(scene.now);
                self.retry(after, fault, scene);
            }
            Outcome::Dead { fault } => self.give_up(fault, scene.now),
        }
    }

    fn retry(&mut self, after: Duration, fault: Fault, scene: Scene<'_>) {
        self.fault = Some(Fault { code: fault.code, detail: cut(fault.detail) });
        self.queue(scene.now.plus(after), scene);
    }

    fn finish(&mut self, confirmed: Confirmed, hold: Hold, scene: Scene<'_>) {
        self.confirm(confirmed, hold);
        self.rest();
        match self.suspect_at {
            Some(again) if hold.leased_at < again => self.queue_afresh(again, scene),
            _ => self.suspect_at = None,
        }
    }

    fn confirm(&mut self, confirmed: Confirmed, hold: Hold) {
        self.confirmed = if hold.forgotten { Confirmed::new() } else { confirmed };
    }

    fn confirm_some(&mut self, confirmed: Confirmed, hold: Hold) {
        if !hold.forgotten {
            self.confirmed.extend(confirmed);
        }
    }

    /// A worker takes it.
    pub(in crate::queue) fn lease(&mut self, token: u64, lease: Duration, now: Timestamp) {
        self.hold = Some(Hold { token, version: self.version, leased_at: now, forgotten: false });
        self.place = Place::Leased;
        self.at = Some(now.plus(lease));
        self.lease = lease;
    }

    /// The worker holds on; false when it holds nothing any more.
    pub(in crate::queue) fn extend(&mut self, token: u64, lease: Duration, now: Timestamp) -> bool {
        let holds = self.place == Place::Leased && self.hold.is_some_and(|hold| hold.token == token);
        if holds {
            self.at = Some(now.plus(lease));
            self.lease = lease;
        }
        holds
    }

    /// The worker was not heard of again.
    pub(in crate::queue) fn expire(&mut self, scene: Scene<'_>) {
        let version = self.hold.take().map_or(self.version, |hold| hold.version);
        self.note(version, "lease_expired", String::new());
        self.suspect_from(scene.now);
        if let Some(next) = self.next.take() {
            return self.go_on(Next { at: scene.now, ..next }, scene);
        }
        self.expiries = self.expiries.saturating_add(1);
        if self.expiries >= EXPIRIES_MAX {
            let detail = format!("{} leases in a row ran out: the worker fails on this entry", self.expiries);
            self.note(version, "dead_letter", "worker_lost".to_owned());
            return self.give_up(Fault { code: "worker_lost".to_owned(), detail }, scene.now);
        }
        self.queue(scene.now, scene);
    }

    /// It is time to ask AliExpress for its verdict.
    pub(in crate::queue) fn wake(&mut self, scene: Scene<'_>) {
        self.hold = None;
        let next = self.next.take().unwrap_or(Next { at: self.at.unwrap_or(scene.now), park: None });
        self.go_on(next, scene);
    }

    /// Its seal does not verify: it is never sent.
    pub(in crate::queue) fn quarantine(&mut self, now: Timestamp) {
        self.note(self.version, "dead_letter", "tampered".to_owned());
        let detail = "its seal does not verify: somebody else wrote to the store".to_owned();
        self.give_up(Fault { code: "tampered".to_owned(), detail }, now);
    }

    /// A dead letter is tried again.
    pub(in crate::queue) fn redrive(&mut self, scene: Scene<'_>) {
        self.note(self.version, "redriven", String::new());
        self.start_anew();
        self.queue_afresh(scene.now, scene);
    }

    /// A dead letter is dropped.
    pub(in crate::queue) fn discard(&mut self) {
        self.note(self.version, "discarded", String::new());
        self.rest();
        self.confirmed.clear();
    }

    /// A person decides what the avalanche guard holds.
    pub(in crate::queue) fn decide(&mut self, decision: Decision, scene: Scene<'_>) {
        match decision {
            Decision::Confirm => {
                self.note(self.version, "guard_confirmed", String::new());
                (self.cause, self.fault) = (Cause::Decision, None);
                self.start_anew();
                self.queue_afresh(scene.now, scene);
            }
            Decision::Discard => {
                self.note(self.version, "guard_discarded", String::new());
                self.rest();
                let detail =
                    "a person discarded it: AliExpress keeps what is confirmed until the shop says something new"
                        .to_owned();
                self.fault = Some(Fault { code: DISCARDED.to_owned(), detail });
            }
        }
    }

    /// What it was parked for has come, or is to be looked at anew.
    pub(in crate::queue) fn release(&mut self, scene: Scene<'_>) {
        self.queue(scene.now, scene);
        if self.place == Place::Due {
            self.note(self.version, "released", String::new());
            self.fault = None;
        }
    }

    /// Whether a replay may take it.
    pub(in crate::queue) fn is_replayable(&self) -> bool {
        matches!(self.place, Place::Idle | Place::Due)
    }

    /// It is sent again though confirmed.
    pub(in crate::queue) fn replay(&mut self, scene: Scene<'_>) {
        self.note(self.version, "replayed", String::new());
        self.force = true;
        if self.place == Place::Idle {
            self.queue_afresh(scene.now, scene);
        }
    }

    /// Nothing is known any more of what AliExpress has.
    pub(in crate::queue) fn forget(&mut self, resend: bool, scene: Scene<'_>) {
        self.confirmed.clear();
        if let Some(hold) = &mut self.hold {
            hold.forgotten = true;
            if resend {
                self.send_again_after_hold(scene.now);
            }
        } else if resend && self.place == Place::Idle {
            self.queue_again(scene);
        }
    }

    /// The SKU stands elsewhere from now on, as the scene says; `gained`: in a listing where it did not stand before.
    pub(in crate::queue) fn relist(&mut self, gained: bool, scene: Scene<'_>) {
        self.confirmed.retain(|listing, _| scene.listings.contains(listing));
        match self.place {
            Place::Due if scene.nowhere_to_go() => self.queue(scene.now, scene),
            Place::Parked if self.park == Some(ParkReason::NoListing) && !scene.listings.is_empty() => {
                self.fault = None;
                self.queue(scene.now, scene);
            }
            Place::Idle if gained => self.queue_again(scene),
            // What is under way does not go to the new listing.
            Place::Leased | Place::Awaiting if gained => self.send_again_after_hold(scene.now),
            _ => {}
        }
    }

    /// A request of another lane took a state to a listing, which is among those of the scene.
    pub(in crate::queue) fn attest(&mut self, taken: &Attested, listing: ListingId, scene: Scene<'_>) {
        // What the avalanche guard withholds was not taken along: what is known of it stays known.
        let is_discarded = self.fault.as_ref().is_some_and(|fault| fault.code == DISCARDED);
        if taken.is_doubt() && (self.place == Place::Held || is_discarded) {
            return;
        }
        if taken.version != self.version || self.hold.is_some() {
            self.confirmed.remove(&listing);
            match self.place {
                Place::Idle => self.queue_again(scene),
                Place::Leased | Place::Awaiting => {
                    if let Some(hold) = &mut self.hold {
                        hold.forgotten = true;
                    }
                    self.send_again_after_hold(scene.now);
                }
                _ => {}
            }
            return;
        }
        self.confirmed.insert(listing, taken.value.clone());
        self.note(self.version, "confirmed", format!("{listing}={} with the product", taken.value));
        if self.place == Place::Due && self.has_everywhere(Some(&taken.value), scene.listings) {
            self.rest();
        }
    }

    /// A product request is made for a listing of the SKU: the entry waits for its end, at the longest until then. Says whether one of them
    /// is under way at the same time.
    pub(in crate::queue) fn give_way(&mut self, until: Timestamp, now: Timestamp) -> bool {
        if self.place == Place::Due && self.at < Some(until) {
            self.at = Some(until);
            // That it was held before is what it is judged by.
            if !self.was_held() {
                let detail = "a request for the whole product is on its way to its listing";
                self.fault = Some(Fault { code: GIVES_WAY.to_owned(), detail: detail.to_owned() });
            }
        }
        self.place == Place::Leased && self.at > Some(now)
    }

    /// That request has ended.
    pub(in crate::queue) fn go_ahead(&mut self, now: Timestamp) {
        let gives_way = self.fault.as_ref().is_some_and(|fault| fault.code == GIVES_WAY);
        if self.place == Place::Due && (gives_way || self.was_held()) {
            self.at = self.at.min(Some(now));
            self.fault.take_if(|_| gives_way);
        }
    }

    fn was_held(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.code == HELD)
    }

    /// What is under way is done with the key only once it has been sent anew: the rule for suspect keys, without the wait.
    fn send_again_after_hold(&mut self, now: Timestamp) {
        let again = self.suspect_at.unwrap_or(now).max(Timestamp(now.0 + 1));
        self.suspect_at = Some(again);
    }

    fn note_outcome(&mut self, version: Version, outcome: &Outcome) {
        let detail = match outcome {
            Outcome::Done { confirmed } => {
                confirmed.iter().map(|(listing, value)| format!("{listing}={value}")).collect::<Vec<_>>().join(" ")
            }
            Outcome::Awaiting { handle, .. } => handle.clone(),
            Outcome::Parked { reason, detail } => format!("{}: {detail}", reason.as_str()),
            Outcome::Held { detail } => detail.clone(),
            Outcome::Retry { fault, .. } | Outcome::Unknown { fault, .. } | Outcome::Dead { fault } => {
                format!("{}: {}", fault.code, fault.detail)
            }
            Outcome::Released | Outcome::Postponed { .. } => return,
        };
        self.note(version, outcome_name(outcome), detail);
    }
}

fn outcome_name(outcome: &Outcome) -> &'static str {
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
