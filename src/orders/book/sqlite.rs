//! The book in the embedded store: tables `orders` and `order_pieces` (`store::sqlite::schema`).

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{Book, BookError, Claim, Kept, PAGE_MAX, Which, cursor, next, read, sorted_by, text_of};
use crate::clock::Timestamp;
use crate::domain::{OrderId, ShopId, Sku};
use crate::store::sqlite::SqliteStore;

#[async_trait]
impl Book for SqliteStore {
    async fn get(&self, shop: &ShopId, orders: &[OrderId]) -> Result<Vec<Option<Kept>>, BookError> {
        let (shop, orders) = (shop.to_string(), orders.to_vec());
        self.call(move |conn| {
            let mut query = conn.prepare_cached("SELECT text FROM orders WHERE shop = ?1 AND id = ?2")?;
            let mut found = Vec::with_capacity(orders.len());
            for order in &orders {
                let text: Option<String> = query.query_row((&shop, order.as_str()), |row| row.get(0)).optional()?;
                found.push(text.as_deref().map(read).transpose()?);
            }
            Ok(found)
        })
        .await
    }

    async fn put(&self, shop: &ShopId, kept: &Kept) -> Result<bool, BookError> {
        let (shop, before, kept) = (shop.to_string(), kept.revision, next(kept));
        self.call(move |conn| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let written = write(&tx, &shop, before, &kept)?;
            tx.commit()?;
            Ok(written)
        })
        .await
    }

    async fn claims(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<Claim>>, BookError> {
        let (shop, skus) = (shop.to_string(), skus.to_vec());
        self.call(move |conn| {
            let mut query =
                conn.prepare_cached("SELECT pieces, taken_at FROM order_pieces WHERE shop = ?1 AND sku = ?2")?;
            let mut all = Vec::with_capacity(skus.len());
            for sku in &skus {
                let claim = |row: &rusqlite::Row<'_>| {
                    let taken_at: Option<u64> = row.get(1)?;
                    Ok(Claim { pieces: row.get(0)?, taken_at: taken_at.map(Timestamp) })
                };
                all.push(query.query_map((&shop, sku.as_str()), claim)?.collect::<Result<_, _>>()?);
            }
            Ok(all)
        })
        .await
    }

    async fn list(
        &self,
        shop: &ShopId,
        which: Which,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Kept>, Option<String>), BookError> {
        let (shop, (at, id), limit) = (shop.to_string(), cursor(after), limit.clamp(1, PAGE_MAX));
        self.call(move |conn| {
            let found = page(conn, &shop, which, at, &id, limit)?;
            let next = (found.len() == limit).then(|| found.last()).flatten();
            let next = next.map(|last| format!("{}:{}", sorted_by(which, last), last.order));
            Ok((found, next))
        })
        .await
    }

    async fn count_due(&self, shop: &ShopId, before: Timestamp) -> Result<u64, BookError> {
        let shop = shop.to_string();
        self.call(move |conn| {
            let mut query = conn.prepare_cached("SELECT count(*) FROM orders WHERE shop = ?1 AND ship_before < ?2")?;
            Ok(query.query_row((shop, before.0), |row| row.get(0))?)
        })
        .await
    }
}

fn page(conn: &Connection, shop: &str, which: Which, at: u64, id: &str, limit: usize) -> Result<Vec<Kept>, BookError> {
    let texts: Vec<String> = match which {
        Which::All => conn
            .prepare_cached("SELECT text FROM orders WHERE shop = ?1 AND id > ?2 ORDER BY id LIMIT ?3")?
            .query_map((shop, id, limit), |row| row.get(0))?
            .collect::<Result<_, _>>()?,
        Which::Due(before) => conn
            .prepare_cached(
                "SELECT text FROM orders WHERE shop = ?1 AND ship_before < ?2 AND (ship_before, id) > (?3, ?4)
                 ORDER BY ship_before, id LIMIT ?5",
            )?
            .query_map((shop, before.0, at, id, limit), |row| row.get(0))?
            .collect::<Result<_, _>>()?,
        Which::Erasable(before) => conn
            .prepare_cached(
                "SELECT text FROM orders WHERE shop = ?1 AND erase_from < ?2 AND (erase_from, id) > (?3, ?4)
                 ORDER BY erase_from, id LIMIT ?5",
            )?
            .query_map((shop, before.0, at, id, limit), |row| row.get(0))?
            .collect::<Result<_, _>>()?,
    };
    texts.iter().map(|text| read(text)).collect()
}

fn write(conn: &Connection, shop: &str, before: u64, kept: &Kept) -> Result<bool, BookError> {
    let id = kept.order.as_str();
    let mut query = conn.prepare_cached("SELECT revision FROM orders WHERE shop = ?1 AND id = ?2")?;
    let held: Option<u64> = query.query_row((shop, id), |row| row.get(0)).optional()?;
    if held.unwrap_or(0) != before {
        return Ok(false);
    }
    conn.prepare_cached("INSERT OR REPLACE INTO orders VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        shop,
        id,
        kept.revision,
        kept.ship_before,
        kept.erase_from(),
        text_of(kept)
    ])?;
    conn.prepare_cached("DELETE FROM order_pieces WHERE shop = ?1 AND id = ?2")?.execute((shop, id))?;
    let taken_at = kept.taken.as_ref().map(|taken| taken.at);
    let mut insert = conn.prepare_cached("INSERT INTO order_pieces VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (sku, pieces) in &kept.pieces {
        insert.execute(params![shop, sku.as_str(), id, pieces, taken_at])?;
    }
    Ok(true)
}
