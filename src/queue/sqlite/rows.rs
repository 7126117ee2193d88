//! Entries as rows, and the small look-ups that every operation shares. No rules here: they are in `rules`.
//!
//! Columns of `entries` that do not say it themselves: `at` orders a place (see `Entry::at`); `token`, `held_version`,
//! `leased_at` and `forgotten` are the `Hold`; `next_at` and `next_park` the `Next`; `cohort` and `alone` the
//! `Cohort`; `lease` is a span; `confirmed` is JSON; `lines` counts the lines of history that were ever written.

use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, named_params};

use crate::clock::Timestamp;
use crate::domain::{Cause, Lane, ListingId, ShopId};
use crate::queue::entry::{Entry, Hold, Next};
use crate::queue::{Cohort, Fault, HISTORY_MAX, ParkReason, Place};
use crate::store::StoreError;

/// Places by their numbers in the store.
pub(super) const PLACES: [Place; 7] =
    [Place::Idle, Place::Due, Place::Leased, Place::Awaiting, Place::Parked, Place::Held, Place::Dead];

/// An entry with its place in the file.
#[derive(Debug)]
pub(super) struct Kept {
    pub id: i64,
    pub lane: Lane,
    pub key: String,
    pub entry: Entry,
    lines: i64,
}

const COLUMNS: &str = "id, lane, key, place, at, urgent, version, payload, seal, cause, force, taken_at, first_at, attempts, expiries,
    suspect_at, park, fault_code, fault_detail, cohort, alone, token, held_version, leased_at, forgotten, lease, next_at, next_park,
    confirmed, lines";

/// A statement that selects entries where `condition`; read its rows with [`kept`].
pub(super) fn select<'c>(conn: &'c Connection, condition: &str) -> Result<CachedStatement<'c>, StoreError> {
    Ok(conn.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE {condition}"))?)
}

/// The number of a lane.
pub(super) fn lane_number(lane: Lane) -> usize {
    Lane::ALL.iter().position(|l| *l == lane).expect("ALL has every lane")
}

/// The number of a place.
pub(super) fn place_number(place: Place) -> usize {
    PLACES.iter().position(|p| *p == place).expect("PLACES has every place")
}

/// The number of a reason to park.
pub(super) fn reason_number(reason: ParkReason) -> usize {
    ParkReason::ALL.iter().position(|r| *r == reason).expect("ALL has every reason")
}

fn cause_number(cause: Cause) -> usize {
    Cause::ALL.iter().position(|c| *c == cause).expect("ALL has every cause")
}

/// What stands at a number read from column `name`.
pub(super) fn numbered<T: Copy>(all: &[T], row: &Row<'_>, name: &str) -> rusqlite::Result<T> {
    let number: usize = row.get(name)?;
    all.get(number).copied().ok_or_else(|| unreadable(format!("{name} {number} means nothing")))
}

/// A row that this version does not understand.
pub(super) fn unreadable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, why.into())
}

fn time(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<u64>>(name)?.map(Timestamp))
}

fn must<T>(value: Option<T>, name: &str) -> rusqlite::Result<T> {
    value.ok_or_else(|| unreadable(format!("{name} is missing")))
}

/// Reads a row of [`select`].
pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let reason = |name| match row.get::<_, Option<usize>>(name)? {
        Some(_) => numbered(&ParkReason::ALL, row, name).map(Some),
        None => Ok(None),
    };
    let hold = match row.get("token")? {
        Some(token) => Some(Hold {
            token,
            version: must(row.get("held_version")?, "held_version")?,
            leased_at: must(time(row, "leased_at")?, "leased_at")?,
            forgotten: row.get("forgotten")?,
        }),
        None => None,
    };
    let next = match time(row, "next_at")? {
        Some(at) => Some(Next { at, park: reason("next_park")? }),
        None => None,
    };
    let fault = match row.get("fault_code")? {
        Some(code) => Some(Fault { code, detail: row.get::<_, Option<String>>("fault_detail")?.unwrap_or_default() }),
        None => None,
    };
    let cohort = match row.get("cohort")? {
        Some(id) => Some(Cohort { id, alone: row.get("alone")? }),
        None => None,
    };
    let confirmed = row.get_ref("confirmed")?.as_str()?;
    let entry = Entry {
        place: numbered(&PLACES, row, "place")?,
        at: time(row, "at")?,
        version: row.get("version")?,
        payload: row.get("payload")?,
        seal: row.get("seal")?,
        cause: numbered(&Cause::ALL, row, "cause")?,
        force: row.get("force")?,
        urgent: row.get("urgent")?,
        taken_at: must(time(row, "taken_at")?, "taken_at")?,
        first_at: must(time(row, "first_at")?, "first_at")?,
        attempts: row.get("attempts")?,
        expiries: row.get("expiries")?,
        suspect_at: time(row, "suspect_at")?,
        park: reason("park")?,
        fault,
        cohort,
        hold,
        lease: Duration::from_micros(row.get("lease")?),
        next,
        confirmed: serde_json::from_str(confirmed).map_err(unreadable)?,
        notes: Vec::new(),
    };
    Ok(Kept {
        id: row.get("id")?,
        lane: numbered(&Lane::ALL, row, "lane")?,
        key: row.get("key")?,
        entry,
        lines: row.get("lines")?,
    })
}

/// The entry of a key.
pub(super) fn find(conn: &Connection, shop: &ShopId, lane: Lane, key: &str) -> Result<Option<Kept>, StoreError> {
    let mut query = select(conn, "shop = ?1 AND lane = ?2 AND key = ?3")?;
    Ok(query.query_row((shop.as_str(), lane_number(lane), key), kept).optional()?)
}

/// The entry that stands at `id`.
pub(super) fn by_id(conn: &Connection, id: i64) -> Result<Kept, StoreError> {
    Ok(select(conn, "id = ?1")?.query_row([id], kept)?)
}

/// Makes a row for an entry that was not kept before.
pub(super) fn insert(
    conn: &Connection,
    shop: &ShopId,
    lane: Lane,
    key: &str,
    entry: Entry,
    now: Timestamp,
) -> Result<(), StoreError> {
    // The values that `save` writes a moment later only have to be valid here.
    conn.prepare_cached(
        "INSERT INTO entries (shop, lane, key, place, urgent, version, payload, seal, cause, force, taken_at, first_at, attempts,
             expiries, alone, forgotten, lease, confirmed, lines)
         VALUES (?1, ?2, ?3, 0, 0, 0, '', x'', 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', 0)",
    )?
    .execute((shop.as_str(), lane_number(lane), key))?;
    save(conn, Kept { id: conn.last_insert_rowid(), lane, key: key.to_owned(), entry, lines: 0 }, now)
}

const SAVE: &str = "UPDATE entries SET place = :place, at = :at, urgent = :urgent, version = :version, payload = :payload, seal = :seal,
    cause = :cause, force = :force, taken_at = :taken_at, first_at = :first_at, attempts = :attempts, expiries = :expiries,
    suspect_at = :suspect_at, park = :park, fault_code = :fault_code, fault_detail = :fault_detail, cohort = :cohort, alone = :alone,
    token = :token, held_version = :held_version, leased_at = :leased_at, forgotten = :forgotten, lease = :lease, next_at = :next_at,
    next_park = :next_park, confirmed = :confirmed, lines = :lines WHERE id = :id";

/// Writes an entry and its new lines of history, which replace the oldest.
pub(super) fn save(conn: &Connection, kept: Kept, now: Timestamp) -> Result<(), StoreError> {
    let Kept { id, entry, mut lines, .. } = kept;
    if !entry.notes.is_empty() {
        let mut write = conn.prepare_cached("INSERT OR REPLACE INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        for note in &entry.notes {
            let slot = lines % HISTORY_MAX as i64;
            write.execute((id, slot, lines, now.0, note.version, note.what, &note.detail))?;
            lines += 1;
        }
    }
    let confirmed = serde_json::to_string(&entry.confirmed).expect("numbers and texts become JSON");
    conn.prepare_cached(SAVE)?.execute(named_params! {
        ":id": id,
        ":place": place_number(entry.place),
        ":at": entry.at.map(|at| at.0),
        ":urgent": entry.urgent,
        ":version": entry.version,
        ":payload": entry.payload,
        ":seal": entry.seal,
        ":cause": cause_number(entry.cause),
        ":force": entry.force,
        ":taken_at": entry.taken_at.0,
        ":first_at": entry.first_at.0,
        ":attempts": entry.attempts,
        ":expiries": entry.expiries,
        ":suspect_at": entry.suspect_at.map(|at| at.0),
        ":park": entry.park.map(reason_number),
        ":fault_code": entry.fault.as_ref().map(|fault| &fault.code),
        ":fault_detail": entry.fault.as_ref().map(|fault| &fault.detail),
        ":cohort": entry.cohort.map(|cohort| cohort.id),
        ":alone": entry.cohort.is_some_and(|cohort| cohort.alone),
        ":token": entry.hold.map(|hold| hold.token),
        ":held_version": entry.hold.map(|hold| hold.version),
        ":leased_at": entry.hold.map(|hold| hold.leased_at.0),
        ":forgotten": entry.hold.is_some_and(|hold| hold.forgotten),
        ":lease": u64::try_from(entry.lease.as_micros()).unwrap_or(u64::MAX >> 1),
        ":next_at": entry.next.map(|next| next.at.0),
        ":next_park": entry.next.and_then(|next| next.park).map(reason_number),
        ":confirmed": confirmed,
        ":lines": lines,
    })?;
    Ok(())
}

/// Where a key stands on AliExpress, its first listing first; nowhere in lanes that need no listing.
pub(super) fn listings(conn: &Connection, shop: &ShopId, lane: Lane, key: &str) -> Result<Vec<ListingId>, StoreError> {
    if lane.needs_listing() { listings_of(conn, shop, key) } else { Ok(Vec::new()) }
}

/// Where a SKU stands on AliExpress.
pub(super) fn listings_of(conn: &Connection, shop: &ShopId, sku: &str) -> Result<Vec<ListingId>, StoreError> {
    let mut query = conn.prepare_cached("SELECT listing FROM listings WHERE shop = ?1 AND sku = ?2 ORDER BY nth")?;
    let found = query.query_map((shop.as_str(), sku), |row| row.get(0).map(ListingId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether a lane is paused.
pub(super) fn is_paused(conn: &Connection, shop: &ShopId, lane: Lane) -> Result<bool, StoreError> {
    let mut query = conn.prepare_cached("SELECT 1 FROM paused WHERE shop = ?1 AND lane = ?2")?;
    Ok(query.exists((shop.as_str(), lane_number(lane)))?)
}
