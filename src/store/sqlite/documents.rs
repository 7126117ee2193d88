//! Documents in the embedded store, and what an operator may ask of it.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, TransactionBehavior};

use super::SqliteStore;
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::{Documents, Inspect, StoreError, Weakness};

/// The largest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// The most names that are given at once.
const NAMES_MAX: usize = 1000;

#[async_trait]
impl Documents for SqliteStore {
    async fn get(&self, shop: &ShopId, name: &str) -> Result<Option<String>, StoreError> {
        let of = (shop.to_string(), name.to_owned());
        self.call(move |conn| {
            let mut query = conn.prepare_cached("SELECT text FROM documents WHERE shop = ?1 AND name = ?2")?;
            Ok(query.query_row(of, |row| row.get(0)).optional()?)
        })
        .await
    }

    async fn put(&self, shop: &ShopId, name: &str, text: &str) -> Result<(), StoreError> {
        fits(name, text)?;
        let row = (shop.to_string(), name.to_owned(), text.to_owned());
        self.call(move |conn| {
            conn.prepare_cached("INSERT OR REPLACE INTO documents VALUES (?1, ?2, ?3)")?.execute(row)?;
            Ok(())
        })
        .await
    }

    async fn put_if(&self, shop: &ShopId, name: &str, before: Option<&str>, text: &str) -> Result<bool, StoreError> {
        fits(name, text)?;
        let (shop, name, before, text) =
            (shop.to_string(), name.to_owned(), before.map(str::to_owned), text.to_owned());
        self.call(move |conn| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let now: Option<String> = tx
                .prepare_cached("SELECT text FROM documents WHERE shop = ?1 AND name = ?2")?
                .query_row((&shop, &name), |row| row.get(0))
                .optional()?;
            if now != before {
                return Ok(false);
            }
            tx.prepare_cached("INSERT OR REPLACE INTO documents VALUES (?1, ?2, ?3)")?
                .execute((&shop, &name, &text))?;
            tx.commit()?;
            Ok(true)
        })
        .await
    }

    async fn remove(&self, shop: &ShopId, name: &str) -> Result<(), StoreError> {
        let of = (shop.to_string(), name.to_owned());
        self.call(move |conn| {
            conn.prepare_cached("DELETE FROM documents WHERE shop = ?1 AND name = ?2")?.execute(of)?;
            Ok(())
        })
        .await
    }

    async fn names(&self, shop: &ShopId, prefix: &str) -> Result<Vec<String>, StoreError> {
        let (shop, prefix) = (shop.to_string(), prefix.to_owned());
        self.call(move |conn| {
            let mut query = conn
                .prepare_cached("SELECT name FROM documents WHERE shop = ?1 AND name >= ?2 ORDER BY name LIMIT ?3")?;
            let mut rows = query.query((shop, &prefix, NAMES_MAX))?;
            let mut names = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(0)?;
                if !name.starts_with(&prefix) {
                    break;
                }
                names.push(name);
            }
            Ok(names)
        })
        .await
    }

    async fn page(
        &self,
        shop: &ShopId,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let (shop, prefix, after) = (shop.to_string(), prefix.to_owned(), after.to_owned());
        let limit = limit.min(NAMES_MAX);
        self.call(move |conn| {
            let mut query = conn.prepare_cached(
                "SELECT name, text FROM documents WHERE shop = ?1 AND name >= ?2 AND name > ?3 ORDER BY name LIMIT ?4",
            )?;
            let mut rows = query.query((shop, &prefix, after, limit))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(0)?;
                if !name.starts_with(&prefix) {
                    break;
                }
                found.push((name, row.get(1)?));
            }
            Ok(found)
        })
        .await
    }

    async fn now(&self) -> Result<Timestamp, StoreError> {
        Ok(self.clock().now())
    }
}

fn fits(name: &str, text: &str) -> Result<(), StoreError> {
    if text.len() <= DOCUMENT_BYTES_MAX {
        return Ok(());
    }
    let detail = format!("the document {name} has {} bytes; at most {DOCUMENT_BYTES_MAX} are kept", text.len());
    Err(StoreError::Unusable(detail))
}

#[async_trait]
impl Inspect for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.call(|conn| Ok(conn.query_row("SELECT 1 FROM meta LIMIT 1", [], |_| Ok(()))?)).await
    }

    async fn weaknesses(&self) -> Result<Vec<Weakness>, StoreError> {
        let mode: String = self.call(|conn| Ok(conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?)).await?;
        if mode == "wal" {
            return Ok(Vec::new());
        }
        let detail = format!(
            "is {mode}: the file's disk does not share memory between its users, as network disks do not, and their locks \
             cannot be trusted either. Put the store on a local disk"
        );
        Ok(vec![Weakness { setting: "journal_mode", detail }])
    }
}
