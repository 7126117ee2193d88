//! The avalanche guard: what would zero, cheapen or withdraw too much at once is held until a person decides.
//!
//! A bad exchange with 1C empties a shop in minutes, and AliExpress with it. So each change that takes something from buyers (a *fall*,
//! [`rules`]) is counted before it leaves, by [`Kind`], in the store ([`tally`]): more than a share of what is listed within an hour, and
//! each further one is held in the queue, those of the burst that have not left included. Before its first fall leaves a burst is looked at
//! for some seconds: what comes of an exchange, and what comes among others, waits that long; a single fall by a person's hand never does.
//!
//! What is decided: falls are judged where they would leave (`worker`, `publishing`), since only there what is confirmed is known; the
//! intake does not look. Stock and prices are counted by SKU, withdrawals by product: a product that is deleted counts in both kinds, each by its
//! own total. What orders cause is neither counted nor held. In mode `observe` nothing is held: what would be sent is shown, and judged when the
//! shop goes live. What nobody knows of AliExpress (a new gateway, an emptied store) counts as in stock.

pub mod decide;
pub mod rules;
pub mod tally;
pub mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use self::decide::Held;
pub use self::rules::{Fall, Kind, Verdict};
use self::tally::{Spans, Tally};
use crate::config::GuardConfig;
use crate::domain::ShopId;
use crate::queue::{PAGE_MAX, Queue, QueueError};
use crate::store::StoreError;
use crate::telemetry::metric::Metric;

/// How long the size of a shop's directory is remembered: counting it takes milliseconds where it is large.
const SIZE_AGE_MAX: Duration = Duration::from_secs(10);

/// The guard of all shops.
#[derive(Debug)]
pub struct Guard {
    config: GuardConfig,
    tally: Arc<dyn Tally>,
    queue: Arc<dyn Queue>,
    /// Listed SKUs and listings of shops that have many, and when they were counted.
    sizes: Mutex<HashMap<ShopId, (Instant, Size)>>,
}

/// Listed SKUs, and listings.
type Size = (u64, u64);

impl Guard {
    /// A guard by these settings over what this queue holds.
    pub fn new(config: GuardConfig, tally: Arc<dyn Tally>, queue: Arc<dyn Queue>) -> Self {
        Self { config, tally, queue, sizes: Mutex::default() }
    }

    /// The share by which a price may fall, in percent.
    pub fn price_fall_percent(&self) -> u64 {
        self.config.price_fall_percent
    }

    /// Whether anything of a kind can be held for the shop.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn looks_at(&self, shop: &ShopId, kind: Kind) -> Result<bool, QueueError> {
        Ok(self.config.enabled && !rules::is_small(&self.config, kind.total(self.size(shop).await?)))
    }

    /// Counts falls of a kind, and says of each what becomes of it, in order. They come of causes that are guarded.
    ///
    /// # Errors
    /// Where the store is away: nothing may leave.
    pub async fn judge(&self, shop: &ShopId, kind: Kind, falls: &[Fall]) -> Result<Vec<Verdict>, QueueError> {
        if !self.config.enabled || falls.is_empty() {
            return Ok(vec![Verdict::Pass; falls.len()]);
        }
        let total = kind.total(self.size(shop).await?);
        let mut verdicts = Vec::with_capacity(falls.len());
        for page in falls.chunks(PAGE_MAX) {
            verdicts.extend(self.judge_page(shop, kind, page, total).await?);
        }
        let held = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Hold(_))).count();
        if held > 0 {
            let labels = [("shop", shop.to_string()), ("kind", kind.to_string()), ("what", "held".to_owned())];
            Metric::GuardChanges.add(held as u64, &labels);
        }
        Ok(verdicts)
    }

    async fn judge_page(
        &self,
        shop: &ShopId,
        kind: Kind,
        falls: &[Fall],
        total: u64,
    ) -> Result<Vec<Verdict>, QueueError> {
        if rules::is_small(&self.config, total) && !falls.iter().any(|fall| fall.was_held) {
            return Ok(vec![Verdict::Pass; falls.len()]);
        }
        let keys: Vec<String> = falls.iter().map(|fall| fall.key.clone()).collect();
        let spans = Spans { window: self.config.window(), look: self.config.look() };
        let noted = self.tally.note(shop, kind, &keys, spans).await.map_err(away)?;
        if noted.let_until.is_some() {
            return Ok(vec![Verdict::Pass; falls.len()]);
        }
        let limit = rules::limit(&self.config, total);
        let one = |(fall, first)| rules::verdict(&self.config, fall, first, &noted, limit);
        Ok(falls.iter().zip(noted.first.iter().copied()).map(one).collect())
    }

    /// Listed SKUs and listings of a shop, as they were some seconds ago at the latest.
    async fn size(&self, shop: &ShopId) -> Result<Size, QueueError> {
        let known = self.sizes.lock().unwrap_or_else(PoisonError::into_inner).get(shop).copied();
        if let Some((at, size)) = known
            && at.elapsed() < SIZE_AGE_MAX
        {
            return Ok(size);
        }
        let size = self.queue.directory_size(shop).await?;
        // A shop that is being read in grows from nothing; as long as it is small it is quickly counted.
        if !rules::is_small(&self.config, size.0.min(size.1)) {
            self.sizes.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), (Instant::now(), size));
        }
        Ok(size)
    }
}

fn away(error: StoreError) -> QueueError {
    QueueError::Away(error.to_string())
}
