//! Deliveries that were taken: one row for each transaction and span, so that remembering costs one write at the end of the table
//! however many there are, and no index of random names.
//!
//! Where to find a name is known here, in memory, since the file belongs to this process: about twenty bytes for each delivery until
//! it is forgotten. What is known are hints: a row is read before a name counts as seen, and one that was rolled back is not found in its row.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use crate::clock::Timestamp;
use crate::store::StoreError;

/// What a delivery is remembered by.
pub(super) type Name = [u8; 16];

/// A delivery in its row: name, digest, until when it counts.
type Record = [u8; 56];

/// Rows that are forgotten in one step; fewer come in.
const FORGOTTEN_AT_ONCE: usize = 64;
/// Hints of a generation: seven eighths of a power of two, which is as full as their map gets.
const GENERATION_MAX: usize = 7 << 14;

/// The start of a digest needs no hashing.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("hints are found by numbers");
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Rows by the start of the names in them; where two names start alike, the second one's row stands behind the next free number.
type Hints = HashMap<u64, i64, BuildHasherDefault<AsItIs>>;

/// Hints that are dropped together.
#[derive(Debug, Default)]
struct Generation {
    hints: Hints,
    until: Timestamp,
}

/// What is remembered, and where.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// By the microseconds for which they are remembered, the newest generation last.
    spans: HashMap<u64, Vec<Generation>>,
    /// The last row that is known here.
    last: i64,
}

impl Remembered {
    /// Learns of rows that are not known here, which is all of them at first, and forgets some that count no more.
    pub(super) fn keep_up(&mut self, conn: &Connection, now: Timestamp) -> Result<(), StoreError> {
        for generations in self.spans.values_mut() {
            generations.retain(|generation| generation.until > now);
        }
        self.spans.retain(|_, generations| !generations.is_empty());
        let mut rows = conn.prepare_cached("SELECT nth, span, until, records FROM deliveries WHERE nth > ?1")?;
        let mut rows = rows.query([self.last])?;
        while let Some(row) = rows.next()? {
            let (nth, span, until): (i64, u64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if until > now.0 {
                row.get_ref(3)?
                    .as_blob()
                    .map_err(rusqlite::Error::from)?
                    .as_chunks()
                    .0
                    .iter()
                    .for_each(|record| self.hint(span, record, nth));
            }
            self.last = nth;
        }
        drop(rows);
        conn.prepare_cached(
            "DELETE FROM deliveries WHERE nth IN (SELECT nth FROM deliveries WHERE until <= ?1 ORDER BY until LIMIT ?2)",
        )?
        .execute((now.0, FORGOTTEN_AT_ONCE))?;
        Ok(())
    }

    fn hint(&mut self, span: u64, record: &Record, nth: i64) {
        let generations = self.spans.entry(span).or_default();
        if generations.last().is_none_or(|generation| generation.hints.len() >= GENERATION_MAX) {
            generations.push(Generation::default());
        }
        let generation = generations.last_mut().expect("there is one");
        generation.until = generation.until.max(until(record));
        let mut at = start(record);
        while generation.hints.contains_key(&at) {
            at = at.wrapping_add(1);
        }
        generation.hints.insert(at, nth);
    }

    /// The digest of a delivery that was taken and still counts.
    pub(super) fn seen(&self, conn: &Connection, name: &Name, now: Timestamp) -> Result<Option<[u8; 32]>, StoreError> {
        for generation in self.spans.values().flat_map(|generations| generations.iter().rev()) {
            let mut at = start(name);
            while let Some(nth) = generation.hints.get(&at) {
                let mut row = conn.prepare_cached("SELECT records FROM deliveries WHERE nth = ?1")?;
                let records: Option<Vec<u8>> = row.query_row([nth], |row| row.get(0)).optional()?;
                let records = records.unwrap_or_default();
                let is_it = |record: &&Record| record.starts_with(name) && until(record) > now;
                if let Some(record) = records.as_chunks().0.iter().find(is_it) {
                    return Ok(record[16..].first_chunk().copied());
                }
                at = at.wrapping_add(1);
            }
        }
        Ok(None)
    }

    /// Writes the deliveries that one transaction took.
    pub(super) fn write(&mut self, conn: &Connection, taken: Taken) -> Result<(), StoreError> {
        for (span, records) in taken.0 {
            let last = records.iter().map(until).max().unwrap_or_default();
            let nth = self.last + 1;
            conn.prepare_cached("INSERT INTO deliveries (nth, span, until, records) VALUES (?1, ?2, ?3, ?4)")?
                .execute((nth, span, last.0, records.as_flattened()))?;
            records.iter().for_each(|record| self.hint(span, record, nth));
            self.last = nth;
        }
        Ok(())
    }
}

/// Deliveries that a transaction takes, by the microseconds for which they are remembered.
#[derive(Debug, Default)]
pub(super) struct Taken(HashMap<u64, Vec<Record>>);

impl Taken {
    /// Adds one.
    pub(super) fn add(&mut self, name: &Name, digest: &[u8; 32], span: Duration, now: Timestamp) {
        let mut record: Record = [0; 56];
        record[..16].copy_from_slice(name);
        record[16..48].copy_from_slice(digest);
        record[48..].copy_from_slice(&now.plus(span).0.to_be_bytes());
        let span = u64::try_from(span.as_micros()).unwrap_or(u64::MAX >> 1);
        self.0.entry(span).or_default().push(record);
    }

    /// Adds those of another.
    pub(super) fn append(&mut self, other: Self) {
        for (span, records) in other.0 {
            self.0.entry(span).or_default().extend(records);
        }
    }
}

fn start(name: &[u8]) -> u64 {
    u64::from_be_bytes(name.first_chunk().copied().expect("a name has 16 bytes"))
}

fn until(record: &Record) -> Timestamp {
    Timestamp(u64::from_be_bytes(record.last_chunk().copied().expect("a record has 56 bytes")))
}
