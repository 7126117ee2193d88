//! States that are newer than their rows: a state that replaces one that still waits changes nothing else of its entry, so it is
//! written at the end of a table of its own, where several share a page, instead of into its row, whose page it would have to itself.
//!
//! Where an entry's newest state stands is known in memory. Whatever else writes the row (a lease, above all) writes the newest state with
//! it, and what stood here is waste; the oldest go into their rows, or are dropped as waste, once there are more than [`STATES_MAX`].
//! A state counts as long as its version is above its row's.

use std::collections::HashMap;

use rusqlite::Connection;

use super::known::Tables;
use super::rows::{self, Kept, state_columns};
use crate::queue::entry::Entry;
use crate::store::StoreError;

/// States that may stand here; so many take about twelve megabytes.
const STATES_MAX: i64 = 64 * 1024;
/// The fewest that go in one step.
const STEP: i64 = 256;
/// The longest payload of a small state, in bytes.
const PAYLOAD_BYTES_MAX: usize = 512;

/// Where the newest states of entries stand, by the ids of their rows.
#[derive(Debug, Default)]
pub(super) struct Newer {
    by_entry: HashMap<i64, i64>,
    first: i64,
    last: i64,
}

impl Newer {
    /// Reads what counts.
    pub(super) fn load(conn: &Connection) -> Result<Self, StoreError> {
        let ends = "SELECT ifnull(min(nth), 1), ifnull(max(nth), 0) FROM newer";
        let (first, last) = conn.query_row(ends, [], |row| row.try_into())?;
        // Ordered, so that of an entry's states the last stays.
        let mut query = conn.prepare_cached(
            "SELECT n.entry, n.nth FROM newer n CROSS JOIN entries e ON e.id = n.entry AND e.version < n.version ORDER BY n.nth",
        )?;
        let by_entry = query.query_map([], |row| row.try_into())?.collect::<Result<_, _>>()?;
        Ok(Self { by_entry, first, last })
    }

    /// The row of an entry was written with its newest state.
    pub(super) fn is_in_its_row(&mut self, entry: i64) {
        self.by_entry.remove(&entry);
    }
}

/// Whether a state is as small as those of stock and price are: larger ones are neither written here and then once more, nor kept in memory.
pub(super) fn is_small(entry: &Entry) -> bool {
    entry.payload.len() <= PAYLOAD_BYTES_MAX
}

/// Puts the newest state in place of the one that stands in the row that was read.
pub(super) fn lay_over(conn: &Tables<'_>, kept: &mut Kept) -> Result<(), StoreError> {
    let nth = conn.newer()?.by_entry.get(&kept.id).copied();
    if let Some(nth) = nth {
        let mut query = conn.prepare_cached(concat!("SELECT ", state_columns!(), " FROM newer WHERE nth = ?1"))?;
        query.query_row([nth], |row| rows::state(row, &mut kept.entry))?;
    }
    Ok(())
}

/// Writes an entry's newest state.
pub(super) fn write(conn: &Tables<'_>, id: i64, entry: &Entry) -> Result<(), StoreError> {
    let mut newer = conn.newer()?;
    // Numbered one above the last, since the table is never emptied again.
    let insert =
        concat!("INSERT INTO newer (entry, ", state_columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    rows::write_state(conn, insert, id, entry)?;
    newer.last = conn.last_insert_rowid();
    let nth = newer.last;
    newer.by_entry.insert(id, nth);
    Ok(())
}

/// Makes room where there are too many: the oldest go into their rows, unless they are waste.
pub(super) fn make_room(conn: &Tables<'_>) -> Result<(), StoreError> {
    let mut newer = conn.newer()?;
    let over = newer.last - newer.first + 1 - STATES_MAX;
    if over <= 0 {
        return Ok(());
    }
    let until = newer.first + over.max(STEP);
    let mut oldest = conn.prepare_cached("SELECT nth, entry FROM newer WHERE nth < ?1 ORDER BY nth")?;
    let mut carry = conn.prepare_cached(concat!(
        "UPDATE entries SET (",
        state_columns!(),
        ") = (SELECT ",
        state_columns!(),
        " FROM newer WHERE nth = ?1) WHERE id = ?2"
    ))?;
    let mut oldest = oldest.query([until])?;
    while let Some(row) = oldest.next()? {
        let (nth, entry): (i64, i64) = (row.get(0)?, row.get(1)?);
        if newer.by_entry.get(&entry) == Some(&nth) {
            carry.execute((nth, entry))?;
            newer.is_in_its_row(entry);
        }
    }
    conn.prepare_cached("DELETE FROM newer WHERE nth < ?1")?.execute([until])?;
    newer.first = until;
    Ok(())
}
