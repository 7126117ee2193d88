//! Group commit: requests wait in one bounded line; whenever the store is free it takes what waits there (capped in changes and bytes), makes it
//! durable in one call, and answers each. No timer: a batch is what came during the calls before it.
//!
//! A full line is the admission control. A call that fails fails each of its own requests, once; a request that waited too long, for the line or
//! its call, fails by itself.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

use super::changes::{Partial, reprice};
use crate::domain::{Lane, PriceState, ShopId};
use crate::queue::{
    Answer, Batch, Deliveries, Delivery, Offered, PAGE_MAX, Pending, Queue, QueueError, Receipt, Source, Turn,
};
use crate::telemetry::metric::Metric;

/// The most changes that one store call takes, unless a single request has more.
const CHANGES_MAX: usize = 1_000;
/// The most bytes of payload that one store call takes, unless a single request has more.
const BYTES_MAX: usize = 512 * 1024;
/// How often a delivery is laid over anew when somebody changed what it was laid over.
const CONFLICTS_MAX: u32 = 5;

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

impl From<QueueError> for CommitError {
    fn from(error: QueueError) -> Self {
        Self::Store(error)
    }
}

/// A delivery on its way to the store.
#[derive(Debug)]
struct Submission {
    shop: ShopId,
    delivery: Delivery,
    reply: oneshot::Sender<Result<Committed, QueueError>>,
}

impl Submission {
    fn weight(&self) -> (usize, usize) {
        let bytes = self.delivery.changes.iter().map(|change| change.payload.len() + change.key.len()).sum();
        (self.delivery.changes.len() + self.delivery.owners.len(), bytes)
    }
}

/// Requests that wait for the store.
#[derive(Debug)]
struct Line {
    waiting: Mutex<Waiting>,
    waiting_max: usize,
    /// Told when as many wait as are wanted.
    come: Notify,
    /// Told of each commit.
    wake: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Waiting {
    requests: VecDeque<Submission>,
    /// Somebody waits for so many; none: nobody does.
    wanted: Option<usize>,
    closed: bool,
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, submission: Submission) -> Result<(), CommitError> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(CommitError::Store(stopping()));
        }
        if waiting.requests.len() >= self.waiting_max {
            return Err(CommitError::Full);
        }
        waiting.requests.push_back(submission);
        let count = waiting.requests.len();
        let is_enough = waiting.wanted.take_if(|wanted| count >= *wanted).is_some();
        drop(waiting);
        if is_enough {
            self.come.notify_one();
        }
        Ok(())
    }

    fn close(&self) {
        self.lock().closed = true;
    }
}

#[async_trait]
impl Source for Line {
    fn draw(&self, turn: &mut (dyn FnMut(&ShopId, &Delivery) -> Turn + Send)) -> Option<Batch> {
        let (mut changes, mut bytes, mut drawn, mut passed) = (0, 0, Vec::new(), Vec::new());
        let mut waiting = self.lock();
        while let Some(next) = waiting.requests.pop_front() {
            // Whoever sent it was answered that it took too long, or is gone.
            if next.reply.is_closed() {
                continue;
            }
            let (more_changes, more_bytes) = next.weight();
            if !drawn.is_empty() && (changes + more_changes > CHANGES_MAX || bytes + more_bytes > BYTES_MAX) {
                waiting.requests.push_front(next);
                break;
            }
            match turn(&next.shop, &next.delivery) {
                Turn::Goes => {
                    (changes, bytes) = (changes + more_changes, bytes + more_bytes);
                    drawn.push(next);
                }
                Turn::Waits => passed.push(next),
                Turn::Ends => {
                    waiting.requests.push_front(next);
                    break;
                }
            }
        }
        passed.into_iter().rev().for_each(|one| waiting.requests.push_front(one));
        drop(waiting);
        (!drawn.is_empty()).then(|| batch(drawn, changes, Arc::clone(&self.wake)))
    }

    async fn crowd(&self, many: usize) {
        loop {
            {
                let mut waiting = self.lock();
                if waiting.requests.len() >= many {
                    return;
                }
                waiting.wanted = Some(many);
            }
            self.come.notified().await;
        }
    }
}

/// The requests as one batch, each shop's together.
fn batch(drawn: Vec<Submission>, changes: usize, wake: Arc<Notify>) -> Batch {
    #[expect(clippy::cast_precision_loss, reason = "a count for a histogram")]
    Metric::CommitChanges.observe(changes as f64, &[]);
    let (mut shops, mut waiters): (Deliveries, Vec<Vec<_>>) = (Vec::new(), Vec::new());
    let mut places: HashMap<ShopId, usize> = HashMap::new();
    for Submission { shop, delivery, reply } in drawn {
        let at = *places.entry(shop).or_insert_with_key(|shop| {
            shops.push((shop.clone(), Vec::new()));
            waiters.push(Vec::new());
            shops.len() - 1
        });
        shops[at].1.push(delivery);
        waiters[at].push(reply);
    }
    Batch::new(shops, move |answers| {
        for (offered, waiters) in answers.into_iter().zip(waiters) {
            answer(offered, waiters);
        }
        wake.notify_waiters();
    })
}

/// Tells a shop's requests what became of them. One whose sender has left is told in vain.
fn answer(offered: Result<Offered, QueueError>, waiters: Vec<oneshot::Sender<Result<Committed, QueueError>>>) {
    match offered {
        Err(error) => {
            Metric::StoreFailures.add(1, &[]);
            tracing::warn!(%error, requests = waiters.len(), "events were not taken: the store failed");
            waiters.into_iter().for_each(|waiter| drop(waiter.send(Err(error.clone()))));
        }
        Ok(Offered { receipts, generation }) => {
            for (waiter, receipt) in waiters.into_iter().zip(receipts) {
                drop(waiter.send(Ok(Committed { receipt, generation: generation.clone() })));
            }
        }
    }
}

/// The way into the store.
#[derive(Debug, Clone)]
pub struct Committer {
    queue: Arc<dyn Queue>,
    line: Arc<Line>,
    timeout: Duration,
}

impl Committer {
    /// Makes a delivery durable, its partial changes laid over what is pending.
    ///
    /// # Errors
    /// `Full` at once, `Store` where the call of the store failed or took too long: it may not be answered as taken.
    ///
    /// # Cancel safety
    /// A dropped call may still be made durable: the sender gets no answer and sends again.
    pub async fn commit(
        &self,
        shop: ShopId,
        mut delivery: Delivery,
        partial: Partial,
    ) -> Result<Committed, CommitError> {
        if partial.is_empty() {
            return self.submit(shop, delivery).await;
        }
        for _ in 0..=CONFLICTS_MAX {
            self.lay_over(&shop, &mut delivery, &partial).await?;
            let committed = self.submit(shop.clone(), delivery.clone()).await?;
            if committed.receipt != Receipt::Conflict {
                return Ok(committed);
            }
        }
        Err(QueueError::Away("a price changed again and again meanwhile".into()).into())
    }

    async fn submit(&self, shop: ShopId, delivery: Delivery) -> Result<Committed, CommitError> {
        let (reply, answer) = oneshot::channel();
        self.line.push(Submission { shop, delivery, reply })?;
        let answer = self.within(async { answer.await.unwrap_or_else(|_| Err(failed_inside())) });
        Ok(answer.await?)
    }

    /// Lays partial prices over what is pending.
    async fn lay_over(&self, shop: &ShopId, delivery: &mut Delivery, partial: &Partial) -> Result<(), QueueError> {
        let keys: HashSet<&str> = partial.iter().map(|(at, ..)| delivery.changes[*at].key.as_str()).collect();
        let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
        let mut found: HashMap<&str, Pending> = HashMap::with_capacity(keys.len());
        for page in keys.chunks(PAGE_MAX) {
            let pending = self.within(self.queue.pending(shop, Lane::Price, page)).await?;
            found.extend(page.iter().zip(pending).filter_map(|(key, pending)| Some((key.as_str(), pending?))));
        }
        for (at, state, rule) in partial {
            let change = &mut delivery.changes[*at];
            let pending = found.get(change.key.as_str());
            change.base = Some(pending.map_or(0, |pending| pending.version));
            let older = pending.and_then(|pending| serde_json::from_str::<PriceState>(&pending.payload).ok());
            reprice(change, &older.map_or(*state, |older| state.over(&older)), rule);
        }
        Ok(())
    }

    async fn within<T>(&self, call: impl Future<Output = Result<T, QueueError>>) -> Result<T, QueueError> {
        let too_slow = || QueueError::Away("it did not answer in time".into());
        tokio::time::timeout(self.timeout, call).await.unwrap_or_else(|_| Err(too_slow()))
    }
}

fn stopping() -> QueueError {
    QueueError::Away("the gateway is stopping".into())
}

fn failed_inside() -> QueueError {
    QueueError::Away("the call failed inside aligate".into())
}

/// What has the queue take the requests that wait.
#[derive(Debug)]
pub struct Writer {
    queue: Arc<dyn Queue>,
    line: Arc<Line>,
}

/// A writer and the way into the store. `waiting_max` requests may wait, none for longer than `timeout`; `wake` is told of each commit, so that
/// workers look.
pub fn writer(queue: Arc<dyn Queue>, waiting_max: usize, timeout: Duration, wake: Arc<Notify>) -> (Committer, Writer) {
    let line = Arc::new(Line { waiting: Mutex::default(), waiting_max, come: Notify::new(), wake });
    let committer = Committer { queue: Arc::clone(&queue), line: Arc::clone(&line), timeout };
    (committer, Writer { queue, line })
}

impl Writer {
    /// Has requests taken until told to stop, then those that still wait; no more come in from then on.
    pub async fn run(self, stop: CancellationToken) {
        let drain = async || self.queue.drain(Arc::<Line>::clone(&self.line)).await;
        let close = async {
            stop.cancelled().await;
            self.line.close();
        };
        let take = async {
            while stop.run_until_cancelled(self.line.crowd(1)).await.is_some() {
                drain().await;
            }
            drain().await;
        };
        tokio::join!(close, take);
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
