//! Tells shops once of what is held, and lets go what came to be held while a person confirmed the rest.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::rules::{ByKind, Kind};
use super::{Guard, Held, away};
use crate::alerts::{self, Notice, Severity};
use crate::domain::ShopId;
use crate::queue::{Decision, Place, QueueError};
use crate::store::Documents;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// The document that says that something is held, and whether the shop was told.
const DOCUMENT: &str = "guard/avalanche";

/// Something is held.
#[derive(Debug, Serialize, Deserialize)]
struct Avalanche {
    /// Tells it from those before and after.
    id: String,
    told: bool,
}

/// Looks at what is held of shops.
#[derive(Debug)]
pub struct Watch {
    guard: Arc<Guard>,
    documents: Arc<dyn Documents>,
    shops: Vec<ShopId>,
    /// How many were held at the last look: the shop is told when no more come.
    before: Mutex<HashMap<ShopId, u64>>,
}

impl Watch {
    /// The watch over these shops.
    pub fn new(guard: Arc<Guard>, documents: Arc<dyn Documents>, shops: Vec<ShopId>) -> Self {
        Self { guard, documents, shops, before: Mutex::default() }
    }

    /// Looks until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            self.run_once().await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Looks once at every shop.
    pub async fn run_once(&self) {
        for shop in &self.shops {
            if let Err(error) = self.look(shop).await {
                tracing::debug!(shop.id = %shop, %error, "what is held was not looked at; the next look comes in seconds");
            }
        }
    }

    async fn look(&self, shop: &ShopId) -> Result<(), QueueError> {
        let queue = self.guard.queue.as_ref();
        let mut any = false;
        for kind in Kind::ALL {
            any |= !queue.list(shop, kind.lane(), Place::Held, None, 1).await?.items.is_empty();
        }
        let text = self.documents.get(shop, DOCUMENT).await.map_err(away)?;
        if !any {
            self.before.lock().unwrap_or_else(PoisonError::into_inner).remove(shop);
            if text.is_some() {
                self.documents.remove(shop, DOCUMENT).await.map_err(away)?;
            }
            return Ok(());
        }
        let (stats, size) = (queue.stats(shop).await?, queue.directory_size(shop).await?);
        let mut kinds = self.guard.stands(shop, &stats, size).await?;
        for (kind, stands) in &mut kinds {
            if stands.held > 0 && stands.let_for.is_some() {
                stands.held -= self.guard.free(shop, *kind, Decision::Confirm).await?.min(stands.held);
            }
        }
        let held = kinds.values().map(|stands| stands.held).sum();
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), held);
        // What cannot be read was told by nobody that is known.
        let known = text.as_deref().and_then(|text| serde_json::from_str::<Avalanche>(text).ok());
        match known {
            None => self.put(shop, text.as_deref(), &ulid::Ulid::generate().to_string(), false).await,
            Some(avalanche) if !avalanche.told && held > 0 && before == Some(held) => {
                tracing::warn!(shop.id = %shop, held, "the avalanche guard holds changes until a person decides");
                let id = format!("{DOCUMENT}/{}", avalanche.id);
                alerts::once(queue, shop, &id, notice(shop, &kinds, held)).await?;
                self.put(shop, text.as_deref(), &avalanche.id, true).await
            }
            Some(_) => Ok(()),
        }
    }

    /// Whoever comes second reads what the first wrote at its next look.
    async fn put(&self, shop: &ShopId, before: Option<&str>, id: &str, told: bool) -> Result<(), QueueError> {
        let text = serde_json::to_string(&Avalanche { id: id.to_owned(), told }).expect("it is plain data");
        self.documents.put_if(shop, DOCUMENT, before, &text).await.map(drop).map_err(away)
    }
}

fn notice(shop: &ShopId, kinds: &ByKind<Held>, held: u64) -> Notice {
    let words = |kind: Kind| match kind {
        Kind::Withdrawal => "products off AliExpress",
        Kind::ZeroStock => "SKUs to zero stock",
        Kind::Price => "prices far down",
    };
    let parts = kinds.iter().filter(|(_, stands)| stands.held > 0);
    let parts: Vec<String> = parts.map(|(kind, stands)| format!("{} {}", stands.held, words(*kind))).collect();
    let detail = format!(
        "{} at once, as a bad exchange with 1C does: held, AliExpress keeps what it has. Look at the shop, then confirm or discard on the module's status page or by \
         `aligate guard confirm --shop {shop}` or `discard`",
        parts.join(", ")
    );
    Notice::new("guard_held", Severity::Error, detail).counting(held)
}
