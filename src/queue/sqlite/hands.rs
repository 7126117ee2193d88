//! What people and their tools do with entries: look at them, redrive, discard, replay, forget.

use super::known::{Desk, Tables};
use super::rows::{self, Kept};
use crate::clock::Timestamp;
use crate::domain::{Lane, ShopId};
use crate::queue::entry::{Entry, Scene};
use crate::queue::{
    Decision, EntryView, HistoryLine, PAGE_MAX, Page, ParkReason, Place, ReplayFilter, ReplayStep, Trace, Which,
};
use crate::store::StoreError;

/// Entries that one step of forgetting a whole lane looks at, so that intake is never held up for long.
const FORGET_STEP: usize = 2000;

fn view(kept: Kept) -> EntryView {
    kept.entry.view(kept.lane, kept.key)
}

/// Where a page of [`list`] starts: after this time and row, or for idle entries after this key. None: the text is no cursor of this list.
fn start(place: Place, cursor: Option<&str>) -> Option<(u64, i64, &str)> {
    match cursor {
        None => Some((0, 0, "")),
        Some(key) if place == Place::Idle => Some((0, 0, key)),
        Some(text) => {
            let (at, id) = text.split_once('.')?;
            Some((at.parse().ok()?, id.parse().ok()?, ""))
        }
    }
}

/// See [`Queue::list`](crate::queue::Queue::list). None: the cursor is none of this list.
pub(super) fn list(
    conn: &Tables<'_>,
    shop: &ShopId,
    lane: Lane,
    place: Place,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Option<Page<EntryView>>, StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let Some((at, id, key)) = start(place, cursor) else { return Ok(None) };
    let (shop, number, place_number) = (shop.as_str(), rows::lane_number(lane), rows::place_number(place));
    let mut found = if place == Place::Idle {
        let behind = "shop = ?1 AND lane = ?2 AND key > ?3 AND place = ?4 ORDER BY key LIMIT ?5";
        rows::select(conn, behind, (shop, number, key, place_number, limit + 1))?
    } else {
        let behind =
            "shop = ?1 AND lane = ?2 AND place = ?3 AND at >= ?4 AND (at, id) > (?4, ?5) ORDER BY at, id LIMIT ?6";
        rows::select(conn, behind, (shop, number, place_number, at, id, limit + 1))?
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| match last.entry.at {
        Some(at) => format!("{}.{}", at.0, last.id),
        None => last.key.clone(),
    });
    Ok(Some(Page { items: found.into_iter().map(view).collect(), next }))
}

/// Does `act` to the entries meant of a place, at most [`PAGE_MAX`]; says how many.
fn each_in(
    desk: &mut Desk<'_>,
    (shop, lane, place): (&ShopId, Lane, Place),
    which: &Which,
    now: Timestamp,
    act: impl Fn(&mut Entry, Scene<'_>),
) -> Result<u64, StoreError> {
    desk.write(|conn| {
        let found = match which {
            Which::Keys(keys) => of_keys(conn, shop, lane, keys)?,
            Which::All => {
                let of = (shop.as_str(), rows::lane_number(lane), rows::place_number(place), PAGE_MAX);
                rows::select(conn, "shop = ?1 AND lane = ?2 AND place = ?3 AND at >= 0 LIMIT ?4", of)?
            }
        };
        let mut count = 0;
        for mut kept in found {
            // A key may be named twice, and is done with the first time.
            if kept.entry.place != place || !still_in(conn, kept.id, place)? {
                continue;
            }
            let listings = rows::listings(conn, shop, lane, &kept.key)?;
            act(&mut kept.entry, Scene { now, lane, listings: &listings });
            rows::save(conn, shop, kept, now)?;
            count += 1;
        }
        Ok(count)
    })
}

fn still_in(conn: &Tables<'_>, id: i64, place: Place) -> Result<bool, StoreError> {
    let mut query = conn.prepare_cached("SELECT 1 FROM entries WHERE id = ?1 AND place = ?2")?;
    Ok(query.exists((id, rows::place_number(place)))?)
}

fn of_keys(conn: &Tables<'_>, shop: &ShopId, lane: Lane, keys: &[String]) -> Result<Vec<Kept>, StoreError> {
    keys.iter().filter_map(|key| rows::find(conn, shop, lane, key).transpose()).collect()
}

/// See [`Queue::redrive`](crate::queue::Queue::redrive).
pub(super) fn redrive(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    lane: Lane,
    which: &Which,
    now: Timestamp,
) -> Result<u64, StoreError> {
    each_in(desk, (shop, lane, Place::Dead), which, now, |entry, scene| entry.redrive(scene))
}

/// See [`Queue::discard`](crate::queue::Queue::discard).
pub(super) fn discard(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    lane: Lane,
    which: &Which,
    now: Timestamp,
) -> Result<u64, StoreError> {
    each_in(desk, (shop, lane, Place::Dead), which, now, |entry, _| entry.discard())
}

/// See [`Queue::decide`](crate::queue::Queue::decide).
pub(super) fn decide(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    lane: Lane,
    decision: Decision,
    now: Timestamp,
) -> Result<u64, StoreError> {
    each_in(desk, (shop, lane, Place::Held), &Which::All, now, |entry, scene| entry.decide(decision, scene))
}

/// See [`Queue::release`](crate::queue::Queue::release). Where the reason still holds, as it may for a listing that is missing, the entry stays.
pub(super) fn release(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    lane: Lane,
    reason: ParkReason,
    now: Timestamp,
) -> Result<u64, StoreError> {
    desk.write(|conn| {
        let place = rows::place_number(Place::Parked);
        let of = (shop.as_str(), rows::lane_number(lane), place, rows::reason_number(reason), PAGE_MAX);
        let parked = "shop = ?1 AND lane = ?2 AND place = ?3 AND at >= 0 AND park = ?4 LIMIT ?5";
        let mut count = 0;
        for mut kept in rows::select(conn, parked, of)? {
            let listings = rows::listings(conn, shop, lane, &kept.key)?;
            kept.entry.release(Scene { now, lane, listings: &listings });
            if kept.entry.park != Some(reason) {
                rows::save(conn, shop, kept, now)?;
                count += 1;
            }
        }
        Ok(count)
    })
}

/// See [`Queue::replay`](crate::queue::Queue::replay). None: the cursor is none of a replay. Cursors are `lane/key`, the last key looked at.
pub(super) fn replay(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    filter: &ReplayFilter,
    cursor: Option<&str>,
    limit: usize,
    dry_run: bool,
    now: Timestamp,
) -> Result<Option<ReplayStep>, StoreError> {
    let lanes = filter.lane.map_or_else(|| vec![Lane::Stock, Lane::Price], |lane| vec![lane]);
    let (mut from, mut after) = (0, String::new());
    if let Some(cursor) = cursor {
        let place = cursor.split_once('/').and_then(|(lane, key)| {
            let lane = lane.parse::<Lane>().ok()?;
            Some((lanes.iter().position(|l| *l == lane)?, key.to_owned()))
        });
        let Some(place) = place else { return Ok(None) };
        (from, after) = place;
    }
    desk.write(|conn| {
        let mut step = ReplayStep::default();
        let mut room = limit;
        for (nth, &lane) in lanes.iter().enumerate().skip(from) {
            let page = kept_after(conn, shop, lane, filter, &after, room)?;
            room -= page.len();
            let last = page.last().map(|kept| kept.key.clone());
            for kept in page.into_iter().filter(|kept| kept.entry.is_replayed_by(filter)) {
                step.matched.push(replay_one(conn, shop, kept, dry_run, now)?);
            }
            if room == 0 {
                step.next = Some(format!("{}/{}", lanes[nth], last.unwrap_or(after)));
                break;
            }
            after = String::new();
        }
        Ok(Some(step))
    })
}

fn replay_one(
    conn: &Tables<'_>,
    shop: &ShopId,
    mut kept: Kept,
    dry_run: bool,
    now: Timestamp,
) -> Result<(Lane, String, Vec<crate::domain::ListingId>), StoreError> {
    let listings = rows::listings(conn, shop, kept.lane, &kept.key)?;
    let matched = (kept.lane, kept.key.clone(), listings.clone());
    if !dry_run {
        kept.entry.replay(Scene { now, lane: kept.lane, listings: &listings });
        rows::save(conn, shop, kept, now)?;
    }
    Ok(matched)
}

/// Kept states behind a key, in the order of their keys.
fn kept_after(
    conn: &Tables<'_>,
    shop: &ShopId,
    lane: Lane,
    filter: &ReplayFilter,
    after: &str,
    limit: usize,
) -> Result<Vec<Kept>, StoreError> {
    if filter.keys.is_empty() {
        let of = (shop.as_str(), rows::lane_number(lane), after, limit);
        return rows::select(conn, "shop = ?1 AND lane = ?2 AND key > ?3 ORDER BY key LIMIT ?4", of);
    }
    let mut keys: Vec<String> = filter.keys.iter().filter(|key| key.as_str() > after).cloned().collect();
    keys.sort_unstable();
    keys.dedup();
    let found = keys.iter().filter_map(|key| rows::find(conn, shop, lane, key).transpose());
    found.take(limit).collect()
}

/// Forgets what is confirmed for these keys.
pub(super) fn forget_keys(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    lane: Lane,
    keys: &[String],
    resend: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    desk.write(|conn| {
        // One at a time, since a key may be named twice.
        for key in keys {
            if let Some(kept) = rows::find(conn, shop, lane, key)? {
                forget_one(conn, shop, kept, resend, now)?;
            }
        }
        Ok(())
    })
}

/// Forgets what is confirmed for the next entries of the lane behind a key; says where to go on.
pub(super) fn forget_step(
    desk: &mut Desk<'_>,
    shop: &ShopId,
    lane: Lane,
    after: &str,
    resend: bool,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    desk.write(|conn| {
        let found = kept_after(conn, shop, lane, &ReplayFilter::default(), after, FORGET_STEP)?;
        let next = found.last().filter(|_| found.len() == FORGET_STEP).map(|kept| kept.key.clone());
        for kept in found {
            forget_one(conn, shop, kept, resend, now)?;
        }
        Ok(next)
    })
}

fn forget_one(
    conn: &Tables<'_>,
    shop: &ShopId,
    mut kept: Kept,
    resend: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let listings = rows::listings(conn, shop, kept.lane, &kept.key)?;
    kept.entry.forget(resend, Scene { now, lane: kept.lane, listings: &listings });
    rows::save(conn, shop, kept, now)
}

/// See [`Queue::trace`](crate::queue::Queue::trace).
pub(super) fn trace(conn: &Tables<'_>, shop: &ShopId, key: &str) -> Result<Vec<Trace>, StoreError> {
    let mut traces = Vec::new();
    for lane in Lane::ALL {
        let Some(kept) = rows::read(conn, shop, lane, key)? else { continue };
        let mut query =
            conn.prepare_cached("SELECT at, version, what, detail FROM history WHERE entry = ?1 ORDER BY line DESC")?;
        let history = query.query_map([kept.id], |row| {
            let at_ms = Timestamp(row.get(0)?).as_millis();
            Ok(HistoryLine { at_ms, version: row.get(1)?, what: row.get(2)?, detail: row.get(3)? })
        })?;
        let history = history.collect::<Result<_, _>>()?;
        let confirmed = kept.entry.confirmed.clone();
        traces.push(Trace { entry: view(kept), confirmed, history });
    }
    Ok(traces)
}
