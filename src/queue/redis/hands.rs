//! What people and their tools do with entries: look at them, redrive, discard, release, replay, forget.

use deadpool_redis::redis;

use super::RedisQueue;
use super::step::{Step, Want, parked};
use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::checks::{BAD_CURSOR, in_words_of_the_queue};
use crate::queue::entry::{Entry, Scene};
use crate::queue::{
    EntryView, HistoryLine, PAGE_MAX, Page, ParkReason, Place, QueueError, RESERVE_MAX, ReplayFilter, ReplayStep,
    Trace, Which,
};
use crate::store::redis::prefix;

impl RedisQueue {
    async fn ask<T: redis::FromRedisValue>(
        &self,
        shop: &ShopId,
        name: &str,
        key: &str,
        args: &[&str],
    ) -> Result<T, QueueError> {
        let mut command = redis::cmd(name);
        command.arg(format!("{}:{key}", prefix(shop))).arg(args);
        self.store.command(command).await.map_err(in_words_of_the_queue)
    }

    /// See [`Queue::list`](crate::queue::Queue::list). Cursors are `line/time/how many of that time`, for idle entries the last key.
    pub(super) async fn list_of(
        &self,
        shop: &ShopId,
        lane: Lane,
        place: Place,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<EntryView>, QueueError> {
        let limit = limit.clamp(1, PAGE_MAX);
        if place == Place::Idle {
            return self.list_idle(shop, lane, cursor.unwrap_or_default(), limit).await;
        }
        let lines = lines(place);
        let (mut at, mut from, mut skip) = (0, "-inf".to_owned(), 0);
        if let Some(cursor) = cursor {
            let parts: Vec<&str> = cursor.split('/').collect();
            let [line, time, of_time] = parts[..] else { return Err(BAD_CURSOR) };
            let number = |text: &str| text.parse::<u64>().map_err(|_| BAD_CURSOR);
            at = lines.iter().position(|known| known == line).ok_or(BAD_CURSOR)?;
            (from, skip) = (number(time)?.to_string(), number(of_time)?);
        }
        let mut keys: Vec<String> = Vec::new();
        let mut next = None;
        for line in &lines[at..] {
            let room = (limit + 1 - keys.len()).to_string();
            let found: Vec<(String, f64)> = self
                .ask(
                    shop,
                    "ZRANGEBYSCORE",
                    &format!("{line}:{lane}"),
                    &[&from, "+inf", "WITHSCORES", "LIMIT", &skip.to_string(), &room],
                )
                .await?;
            for (nth, (key, score)) in found.iter().enumerate() {
                if keys.len() == limit {
                    // Behind the last one taken: so many of its time are done with.
                    let last = if nth > 0 { found[nth - 1].1 } else { *score };
                    let of_last =
                        if nth > 0 { found[..nth].iter().filter(|(_, at)| *at == last).count() as u64 } else { 0 };
                    let before = if from.parse::<f64>().is_ok_and(|from| from == last) { skip } else { 0 };
                    next = Some(format!("{line}/{last:.0}/{}", of_last + before));
                    break;
                }
                keys.push(key.clone());
            }
            if next.is_some() {
                break;
            }
            (from, skip) = ("-inf".to_owned(), 0);
        }
        Ok(Page { items: self.views(shop, lane, &keys).await?, next })
    }

    async fn list_idle(
        &self,
        shop: &ShopId,
        lane: Lane,
        after: &str,
        limit: usize,
    ) -> Result<Page<EntryView>, QueueError> {
        let mut keys: Vec<String> = self.ask(shop, "HKEYS", &format!("entries:{lane}"), &[]).await?;
        keys.retain(|key| key.as_str() > after);
        keys.sort_unstable();
        let mut items = Vec::new();
        for page in keys.chunks(PAGE_MAX) {
            let views = self.views(shop, lane, page).await?;
            items.extend(views.into_iter().filter(|view| view.place == Place::Idle));
            if items.len() > limit {
                break;
            }
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| last.key.clone());
        Ok(Page { items, next })
    }

    async fn views(&self, shop: &ShopId, lane: Lane, keys: &[String]) -> Result<Vec<EntryView>, QueueError> {
        let mut step = self.load(shop, &Want::keys(lane, keys.iter().map(String::as_str))).await?;
        let mut view = |key: &String| Some(step.entries.remove(&(lane, key.clone()))?.entry?.view(lane, key.clone()));
        Ok(keys.iter().filter_map(&mut view).collect())
    }

    /// Does `act` to the entries meant of a place that has one line, at most [`PAGE_MAX`]; says how many.
    pub(super) async fn each_in(
        &self,
        shop: &ShopId,
        (lane, place): (Lane, Place),
        which: &Which,
        act: impl Fn(&mut Entry, Scene<'_>) + Send + Sync,
    ) -> Result<u64, QueueError> {
        let keys = match which {
            Which::Keys(keys) => keys.clone(),
            Which::All => {
                let line = format!("{}:{lane}", lines(place).concat());
                self.ask(shop, "ZRANGE", &line, &["0", &(PAGE_MAX - 1).to_string()]).await?
            }
        };
        let each = |step: &mut Step| {
            let one = |key: &String| {
                let done = step.apply(lane, key, |entry, scene| {
                    let is_there = entry.place == place;
                    if is_there {
                        act(entry, scene);
                    }
                    u64::from(is_there)
                });
                done.unwrap_or(0)
            };
            Ok(keys.iter().map(one).sum())
        };
        Ok(self.step(shop, &Want::keys(lane, keys.iter().map(String::as_str)), each).await?.0)
    }

    /// See [`Queue::release`](crate::queue::Queue::release). Where the reason still holds, as it may for a listing that is missing, the entry stays.
    pub(super) async fn release_of(&self, shop: &ShopId, lane: Lane, reason: ParkReason) -> Result<u64, QueueError> {
        let line = format!("{}:{lane}", parked(reason));
        let mut from = 0;
        loop {
            let to = (from + PAGE_MAX - 1).to_string();
            let keys: Vec<String> = self.ask(shop, "ZRANGE", &line, &[&from.to_string(), &to]).await?;
            if keys.is_empty() {
                return Ok(0);
            }
            let each = |step: &mut Step| {
                let one = |key: &String| {
                    let done = step.apply(lane, key, |entry, scene| {
                        if entry.place != Place::Parked || entry.park != Some(reason) {
                            return 0;
                        }
                        entry.release(scene);
                        u64::from(entry.park != Some(reason))
                    });
                    done.unwrap_or(0)
                };
                Ok(keys.iter().map(one).sum())
            };
            let (count, _): (u64, _) =
                self.step(shop, &Want::keys(lane, keys.iter().map(String::as_str)), each).await?;
            if count > 0 {
                return Ok(count);
            }
            from += PAGE_MAX;
        }
    }

    /// See [`Queue::replay`](crate::queue::Queue::replay). Cursors are `lane/cursor of HSCAN/how many of its page are done`, or `lane/0/how many of the keys asked for`.
    pub(super) async fn replay_of(
        &self,
        shop: &ShopId,
        filter: &ReplayFilter,
        cursor: Option<&str>,
        limit: usize,
        dry_run: bool,
    ) -> Result<ReplayStep, QueueError> {
        let limit = limit.clamp(1, RESERVE_MAX);
        let lanes = filter.lane.map_or_else(|| vec![Lane::Stock, Lane::Price], |lane| vec![lane]);
        let (mut at, mut from, mut done) = (0, "0", 0);
        if let Some(cursor) = cursor {
            let parts: Vec<&str> = cursor.split('/').collect();
            let [lane, scan, of_page] = parts[..] else { return Err(BAD_CURSOR) };
            let lane: Lane = lane.parse().map_err(|_| BAD_CURSOR)?;
            at = lanes.iter().position(|known| *known == lane).ok_or(BAD_CURSOR)?;
            scan.parse::<u64>().map_err(|_| BAD_CURSOR)?;
            (from, done) = (scan, of_page.parse::<usize>().map_err(|_| BAD_CURSOR)?);
        }
        let lane = lanes[at];
        let (mut keys, then) = if filter.keys.is_empty() {
            self.scan(shop, lane, from, limit).await?
        } else {
            (filter.keys.clone(), "0".to_owned())
        };
        keys.sort_unstable();
        keys.dedup();
        // A scan may give more than it is asked for: the rest of its page is the next one's.
        let more = keys.len() > done + limit;
        let keys: Vec<String> = keys.into_iter().skip(done).take(limit).collect();
        let each = |step: &mut Step| {
            let one = |key: &String| {
                let matched = step.apply(lane, key, |entry, scene| {
                    let meant = entry.is_replayed_by(filter);
                    if meant && !dry_run {
                        entry.replay(scene);
                    }
                    meant.then(|| (lane, key.clone(), scene.listings.to_vec()))
                });
                matched.flatten()
            };
            Ok(keys.iter().filter_map(one).collect::<Vec<(Lane, String, Vec<ListingId>)>>())
        };
        let (matched, _) = self.step(shop, &Want::keys(lane, keys.iter().map(String::as_str)), each).await?;
        let next = match then.as_str() {
            _ if more => Some(format!("{lane}/{from}/{}", done + limit)),
            "0" => lanes.get(at + 1).map(|lane| format!("{lane}/0/0")),
            then => Some(format!("{lane}/{then}/0")),
        };
        Ok(ReplayStep { matched, next })
    }

    /// Some keys of a lane and where to go on; `0` at the end. A key may come twice while the hash is rebuilt.
    async fn scan(
        &self,
        shop: &ShopId,
        lane: Lane,
        from: &str,
        count: usize,
    ) -> Result<(Vec<String>, String), QueueError> {
        let (then, flat): (String, Vec<Vec<u8>>) =
            self.ask(shop, "HSCAN", &format!("entries:{lane}"), &[from, "COUNT", &count.to_string()]).await?;
        let key = |pair: &[Vec<u8>]| String::from_utf8(pair[0].clone()).ok();
        Ok((flat.chunks_exact(2).filter_map(key).collect(), then))
    }

    /// See [`Queue::forget`](crate::queue::Queue::forget).
    pub(super) async fn forget_of(
        &self,
        shop: &ShopId,
        lane: Lane,
        which: &Which,
        resend: bool,
    ) -> Result<(), QueueError> {
        let mut from = "0".to_owned();
        loop {
            let (keys, then) = match which {
                Which::Keys(keys) => (keys.clone(), "0".to_owned()),
                Which::All => self.scan(shop, lane, &from, PAGE_MAX).await?,
            };
            let each = |step: &mut Step| {
                for key in &keys {
                    step.apply(lane, key, |entry, scene| entry.forget(resend, scene));
                }
                Ok(())
            };
            self.step(shop, &Want::keys(lane, keys.iter().map(String::as_str)), each).await?;
            if then == "0" {
                return Ok(());
            }
            from = then;
        }
    }

    /// See [`Queue::trace`](crate::queue::Queue::trace).
    pub(super) async fn trace_of(&self, shop: &ShopId, key: &str) -> Result<Vec<Trace>, QueueError> {
        let mut want = Want::default();
        Lane::ALL.into_iter().for_each(|lane| want.key(lane, key));
        let mut step = self.load(shop, &want).await?;
        let mut traces = Vec::new();
        for lane in Lane::ALL {
            let held = step.entries.remove(&(lane, key.to_owned())).and_then(|held| held.entry);
            let Some(entry) = held else { continue };
            let text: Option<String> = self.ask(shop, "HGET", &format!("history:{lane}"), &[key]).await?;
            let history = text.unwrap_or_default().lines().filter_map(history).collect();
            traces.push(Trace { confirmed: entry.confirmed.clone(), entry: entry.view(lane, key.to_owned()), history });
        }
        Ok(traces)
    }
}

fn history(line: &str) -> Option<HistoryLine> {
    let mut parts = line.splitn(4, '\t');
    let mut part = || parts.next();
    Some(HistoryLine {
        at_ms: part()?.parse().ok()?,
        version: part()?.parse().ok()?,
        what: part()?.to_owned(),
        detail: part()?.to_owned(),
    })
}

/// The lines in which the entries of a place stand.
fn lines(place: Place) -> Vec<String> {
    match place {
        Place::Idle => Vec::new(),
        Place::Due => vec!["urgent".into(), "due".into()],
        Place::Leased => vec!["leased".into()],
        Place::Awaiting => vec!["awaiting".into()],
        Place::Parked => ParkReason::ALL.map(parked).into(),
        Place::Held => vec!["held".into()],
        Place::Dead => vec!["dead".into()],
    }
}
