//! Tells shops of their dead letters, by cause: one notice for each lane and fault, again only when there are more of it.
//!
//! A notice that the shop could not be told is a dead letter of its own lane, which is left out: a failed notice makes no notice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Notice, Severity, report};
use crate::domain::{Lane, ShopId};
use crate::queue::{PAGE_MAX, Place, Queue, QueueError};
use crate::store::{Documents, StoreError, lease};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The document that keeps what was told: lane and fault → how many.
const DOCUMENT: &str = "alerts/dead_letters";
/// The lease under which one replica looks at a shop.
const LEASE: &str = "alerts/lease";
/// How long a look may take.
const LEASE_SPAN: Duration = Duration::from_secs(120);
/// Pages of one lane that are counted; more of one cause changes nothing that a person would do.
const PAGES_MAX: usize = 10;
/// Causes of a shop that are told apart.
const CAUSES_MAX: usize = 50;

/// Looks at the dead letters of shops and tells of them.
#[derive(Debug)]
pub struct DeadLetters {
    queue: Arc<dyn Queue>,
    documents: Arc<dyn Documents>,
    shops: Vec<ShopId>,
    /// Names this process in leases.
    holder: String,
}

/// Why a look failed.
#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug)]
struct Cause {
    count: u64,
    /// The oldest of them, and why it was given up.
    example: String,
}

impl DeadLetters {
    /// The watch over these shops.
    pub fn new(queue: Arc<dyn Queue>, documents: Arc<dyn Documents>, shops: Vec<ShopId>) -> Self {
        Self { queue, documents, shops, holder: ulid::Ulid::generate().to_string() }
    }

    /// Looks until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            self.run_once().await;
        }
    }

    /// Looks once at every shop.
    pub async fn run_once(&self) {
        for shop in &self.shops {
            if let Err(error) = self.look(shop).await {
                tracing::debug!(shop.id = %shop, %error, "dead letters were not looked at; the next look comes in a minute");
            }
        }
    }

    async fn look(&self, shop: &ShopId) -> Result<(), LookError> {
        let stats = self.queue.stats(shop).await?;
        let lanes: Vec<Lane> = stats
            .iter()
            .filter(|(lane, stats)| **lane != Lane::Notice && stats.dead > 0)
            .map(|(lane, _)| *lane)
            .collect();
        let before = self.documents.get(shop, DOCUMENT).await?;
        if lanes.is_empty() && before.is_none() {
            return Ok(());
        }
        if !lease::take(self.documents.as_ref(), shop, LEASE, &self.holder, LEASE_SPAN).await? {
            return Ok(());
        }
        // What cannot be read was told by nobody that is known.
        let told: BTreeMap<String, u64> =
            before.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let causes = self.causes(shop, &lanes).await?;
        for (name, cause) in &causes {
            if cause.count > told.get(name).copied().unwrap_or_default() {
                let detail = format!("{name}: {} given up; {}", cause.count, cause.example);
                let notice = Notice::new("dead_letters", Severity::Error, detail).counting(cause.count);
                report(self.queue.as_ref(), shop, notice.of_group(name)).await?;
            }
        }
        let counts: BTreeMap<&String, u64> = causes.iter().map(|(name, cause)| (name, cause.count)).collect();
        if causes.is_empty() {
            self.documents.remove(shop, DOCUMENT).await?;
        } else {
            let text = serde_json::to_string(&counts).expect("counts are plain data");
            self.documents.put(shop, DOCUMENT, &text).await?;
        }
        Ok(lease::give_up(self.documents.as_ref(), shop, LEASE, &self.holder).await?)
    }

    /// The dead letters of these lanes by lane and fault.
    async fn causes(&self, shop: &ShopId, lanes: &[Lane]) -> Result<BTreeMap<String, Cause>, LookError> {
        let mut causes: BTreeMap<String, Cause> = BTreeMap::new();
        for lane in lanes {
            let mut cursor = None;
            for _ in 0..PAGES_MAX {
                let page = self.queue.list(shop, *lane, Place::Dead, cursor.as_deref(), PAGE_MAX).await?;
                for entry in page.items {
                    let (code, why) = entry.fault.map_or_else(Default::default, |fault| (fault.code, fault.detail));
                    let name = format!("{lane}/{}", code.chars().take(100).collect::<String>());
                    if causes.len() >= CAUSES_MAX && !causes.contains_key(&name) {
                        continue;
                    }
                    let example = || Cause { count: 0, example: format!("{}: {why}", entry.key) };
                    causes.entry(name).or_insert_with(example).count += 1;
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        Ok(causes)
    }
}
