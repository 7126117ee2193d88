//! What a call knows of rows without reading them: this process alone has the file, and these tables are written by this room alone.
//!
//! Reading an entry and the listings of its SKU costs more than writing its newest state, and most changes are of keys that changed
//! a short while ago. What is known is what calls that succeeded wrote or read; a call that fails leaves nothing known.

use std::cell::{RefCell, RefMut};
use std::collections::HashMap;
use std::ops::Deref;

use rusqlite::{Connection, TransactionBehavior};

use super::newer::{self, Newer};
use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::entry::Entry;
use crate::store::StoreError;

/// SKUs of which something is known; one with two entries takes about a kilobyte. Of large entries nothing is.
const SKUS_MAX: usize = 16 * 1024;

/// An entry as it stands.
#[derive(Debug)]
pub(super) struct KnownEntry {
    pub id: i64,
    /// Lines of history that were ever written.
    pub lines: i64,
    pub entry: Entry,
}

/// What is known of a SKU: where it is listed, and its entries by lane.
#[derive(Debug, Default)]
struct KnownSku {
    listings: Option<Vec<ListingId>>,
    entries: [Option<KnownEntry>; 2],
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By shop and SKU. A SKU's rows stand together, so that most changes cost one look.
    skus: HashMap<ShopId, HashMap<String, KnownSku>>,
    /// Of how many SKUs.
    count: usize,
    /// None: to be read when it is needed.
    newer: Option<Newer>,
}

impl Known {
    fn find(&mut self, shop: &ShopId, sku: &str) -> Option<&mut KnownSku> {
        self.skus.get_mut(shop)?.get_mut(sku)
    }

    /// What is known of a SKU, to be added to.
    fn at(&mut self, shop: &ShopId, sku: &str) -> &mut KnownSku {
        if self.find(shop, sku).is_none() {
            // What is used will soon be known again: to choose what is forgotten would cost every change.
            if self.count >= SKUS_MAX {
                self.skus.clear();
                self.count = 0;
            }
            self.count += 1;
            self.skus.entry(shop.clone()).or_default().insert(sku.to_owned(), KnownSku::default());
        }
        self.find(shop, sku).expect("it was put there")
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

impl<'c> Tables<'c> {
    /// The tables of this connection, within a transaction or without.
    fn new(conn: &'c Connection, known: &'c RefCell<Known>) -> Self {
        Self { conn, known }
    }

    /// The entry of a key as far as it is known. It is known no longer, until it is said how it stands.
    pub fn take_known(&self, shop: &ShopId, lane: Lane, key: &str) -> Option<KnownEntry> {
        self.known.borrow_mut().find(shop, key)?.entries[slot(lane)?].take()
    }

    /// An entry stands so now.
    pub fn stands(&self, shop: &ShopId, lane: Lane, key: &str, known: KnownEntry) {
        if let Some(slot) = slot(lane) {
            let is_small = newer::is_small(&known.entry);
            self.known.borrow_mut().at(shop, key).entries[slot] = is_small.then_some(known);
        }
    }

    /// Where a SKU stands on AliExpress as far as it is known.
    pub fn known_listings(&self, shop: &ShopId, sku: &str) -> Option<Vec<ListingId>> {
        self.known.borrow_mut().find(shop, sku)?.listings.clone()
    }

    /// A SKU is listed so now.
    pub fn listed(&self, shop: &ShopId, sku: &str, listings: &[ListingId]) {
        self.known.borrow_mut().at(shop, sku).listings = Some(listings.to_vec());
    }

    /// Where newest states stand that are not in their rows.
    pub fn newer(&self) -> Result<RefMut<'_, Newer>, StoreError> {
        let mut known = self.known.borrow_mut();
        if known.newer.is_none() {
            known.newer = Some(Newer::load(self.conn)?);
        }
        Ok(RefMut::map(known, |known| known.newer.as_mut().expect("it was read")))
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
        let shops: [ShopId; 2] = ["main".parse().unwrap(), "other".parse().unwrap()];
        for nth in 0..2 * SKUS_MAX {
            let (shop, sku) = (&shops[nth % 2], nth.to_string());
            known.at(shop, &sku).listings = Some(Vec::new());
            assert!(known.find(shop, &sku).unwrap().listings.is_some());
            let count: usize = known.skus.values().map(HashMap::len).sum();
            assert!(count <= SKUS_MAX && count == known.count);
        }
    }
}
