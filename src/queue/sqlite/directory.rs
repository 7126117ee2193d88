//! Where SKUs stand on AliExpress and whose they are, with the consequences for what is queued.

use rusqlite::OptionalExtension;

use super::known::{Desk, Tables};
use super::rows;
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};
use crate::queue::entry::Scene;
use crate::queue::{Attested, PAGE_MAX, Relisting};
use crate::store::StoreError;

/// See [`Queue::relist`](crate::queue::Queue::relist).
pub(super) fn relist(desk: &mut Desk<'_>, shop: &ShopId, skus: &[Relisting], now: Timestamp) -> Result<(), StoreError> {
    desk.write(|conn| skus.iter().try_for_each(|one| relist_one(conn, shop, one, now)))
}

fn relist_one(conn: &Tables<'_>, shop: &ShopId, one: &Relisting, now: Timestamp) -> Result<(), StoreError> {
    let sku = one.sku.as_str();
    let before = rows::listings_of(conn, shop, sku)?;
    if before == one.listings {
        return Ok(());
    }
    conn.prepare_cached("DELETE FROM listings WHERE shop = ?1 AND sku = ?2")?.execute((shop.as_str(), sku))?;
    let mut put = conn.prepare_cached("INSERT INTO listings VALUES (?1, ?2, ?3, ?4)")?;
    for (nth, listing) in one.listings.iter().enumerate() {
        put.execute((shop.as_str(), sku, nth, listing.0))?;
    }
    conn.listed(shop, sku, &one.listings);
    let gained = one.listings.iter().any(|listing| !before.contains(listing));
    for lane in Lane::ALL.into_iter().filter(|lane| lane.needs_listing()) {
        if let Some(mut kept) = rows::find(conn, shop, lane, sku)? {
            kept.entry.relist(gained, Scene { now, lane, listings: &one.listings });
            rows::save(conn, shop, kept, now)?;
        }
    }
    Ok(())
}

/// See [`Queue::attest`](crate::queue::Queue::attest).
pub(super) fn attest(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    listing: ListingId,
    taken: &[Attested],
    now: Timestamp,
) -> Result<(), StoreError> {
    desk.write(|conn| {
        for one in taken {
            let mut listings = rows::listings_of(conn, shop, one.sku.as_str())?;
            if !listings.contains(&listing) {
                listings.push(listing);
                listings.sort_unstable();
                relist_one(conn, shop, &Relisting { sku: one.sku.clone(), listings: listings.clone() }, now)?;
            }
            if let Some(mut kept) = rows::find(conn, shop, one.lane, one.sku.as_str())? {
                kept.entry.attest(one, listing, Scene { now, lane: one.lane, listings: &listings });
                rows::save(conn, shop, kept, now)?;
            }
        }
        Ok(())
    })
}

/// See [`Queue::listings`](crate::queue::Queue::listings).
pub(super) fn listings(conn: &Tables<'_>, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<ListingId>>, StoreError> {
    skus.iter().map(|sku| rows::listings_of(conn, shop, sku.as_str())).collect()
}

/// See [`Queue::skus_of`](crate::queue::Queue::skus_of).
pub(super) fn skus_of(conn: &Tables<'_>, shop: &ShopId, listing: ListingId) -> Result<Vec<Sku>, StoreError> {
    let mut query = conn
        .prepare_cached("SELECT DISTINCT sku FROM listings INDEXED BY listings_skus WHERE shop = ?1 AND listing = ?2 ORDER BY sku LIMIT ?3")?;
    let found = query.query_map((shop.as_str(), listing.0, PAGE_MAX), |row| {
        Sku::try_from(row.get::<_, String>(0)?).map_err(rows::unreadable)
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// See [`Queue::directory_size`](crate::queue::Queue::directory_size).
pub(super) fn size(conn: &Tables<'_>, shop: &ShopId) -> Result<(u64, u64), StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT (SELECT count(*) FROM listings WHERE shop = ?1 AND nth = 0),
                (SELECT count(*) FROM (SELECT DISTINCT listing FROM listings WHERE shop = ?1))",
    )?;
    Ok(query.query_row([shop.as_str()], |row| row.try_into())?)
}

/// See [`Queue::owner`](crate::queue::Queue::owner).
pub(super) fn owner(conn: &Tables<'_>, shop: &ShopId, sku: &Sku) -> Result<Option<(ProductId, Version)>, StoreError> {
    let mut query = conn.prepare_cached("SELECT product, version FROM owners WHERE shop = ?1 AND sku = ?2")?;
    let found = query.query_row((shop.as_str(), sku.as_str()), |row| {
        let product = ProductId::try_from(row.get::<_, String>(0)?).map_err(rows::unreadable)?;
        Ok((product, row.get(1)?))
    });
    Ok(found.optional()?)
}
