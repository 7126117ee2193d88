//! How much there is, and what is due.

use std::collections::BTreeMap;
use std::time::Duration;

use super::known::Tables;
use super::rows;
use crate::clock::Timestamp;
use crate::domain::{Lane, ShopId};
use crate::queue::{LaneStats, ParkReason, Place, Ready};
use crate::store::StoreError;

/// Where counting what is due stops.
const COUNT_MAX: u64 = 1_000;

/// See [`Queue::stats`](crate::queue::Queue::stats). Reads the line's index alone.
pub(super) fn stats(conn: &Tables<'_>, shop: &ShopId, now: Timestamp) -> Result<BTreeMap<Lane, LaneStats>, StoreError> {
    let mut lanes = BTreeMap::new();
    for lane in Lane::ALL {
        let mut stats = LaneStats { paused: rows::is_paused(conn, shop, lane)?, ..LaneStats::default() };
        let of = (shop.as_str(), rows::lane_number(lane));
        let mut kept = conn.prepare_cached("SELECT count(*) FROM entries WHERE shop = ?1 AND lane = ?2")?;
        stats.kept = kept.query_row(of, |row| row.get(0))?;
        let mut places = conn.prepare_cached(
            "SELECT place, park, count(*) AS count, min(first_at) AS first_at FROM entries INDEXED BY entries_line
             WHERE shop = ?1 AND lane = ?2 AND at IS NOT NULL GROUP BY place, park",
        )?;
        let mut found = places.query(of)?;
        while let Some(row) = found.next()? {
            let count: u64 = row.get("count")?;
            let age = now.since(Timestamp(row.get("first_at")?));
            match rows::numbered(&rows::PLACES, row, "place")? {
                Place::Idle => {}
                Place::Due => (stats.depth, stats.oldest_age_ms) = (count, stats.oldest_age_ms.max(millis(age))),
                Place::Leased => (stats.leased, stats.oldest_age_ms) = (count, stats.oldest_age_ms.max(millis(age))),
                Place::Awaiting => stats.awaiting = count,
                Place::Parked => {
                    stats.parked.insert(rows::numbered(&ParkReason::ALL, row, "park")?, count);
                }
                Place::Held => stats.held = count,
                Place::Dead => stats.dead = count,
            }
        }
        lanes.insert(lane, stats);
    }
    Ok(lanes)
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// See [`Queue::ready`](crate::queue::Queue::ready). Three steps into an index for a lane where nothing is due.
pub(super) fn ready(conn: &Tables<'_>, shop: &ShopId, now: Timestamp) -> Result<BTreeMap<Lane, Ready>, StoreError> {
    let mut lanes = BTreeMap::new();
    for lane in Lane::ALL {
        let mut ready = Ready { paused: rows::is_paused(conn, shop, lane)?, ..Ready::default() };
        let mut next: Option<u64> = None;
        for place in [Place::Due, Place::Leased, Place::Awaiting] {
            let of = (shop.as_str(), rows::lane_number(lane), rows::place_number(place));
            let mut first = conn.prepare_cached(
                "SELECT min(at) FROM entries INDEXED BY entries_line WHERE shop = ?1 AND lane = ?2 AND place = ?3 AND at >= 0",
            )?;
            let Some(at) = first.query_row(of, |row| row.get::<_, Option<u64>>(0))? else { continue };
            next = Some(next.map_or(at, |next| next.min(at)));
            if at <= now.0 {
                let (urgent, all) = come(conn, shop, lane, place, now)?;
                ready.urgent += urgent;
                ready.normal += all.saturating_sub(urgent);
            }
        }
        if ready.urgent + ready.normal == 0 {
            ready.next_in = next.map(|at| Timestamp(at).since(now));
        }
        if ready != Ready::default() {
            lanes.insert(lane, ready);
        }
    }
    Ok(lanes)
}

/// How many entries of a place have come to their time: urgent ones, and all.
fn come(conn: &Tables<'_>, shop: &ShopId, lane: Lane, place: Place, now: Timestamp) -> Result<(u64, u64), StoreError> {
    let (shop, lane) = (shop.as_str(), rows::lane_number(lane));
    if place == Place::Due {
        let mut urgent = conn.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM entries INDEXED BY entries_urgent
             WHERE shop = ?1 AND lane = ?2 AND place = 1 AND urgent = 1 AND at <= ?3 LIMIT ?4)",
        )?;
        let urgent: u64 = urgent.query_row((shop, lane, now.0, COUNT_MAX), |row| row.get(0))?;
        let mut all = conn.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM entries INDEXED BY entries_line
             WHERE shop = ?1 AND lane = ?2 AND place = 1 AND at <= ?3 LIMIT ?4)",
        )?;
        let all: u64 = all.query_row((shop, lane, now.0, COUNT_MAX), |row| row.get(0))?;
        return Ok((urgent, all.max(urgent)));
    }
    let mut held = conn.prepare_cached(
        "SELECT coalesce(sum(urgent), 0), count(*) FROM (SELECT urgent FROM entries INDEXED BY entries_line
         WHERE shop = ?1 AND lane = ?2 AND place = ?3 AND at <= ?4 LIMIT ?5)",
    )?;
    Ok(held.query_row((shop, lane, rows::place_number(place), now.0, COUNT_MAX), |row| row.try_into())?)
}
