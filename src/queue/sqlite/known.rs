//! What a call knows of rows without reading them: this process alone has the file, and these tables are written by this room alone.
//!
//! Reading an entry and the listings of its SKU costs more than writing its newest state, and most changes are of keys that changed
//! a short while ago. What is known is what the last call that succeeded wrote or read; a call that fails leaves nothing known.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};

use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::entry::Entry;
use crate::store::StoreError;

/// SKUs of which something is known; one with two entries takes about a kilobyte.
const SKUS_MAX: usize = 16 * 1024;
/// Entries whose payload is longer are read.
const PAYLOAD_BYTES_MAX: usize = 512;

/// An entry as it stands in its row.
#[derive(Debug, Clone)]
pub(super) struct KnownEntry {
    pub id: i64,
    /// Lines of history that were ever written.
    pub lines: i64,
    pub entry: Arc<Entry>,
}

/// What is known of a SKU: where it is listed, and its entries by lane.
#[derive(Debug, Default)]
struct KnownSku {
    listings: Option<Vec<ListingId>>,
    entries: [Option<KnownEntry>; 2],
}

/// What is known, by shop and SKU. A SKU's rows stand together, so that most changes cost one look.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<String, KnownSku>);

impl Known {
    fn at(&mut self, name: String) -> &mut KnownSku {
        // What is used will soon be known again: to choose what is forgotten would cost every change.
        if self.0.len() >= SKUS_MAX && !self.0.contains_key(&name) {
            self.0.clear();
        }
        self.0.entry(name).or_default()
    }
}

/// Where a lane's entry stands; those of other keys than SKUs are not kept.
const fn slot(lane: Lane) -> Option<usize> {
    match lane {
        Lane::Stock => Some(0),
        Lane::Price => Some(1),
        _ => None,
    }
}

/// The tables as one call sees them: the connection, and what is known without it.
#[derive(Debug)]
pub(super) struct Tables<'c> {
    conn: &'c Connection,
    known: &'c RefCell<Known>,
}

impl Deref for Tables<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

/// `/` stands in no shop's id.
fn name(shop: &ShopId, sku: &str) -> String {
    [shop.as_str(), "/", sku].concat()
}

impl<'c> Tables<'c> {
    /// The tables of this connection, within a transaction or without.
    pub fn new(conn: &'c Connection, known: &'c RefCell<Known>) -> Self {
        Self { conn, known }
    }

    /// The entry of a key as far as it is known.
    pub fn known_entry(&self, shop: &ShopId, lane: Lane, key: &str) -> Option<KnownEntry> {
        self.known.borrow().0.get(&name(shop, key))?.entries[slot(lane)?].clone()
    }

    /// An entry stands so in its row now.
    pub fn stands(&self, shop: &ShopId, lane: Lane, key: &str, known: KnownEntry) {
        if let Some(slot) = slot(lane) {
            let is_small = known.entry.payload.len() <= PAYLOAD_BYTES_MAX;
            self.known.borrow_mut().at(name(shop, key)).entries[slot] = is_small.then_some(known);
        }
    }

    /// Where a SKU stands on AliExpress as far as it is known.
    pub fn known_listings(&self, shop: &ShopId, sku: &str) -> Option<Vec<ListingId>> {
        self.known.borrow().0.get(&name(shop, sku))?.listings.clone()
    }

    /// A SKU is listed so now.
    pub fn listed(&self, shop: &ShopId, sku: &str, listings: &[ListingId]) {
        self.known.borrow_mut().at(name(shop, sku)).listings = Some(listings.to_vec());
    }

    /// Runs `act` so that what fails of it is taken back by itself.
    pub fn within_savepoint<T>(&self, act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.execute_batch("SAVEPOINT part")?;
        let done = act();
        if done.is_err() {
            self.forget();
            self.execute_batch("ROLLBACK TO part")?;
        }
        self.execute_batch("RELEASE part")?;
        done
    }

    /// Nothing is known any more: rows were written past what is known, or were taken back.
    pub fn forget(&self) {
        self.known.take();
    }
}

/// A connection between two transactions.
#[derive(Debug)]
pub(super) struct Desk<'c> {
    /// The store's connection.
    pub conn: &'c mut Connection,
    /// What is known of its rows.
    pub known: &'c RefCell<Known>,
}

impl Desk<'_> {
    /// The tables as they are read.
    pub fn read(&self) -> Tables<'_> {
        Tables::new(self.conn, self.known)
    }

    /// Runs `act` in one transaction, which is durable when this returns; an error takes all of it back.
    pub fn write<T>(&mut self, act: impl FnOnce(&Tables<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let tables = Tables::new(&tx, self.known);
        let answer = act(&tables).inspect_err(|_| tables.forget())?;
        tx.commit().inspect_err(|_| drop(self.known.take()))?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_known_than_may_be_and_the_newest_always() {
        let mut known = Known::default();
        for nth in 0..2 * SKUS_MAX {
            known.at(nth.to_string()).listings = Some(Vec::new());
            assert!(known.0.len() <= SKUS_MAX && known.0[&nth.to_string()].listings.is_some());
        }
    }
}
