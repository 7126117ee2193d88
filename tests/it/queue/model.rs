//! The queue against a model of its core rules, on random actions; and liveness: whatever happened, in the end AliExpress has the newest state of every key.
//!
//! The model knows seconds only, and every span here is whole seconds, so that a store whose own time goes on during a case agrees with it.

use std::collections::BTreeMap;
use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::{Answer, Change, Class, Decision, EXPIRIES_MAX, Leased, Outcome, Place, Settled, Which};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::harness::{Harness, LEASE, done, fault, quantity, retry, stock, unknown};

contract![the_queue_does_what_the_model_does_and_ends_at_the_newest_state];

const CASES: u32 = 96;
const ACTIONS_MAX: usize = 60;
const SHRINKS_MAX: usize = 400;
const KEYS: [&str; 3] = ["A", "B", "C"];

#[derive(Debug, Clone)]
enum Action {
    Offer { key: usize, newer: bool, quantity: u64, window: u64, urgent: bool },
    Reserve { entries: usize },
    Settle { nth: usize, end: End },
    Advance { seconds: u64 },
    Redrive,
    Decide { confirm: bool },
}

#[derive(Debug, Clone, Copy)]
enum End {
    Done,
    Retry { after: u64, blame: bool },
    Unknown { after: u64 },
    Released,
    Postponed { after: u64 },
    Held,
    Dead,
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let end = prop_oneof![
        4 => Just(End::Done),
        2 => (0..5_u64, any::<bool>()).prop_map(|(after, blame)| End::Retry { after, blame }),
        2 => (0..5_u64).prop_map(|after| End::Unknown { after }),
        1 => Just(End::Released),
        1 => (0..5_u64).prop_map(|after| End::Postponed { after }),
        2 => Just(End::Held),
        1 => Just(End::Dead),
    ];
    let action = prop_oneof![
        4 => (0..KEYS.len(), prop::bool::weighted(0.85), 0..3_u64, prop_oneof![Just(0_u64), Just(3)], prop::bool::weighted(0.2))
            .prop_map(|(key, newer, quantity, window, urgent)| Action::Offer { key, newer, quantity, window, urgent }),
        4 => (1..4_usize).prop_map(|entries| Action::Reserve { entries }),
        4 => (any::<prop::sample::Index>(), end).prop_map(|(nth, end)| Action::Settle { nth: nth.index(1000), end }),
        3 => prop_oneof![Just(1_u64), Just(2), Just(5), Just(15), Just(31)].prop_map(|seconds| Action::Advance { seconds }),
        1 => Just(Action::Redrive),
        1 => any::<bool>().prop_map(|confirm| Action::Decide { confirm }),
    ];
    prop::collection::vec(action, 1..ACTIONS_MAX)
}

/// What the model knows of a key; times in seconds.
#[derive(Debug, Clone, Default)]
struct Key {
    version: u64,
    quantity: u64,
    urgent: bool,
    at: Where,
    attempts: u32,
    expiries: u8,
    suspect: Option<u64>,
    confirmed: Option<String>,
    /// A person said that AliExpress keeps what it has.
    discarded: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Where {
    #[default]
    Idle,
    Due(u64),
    Leased {
        token: u64,
        since: u64,
        until: u64,
        next: Option<u64>,
    },
    Held,
    Dead,
}

#[derive(Default)]
struct Model {
    now: u64,
    keys: BTreeMap<String, Key>,
}

impl Model {
    fn offer(&mut self, change: &Change, number: u64) -> Answer {
        let due = self.now + if change.urgent { 0 } else { change.window.as_secs() };
        let fresh = !self.keys.contains_key(&change.key);
        let key = self.keys.entry(change.key.clone()).or_default();
        if !fresh && change.version <= key.version {
            return Answer::Stale(key.version);
        }
        (key.version, key.quantity, key.urgent) = (change.version, number, change.urgent);
        (key.attempts, key.expiries, key.discarded) = (0, 0, false);
        let quiet = key.suspect.is_none() && !matches!(key.at, Where::Leased { .. });
        if quiet && key.confirmed == Some(number.to_string()) {
            key.at = Where::Idle;
            return Answer::Unchanged;
        }
        let (at, answer) = match key.at {
            Where::Idle | Where::Dead => (Where::Due(due), Answer::Enqueued),
            Where::Held if change.urgent => (Where::Held, Answer::Parked),
            Where::Held => (Where::Due(due), Answer::Coalesced),
            Where::Due(at) => (Where::Due(at.min(due)), Answer::Coalesced),
            Where::Leased { token, since, until, next } => {
                let next = Some(next.map_or(due, |at| at.min(due)));
                (Where::Leased { token, since, until, next }, Answer::Coalesced)
            }
        };
        key.at = at;
        answer
    }

    fn expire(&mut self) {
        let now = self.now;
        for key in self.keys.values_mut() {
            let Where::Leased { until, next, .. } = key.at else { continue };
            if until > now {
                continue;
            }
            key.suspect = Some(now + LEASE.as_secs());
            key.expiries += u8::from(next.is_none());
            key.at = if key.expiries >= EXPIRIES_MAX { Where::Dead } else { Where::Due(now) };
        }
    }

    /// Follows a reservation, and says what was wrong with it.
    fn reserve(&mut self, taken: &[Leased], entries: usize) -> Result<(), String> {
        self.expire();
        let now = self.now;
        for (nth, leased) in taken.iter().enumerate() {
            // Which of several with one time is first is left to the queue.
            let rank = |key: &Key| match key.at {
                Where::Due(at) if at <= now => Some((!key.urgent, at)),
                _ => None,
            };
            let first = self.keys.values().filter_map(rank).min();
            let key = self.keys.get_mut(&leased.lease.key).ok_or("a key that was never offered")?;
            if first.is_none() || rank(key) != first {
                return Err(format!("{nth} of {taken:?} is not the next in line"));
            }
            if leased.suspect != key.suspect.is_some() || quantity(&leased.payload) != key.quantity.to_string() {
                return Err(format!("{leased:?} is not {key:?}"));
            }
            key.at = Where::Leased { token: leased.lease.token, since: now, until: now + LEASE.as_secs(), next: None };
        }
        let left = self.keys.values().any(|key| matches!(key.at, Where::Due(at) if at <= now));
        if left && taken.len() < entries { Err(format!("only {} taken", taken.len())) } else { Ok(()) }
    }

    fn settle(&mut self, leased: &Leased, end: End) -> Settled {
        let now = self.now;
        let key = self.keys.get_mut(&leased.lease.key).expect("what was leased was offered");
        let (since, next) = match key.at {
            Where::Leased { token, since, next, .. } if token == leased.lease.token => (since, next),
            _ => {
                if !matches!(end, End::Released | End::Postponed { .. }) {
                    key.suspect = Some(now + LEASE.as_secs());
                    key.at = match key.at {
                        Where::Idle if !key.discarded => Where::Due(now),
                        Where::Due(at) => Where::Due(at.min(now)),
                        other => other,
                    };
                }
                return Settled::Lost;
            }
        };
        if matches!(end, End::Done) {
            key.confirmed = Some(quantity(&leased.payload));
        }
        if matches!(end, End::Unknown { .. }) {
            key.suspect = Some(now + LEASE.as_secs());
        }
        if let Some(next) = next {
            key.at = Where::Due(match end {
                End::Retry { after, blame: false } | End::Unknown { after } => next.max(now + after),
                _ => next,
            });
            return Settled::Replaced;
        }
        if !matches!(end, End::Released | End::Postponed { .. }) {
            key.expiries = 0;
        }
        key.at = match end {
            End::Done => {
                key.attempts = 0;
                match key.suspect.filter(|again| since < *again) {
                    Some(again) => Where::Due(again),
                    None => {
                        key.suspect = None;
                        Where::Idle
                    }
                }
            }
            End::Retry { after, blame } => {
                key.attempts += u32::from(blame);
                Where::Due(now + after)
            }
            End::Unknown { after } => Where::Due(now + after),
            End::Released => Where::Due(now),
            End::Postponed { after } => Where::Due(now + after),
            End::Held => Where::Held,
            End::Dead => Where::Dead,
        };
        Settled::Kept
    }

    fn decide(&mut self, confirm: bool) -> u64 {
        let mut count = 0;
        for key in self.keys.values_mut().filter(|key| key.at == Where::Held) {
            (key.attempts, key.expiries, key.discarded) = (0, 0, !confirm);
            key.at = if confirm { Where::Due(self.now) } else { Where::Idle };
            count += 1;
        }
        count
    }

    fn redrive(&mut self) -> u64 {
        let mut count = 0;
        for key in self.keys.values_mut().filter(|key| key.at == Where::Dead) {
            (key.at, key.attempts, key.expiries) = (Where::Due(self.now), 0, 0);
            count += 1;
        }
        count
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, queue: T, model: T) -> Result<(), String> {
    if queue == model { Ok(()) } else { Err(format!("{what}: the queue says {queue:?}, the model {model:?}")) }
}

async fn compare(h: &Harness, model: &Model) -> Result<(), String> {
    for (name, key) in &model.keys {
        let trace = h.stock_of(name).await;
        let place = match key.at {
            Where::Idle => Place::Idle,
            Where::Due(_) => Place::Due,
            Where::Leased { .. } => Place::Leased,
            Where::Held => Place::Held,
            Where::Dead => Place::Dead,
        };
        let confirmed = trace.confirmed.into_values().next();
        let entry = trace.entry;
        same(
            &format!("{name} at {}", model.now),
            (entry.place, entry.version, quantity(&entry.payload), entry.attempts, entry.suspect, confirmed),
            (place, key.version, key.quantity.to_string(), key.attempts, key.suspect.is_some(), key.confirmed.clone()),
        )?;
    }
    Ok(())
}

async fn act(
    h: &Harness,
    model: &mut Model,
    leases: &mut Vec<Leased>,
    version: u64,
    action: &Action,
) -> Result<(), String> {
    match *action {
        Action::Offer { key, newer, quantity, window, urgent } => {
            let version = if newer { version + 1 } else { version / 2 };
            let change = Change { window: Duration::from_secs(window), urgent, ..stock(KEYS[key], version, quantity) };
            let expected = model.offer(&change, quantity);
            same("offer", h.offer(change).await, expected)
        }
        Action::Reserve { entries } => {
            let taken = h.reserve(Lane::Stock, Class::Any, entries, entries).await;
            model.reserve(&taken, entries)?;
            leases.extend(taken);
            Ok(())
        }
        Action::Settle { nth, end } => {
            // The last few, so that most are open; an older one is a late settlement.
            let Some(leased) = leases.iter().rev().nth(nth % 4).cloned() else { return Ok(()) };
            let outcome = match end {
                End::Done => done(&leased),
                End::Retry { after, blame } => retry(Duration::from_secs(after), blame),
                End::Unknown { after } => unknown(Duration::from_secs(after)),
                End::Released => Outcome::Released,
                End::Postponed { after } => Outcome::Postponed { after: Duration::from_secs(after) },
                End::Held => Outcome::Held { detail: String::new() },
                End::Dead => Outcome::Dead { fault: fault("F") },
            };
            same("settle", h.settle(&leased, outcome).await, model.settle(&leased, end))
        }
        Action::Advance { seconds } => {
            h.advance(Duration::from_secs(seconds)).await;
            model.now += seconds;
            Ok(())
        }
        Action::Decide { confirm } => {
            let decision = if confirm { Decision::Confirm } else { Decision::Discard };
            let decided = h.queue().decide(&h.shop, Lane::Stock, decision).await.unwrap();
            same("decide", decided, model.decide(confirm))
        }
        Action::Redrive => {
            let redriven = h.queue().redrive(&h.shop, Lane::Stock, &Which::All).await.unwrap();
            same("redrive", redriven, model.redrive())
        }
    }
}

/// Works until nothing waits any more, and compares what AliExpress has with what the shop said last.
async fn drain(h: &Harness, model: &Model) -> Result<(), String> {
    for _ in 0..20 {
        h.queue().redrive(&h.shop, Lane::Stock, &Which::All).await.unwrap();
        h.queue().decide(&h.shop, Lane::Stock, Decision::Confirm).await.unwrap();
        for leased in h.take().await {
            h.confirm(&leased).await;
        }
        h.advance(LEASE + Duration::from_secs(1)).await;
    }
    for (name, key) in &model.keys {
        let trace = h.stock_of(name).await;
        // What is not sent for a discarded state stays in doubt until the next one comes.
        let suspect = key.discarded && key.suspect.is_some();
        same(&format!("{name} is at rest"), (trace.entry.place, trace.entry.suspect), (Place::Idle, suspect))?;
        let has = trace.confirmed.into_values().next();
        let expected = if key.discarded { key.confirmed.clone() } else { Some(key.quantity.to_string()) };
        same(&format!("AliExpress has the newest {name}"), has, expected)?;
    }
    Ok(())
}

async fn play(h: &Harness, actions: &[Action]) -> Result<(), String> {
    for (nth, key) in KEYS.iter().enumerate() {
        h.relist(key, &[nth as u64 + 1]).await;
    }
    let (mut model, mut leases) = (Model::default(), Vec::new());
    for (nth, action) in actions.iter().enumerate() {
        let step = act(h, &mut model, &mut leases, nth as u64, action).await;
        step.map_err(|fault| format!("{fault}, after {nth}: {action:?}"))?;
        compare(h, &model).await.map_err(|fault| format!("{fault}, after {nth}: {action:?}"))?;
    }
    drain(h, &model).await
}

async fn the_queue_does_what_the_model_does_and_ends_at_the_newest_state(h: &mut Harness) {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let base = h.shop.clone();
    let mut played = 0;
    let mut play_anew = async |actions: &[Action]| {
        played += 1;
        h.shop = format!("{base}-{played}").parse().unwrap();
        play(h, actions).await
    };
    for _ in 0..CASES {
        let mut tree = actions().new_tree(&mut runner).unwrap();
        let mut smallest = match play_anew(&tree.current()).await {
            Ok(()) => continue,
            Err(fault) => (tree.current(), fault),
        };
        let mut failed = true;
        for _ in 0..SHRINKS_MAX {
            if !(if failed { tree.simplify() } else { tree.complicate() }) {
                break;
            }
            let answer = play_anew(&tree.current()).await;
            failed = answer.is_err();
            if let Err(fault) = answer {
                smallest = (tree.current(), fault);
            }
        }
        panic!("{}\n{:#?}", smallest.1, smallest.0);
    }
}
