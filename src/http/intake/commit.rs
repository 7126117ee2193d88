//! Group commit: requests put their changes on one bounded channel; one writer makes all that wait durable in one
//! store call, then answers each. No timer: the batch is what arrived during the calls before it.
//!
//! A second call goes on its way once it is as large as the one before it, so that the store finds it when it is done: else the store
//! would stand still until the writer, and then its own thread, got a processor again. Smaller calls would cost more than that.
//! The order of calls does not matter to the queue, which goes by versions. Where calls that share keys would collide in the store, requests that
//! share some with the call under way wait for its end, and those behind them pass unless they share some with them.
//!
//! A full channel is the admission control. A call that fails or takes too long fails each of its own requests, once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::changes::reprice;
use crate::domain::{Lane, PriceRule, PriceState, ShopId};
use crate::queue::{Answer, Delivery, Offered, PAGE_MAX, Pending, Queue, QueueError, Receipt};
use crate::telemetry::metric::Metric;

/// The most changes that one store call takes, unless a single request has more.
const CHANGES_MAX: usize = 1_000;
/// The most bytes of payload that one store call takes, unless a single request has more.
const BYTES_MAX: usize = 512 * 1024;
/// Store calls that may be under way.
const CALLS_MAX: usize = 2;
/// The most requests that are passed over while a batch is put together.
const PASSED_MAX: usize = 100;
/// How often a delivery is laid over anew when another replica changed what it was laid over.
const CONFLICTS_MAX: u32 = 5;

/// A delivery on its way to the store.
#[derive(Debug)]
struct Submission {
    shop: ShopId,
    delivery: Delivery,
    /// Changes to be laid over what is pending, with the states as they were sent.
    partial: Vec<(usize, PriceState, PriceRule)>,
    conflicts: u32,
    reply: oneshot::Sender<Result<Committed, QueueError>>,
}

impl Submission {
    fn weight(&self) -> (usize, usize) {
        let bytes = self.delivery.changes.iter().map(|change| change.payload.len() + change.key.len()).sum();
        (self.delivery.changes.len() + self.delivery.owners.len(), bytes)
    }

    /// What it has in common with others that change the same keys or say whose they are.
    fn marks(&self, hasher: &RandomState) -> Vec<u64> {
        let keys = self.delivery.changes.iter().map(|change| change.key.as_str());
        let all = keys.chain(self.delivery.owners.iter().map(|claim| claim.sku.as_str()));
        all.map(|key| hasher.hash_one((&self.shop, key))).collect()
    }

    fn is_partial(&self) -> bool {
        !self.partial.is_empty()
    }

    /// Lays its partial prices over these states.
    fn lay_over(&mut self, pending: &HashMap<String, Pending>) {
        for (at, state, rule) in &self.partial {
            let change = &mut self.delivery.changes[*at];
            let pending = pending.get(&change.key);
            change.base = Some(pending.map_or(0, |pending| pending.version));
            let older = pending.and_then(|pending| serde_json::from_str::<PriceState>(&pending.payload).ok());
            reprice(change, &older.map_or(*state, |older| state.over(&older)), rule);
        }
    }
}

/// What became of a delivery.
#[derive(Debug)]
pub struct Committed {
    /// Whether it was taken.
    pub receipt: Receipt,
    /// The store's generation.
    pub generation: String,
}

/// Why a delivery was not made durable.
#[derive(Debug)]
pub enum CommitError {
    /// As many requests wait for the store as may wait.
    Full,
    /// The store failed.
    Store(QueueError),
}

/// Tells the writer when enough requests wait, without waking it for each.
#[derive(Debug)]
struct Crowd {
    enough: AtomicUsize,
    come: Notify,
}

impl Crowd {
    fn wants(&self, enough: usize) {
        self.enough.store(enough, Ordering::SeqCst);
    }

    fn has(&self, waiting: usize) {
        if waiting >= self.enough.load(Ordering::SeqCst) && self.enough.swap(usize::MAX, Ordering::SeqCst) != usize::MAX
        {
            self.come.notify_one();
        }
    }
}

/// The way into the writer.
#[derive(Debug, Clone)]
pub struct Committer {
    channel: mpsc::Sender<Submission>,
    crowd: Arc<Crowd>,
}

impl Committer {
    /// Makes a delivery durable.
    ///
    /// # Errors
    /// `Full` at once, `Store` where the call of the store failed or took too long: it may not be answered as taken.
    ///
    /// # Cancel safety
    /// A dropped call may still be made durable: the sender gets no answer and sends again.
    pub async fn commit(
        &self,
        shop: ShopId,
        delivery: Delivery,
        partial: Vec<(usize, PriceState, PriceRule)>,
    ) -> Result<Committed, CommitError> {
        let (reply, answer) = oneshot::channel();
        let submission = Submission { shop, delivery, partial, conflicts: 0, reply };
        self.channel.try_send(submission).map_err(|_| CommitError::Full)?;
        self.crowd.has(self.channel.max_capacity() - self.channel.capacity());
        let stopped = || CommitError::Store(QueueError::Away("the gateway is stopping".into()));
        answer.await.map_err(|_| stopped())?.map_err(CommitError::Store)
    }
}

/// The one writer.
#[derive(Debug)]
pub struct Writer {
    queue: Arc<dyn Queue>,
    channel: mpsc::Receiver<Submission>,
    crowd: Arc<Crowd>,
    /// Taken from the channel, and not on their way yet.
    waiting: VecDeque<Submission>,
    /// The first ones of them, that were passed over for what is under way.
    passed: usize,
    /// Requests of the newest call.
    newest: usize,
    /// Marks of what is under way; empty where calls do not collide.
    busy: HashSet<u64>,
    hasher: RandomState,
    timeout: Duration,
    wake: Arc<Notify>,
}

/// A writer and the way into it. `waiting_max` requests may wait; `wake` is told of each commit, so that workers look.
pub fn writer(queue: Arc<dyn Queue>, waiting_max: usize, timeout: Duration, wake: Arc<Notify>) -> (Committer, Writer) {
    let (sender, channel) = mpsc::channel(waiting_max);
    let crowd = Arc::new(Crowd { enough: AtomicUsize::new(usize::MAX), come: Notify::new() });
    let committer = Committer { channel: sender, crowd: Arc::clone(&crowd) };
    let (waiting, busy, hasher) = (VecDeque::new(), HashSet::new(), RandomState::new());
    (committer, Writer { queue, channel, crowd, waiting, passed: 0, newest: 0, busy, hasher, timeout, wake })
}

impl Writer {
    /// Commits until told to stop, then what still waits.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut calls = FuturesUnordered::new();
        let mut ended = false;
        while !(ended && calls.is_empty() && self.waiting.is_empty()) {
            let (under_way, left) = (calls.len(), !ended || !self.waiting.is_empty());
            let goes = tokio::select! {
                biased;
                () = stop.cancelled(), if !self.channel.is_closed() => {
                    self.channel.close();
                    false
                }
                Some(called) = calls.next() => {
                    self.finish(called);
                    false
                }
                more = self.gather(under_way), if left && under_way < CALLS_MAX => {
                    ended |= !more;
                    more
                }
            };
            if goes {
                let (batch, marks) = self.take();
                // What is under way may be what prices are laid over.
                while batch.iter().any(Submission::is_partial)
                    && let Some(called) = calls.next().await
                {
                    self.finish(called);
                }
                let batch = self.lay_over(batch).await;
                if !batch.is_empty() {
                    self.newest = batch.len();
                    self.busy.extend(&marks);
                    calls.push(call(Arc::clone(&self.queue), self.timeout, batch, marks));
                }
            }
        }
    }

    /// Waits for the next batch: for one request while nothing is under way, else until it is as large as what is. `false` when the
    /// channel is closed and nothing is left.
    ///
    /// # Cancel safety
    /// Cancelled it loses nothing.
    async fn gather(&mut self, under_way: usize) -> bool {
        if under_way == 0 {
            if self.waiting.is_empty() {
                self.waiting.extend(self.channel.recv().await);
            }
            return !self.waiting.is_empty();
        }
        let may_go = self.waiting.len() - self.passed;
        let enough = self.newest.saturating_sub(may_go);
        loop {
            // Said before it is looked, so that none comes unseen in between.
            self.crowd.wants(enough);
            let come = self.channel.len();
            if come >= enough || self.channel.is_closed() {
                self.crowd.wants(usize::MAX);
                match may_go + come {
                    // Those that were passed over wait for the end of a call.
                    0 if !self.waiting.is_empty() => std::future::pending().await,
                    all => return all > 0,
                }
            }
            self.crowd.come.notified().await;
        }
    }

    /// The next batch, with its marks.
    fn take(&mut self) -> (Vec<Submission>, Vec<u64>) {
        let (mut changes, mut bytes, mut batch, mut batch_marks) = (0, 0, Vec::new(), Vec::new());
        let (mut passed, mut passed_marks) = (Vec::new(), HashSet::new());
        let collide = self.queue.offers_collide();
        while passed.len() < PASSED_MAX
            && let Some(next) = self.waiting.pop_front().or_else(|| self.channel.try_recv().ok())
        {
            let marks = if collide { next.marks(&self.hasher) } else { Vec::new() };
            if marks.iter().any(|mark| self.busy.contains(mark) || passed_marks.contains(mark)) {
                passed_marks.extend(marks);
                passed.push(next);
                continue;
            }
            let (more_changes, more_bytes) = next.weight();
            if !batch.is_empty() && (changes + more_changes > CHANGES_MAX || bytes + more_bytes > BYTES_MAX) {
                self.waiting.push_front(next);
                break;
            }
            (changes, bytes) = (changes + more_changes, bytes + more_bytes);
            batch.push(next);
            batch_marks.extend(marks);
        }
        self.passed = passed.len();
        passed.into_iter().rev().for_each(|one| self.waiting.push_front(one));
        (batch, batch_marks)
    }

    /// Lays prices without a discount over what is pending, which is read once for all of a shop. Those whose pending states cannot be
    /// read fail here.
    async fn lay_over(&self, batch: Vec<Submission>) -> Vec<Submission> {
        let mut keys: BTreeMap<ShopId, BTreeSet<String>> = BTreeMap::new();
        for submission in batch.iter().filter(|submission| submission.is_partial()) {
            let key = |(at, ..): &(usize, PriceState, PriceRule)| submission.delivery.changes[*at].key.clone();
            keys.entry(submission.shop.clone()).or_default().extend(submission.partial.iter().map(key));
        }
        if keys.is_empty() {
            return batch;
        }
        let read = keys.into_iter().map(async |(shop, keys)| {
            let pending = self.pending(&shop, keys.into_iter().collect()).await;
            (shop, pending)
        });
        let pending: HashMap<ShopId, Result<HashMap<String, Pending>, QueueError>> =
            futures_util::future::join_all(read).await.into_iter().collect();
        let mut ready = Vec::with_capacity(batch.len());
        for mut submission in batch {
            match pending.get(&submission.shop).filter(|_| submission.is_partial()) {
                None => ready.push(submission),
                Some(Err(error)) => answer(submission, Err(error.clone())),
                Some(Ok(pending)) => {
                    submission.lay_over(pending);
                    ready.push(submission);
                }
            }
        }
        ready
    }

    async fn pending(&self, shop: &ShopId, keys: Vec<String>) -> Result<HashMap<String, Pending>, QueueError> {
        let mut found = HashMap::with_capacity(keys.len());
        for page in keys.chunks(PAGE_MAX) {
            let pending = self.within(self.queue.pending(shop, Lane::Price, page)).await?;
            found.extend(page.iter().cloned().zip(pending).filter_map(|(key, pending)| Some((key, pending?))));
        }
        Ok(found)
    }

    /// Answers those whose call has ended.
    fn finish(&mut self, called: Called) {
        self.passed = 0;
        for mark in &called.marks {
            self.busy.remove(mark);
        }
        for (offered, waiters) in called.answers {
            match offered {
                Err(error) => {
                    Metric::StoreFailures.add(1, &[]);
                    tracing::warn!(%error, requests = waiters.len(), "events were not taken: the store failed");
                    waiters.into_iter().for_each(|waiter| answer(waiter, Err(error.clone())));
                }
                Ok(offered) => {
                    for (waiter, receipt) in waiters.into_iter().zip(offered.receipts) {
                        self.settle(waiter, receipt, &offered.generation);
                    }
                }
            }
        }
        self.wake.notify_waiters();
    }

    fn settle(&mut self, mut waiter: Submission, receipt: Receipt, generation: &str) {
        if receipt == Receipt::Conflict {
            waiter.conflicts += 1;
            match waiter.conflicts > CONFLICTS_MAX {
                true => answer(waiter, Err(QueueError::Away("a price changed again and again meanwhile".into()))),
                false => self.waiting.push_back(waiter),
            }
            return;
        }
        answer(waiter, Ok(Committed { receipt, generation: generation.to_owned() }));
    }

    async fn within<T>(&self, call: impl Future<Output = Result<T, QueueError>>) -> Result<T, QueueError> {
        tokio::time::timeout(self.timeout, call).await.unwrap_or_else(|_| Err(too_slow()))
    }
}

/// A call that has ended.
struct Called {
    /// What the store said to each shop's requests.
    answers: Vec<(Result<Offered, QueueError>, Vec<Submission>)>,
    /// Marks of what is no longer under way.
    marks: Vec<u64>,
}

/// Makes a batch durable in one store call.
async fn call(queue: Arc<dyn Queue>, timeout: Duration, batch: Vec<Submission>, marks: Vec<u64>) -> Called {
    let mut shops: Vec<(ShopId, Vec<Delivery>)> = Vec::new();
    let mut place: HashMap<ShopId, usize> = HashMap::new();
    let mut waiters: Vec<Vec<Submission>> = Vec::new();
    let mut changes = 0;
    for mut submission in batch {
        let at = *place.entry(submission.shop.clone()).or_insert_with(|| {
            shops.push((submission.shop.clone(), Vec::new()));
            waiters.push(Vec::new());
            shops.len() - 1
        });
        changes += submission.delivery.changes.len();
        // Only what is laid over may come back for another turn and is kept.
        let delivery = match submission.is_partial() {
            false => std::mem::replace(&mut submission.delivery, nothing()),
            true => submission.delivery.clone(),
        };
        shops[at].1.push(delivery);
        waiters[at].push(submission);
    }
    #[expect(clippy::cast_precision_loss, reason = "a count for a histogram")]
    Metric::CommitChanges.observe(changes as f64, &[]);
    let offered = match tokio::time::timeout(timeout, queue.offer(shops)).await {
        Ok(offered) => offered,
        Err(_) => waiters.iter().map(|_| Err(too_slow())).collect(),
    };
    Called { answers: offered.into_iter().zip(waiters).collect(), marks }
}

fn too_slow() -> QueueError {
    QueueError::Away("it did not answer in time".into())
}

fn nothing() -> Delivery {
    Delivery { id: String::new(), digest: [0; 32], changes: Vec::new(), owners: Vec::new(), remember: Duration::ZERO }
}

fn answer(submission: Submission, result: Result<Committed, QueueError>) {
    if submission.reply.send(result).is_err() {
        tracing::debug!(shop.id = %submission.shop, "a client left before its events were answered");
    }
}

/// The name of an answer in metrics.
pub fn label(answer: Answer) -> &'static str {
    match answer {
        Answer::Enqueued => "enqueued",
        Answer::Coalesced => "coalesced",
        Answer::Unchanged => "unchanged",
        Answer::Parked => "parked",
        Answer::Stale(_) => "stale",
        Answer::NotOwner => "not_owner",
    }
}
