//! Leases while their work goes on: held on to, watched, and settled at the end.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::domain::{Lane, ShopId};
use crate::queue::{LeaseRef, Outcome, PAGE_MAX, Queue, Settled};

/// How often the end of a lease is moved while work goes on: three times in its length.
const EXTENSIONS: u32 = 3;
/// How often a settlement is tried when the store is away; afterwards the lease runs out and the key is suspect.
const SETTLE_TRIES: u32 = 6;

/// Entries of one lane in the hands of this process.
#[derive(Debug)]
pub(super) struct Hold {
    queue: Arc<dyn Queue>,
    shop: ShopId,
    lane: Lane,
    leases: Vec<LeaseRef>,
    length: Duration,
    /// Until when nobody else can have them.
    until: Mutex<Instant>,
}

impl Hold {
    /// A hold on entries that were reserved for `length`, no earlier than at `since`.
    pub(super) fn new(
        queue: Arc<dyn Queue>,
        shop: ShopId,
        lane: Lane,
        leases: Vec<LeaseRef>,
        length: Duration,
        since: Instant,
    ) -> Self {
        Self { queue, shop, lane, leases, length, until: Mutex::new(since + length) }
    }

    /// Somebody else may have the entries: no request may start for them.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the ends of the leases for as long as it is polled.
    pub(super) async fn keep(&self) {
        loop {
            tokio::time::sleep(self.length / EXTENSIONS).await;
            let asked = Instant::now();
            let mut held = true;
            for page in self.leases.chunks(PAGE_MAX) {
                let extended = self.queue.extend(&self.shop, page, self.length).await;
                held &= extended.is_ok_and(|extended| extended.iter().all(|held| *held));
            }
            if held {
                *self.until.lock().unwrap_or_else(PoisonError::into_inner) = asked + self.length;
            }
        }
    }

    /// Works while the leases hold, and holds on meanwhile. `None`: they were lost first; the work was dropped where it stood and
    /// went no step further, so that no request starts for entries that somebody else may have.
    pub(super) async fn guard<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        let watched = std::future::poll_fn(|context| match self.is_over() {
            true => Poll::Ready(None),
            false => work.as_mut().poll(context).map(Some),
        });
        tokio::select! {
            ended = watched => ended,
            () = self.keep() => None,
        }
    }

    /// Settles a page of at most [`PAGE_MAX`].
    pub(super) async fn settle(&self, page: &[(LeaseRef, Outcome)]) {
        for attempt in 0..SETTLE_TRIES {
            match self.queue.settle(&self.shop, page.to_vec()).await {
                Ok(settled) => {
                    let lost = settled.iter().filter(|settled| **settled == Settled::Lost).count();
                    if lost > 0 {
                        tracing::warn!(shop.id = %self.shop, lane = %self.lane, lost, "leases were lost before their requests ended; their keys are sent once more");
                    }
                    return;
                }
                Err(error) => {
                    tracing::warn!(shop.id = %self.shop, lane = %self.lane, %error, attempt, "a settlement failed");
                    tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::clock::SystemClock;
    use crate::queue::sqlite::SqliteQueue;
    use crate::store::keys::MasterKeys;
    use crate::store::sqlite::SqliteStore;

    async fn hold(since: Instant) -> (tempfile::TempDir, Hold) {
        let dir = tempfile::tempdir().unwrap();
        let (keys, length) = (MasterKeys::random(), Duration::from_secs(60));
        let clock = Arc::new(SystemClock);
        let store = SqliteStore::open(dir.path().join("s.db"), clock, &keys.checks(), length).await.unwrap();
        let queue = Arc::new(SqliteQueue::new(Arc::new(store), Arc::new(keys.sealer())));
        (dir, Hold::new(queue, "main".parse().unwrap(), Lane::Order, Vec::new(), length, since))
    }

    #[tokio::test]
    async fn work_goes_no_step_further_than_its_lease() {
        let (_dir, over) = hold(Instant::now() - Duration::from_secs(61)).await;
        let stepped = AtomicBool::new(false);
        assert_eq!(over.guard(async { stepped.store(true, Ordering::SeqCst) }).await, None);
        assert!(!stepped.load(Ordering::SeqCst));
        let (_dir, held) = hold(Instant::now()).await;
        assert_eq!(held.guard(async { 7 }).await, Some(7));
    }
}
