//! The tally in the embedded store: tables `falls` and `falls_let` (`store::sqlite::schema`).

use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{KEYS_MAX, Kind, Noted, Reading, Spans, Tally};
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::StoreError;
use crate::store::sqlite::SqliteStore;

#[async_trait]
impl Tally for SqliteStore {
    async fn note(&self, shop: &ShopId, kind: Kind, keys: &[String], spans: Spans) -> Result<Noted, StoreError> {
        let (of, keys, clock) = (Of::new(shop, kind), keys.to_vec(), self.clock());
        self.call(move |conn| {
            let now = clock.now();
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let noted = note(&tx, &of, &keys, spans, now)?;
            tx.commit()?;
            Ok(noted)
        })
        .await
    }

    async fn read(&self, shop: &ShopId, kind: Kind, window: Duration) -> Result<Reading, StoreError> {
        let (of, clock) = (Of::new(shop, kind), self.clock());
        self.call(move |conn| {
            let now = clock.now();
            let in_window = of.count(conn, before(now, window))?;
            Ok(Reading { in_window, let_for: of.let_until(conn, now, window)?.map(|until| until.since(now)) })
        })
        .await
    }

    async fn let_through(&self, shop: &ShopId, kind: Kind, window: Duration) -> Result<(), StoreError> {
        let of = Of::new(shop, kind);
        self.call(move |conn| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let last: Option<u64> = tx
                .prepare_cached("SELECT max(first_at) FROM falls WHERE shop = ?1 AND kind = ?2 AND first_at >= 0")?
                .query_row((&of.shop, of.kind), |row| row.get(0))?;
            if let Some(last) = last {
                let until = Timestamp(last).plus(window);
                tx.prepare_cached("INSERT OR REPLACE INTO falls_let VALUES (?1, ?2, ?3)")?
                    .execute((&of.shop, of.kind, until.0))?;
                of.clear(&tx)?;
            }
            tx.commit()?;
            Ok(())
        })
        .await
    }

    async fn forget(&self, shop: &ShopId, kind: Kind) -> Result<(), StoreError> {
        let of = Of::new(shop, kind);
        self.call(move |conn| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached("DELETE FROM falls_let WHERE shop = ?1 AND kind = ?2")?.execute((&of.shop, of.kind))?;
            of.clear(&tx)?;
            tx.commit()?;
            Ok(())
        })
        .await
    }
}

/// Whose falls, of which kind.
struct Of {
    shop: String,
    kind: usize,
}

fn before(now: Timestamp, span: Duration) -> u64 {
    now.0.saturating_sub(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))
}

impl Of {
    fn new(shop: &ShopId, kind: Kind) -> Self {
        let kind = Kind::ALL.iter().position(|known| *known == kind).expect("ALL has every kind");
        Self { shop: shop.to_string(), kind }
    }

    /// Keys that were first seen after a time.
    fn count(&self, conn: &Connection, after: u64) -> Result<u64, StoreError> {
        let mut query =
            conn.prepare_cached("SELECT count(*) FROM falls WHERE shop = ?1 AND kind = ?2 AND first_at > ?3")?;
        Ok(query.query_row((&self.shop, self.kind, after), |row| row.get(0))?)
    }

    /// One that ends further off than a window was written by a clock that was wrong, and does not count.
    fn let_until(&self, conn: &Connection, now: Timestamp, window: Duration) -> Result<Option<Timestamp>, StoreError> {
        let mut query = conn.prepare_cached(
            "SELECT until FROM falls_let WHERE shop = ?1 AND kind = ?2 AND until > ?3 AND until <= ?4",
        )?;
        let of = (&self.shop, self.kind, now.0, now.plus(window).0);
        let until: Option<u64> = query.query_row(of, |row| row.get(0)).optional()?;
        Ok(until.map(Timestamp))
    }

    fn clear(&self, conn: &Connection) -> Result<(), StoreError> {
        conn.prepare_cached("DELETE FROM falls WHERE shop = ?1 AND kind = ?2")?.execute((&self.shop, self.kind))?;
        Ok(())
    }
}

fn note(conn: &Connection, of: &Of, keys: &[String], spans: Spans, now: Timestamp) -> Result<Noted, StoreError> {
    if let Some(until) = of.let_until(conn, now, spans.window)? {
        return Ok(Noted { now, let_until: Some(until), first: Vec::new(), in_window: 0, in_look: 0 });
    }
    let all = (&of.shop, of.kind);
    // A clock that was set back: what lies ahead of it happened at the latest now.
    conn.prepare_cached("UPDATE falls SET first_at = ?3 WHERE shop = ?1 AND kind = ?2 AND first_at > ?3")?
        .execute((all.0, all.1, now.0))?;
    conn.prepare_cached("DELETE FROM falls WHERE shop = ?1 AND kind = ?2 AND first_at <= ?3")?.execute((
        all.0,
        all.1,
        before(now, spans.window),
    ))?;
    let mut in_window = of.count(conn, 0)?;
    let mut seen = conn.prepare_cached("SELECT first_at FROM falls WHERE shop = ?1 AND kind = ?2 AND key = ?3")?;
    let mut add = conn.prepare_cached("INSERT INTO falls VALUES (?1, ?2, ?3, ?4)")?;
    let mut first = Vec::with_capacity(keys.len());
    for key in keys {
        let known: Option<u64> = seen.query_row((all.0, all.1, key), |row| row.get(0)).optional()?;
        if known.is_none() && in_window < KEYS_MAX {
            add.execute((all.0, all.1, key, now.0))?;
            in_window += 1;
        }
        first.push(known.map_or(now, Timestamp));
    }
    Ok(Noted { now, let_until: None, first, in_window, in_look: of.count(conn, before(now, spans.look))? })
}
