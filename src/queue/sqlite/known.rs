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

/// Rows of a generation; two are kept. An entry takes about half a kilobyte.
const GENERATION_MAX: usize = 16 * 1024;
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

/// The rows that were used last: those of the older generation that are not used again go together.
#[derive(Debug)]
struct Recent<V> {
    young: HashMap<String, V>,
    old: HashMap<String, V>,
}

impl<V> Default for Recent<V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<V> Recent<V> {
    fn get(&mut self, name: &str) -> Option<&V> {
        if let Some((name, value)) = self.old.remove_entry(name) {
            self.put(name, value);
        }
        self.young.get(name)
    }

    fn put(&mut self, name: String, value: V) {
        self.old.remove(&name);
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(name, value);
    }

    fn remove(&mut self, name: &str) {
        self.young.remove(name);
        self.old.remove(name);
    }
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    entries: Recent<KnownEntry>,
    listings: Recent<Vec<ListingId>>,
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
fn name(shop: &ShopId, lane: Lane, key: &str) -> String {
    let lane = char::from(b'0' + lane as u8);
    let mut name = String::with_capacity(shop.as_str().len() + key.len() + 2);
    name.push_str(shop.as_str());
    name.push('/');
    name.push(lane);
    name.push_str(key);
    name
}

fn sku_name(shop: &ShopId, sku: &str) -> String {
    [shop.as_str(), "/", sku].concat()
}

impl<'c> Tables<'c> {
    /// The tables of this connection, within a transaction or without.
    pub fn new(conn: &'c Connection, known: &'c RefCell<Known>) -> Self {
        Self { conn, known }
    }

    /// The entry of a key as far as it is known.
    pub fn known_entry(&self, shop: &ShopId, lane: Lane, key: &str) -> Option<KnownEntry> {
        self.known.borrow_mut().entries.get(&name(shop, lane, key)).cloned()
    }

    /// An entry stands so in its row now.
    pub fn stands(&self, shop: &ShopId, lane: Lane, key: &str, known: KnownEntry) {
        let (entries, name) = (&mut self.known.borrow_mut().entries, name(shop, lane, key));
        match known.entry.payload.len() <= PAYLOAD_BYTES_MAX {
            true => entries.put(name, known),
            false => entries.remove(&name),
        }
    }

    /// Where a SKU stands on AliExpress as far as it is known.
    pub fn known_listings(&self, shop: &ShopId, sku: &str) -> Option<Vec<ListingId>> {
        self.known.borrow_mut().listings.get(&sku_name(shop, sku)).cloned()
    }

    /// A SKU is listed so now.
    pub fn listed(&self, shop: &ShopId, sku: &str, listings: &[ListingId]) {
        self.known.borrow_mut().listings.put(sku_name(shop, sku), listings.to_vec());
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
    fn what_was_used_last_stays_and_the_rest_goes_with_its_generation() {
        let mut recent = Recent::default();
        for nth in 0..2 * GENERATION_MAX {
            recent.put(nth.to_string(), nth);
            assert_eq!(recent.get("0"), Some(&0));
        }
        let known = (0..2 * GENERATION_MAX).filter(|nth| recent.get(&nth.to_string()).is_some()).count();
        assert!((GENERATION_MAX..=2 * GENERATION_MAX).contains(&known), "{known}");
        assert_eq!(recent.get("1"), None);
    }

    #[test]
    fn only_the_newest_value_is_known_and_none_that_was_removed() {
        let mut recent = Recent::default();
        recent.put("A".to_owned(), 1);
        (0..GENERATION_MAX).for_each(|nth| recent.put(nth.to_string(), 0));
        recent.put("A".to_owned(), 2);
        assert_eq!((recent.old.contains_key("A"), recent.get("A")), (false, Some(&2)));
        recent.remove("A");
        assert_eq!(recent.get("A"), None);
    }
}
