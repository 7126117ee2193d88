//! The tables of the embedded store and the steps that bring an older file up to date.
//!
//! A step that has been released never changes: a new one is added. Times are microseconds since the epoch; lanes, places,
//! causes and reasons are the positions in their `ALL`. What the columns of `entries` mean is said where rows are read: `queue::sqlite::rows`.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// The steps in order; after step `n` (from 1) the file's `user_version` is `n`.
pub(super) const STEPS: &[&str] = &[QUEUE, DIRECTORY, ORDERS, FALLS, BARS, DELIVERIES, NEWER];

/// 1: what is queued.
const QUEUE: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE entries (
    id           INTEGER PRIMARY KEY,
    shop         TEXT NOT NULL,
    lane         INTEGER NOT NULL,
    key          TEXT NOT NULL,
    place        INTEGER NOT NULL,
    at           INTEGER,
    urgent       INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    payload      TEXT NOT NULL,
    seal         BLOB NOT NULL,
    cause        INTEGER NOT NULL,
    force        INTEGER NOT NULL,
    taken_at     INTEGER NOT NULL,
    first_at     INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    expiries     INTEGER NOT NULL,
    suspect_at   INTEGER,
    park         INTEGER,
    fault_code   TEXT,
    fault_detail TEXT,
    cohort       INTEGER,
    alone        INTEGER NOT NULL,
    token        INTEGER,
    held_version INTEGER,
    leased_at    INTEGER,
    forgotten    INTEGER NOT NULL,
    lease        INTEGER NOT NULL,
    next_at      INTEGER,
    next_park    INTEGER,
    confirmed    TEXT NOT NULL,
    UNIQUE (shop, lane, key)
) STRICT;
-- Idle entries have no `at`, so that the lines hold only what waits for something.
CREATE INDEX entries_line ON entries (shop, lane, place, at, first_at, park) WHERE at IS NOT NULL;
CREATE INDEX entries_urgent ON entries (shop, lane, at) WHERE place = 1 AND urgent = 1;

-- In the order of their arrival, so that what is remembered is written at the end and forgotten at the front.
-- `name` is the start of the SHA-256 of shop and id: short keys, since each is kept for minutes.
CREATE TABLE deliveries (
    nth    INTEGER PRIMARY KEY,
    name   BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    until  INTEGER NOT NULL
) STRICT;

CREATE TABLE paused (shop TEXT NOT NULL, lane INTEGER NOT NULL, PRIMARY KEY (shop, lane)) WITHOUT ROWID, STRICT;
";

/// 2: where SKUs stand and whose they are, documents, and what happened to entries (a ring of lines for each).
const DIRECTORY: &str = "
ALTER TABLE entries ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;

CREATE TABLE history (
    entry   INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    slot    INTEGER NOT NULL,
    line    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    version INTEGER NOT NULL,
    what    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (entry, slot)
) WITHOUT ROWID, STRICT;

CREATE TABLE listings (
    shop    TEXT NOT NULL,
    sku     TEXT NOT NULL,
    nth     INTEGER NOT NULL,
    listing INTEGER NOT NULL,
    PRIMARY KEY (shop, sku, nth)
) WITHOUT ROWID, STRICT;
CREATE INDEX listings_skus ON listings (shop, listing, nth, sku);

CREATE TABLE owners (
    shop    TEXT NOT NULL,
    sku     TEXT NOT NULL,
    product TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (shop, sku)
) WITHOUT ROWID, STRICT;

CREATE TABLE documents (
    shop TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (shop, name)
) WITHOUT ROWID, STRICT;
";

/// 3: what is kept of orders (`orders::book`): their records, and the pieces of SKUs that they hold back.
const ORDERS: &str = "
CREATE TABLE orders (
    shop        TEXT NOT NULL,
    id          TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    ship_before INTEGER,
    erase_from  INTEGER,
    text        TEXT NOT NULL,
    PRIMARY KEY (shop, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX orders_due ON orders (shop, ship_before, id) WHERE ship_before IS NOT NULL;
CREATE INDEX orders_erasable ON orders (shop, erase_from, id) WHERE erase_from IS NOT NULL;

CREATE TABLE order_pieces (
    shop     TEXT NOT NULL,
    sku      TEXT NOT NULL,
    id       TEXT NOT NULL,
    pieces   INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (shop, sku, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX order_pieces_order ON order_pieces (shop, id);
";

/// 4: what the avalanche guard counts (`guard::tally`): keys that fell within its window, and until when a person lets all of a kind through.
const FALLS: &str = "
CREATE TABLE falls (
    shop     TEXT NOT NULL,
    kind     INTEGER NOT NULL,
    key      TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (shop, kind, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX falls_time ON falls (shop, kind, first_at);

CREATE TABLE falls_let (
    shop  TEXT NOT NULL,
    kind  INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (shop, kind)
) WITHOUT ROWID, STRICT;
";

/// 5: listings whose stock and price wait for the end of a product request.
const BARS: &str = "
CREATE TABLE bars (
    shop    TEXT NOT NULL,
    listing INTEGER NOT NULL,
    owner   INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (shop, listing)
) WITHOUT ROWID, STRICT;
";

/// 6: deliveries are remembered many in a row, whose records are name (16 bytes), digest (32) and the time until which they count (8).
const DELIVERIES: &str = "
CREATE TABLE remembered (
    nth     INTEGER PRIMARY KEY,
    span    INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    records BLOB NOT NULL
) STRICT;
INSERT INTO remembered (nth, span, until, records)
    SELECT nth, 0, until, unhex(hex(name) || hex(digest) || printf('%016X', until)) FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE remembered RENAME TO deliveries;
CREATE INDEX deliveries_until ON deliveries (until);
";

/// 7: newest states of entries that are not in their rows yet (`queue::sqlite::newer`).
const NEWER: &str = "
CREATE TABLE newer (
    nth      INTEGER PRIMARY KEY,
    entry    INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    payload  TEXT NOT NULL,
    seal     BLOB NOT NULL,
    cause    INTEGER NOT NULL,
    force    INTEGER NOT NULL,
    taken_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    expiries INTEGER NOT NULL
) STRICT;
";

/// The schema that the file has; 0 when it is new.
///
/// # Errors
/// `Unusable` when a newer program made it, or another program.
pub(super) fn version(conn: &Connection) -> Result<usize, StoreError> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = STEPS.len();
    if found as usize > known {
        return Err(StoreError::Unusable(format!(
            "the store has schema {found}, this version of aligate knows {known}: upgrade aligate, or point it at another store"
        )));
    }
    let tables: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if found == 0 && tables > 0 {
        return Err(StoreError::Unusable(
            "the file is a database of another program: point store.url at a file of its own".to_owned(),
        ));
    }
    Ok(found as usize)
}

/// Takes the steps that the file, whose schema is `found`, has not seen yet; each is one transaction.
pub(super) fn migrate(conn: &mut Connection, found: usize) -> Result<(), StoreError> {
    for (done, step) in STEPS.iter().enumerate().skip(found) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", done + 1)?;
        tx.commit()?;
    }
    Ok(())
}
