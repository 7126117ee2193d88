//! Listings whose stock and price wait for the end of a product request.

use std::collections::HashMap;
use std::time::Duration;

use rusqlite::OptionalExtension;

use super::known::{Desk, Tables};
use super::rows;
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::Barred;
use crate::queue::entry::Entry;
use crate::store::StoreError;

/// See [`Queue::bar`](crate::queue::Queue::bar).
pub(super) fn bar(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    listing: ListingId,
    owner: u64,
    span: Duration,
    now: Timestamp,
) -> Result<Barred, StoreError> {
    desk.write(|conn| {
        let mut query =
            conn.prepare_cached("SELECT owner FROM bars WHERE shop = ?1 AND listing = ?2 AND until > ?3")?;
        let held: Option<u64> = query.query_row((shop.as_str(), listing.0, now.0), |row| row.get(0)).optional()?;
        if held.is_some_and(|held| held != owner) {
            return Ok(Barred::Taken);
        }
        let until = now.plus(span);
        conn.prepare_cached("INSERT OR REPLACE INTO bars VALUES (?1, ?2, ?3, ?4)")?.execute((
            shop.as_str(),
            listing.0,
            owner,
            until.0,
        ))?;
        let mut busy = false;
        of_listing(conn, shop, listing, now, |entry| busy |= entry.give_way(until, now))?;
        Ok(if busy { Barred::Busy } else { Barred::Alone })
    })
}

/// See [`Queue::lift`](crate::queue::Queue::lift).
pub(super) fn lift(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    listing: ListingId,
    owner: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    desk.write(|conn| {
        let mut gone = conn.prepare_cached("DELETE FROM bars WHERE shop = ?1 AND listing = ?2 AND owner = ?3")?;
        if gone.execute((shop.as_str(), listing.0, owner))? == 0 {
            return Ok(());
        }
        of_listing(conn, shop, listing, now, |entry| entry.go_ahead(now))
    })
}

/// Does something to the entries of a listing's SKUs.
fn of_listing(
    conn: &Tables<'_>,
    shop: &ShopId,
    listing: ListingId,
    now: Timestamp,
    mut act: impl FnMut(&mut Entry),
) -> Result<(), StoreError> {
    for sku in super::directory::skus_of(conn, shop, listing)? {
        for lane in Lane::ALL.into_iter().filter(|lane| lane.needs_listing()) {
            if let Some(mut kept) = rows::find(conn, shop, lane, sku.as_str())? {
                let before = kept.entry.clone();
                act(&mut kept.entry);
                match kept.entry == before {
                    true => rows::leave(conn, shop, kept),
                    false => rows::save(conn, shop, kept, now)?,
                }
            }
        }
    }
    Ok(())
}

/// Bars that are in force, with their ends.
pub(super) fn in_force(
    conn: &Tables<'_>,
    shop: &ShopId,
    now: Timestamp,
) -> Result<HashMap<ListingId, Timestamp>, StoreError> {
    let mut query = conn.prepare_cached("SELECT listing, until FROM bars WHERE shop = ?1 AND until > ?2")?;
    let bar = |row: &rusqlite::Row<'_>| Ok((ListingId(row.get(0)?), Timestamp(row.get(1)?)));
    Ok(query.query_map((shop.as_str(), now.0), bar)?.collect::<Result<_, _>>()?)
}
