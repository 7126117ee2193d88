//! Offering what waits: one call goes alone, a second one while it is under way once as many wait as the first one took, so that the
//! server has something to do between two calls. Smaller calls would cost more than that brings.
//!
//! A step whose keys another one wrote meanwhile starts again. So what shares a key with the call under way waits for its end, and what comes
//! behind that passes it unless it shares one with that.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::RedisQueue;
use crate::queue::{Batch, Delivery, Queue, QueueError, Source, Turn};

/// Calls that may be under way.
const CALLS_MAX: usize = 2;
/// The most deliveries that are passed over while a batch is drawn.
const PASSED_MAX: usize = 100;

/// What is under way.
#[derive(Debug, Default)]
struct UnderWay {
    hasher: RandomState,
    /// Marks of the keys in it.
    keys: HashSet<u64>,
    /// Deliveries in the newest call.
    newest: usize,
    /// Deliveries that wait for its end.
    passed: usize,
    /// So many do that no more are looked at.
    is_blocked: bool,
}

impl UnderWay {
    /// The next batch that shares no key with what is under way, and the marks of its keys.
    fn draw(&mut self, source: &dyn Source) -> Option<(Batch, Vec<u64>)> {
        let (mut drawn, mut marks, mut passed_marks) = (0, Vec::new(), HashSet::new());
        self.passed = 0;
        let batch = source.draw(&mut |shop, delivery| {
            if self.passed >= PASSED_MAX {
                self.is_blocked = true;
                return Turn::Ends;
            }
            let first = marks.len();
            marks.extend(keys(delivery).map(|key| self.hasher.hash_one((shop, key))));
            if marks[first..].iter().any(|mark| self.keys.contains(mark) || passed_marks.contains(mark)) {
                self.passed += 1;
                passed_marks.extend(marks.drain(first..));
                return Turn::Waits;
            }
            drawn += 1;
            Turn::Goes
        })?;
        self.newest = drawn;
        self.keys.extend(&marks);
        Some((batch, marks))
    }

    fn end(&mut self, marks: &[u64]) {
        for mark in marks {
            self.keys.remove(mark);
        }
        (self.passed, self.is_blocked) = (0, false);
    }
}

/// Keys whose change by another makes a step start again.
fn keys(delivery: &Delivery) -> impl Iterator<Item = &str> {
    let changed = delivery.changes.iter().map(|change| change.key.as_str());
    changed.chain(delivery.owners.iter().map(|claim| claim.sku.as_str()))
}

impl RedisQueue {
    /// See [`Queue::drain`].
    pub(super) async fn drain_from(&self, source: &dyn Source) {
        let (mut under_way, mut calls) = (UnderWay::default(), FuturesUnordered::new());
        loop {
            if calls.is_empty() {
                let Some((batch, marks)) = under_way.draw(source) else { return };
                calls.push(self.call(batch, marks));
            }
            let enough = under_way.newest + under_way.passed;
            tokio::select! {
                biased;
                Some(marks) = calls.next() => under_way.end(&marks),
                () = source.crowd(enough), if calls.len() < CALLS_MAX && !under_way.is_blocked => {
                    calls.extend(under_way.draw(source).map(|(batch, marks)| self.call(batch, marks)));
                }
            }
        }
    }

    async fn call(&self, batch: Batch, marks: Vec<u64>) -> Vec<u64> {
        let (shops, answer) = batch.split();
        let timeout = self.store.call_timeout();
        let offered = tokio::time::timeout(timeout, self.offer(shops)).await;
        answer(offered.map_err(|_| QueueError::Away(format!("no answer in {} ms", timeout.as_millis()))));
        marks
    }
}
