//! Leases: handing entries out, hearing how they ended, holding on.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::bars;
use super::known::{Desk, Tables};
use super::rows::{self, Kept};
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::entry::Scene;
use crate::queue::rules;
use crate::queue::{Ask, Class, LeaseRef, Leased, Outcome, Place, RESERVE_MAX, Settled};
use crate::signing::entry::Sealer;
use crate::store::StoreError;

/// A reservation in the making.
struct Reservation<'c> {
    conn: &'c Tables<'c>,
    sealer: &'c Sealer,
    shop: &'c ShopId,
    lane: Lane,
    ask: Ask,
    now: Timestamp,
    token: u64,
    taken: Vec<Leased>,
    listings: HashSet<ListingId>,
    /// Listings that are kept back, until when.
    bars: HashMap<ListingId, Timestamp>,
    /// Entries that were put away instead of taken: tampered with, or of a listing that is kept back.
    put_away: usize,
}

/// See [`Queue::reserve`](crate::queue::Queue::reserve).
pub(super) fn reserve(
    desk: &mut Desk<'_>,
    sealer: &Sealer,
    shop: &ShopId,
    lane: Lane,
    ask: Ask,
    now: Timestamp,
) -> Result<Vec<Leased>, StoreError> {
    let ask = Ask { entries: ask.entries.min(RESERVE_MAX), ..ask };
    desk.write(|conn| {
        if rows::is_paused(conn, shop, lane)? {
            return Ok(Vec::new());
        }
        bring_back(conn, shop, lane, now)?;
        let token = conn.query_row("SELECT value FROM meta WHERE name = 'token'", [], |row| row.get(0))?;
        let (taken, listings) = (Vec::new(), HashSet::new());
        let bars = if lane.needs_listing() { bars::in_force(conn, shop, now)? } else { HashMap::new() };
        let mut made = Reservation { conn, sealer, shop, lane, ask, now, token, taken, listings, bars, put_away: 0 };
        made.fill()?;
        if !made.taken.is_empty() {
            conn.prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'token'")?.execute([made.token])?;
        }
        Ok(made.taken)
    })
}

/// Puts entries in line again whose lease ran out, or whose verdict can be asked for; so many at a time.
fn bring_back(conn: &Tables<'_>, shop: &ShopId, lane: Lane, now: Timestamp) -> Result<(), StoreError> {
    for place in [Place::Leased, Place::Awaiting] {
        let of = (shop.as_str(), rows::lane_number(lane), rows::place_number(place), now.0, RESERVE_MAX);
        let come = "shop = ?1 AND lane = ?2 AND place = ?3 AND at <= ?4 ORDER BY at LIMIT ?5";
        for mut kept in rows::select(conn, come, of)? {
            let listings = rows::listings(conn, shop, lane, &kept.key)?;
            let scene = Scene { now, lane, listings: &listings };
            match place {
                Place::Leased => kept.entry.expire(scene),
                _ => kept.entry.wake(scene),
            }
            rows::save(conn, shop, kept, now)?;
        }
    }
    Ok(())
}

const URGENT: &str = "SELECT id FROM entries INDEXED BY entries_urgent
    WHERE shop = ?1 AND lane = ?2 AND place = 1 AND urgent = 1 AND at <= ?3 ORDER BY at, id LIMIT ?4";
const ALL: &str = "SELECT id FROM entries INDEXED BY entries_line
    WHERE shop = ?1 AND lane = ?2 AND place = 1 AND at <= ?3 ORDER BY at, first_at, park, id LIMIT ?4";
const SIBLINGS: &str =
    "SELECT e.id FROM listings l CROSS JOIN entries e ON e.shop = l.shop AND e.lane = ?3 AND e.key = l.sku
    WHERE l.shop = ?1 AND l.listing = ?2 AND l.nth = 0 AND e.place = 1 AND e.at <= ?4 AND e.urgent >= ?5
    ORDER BY e.urgent DESC, e.at, e.id LIMIT ?6";

impl Reservation<'_> {
    fn fill(&mut self) -> Result<(), StoreError> {
        let classes: &[&str] = if self.ask.class == Class::Urgent { &[URGENT] } else { &[URGENT, ALL] };
        for class in classes {
            // Entries that were put away instead of taken leave room for those behind them.
            loop {
                let before = self.put_away;
                self.take_in_line(class)?;
                if self.put_away == before || self.is_full() {
                    break;
                }
            }
        }
        if self.ask.class == Class::Urgent {
            for listing in self.listings.clone() {
                self.take_siblings(listing, Class::Any)?;
            }
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.taken.len() >= self.ask.entries
    }

    fn take_in_line(&mut self, class: &str) -> Result<(), StoreError> {
        let room = self.ask.entries - self.taken.len();
        let of = (self.shop.as_str(), rows::lane_number(self.lane), self.now.0, room);
        for id in ids(self.conn, class, of)? {
            if self.is_full() {
                break;
            }
            let kept = rows::by_id(self.conn, id)?;
            if kept.entry.place != Place::Due {
                continue;
            }
            let listings = rows::listings(self.conn, self.shop, self.lane, &kept.key)?;
            match listings.first() {
                // It is put away, so it takes no place of a listing.
                Some(_) if self.barred_until(&listings).is_some() => self.take(kept, listings)?,
                None => self.take(kept, listings)?,
                Some(first) if self.listings.contains(first) => self.take(kept, listings)?,
                Some(_) if self.listings.len() >= self.ask.listings => break,
                Some(&first) => {
                    self.listings.insert(first);
                    self.take(kept, listings)?;
                    self.take_siblings(first, self.ask.class)?;
                }
            }
        }
        Ok(())
    }

    /// So that a listing is sent whole, as far as its states are due.
    fn take_siblings(&mut self, listing: ListingId, class: Class) -> Result<(), StoreError> {
        let room = self.ask.entries - self.taken.len();
        let urgent = class == Class::Urgent;
        let lane = rows::lane_number(self.lane);
        for id in ids(self.conn, SIBLINGS, (self.shop.as_str(), listing.0, lane, self.now.0, urgent, room))? {
            let kept = rows::by_id(self.conn, id)?;
            let listings = rows::listings(self.conn, self.shop, self.lane, &kept.key)?;
            self.take(kept, listings)?;
        }
        Ok(())
    }

    fn barred_until(&self, listings: &[ListingId]) -> Option<Timestamp> {
        listings.iter().filter_map(|listing| self.bars.get(listing)).max().copied()
    }

    fn take(&mut self, mut kept: Kept, listings: Vec<ListingId>) -> Result<(), StoreError> {
        let entry = &mut kept.entry;
        if let Some(until) = self.barred_until(&listings) {
            entry.give_way(until, self.now);
            self.put_away += 1;
            return rows::save(self.conn, self.shop, kept, self.now);
        }
        if !self.sealer.verifies(self.shop, self.lane, &kept.key, entry.version, &entry.payload, &entry.seal) {
            entry.quarantine(self.now);
            self.put_away += 1;
            return rows::save(self.conn, self.shop, kept, self.now);
        }
        self.token += 1;
        entry.lease(self.token, self.ask.lease, self.now);
        self.taken.push(entry.leased(self.lane, &kept.key, self.token, listings));
        rows::save(self.conn, self.shop, kept, self.now)
    }
}

fn ids(conn: &Tables<'_>, sql: &str, of: impl rusqlite::Params) -> Result<Vec<i64>, StoreError> {
    let mut query = conn.prepare_cached(sql)?;
    Ok(query.query_map(of, |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// See [`Queue::settle`](crate::queue::Queue::settle).
pub(super) fn settle(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    ends: Vec<(LeaseRef, Outcome)>,
    now: Timestamp,
) -> Result<Vec<Settled>, StoreError> {
    desk.write(|conn| {
        let mut answers = Vec::with_capacity(ends.len());
        for (lease, outcome) in ends {
            let Some(mut kept) = rows::find(conn, shop, lease.lane, &lease.key)? else {
                answers.push(Settled::Lost);
                continue;
            };
            let listings = rows::listings(conn, shop, lease.lane, &lease.key)?;
            let scene = Scene { now, lane: lease.lane, listings: &listings };
            answers.push(rules::settle(&mut kept.entry, &lease, outcome, scene));
            rows::save(conn, shop, kept, now)?;
        }
        Ok(answers)
    })
}

/// See [`Queue::extend`](crate::queue::Queue::extend).
pub(super) fn extend(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    leases: &[LeaseRef],
    lease: Duration,
    now: Timestamp,
) -> Result<Vec<bool>, StoreError> {
    desk.write(|conn| {
        let mut answers = Vec::with_capacity(leases.len());
        for held in leases {
            let Some(mut kept) = rows::find(conn, shop, held.lane, &held.key)? else {
                answers.push(false);
                continue;
            };
            let holds = kept.entry.extend(held.token, lease, now);
            if holds {
                rows::save(conn, shop, kept, now)?;
            }
            answers.push(holds);
        }
        Ok(answers)
    })
}
