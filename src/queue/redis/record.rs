//! Entries as records: compact, since a shop has one for each SKU and lane; most members are there only when needed.
//!
//! `revision (4) · format (1) · place (1) · flags (2) · cause (1) · version (8) · taken_at (8) · first_at (varint before taken_at, or after it) · at (varint, signed,
//! after taken_at) · seal (32) · what the flags say · payload`. Numbers are big-endian; times are microseconds.
//! The revision grows with every write; scripts read nothing but it.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::domain::{Cause, ListingId};
use crate::queue::entry::{Entry, Hold, Next};
use crate::queue::{Cohort, Confirmed, Fault, ParkReason, Place};

const FORMAT: u8 = 1;
const PLACES: [Place; 7] =
    [Place::Idle, Place::Due, Place::Leased, Place::Awaiting, Place::Parked, Place::Held, Place::Dead];

const FORCE: u16 = 1;
const URGENT: u16 = 1 << 1;
const AT: u16 = 1 << 2;
const COUNTS: u16 = 1 << 3;
const SUSPECT: u16 = 1 << 4;
const PARK: u16 = 1 << 5;
const FAULT: u16 = 1 << 6;
const COHORT: u16 = 1 << 7;
const ALONE: u16 = 1 << 8;
const HOLD: u16 = 1 << 9;
const FORGOTTEN: u16 = 1 << 10;
const LEASE: u16 = 1 << 11;
const NEXT: u16 = 1 << 12;
const NEXT_PARK: u16 = 1 << 13;
const CONFIRMED: u16 = 1 << 14;
/// The key was confirmed, given up or held after its state was taken: `first_at` is later than `taken_at`.
const FIRST_LATER: u16 = 1 << 15;

/// A record that this version cannot read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record cannot be read")]
pub(super) struct Unreadable;

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn place_of<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).and_then(|at| u8::try_from(at).ok()).expect("ALL has every one")
}

/// The record of an entry.
pub(super) fn encode(entry: &Entry, revision: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(80 + entry.payload.len());
    let flag = |set: bool, flag: u16| if set { flag } else { 0 };
    let flags = flag(entry.force, FORCE)
        | flag(entry.urgent, URGENT)
        | flag(entry.at.is_some(), AT)
        | flag(entry.attempts > 0 || entry.expiries > 0, COUNTS)
        | flag(entry.suspect_at.is_some(), SUSPECT)
        | flag(entry.park.is_some(), PARK)
        | flag(entry.fault.is_some(), FAULT)
        | flag(entry.cohort.is_some(), COHORT)
        | flag(entry.cohort.is_some_and(|cohort| cohort.alone), ALONE)
        | flag(entry.hold.is_some(), HOLD)
        | flag(entry.hold.is_some_and(|hold| hold.forgotten), FORGOTTEN)
        | flag(!entry.lease.is_zero(), LEASE)
        | flag(entry.next.is_some(), NEXT)
        | flag(entry.next.is_some_and(|next| next.park.is_some()), NEXT_PARK)
        | flag(!entry.confirmed.is_empty(), CONFIRMED)
        | flag(entry.first_at > entry.taken_at, FIRST_LATER);
    out.extend_from_slice(&revision.to_be_bytes());
    out.extend_from_slice(&[FORMAT, place_of(&PLACES, &entry.place)]);
    out.extend_from_slice(&flags.to_be_bytes());
    out.push(place_of(&Cause::ALL, &entry.cause));
    out.extend_from_slice(&entry.version.to_be_bytes());
    out.extend_from_slice(&entry.taken_at.0.to_be_bytes());
    put_number(&mut out, entry.taken_at.0.abs_diff(entry.first_at.0));
    if let Some(at) = entry.at {
        let after = at.0.cast_signed() - entry.taken_at.0.cast_signed();
        put_number(&mut out, ((after << 1) ^ (after >> 63)).cast_unsigned());
    }
    put_number(&mut out, entry.seal.len() as u64);
    out.extend_from_slice(&entry.seal);
    if flags & COUNTS != 0 {
        put_number(&mut out, u64::from(entry.attempts));
        out.push(entry.expiries);
    }
    if let Some(at) = entry.suspect_at {
        put_number(&mut out, at.0);
    }
    out.extend(entry.park.map(|reason| place_of(&ParkReason::ALL, &reason)));
    if let Some(fault) = &entry.fault {
        put_text(&mut out, &fault.code);
        put_text(&mut out, &fault.detail);
    }
    if let Some(cohort) = entry.cohort {
        put_number(&mut out, u64::from(cohort.id));
    }
    if let Some(hold) = entry.hold {
        put_number(&mut out, hold.token);
        put_number(&mut out, hold.version);
        put_number(&mut out, hold.leased_at.0);
    }
    if flags & LEASE != 0 {
        put_number(&mut out, u64::try_from(entry.lease.as_micros()).unwrap_or(u64::MAX));
    }
    if let Some(next) = entry.next {
        put_number(&mut out, next.at.0);
        out.extend(next.park.map(|reason| place_of(&ParkReason::ALL, &reason)));
    }
    if flags & CONFIRMED != 0 {
        put_number(&mut out, entry.confirmed.len() as u64);
        for (listing, value) in &entry.confirmed {
            put_number(&mut out, listing.0);
            put_text(&mut out, value);
        }
    }
    out.extend_from_slice(entry.payload.as_bytes());
    out
}

/// Reads a record from its front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], Unreadable> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        Ok(self.bytes(1)?[0])
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        self.bytes(N)?.try_into().map_err(|_| Unreadable)
    }

    fn number(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Unreadable)
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        let length = usize::try_from(self.number()?).map_err(|_| Unreadable)?;
        String::from_utf8(self.bytes(length)?.to_vec()).map_err(|_| Unreadable)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Result<T, Unreadable> {
        all.get(usize::from(self.byte()?)).copied().ok_or(Unreadable)
    }

    fn when<T>(
        &mut self,
        set: bool,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        if set { read(self).map(Some) } else { Ok(None) }
    }
}

/// The revision and the entry of a record.
pub(super) fn decode(record: &[u8]) -> Result<(u32, Entry), Unreadable> {
    let mut read = Reader(record);
    let revision = u32::from_be_bytes(read.fixed()?);
    if read.byte()? != FORMAT {
        return Err(Unreadable);
    }
    let place = read.one_of(&PLACES)?;
    let flags = u16::from_be_bytes(read.fixed()?);
    let has = |flag: u16| flags & flag != 0;
    let cause = read.one_of(&Cause::ALL)?;
    let version = u64::from_be_bytes(read.fixed()?);
    let taken_at = Timestamp(u64::from_be_bytes(read.fixed()?));
    let mut entry = Entry::blank(taken_at);
    (entry.place, entry.cause, entry.version) = (place, cause, version);
    (entry.force, entry.urgent) = (has(FORCE), has(URGENT));
    let apart = read.number()?;
    let first_at = if has(FIRST_LATER) { taken_at.0.saturating_add(apart) } else { taken_at.0.saturating_sub(apart) };
    entry.first_at = Timestamp(first_at);
    entry.at = read.when(has(AT), |read| {
        let folded = read.number()?;
        let after = (folded >> 1).cast_signed() ^ -((folded & 1).cast_signed());
        Ok(Timestamp(taken_at.0.wrapping_add_signed(after)))
    })?;
    let seal = usize::try_from(read.number()?).map_err(|_| Unreadable)?;
    entry.seal = read.bytes(seal)?.to_vec();
    if has(COUNTS) {
        entry.attempts = u32::try_from(read.number()?).map_err(|_| Unreadable)?;
        entry.expiries = read.byte()?;
    }
    entry.suspect_at = read.when(has(SUSPECT), |read| Ok(Timestamp(read.number()?)))?;
    entry.park = read.when(has(PARK), |read| read.one_of(&ParkReason::ALL))?;
    entry.fault = read.when(has(FAULT), |read| Ok(Fault { code: read.text()?, detail: read.text()? }))?;
    entry.cohort = read.when(has(COHORT), |read| {
        Ok(Cohort { id: u32::try_from(read.number()?).map_err(|_| Unreadable)?, alone: has(ALONE) })
    })?;
    entry.hold = read.when(has(HOLD), |read| {
        let (token, version, leased_at) = (read.number()?, read.number()?, Timestamp(read.number()?));
        Ok(Hold { token, version, leased_at, forgotten: has(FORGOTTEN) })
    })?;
    if has(LEASE) {
        entry.lease = Duration::from_micros(read.number()?);
    }
    entry.next = read.when(has(NEXT), |read| {
        let at = Timestamp(read.number()?);
        Ok(Next { at, park: read.when(has(NEXT_PARK), |read| read.one_of(&ParkReason::ALL))? })
    })?;
    if has(CONFIRMED) {
        let mut confirmed = Confirmed::new();
        for _ in 0..read.number()? {
            confirmed.insert(ListingId(read.number()?), read.text()?);
        }
        entry.confirmed = confirmed;
    }
    entry.payload = String::from_utf8(read.0.to_vec()).map_err(|_| Unreadable)?;
    Ok((revision, entry))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn full() -> Entry {
        let mut entry = Entry::blank(Timestamp(1_795_000_000_000_000));
        (entry.place, entry.at, entry.version) = (Place::Leased, Some(Timestamp(1_794_999_999_999_000)), (1 << 63) - 1);
        (entry.payload, entry.seal, entry.cause) = (r#"{"q":7}"#.into(), vec![9; 32], Cause::Export);
        (entry.force, entry.urgent, entry.attempts, entry.expiries) = (true, true, 3, 2);
        entry.first_at = Timestamp(1_794_000_000_000_000);
        (entry.suspect_at, entry.park) = (Some(Timestamp(5)), Some(ParkReason::Audit));
        entry.fault = Some(Fault { code: "F00".into(), detail: "слово".into() });
        entry.cohort = Some(Cohort { id: u32::MAX, alone: true });
        entry.hold = Some(Hold { token: 7, version: 8, leased_at: Timestamp(9), forgotten: true });
        entry.lease = Duration::from_secs(60);
        entry.next = Some(Next { at: Timestamp(11), park: Some(ParkReason::NoListing) });
        entry.confirmed = Confirmed::from([(ListingId(1_005_001), "7".into())]);
        entry
    }

    #[test]
    fn records_survive_a_round_trip_and_small_ones_are_small() {
        assert_eq!(decode(&encode(&full(), 77)).unwrap(), (77, full()));
        let redriven = Entry { first_at: full().taken_at.plus(Duration::from_secs(9)), ..full() };
        assert_eq!(decode(&encode(&redriven, 1)).unwrap(), (1, redriven));
        let mut stock = Entry::blank(Timestamp(1_795_000_000_000_000));
        (stock.place, stock.at, stock.version) =
            (Place::Due, Some(Timestamp(1_795_000_000_500_000)), 1_795_000_000_000_000);
        (stock.payload, stock.seal) = (r#"{"q":7}"#.into(), vec![9; 32]);
        let record = encode(&stock, 1);
        assert_eq!(decode(&record).unwrap(), (1, stock));
        assert!(record.len() <= 72, "{}", record.len());
    }

    proptest! {
        #[test]
        fn no_garbage_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..200, at in 0usize..200, byte: u8) {
            let _ = decode(&bytes);
            let mut record = encode(&full(), 1);
            record.truncate(cut);
            let _ = decode(&record);
            let mut record = encode(&full(), 1);
            let length = record.len();
            record[at % length] = byte;
            let _ = decode(&record);
        }
    }
}
