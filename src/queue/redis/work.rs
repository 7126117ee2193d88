//! Leases: handing entries out, hearing how they ended, holding on. And what is due, how much there is.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use deadpool_redis::redis;

use super::RedisQueue;
use super::record::decode;
use super::step::{Held, Step, Want, listing_ids, parked, pause};
use crate::clock::Timestamp;
use crate::domain::{Lane, ShopId};
use crate::queue::checks::in_words_of_the_queue;
use crate::queue::{
    Ask, Class, LaneStats, LeaseRef, Leased, Outcome, ParkReason, QueueError, RESERVE_MAX, Ready, Settled, rules,
};
use crate::store::redis::{Script, prefix};

/// How often a reservation starts over because others were faster or entries had to be put away first.
const TRIES: u32 = 30;

static PICK: Script = LazyLock::new(|| redis::Script::new(include_str!("pick.lua")));
static READY: Script = LazyLock::new(|| redis::Script::new(include_str!("ready.lua")));
static STATS: Script = LazyLock::new(|| redis::Script::new(include_str!("stats.lua")));

/// What `pick.lua` answers.
type Picked = (
    String,
    String,
    u64,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<String>,
    Vec<Option<Vec<u8>>>,
    Vec<Option<String>>,
);

/// What `stats.lua` answers for a lane.
type Counted = (u64, u8, Vec<u64>, Vec<Option<Vec<u8>>>);

impl RedisQueue {
    /// See [`Queue::reserve`](crate::queue::Queue::reserve).
    pub(super) async fn reserve_of(&self, shop: &ShopId, lane: Lane, ask: Ask) -> Result<Vec<Leased>, QueueError> {
        let class = match ask.class {
            Class::Urgent => "urgent",
            Class::Any => "any",
        };
        self.admit(shop, false).await?;
        for attempt in 0..TRIES {
            let args = [
                self.store.ahead_us().to_string(),
                lane.to_string(),
                class.to_owned(),
                ask.entries.min(RESERVE_MAX).to_string(),
                ask.listings.to_string(),
                u8::from(lane.needs_listing()).to_string(),
            ];
            let args = args.into_iter().map(String::into_bytes).collect();
            let picked: Picked = self.store.run(&PICK, &prefix(shop), args).await.map_err(in_words_of_the_queue)?;
            let (now, generation, last_token, expired, awaited, keys, barred, until, records, listings) = picked;
            if generation.is_empty() {
                self.admit(shop, true).await?;
                continue;
            }
            let now = now.parse().map_err(|_| QueueError::Unreadable("the server's time".into()))?;
            let mut step = Step::at(Timestamp(now), generation);
            let all = expired.iter().chain(&awaited).chain(&keys).chain(&barred);
            for ((key, record), listings) in all.zip(records).zip(listings) {
                step.entries.insert((lane, key.clone()), Held::read(record.as_deref())?);
                step.listings.insert(key.clone(), listing_ids(listings.as_deref()));
            }
            for key in &expired {
                step.apply(lane, key, |entry, scene| entry.expire(scene));
            }
            for key in &awaited {
                step.apply(lane, key, |entry, scene| entry.wake(scene));
            }
            for (key, until) in barred.iter().zip(until) {
                let until = until.parse().map_err(|_| QueueError::Unreadable("the end of a bar".into()))?;
                step.apply(lane, key, |entry, scene| entry.give_way(Timestamp(until), scene.now));
            }
            let again = !expired.is_empty() || !awaited.is_empty();
            let (taken, quarantined) = self.take(&mut step, shop, lane, ask, &keys, last_token);
            if !self.commit(shop, &step).await? {
                pause(attempt).await;
                continue;
            }
            let put_away = quarantined + barred.len();
            // What came back is due now; what was put away instead of taken leaves room for those behind it.
            if !again && (put_away == 0 || !taken.is_empty()) {
                return Ok(taken);
            }
        }
        Err(QueueError::Away("others took the same entries again and again".into()))
    }

    fn take(
        &self,
        step: &mut Step,
        shop: &ShopId,
        lane: Lane,
        ask: Ask,
        keys: &[String],
        last_token: u64,
    ) -> (Vec<Leased>, usize) {
        let (mut taken, mut put_away) = (Vec::with_capacity(keys.len()), 0);
        let first_token = last_token.saturating_sub(keys.len() as u64) + 1;
        for (token, key) in (first_token..).zip(keys) {
            let leased = step.apply(lane, key, |entry, scene| {
                if !self.sealer.verifies(shop, lane, key, entry.version, &entry.payload, &entry.seal) {
                    entry.quarantine(scene.now);
                    return None;
                }
                entry.lease(token, ask.lease, scene.now);
                Some(entry.leased(lane, key, token, scene.listings.to_vec()))
            });
            match leased.flatten() {
                Some(leased) => taken.push(leased),
                None => put_away += 1,
            }
        }
        (taken, put_away)
    }

    /// See [`Queue::settle`](crate::queue::Queue::settle).
    pub(super) async fn settle_of(
        &self,
        shop: &ShopId,
        ends: &[(LeaseRef, Outcome)],
    ) -> Result<Vec<Settled>, QueueError> {
        let mut want = Want::default();
        ends.iter().for_each(|(lease, _)| want.key(lease.lane, &lease.key));
        let settle = |step: &mut Step| {
            let end = |(lease, outcome): &(LeaseRef, Outcome)| {
                let settled = step
                    .apply(lease.lane, &lease.key, |entry, scene| rules::settle(entry, lease, outcome.clone(), scene));
                settled.unwrap_or(Settled::Lost)
            };
            Ok(ends.iter().map(end).collect())
        };
        Ok(self.step(shop, &want, settle).await?.0)
    }

    /// See [`Queue::extend`](crate::queue::Queue::extend).
    pub(super) async fn extend_of(
        &self,
        shop: &ShopId,
        leases: &[LeaseRef],
        span: Duration,
    ) -> Result<Vec<bool>, QueueError> {
        let mut want = Want::default();
        leases.iter().for_each(|lease| want.key(lease.lane, &lease.key));
        let extend = |step: &mut Step| {
            let hold = |lease: &LeaseRef| {
                let held =
                    step.apply(lease.lane, &lease.key, |entry, scene| entry.extend(lease.token, span, scene.now));
                held.unwrap_or(false)
            };
            Ok(leases.iter().map(hold).collect())
        };
        Ok(self.step(shop, &want, extend).await?.0)
    }

    /// See [`Queue::ready`](crate::queue::Queue::ready).
    pub(super) async fn ready_of(&self, shops: &[ShopId]) -> Result<Vec<BTreeMap<Lane, Ready>>, QueueError> {
        let call = |shop: &ShopId| {
            let mut args: Vec<Vec<u8>> = vec![self.store.ahead_us().to_string().into()];
            args.extend(Lane::ALL.map(|lane| lane.as_str().into()));
            (prefix(shop), args)
        };
        let answers = self.store.run_each(&READY, shops.iter().map(call).collect()).await;
        let mut all = Vec::with_capacity(shops.len());
        for answer in answers {
            let lanes: Vec<(u64, u64, i64, u8)> = answer.map_err(in_words_of_the_queue)?;
            let ready = |(urgent, normal, next, paused): (u64, u64, i64, u8)| Ready {
                urgent,
                normal,
                next_in: u64::try_from(next).ok().map(Duration::from_micros),
                paused: paused == 1,
            };
            let known = Lane::ALL.into_iter().zip(lanes.into_iter().map(ready));
            all.push(known.filter(|(_, ready)| *ready != Ready::default()).collect());
        }
        Ok(all)
    }

    /// See [`Queue::stats`](crate::queue::Queue::stats).
    pub(super) async fn stats_of(&self, shop: &ShopId) -> Result<BTreeMap<Lane, LaneStats>, QueueError> {
        let mut lines: Vec<String> = ["urgent", "due", "leased", "awaiting", "held", "dead"].map(String::from).into();
        lines.extend(ParkReason::ALL.map(parked));
        let mut args: Vec<Vec<u8>> = vec![lines.len().to_string().into()];
        args.extend(lines.iter().map(|line| line.as_bytes().to_vec()));
        args.extend(Lane::ALL.map(|lane| lane.as_str().into()));
        let answer: Vec<Counted> = self.store.run(&STATS, &prefix(shop), args).await.map_err(in_words_of_the_queue)?;
        let now = self.store.time().await.map_err(in_words_of_the_queue)?;
        let mut all = BTreeMap::new();
        for (lane, (kept, paused, lengths, ends)) in Lane::ALL.into_iter().zip(answer) {
            let length = |at: usize| lengths.get(at).copied().unwrap_or_default();
            let first =
                ends.iter().flatten().filter_map(|record| decode(record).ok()).map(|(_, entry)| entry.first_at).min();
            let parked = ParkReason::ALL.into_iter().enumerate().map(|(at, reason)| (reason, length(6 + at)));
            let stats = LaneStats {
                depth: length(0) + length(1),
                leased: length(2),
                awaiting: length(3),
                parked: parked.filter(|(_, count)| *count > 0).collect(),
                held: length(4),
                dead: length(5),
                oldest_age_ms: first.map_or(0, |first| u64::try_from(now.since(first).as_millis()).unwrap_or(u64::MAX)),
                kept,
                paused: paused == 1,
            };
            all.insert(lane, stats);
        }
        Ok(all)
    }
}
