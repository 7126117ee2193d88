//! Entries as rows, and the small look-ups that every operation shares. No rules here: they are in `rules`.
//!
//! Columns of `entries` that do not say it themselves: `at` orders a place (see `Entry::at`); `token`, `held_version`,
//! `leased_at` and `forgotten` are the `Hold`; `next_at` and `next_park` the `Next`; `cohort` and `alone` the
//! `Cohort`; `lease` is a span; `confirmed` is JSON; `lines` counts the lines of history that were ever written.

use std::sync::LazyLock;
use std::time::Duration;

use rusqlite::types::{FromSql, Type};
use rusqlite::{Params, Row, params};

use super::known::{KnownEntry, Tables};
use super::newer;
use crate::clock::Timestamp;
use crate::domain::{Cause, Lane, ListingId, ShopId, Version};
use crate::queue::entry::{Entry, Hold, Next};
use crate::queue::{Cohort, Confirmed, Fault, HISTORY_MAX, ParkReason, Place};
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
    /// What it was when it was read; none when it is new.
    before: Option<Before>,
}

/// What tells which columns of an entry are to be written.
#[derive(Debug)]
struct Before {
    version: Version,
    stand: Stand,
    work: Work,
}

impl Before {
    fn of(entry: &Entry) -> Self {
        let (fault, confirmed) = (entry.fault.clone(), entry.confirmed.clone());
        let work = (entry.suspect_at, fault, entry.cohort, entry.hold, entry.lease, entry.next, confirmed);
        Self { version: entry.version, stand: stand(entry), work }
    }

    /// Whether the columns are as they were that work on an entry changes, and a newer state seldom.
    fn has_same_work(&self, entry: &Entry) -> bool {
        let (suspect_at, fault, cohort, hold, lease, next, confirmed) = &self.work;
        entry.notes.is_empty()
            && entry.suspect_at == *suspect_at
            && entry.fault == *fault
            && entry.cohort == *cohort
            && entry.hold == *hold
            && entry.lease == *lease
            && entry.next == *next
            && entry.confirmed == *confirmed
    }
}

/// The columns by which lines are ordered: they are written, and their indexes with them, only when they change.
type Stand = (Place, Option<Timestamp>, Timestamp, Option<ParkReason>, bool);

fn stand(entry: &Entry) -> Stand {
    (entry.place, entry.at, entry.first_at, entry.park, entry.urgent)
}

/// The columns that work on an entry changes.
type Work = (Option<Timestamp>, Option<Fault>, Option<Cohort>, Option<Hold>, Duration, Option<Next>, Confirmed);

/// The columns of what a newer state brings, and a retry counts.
macro_rules! state_columns {
    () => {
        "version, payload, seal, cause, force, taken_at, attempts, expiries"
    };
}
pub(super) use state_columns;

const COLUMNS: &str = concat!(
    "id, lane, key, place, at, urgent, ",
    state_columns!(),
    ", first_at, suspect_at, park, fault_code, fault_detail, cohort, alone, token, held_version, leased_at, forgotten, lease,
    next_at, next_park, confirmed, lines"
);

/// The entries where `condition` is true of their rows, in whose order it may ask for them; it says nothing of what [`newer`] keeps.
pub(super) fn select(conn: &Tables<'_>, condition: &str, of: impl Params) -> Result<Vec<Kept>, StoreError> {
    select_by(conn, &format!("SELECT {COLUMNS} FROM entries WHERE {condition}"), of)
}

fn select_by(conn: &Tables<'_>, text: &str, of: impl Params) -> Result<Vec<Kept>, StoreError> {
    let mut query = conn.prepare_cached(text)?;
    let found = query.query_map(of, kept)?.map(|kept| {
        let mut kept = kept?;
        newer::lay_over(conn, &mut kept)?;
        kept.before = Some(Before::of(&kept.entry));
        Ok(kept)
    });
    found.collect()
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

/// The columns of a row, one after the other: looking each up by its name would cost more than reading the row.
struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Columns<'_> {
    fn get<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    fn time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.get::<Option<u64>>()?.map(Timestamp))
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> rusqlite::Result<T> {
        let number: usize = self.get()?;
        one_of(all, number)
    }

    fn reason(&mut self) -> rusqlite::Result<Option<ParkReason>> {
        self.get::<Option<usize>>()?.map(|number| one_of(&ParkReason::ALL, number)).transpose()
    }

    /// The columns of [`state_columns`].
    fn state(&mut self, entry: &mut Entry) -> rusqlite::Result<()> {
        (entry.version, entry.payload, entry.seal) = (self.get()?, self.get()?, self.get()?);
        (entry.cause, entry.force, entry.taken_at) = (self.one_of(&Cause::ALL)?, self.get()?, Timestamp(self.get()?));
        (entry.attempts, entry.expiries) = (self.get()?, self.get()?);
        Ok(())
    }

    fn must<T>(&mut self, value: Option<T>) -> rusqlite::Result<T> {
        value.ok_or_else(|| unreadable(format!("column {} is missing", self.next - 1)))
    }
}

fn one_of<T: Copy>(all: &[T], number: usize) -> rusqlite::Result<T> {
    all.get(number).copied().ok_or_else(|| unreadable(format!("{number} means nothing")))
}

/// Reads a row of [`COLUMNS`], one after the other.
fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let mut columns = Columns { row, next: 0 };
    let c = &mut columns;
    let (id, lane, key) = (c.get()?, c.one_of(&Lane::ALL)?, c.get()?);
    let mut entry = Entry { place: c.one_of(&PLACES)?, at: c.time()?, ..Entry::blank(Timestamp(0)) };
    entry.urgent = c.get()?;
    c.state(&mut entry)?;
    (entry.first_at, entry.suspect_at, entry.park) = (Timestamp(c.get()?), c.time()?, c.reason()?);
    let (code, detail): (Option<String>, Option<String>) = (c.get()?, c.get()?);
    entry.fault = code.map(|code| Fault { code, detail: detail.unwrap_or_default() });
    let (cohort, alone): (Option<u32>, bool) = (c.get()?, c.get()?);
    entry.cohort = cohort.map(|id| Cohort { id, alone });
    let (token, version, leased_at, forgotten): (Option<u64>, Option<u64>, _, bool) =
        (c.get()?, c.get()?, c.time()?, c.get()?);
    if let Some(token) = token {
        let (version, leased_at) = (c.must(version)?, c.must(leased_at)?);
        entry.hold = Some(Hold { token, version, leased_at, forgotten });
    }
    entry.lease = Duration::from_micros(c.get()?);
    let (next_at, next_park) = (c.time()?, c.reason()?);
    entry.next = next_at.map(|at| Next { at, park: next_park });
    let confirmed = row.get_ref(c.next)?.as_str()?;
    if confirmed != NOTHING_CONFIRMED {
        entry.confirmed = serde_json::from_str(confirmed).map_err(unreadable)?;
    }
    c.next += 1;
    Ok(Kept { id, lane, key, entry, lines: c.get()?, before: None })
}

/// Reads a row of [`state_columns`].
pub(super) fn state(row: &Row<'_>, entry: &mut Entry) -> rusqlite::Result<()> {
    Columns { row, next: 0 }.state(entry)
}

/// An empty map as JSON.
const NOTHING_CONFIRMED: &str = "{}";

/// The entry of a key.
pub(super) fn find(conn: &Tables<'_>, shop: &ShopId, lane: Lane, key: &str) -> Result<Option<Kept>, StoreError> {
    if let Some(KnownEntry { id, lines, entry }) = conn.take_known(shop, lane, key) {
        let before = Some(Before::of(&entry));
        return Ok(Some(Kept { id, lane, key: key.to_owned(), entry, lines, before }));
    }
    read(conn, shop, lane, key)
}

/// The entry of a key as the file has it, which somebody may have tampered with.
pub(super) fn read(conn: &Tables<'_>, shop: &ShopId, lane: Lane, key: &str) -> Result<Option<Kept>, StoreError> {
    static READ: LazyLock<String> =
        LazyLock::new(|| format!("SELECT {COLUMNS} FROM entries WHERE shop = ?1 AND lane = ?2 AND key = ?3"));
    Ok(select_by(conn, &READ, (shop.as_str(), lane_number(lane), key))?.pop())
}

/// The entry that stands at `id`.
pub(super) fn by_id(conn: &Tables<'_>, id: i64) -> Result<Kept, StoreError> {
    select(conn, "id = ?1", [id])?.pop().ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// What was found stays as it was.
pub(super) fn leave(conn: &Tables<'_>, shop: &ShopId, kept: Kept) {
    let Kept { id, lane, key, entry, lines, before: _ } = kept;
    conn.stands(shop, lane, &key, KnownEntry { id, lines, entry });
}

/// Makes a row for an entry that was not kept before.
pub(super) fn insert(
    conn: &Tables<'_>,
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
    let kept = Kept { id: conn.last_insert_rowid(), lane, key: key.to_owned(), entry, lines: 0, before: None };
    save(conn, shop, kept, now)
}

const SAVE: &str = "UPDATE entries SET version = ?2, payload = ?3, seal = ?4, cause = ?5, force = ?6, taken_at = ?7, attempts = ?8,
    expiries = ?9, suspect_at = ?10, fault_code = ?11, fault_detail = ?12, cohort = ?13, alone = ?14, token = ?15, held_version = ?16,
    leased_at = ?17, forgotten = ?18, lease = ?19, next_at = ?20, next_park = ?21, confirmed = ?22, lines = ?23 WHERE id = ?1";

const SAVE_STATE: &str =
    "UPDATE entries SET version = ?2, payload = ?3, seal = ?4, cause = ?5, force = ?6, taken_at = ?7, attempts = ?8,
    expiries = ?9 WHERE id = ?1";

const SAVE_STAND: &str = "UPDATE entries SET place = ?2, at = ?3, first_at = ?4, park = ?5, urgent = ?6 WHERE id = ?1";

/// Writes an entry and its new lines of history, which replace the oldest.
pub(super) fn save(conn: &Tables<'_>, shop: &ShopId, kept: Kept, now: Timestamp) -> Result<(), StoreError> {
    let Kept { id, lane, key, mut entry, mut lines, before } = kept;
    if !entry.notes.is_empty() {
        let mut write = conn.prepare_cached("INSERT OR REPLACE INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        for note in &entry.notes {
            let slot = lines % HISTORY_MAX as i64;
            write.execute((id, slot, lines, now.0, note.version, note.what, &note.detail))?;
            lines += 1;
        }
    }
    let same_stand = before.as_ref().is_some_and(|before| before.stand == stand(&entry));
    let same_work = before.as_ref().is_some_and(|before| before.has_same_work(&entry));
    let is_newer = before.is_some_and(|before| before.version < entry.version);
    if same_stand && same_work && is_newer && newer::is_small(&entry) {
        newer::write(conn, id, &entry)?;
    } else {
        if !same_stand {
            save_stand(conn, id, &entry)?;
        }
        if same_work {
            write_state(conn, SAVE_STATE, id, &entry)?
        } else {
            save_whole(conn, id, &entry, lines)?
        }
        conn.newer()?.is_in_its_row(id);
    }
    entry.notes.clear();
    conn.stands(shop, lane, &key, KnownEntry { id, lines, entry });
    Ok(())
}

fn save_stand(conn: &Tables<'_>, id: i64, entry: &Entry) -> Result<(), StoreError> {
    let (place, at, first_at, park, urgent) = stand(entry);
    let (place, park) = (place_number(place), park.map(reason_number));
    conn.prepare_cached(SAVE_STAND)?.execute((id, place, at.map(|at| at.0), first_at.0, park, urgent))?;
    Ok(())
}

/// Runs a statement on an entry's id and what [`state_columns`] name, in this order.
pub(super) fn write_state(conn: &Tables<'_>, statement: &str, id: i64, entry: &Entry) -> Result<(), StoreError> {
    conn.prepare_cached(statement)?.execute(params![
        id,
        entry.version,
        entry.payload,
        entry.seal,
        cause_number(entry.cause),
        entry.force,
        entry.taken_at.0,
        entry.attempts,
        entry.expiries,
    ])?;
    Ok(())
}

fn save_whole(conn: &Tables<'_>, id: i64, entry: &Entry, lines: i64) -> Result<(), StoreError> {
    let confirmed = match entry.confirmed.is_empty() {
        true => NOTHING_CONFIRMED.to_owned(),
        false => serde_json::to_string(&entry.confirmed).expect("numbers and texts become JSON"),
    };
    conn.prepare_cached(SAVE)?.execute(params![
        id,
        entry.version,
        entry.payload,
        entry.seal,
        cause_number(entry.cause),
        entry.force,
        entry.taken_at.0,
        entry.attempts,
        entry.expiries,
        entry.suspect_at.map(|at| at.0),
        entry.fault.as_ref().map(|fault| &fault.code),
        entry.fault.as_ref().map(|fault| &fault.detail),
        entry.cohort.map(|cohort| cohort.id),
        entry.cohort.is_some_and(|cohort| cohort.alone),
        entry.hold.map(|hold| hold.token),
        entry.hold.map(|hold| hold.version),
        entry.hold.map(|hold| hold.leased_at.0),
        entry.hold.is_some_and(|hold| hold.forgotten),
        u64::try_from(entry.lease.as_micros()).unwrap_or(u64::MAX >> 1),
        entry.next.map(|next| next.at.0),
        entry.next.and_then(|next| next.park).map(reason_number),
        confirmed,
        lines,
    ])?;
    Ok(())
}

/// Where a key stands on AliExpress, its first listing first; nowhere in lanes that need no listing.
pub(super) fn listings(conn: &Tables<'_>, shop: &ShopId, lane: Lane, key: &str) -> Result<Vec<ListingId>, StoreError> {
    if lane.needs_listing() { listings_of(conn, shop, key) } else { Ok(Vec::new()) }
}

/// Where a SKU stands on AliExpress.
pub(super) fn listings_of(conn: &Tables<'_>, shop: &ShopId, sku: &str) -> Result<Vec<ListingId>, StoreError> {
    if let Some(known) = conn.known_listings(shop, sku) {
        return Ok(known);
    }
    let mut query = conn.prepare_cached("SELECT listing FROM listings WHERE shop = ?1 AND sku = ?2 ORDER BY nth")?;
    let found = query.query_map((shop.as_str(), sku), |row| row.get(0).map(ListingId))?;
    let found: Vec<ListingId> = found.collect::<Result<_, _>>()?;
    conn.listed(shop, sku, &found);
    Ok(found)
}

/// Whether a lane is paused.
pub(super) fn is_paused(conn: &Tables<'_>, shop: &ShopId, lane: Lane) -> Result<bool, StoreError> {
    let mut query = conn.prepare_cached("SELECT 1 FROM paused WHERE shop = ?1 AND lane = ?2")?;
    Ok(query.exists((shop.as_str(), lane_number(lane)))?)
}
