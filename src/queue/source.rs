//! Where a queue gets what it is offered, when it is free to take it.

use async_trait::async_trait;

use super::{Delivery, Offered, QueueError};
use crate::domain::ShopId;

/// What becomes of a delivery while a batch is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It goes.
    Goes,
    /// It waits, those behind it may go.
    Waits,
    /// It waits, and so do those behind it.
    Ends,
}

/// Deliveries that wait to be offered.
#[async_trait]
pub trait Source: Send + Sync + std::fmt::Debug {
    /// The next batch: the oldest that wait and whose `turn` it is, as many as one call takes. None where none goes.
    fn draw(&self, turn: &mut (dyn FnMut(&ShopId, &Delivery) -> Turn + Send)) -> Option<Batch>;

    /// The next batch, whatever is in it.
    fn draw_any(&self) -> Option<Batch> {
        self.draw(&mut |_, _| Turn::Goes)
    }

    /// Waits until so many wait.
    ///
    /// # Cancel safety
    /// Cancelled it loses nothing.
    async fn crowd(&self, many: usize);
}

/// Deliveries by shop.
pub type Deliveries = Vec<(ShopId, Vec<Delivery>)>;
/// What became of each shop's deliveries, in order.
pub type Offers = Vec<Result<Offered, QueueError>>;

/// Deliveries to be offered in one call, by shop, and the way back to those who wait for what becomes of them.
pub struct Batch {
    shops: Deliveries,
    answer: Box<dyn FnOnce(Offers) + Send>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("shops", &self.shops).finish_non_exhaustive()
    }
}

impl Batch {
    /// A batch; `answer` is told what became of each shop's deliveries, in order.
    pub fn new(shops: Deliveries, answer: impl FnOnce(Offers) + Send + 'static) -> Self {
        Self { shops, answer: Box::new(answer) }
    }

    /// What is to be offered, and what is to be told what the call came to.
    pub(super) fn split(self) -> (Deliveries, impl FnOnce(Result<Offers, QueueError>) + Send) {
        let shops = self.shops.len();
        (self.shops, move |offered| (self.answer)(to_each(shops, offered)))
    }
}

/// What a call says of each of its shops where it failed as a whole.
pub(super) fn to_each(shops: usize, offered: Result<Offers, QueueError>) -> Offers {
    offered.unwrap_or_else(|error| (0..shops).map(|_| Err(error.clone())).collect())
}
