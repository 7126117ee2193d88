//! A product request alone at its listing: stock and prices of it are kept back meanwhile, over all replicas, and it waits for those on their way.

use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::domain::{ListingId, ShopId};
use crate::queue::{Barred, Queue, QueueError};

/// How often a bar is prolonged while work goes on: three times in its length.
const PROLONGED: u32 = 3;
/// Between two looks at what is still on its way.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What kept the work from being done.
#[derive(Debug)]
pub(super) enum NotAlone {
    /// Something is on its way for longer than the bar; nothing was done.
    Busy,
    /// The bar ended under the work, which was dropped where it stood.
    Lost,
    /// The store.
    Away(QueueError),
}

/// A listing whose stock and prices are kept back.
#[derive(Debug)]
pub(super) struct Alone<'q> {
    pub(super) queue: &'q dyn Queue,
    pub(super) shop: &'q ShopId,
    pub(super) listing: ListingId,
    /// The fencing token of the product's lease.
    pub(super) owner: u64,
    /// How long the bar is, each time.
    pub(super) span: Duration,
}

impl Alone<'_> {
    /// Does the work while nothing else is sent to the listing.
    ///
    /// # Cancel safety
    /// Dropped, the bar ends by itself after its span.
    pub(super) async fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, NotAlone> {
        let started = Instant::now();
        let until = Mutex::new(started);
        loop {
            match self.bar(&until).await.map_err(NotAlone::Away)? {
                Barred::Alone => break,
                Barred::Busy | Barred::Taken if started.elapsed() < self.span => tokio::time::sleep(LOOK_AGAIN).await,
                Barred::Busy | Barred::Taken => {
                    self.lift().await;
                    return Err(NotAlone::Busy);
                }
            }
        }
        let mut work = std::pin::pin!(work);
        let watched = std::future::poll_fn(|context| match is_over(&until) {
            true => Poll::Ready(None),
            false => work.as_mut().poll(context).map(Some),
        });
        let ended = tokio::select! {
            ended = watched => ended,
            () = self.prolong(&until) => None,
        };
        self.lift().await;
        ended.ok_or(NotAlone::Lost)
    }

    async fn bar(&self, until: &Mutex<Instant>) -> Result<Barred, QueueError> {
        let asked = Instant::now();
        let barred = self.queue.bar(self.shop, self.listing, self.owner, self.span).await?;
        if barred != Barred::Taken {
            *until.lock().unwrap_or_else(PoisonError::into_inner) = asked + self.span;
        }
        Ok(barred)
    }

    async fn prolong(&self, until: &Mutex<Instant>) {
        while !is_over(until) {
            tokio::time::sleep(self.span / PROLONGED).await;
            if let Err(error) = self.bar(until).await {
                tracing::warn!(shop.id = %self.shop, listing = %self.listing, %error, "a listing's bar was not prolonged");
            }
        }
    }

    /// What was not lifted ends by itself.
    async fn lift(&self) {
        if let Err(error) = self.queue.lift(self.shop, self.listing, self.owner).await {
            tracing::warn!(shop.id = %self.shop, listing = %self.listing, %error, "a listing's bar was not lifted; it ends by itself");
        }
    }
}

fn is_over(until: &Mutex<Instant>) -> bool {
    Instant::now() >= *until.lock().unwrap_or_else(PoisonError::into_inner)
}
