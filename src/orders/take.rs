//! Orders as they were read → the book, the queue, and what is known of their SKUs.
//!
//! The record is written first, with `queued: false`; then the queue has the order; then what was confirmed for its SKUs is forgotten; then the
//! record says `queued`. A crash anywhere in between leaves a record that is not queued, and the order is taken again when it is read again,
//! which it is, since the cursor moves last.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{BookError, Kept, Orders};
use crate::aliexpress::{Access, CallError, Class, Token};
use crate::clock::Timestamp;
use crate::domain::{Buyer, Cause, Lane, Order, ShopId, Sku, Stage};
use crate::queue::{self, Answer, Change, Delivery, QueueError, Receipt, Which};

/// Deadlines closer to each other than this are one: AliExpress counts them down from each answer's own time.
const SAME_DEADLINE: Duration = Duration::from_secs(600);
/// How long the id of an offer is remembered; each has its own.
const REMEMBER: Duration = Duration::from_secs(60);
/// How often a record is written anew when others write it meanwhile.
const TRIES_MAX: usize = 8;

/// What became of a page of orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Took {
    /// Orders that were read.
    pub read: u64,
    /// Of these, new or changed ones, which the shop gets.
    pub changed: u64,
}

/// Why orders were not taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The queue is away.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] BookError),
    /// AliExpress does not answer.
    #[error(transparent)]
    Marketplace(#[from] CallError),
    /// Orders went on moving between pages.
    #[error("orders move between pages faster than they can be read")]
    Moving,
}

impl Orders {
    /// Takes orders that were read no earlier than `read_at` (the store's time); each that is new or differs from what is kept is queued for
    /// the shop. `again`: those that do not differ are queued, too, as long as their buyers' data are kept.
    ///
    /// # Errors
    /// Where the store or AliExpress is away: some may have been taken. Harmless twice.
    pub async fn take(
        &self,
        shop: &ShopId,
        access: &Access,
        orders: Vec<Order>,
        read_at: Timestamp,
        again: bool,
    ) -> Result<Took, TakeError> {
        let ids: Vec<_> = orders.iter().map(|order| order.aliexpress_order_id.clone()).collect();
        let mut took = Took { read: orders.len() as u64, changed: 0 };
        let (mut changes, mut skus, mut written) = (Vec::new(), Vec::new(), Vec::new());
        let known = self.book.get(shop, &ids).await?;
        for (order, known) in orders.into_iter().zip(known) {
            let before = known.as_ref().and_then(|kept| self.open(shop, kept));
            let Some(order) = self.differs(shop, access, order, known.as_ref(), before, again).await? else { continue };
            let kept = self.write(shop, &order, read_at).await?;
            changes.push(change(&kept));
            skus.extend(order.skus());
            written.push(kept);
        }
        took.changed = written.len() as u64;
        if !changes.is_empty() {
            self.queue_all(shop, changes).await?;
            self.forget(shop, skus).await?;
            for kept in &written {
                self.amend(shop, &kept.order, |now| {
                    let newest = now.version == kept.version && !now.queued;
                    now.queued |= newest;
                    newest
                })
                .await?;
            }
        }
        Ok(took)
    }

    /// The order with its buyer, where the shop is to get it; none where the shop has it already.
    async fn differs(
        &self,
        shop: &ShopId,
        access: &Access,
        mut order: Order,
        known: Option<&Kept>,
        before: Option<Order>,
        again: bool,
    ) -> Result<Option<Order>, TakeError> {
        steady(&mut order, known);
        let same = known.is_some_and(|kept| kept.queued && kept.digest == digest(&order));
        let wants_address = matches!(order.status.stage(), Stage::ToSend | Stage::Stopped);
        let complete = known.is_some_and(|kept| kept.addressed || kept.sealed.is_empty() || !wants_address);
        if same && complete && !(again && before.is_some()) {
            return Ok(None);
        }
        let had = before.map(|order| order.buyer).filter(Buyer::has_address);
        let buyer = match (same, had) {
            (true, Some(had)) => had,
            (_, had) => self.receiver(shop, access, &order, had).await?,
        };
        if same && !again && !buyer.has_address() {
            return Ok(None);
        }
        order.buyer =
            Buyer { name: if buyer.name.is_empty() { order.buyer.name } else { buyer.name.clone() }, ..buyer };
        Ok(Some(order))
    }

    /// Who receives the order. AliExpress masks addresses of orders under risk control and of cancelled ones: what was known stands then.
    async fn receiver(
        &self,
        shop: &ShopId,
        access: &Access,
        order: &Order,
        had: Option<Buyer>,
    ) -> Result<Buyer, TakeError> {
        let client = &access.application.client;
        let id = &order.aliexpress_order_id;
        let method = &client.methods().order_receipt;
        let read = access.call(method, false, async |token: Token| client.receipt_info(&token, id).await).await;
        match read {
            Ok(buyer) if buyer.has_address() => Ok(buyer),
            Ok(buyer) => Ok(had.unwrap_or(buyer)),
            Err(error) if error.class() == Class::Rejected && !error.blames_application() => {
                tracing::info!(shop.id = %shop, order.id = %id, code = error.code(), "AliExpress gives no receiver for an order");
                Ok(had.unwrap_or_default())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn write(&self, shop: &ShopId, order: &Order, read_at: Timestamp) -> Result<Kept, TakeError> {
        let id = &order.aliexpress_order_id;
        let due = order.ship_before.as_deref().and_then(micros);
        for _ in 0..TRIES_MAX {
            let held = self.kept(shop, id).await?.unwrap_or_else(|| Kept::blank(id.clone(), order.status));
            let digest = digest(order);
            // An order that is only offered again is kept no longer for it.
            let changed_at = if held.digest == digest { held.changed_at } else { read_at.0 };
            let kept = Kept {
                version: read_at.0.max(held.version + 1),
                digest,
                status: order.status,
                sealed: self.seal(shop, order),
                queued: false,
                addressed: order.buyer.has_address(),
                pieces: order.pieces(),
                ship_before: due,
                warned: held.warned && held.ship_before == due,
                changed_at,
                ..held
            };
            if self.book.put(shop, &kept).await? {
                return Ok(kept);
            }
        }
        Err(BookError::Away("others write the same order all the time".into()).into())
    }

    /// The queue has these; a version that it holds already is passed, so that a clock that went back silences no order.
    async fn queue_all(&self, shop: &ShopId, mut changes: Vec<Change>) -> Result<(), TakeError> {
        for _ in 0..TRIES_MAX {
            let id = format!("orders:{}", ulid::Ulid::generate());
            let digest = Sha256::digest(&id).into();
            let (owners, remember) = (Vec::new(), REMEMBER);
            let delivery = Delivery { id, digest, changes: changes.clone(), owners, remember };
            let offered = self.queue.offer(vec![(shop.clone(), vec![delivery])]).await.pop();
            let offered = offered.unwrap_or_else(|| Err(QueueError::Away("it gave no answer".into())))?;
            let Some(Receipt::Taken(answers)) = offered.receipts.into_iter().next() else { continue };
            let stale = |(change, answer): (Change, Answer)| match answer {
                Answer::Stale(held) => Some(Change { version: held + 1, ..change }),
                _ => None,
            };
            changes = changes.into_iter().zip(answers).filter_map(stale).collect();
            if changes.is_empty() {
                return Ok(());
            }
        }
        Err(QueueError::Away("others queue the same orders all the time".into()).into())
    }

    async fn forget(&self, shop: &ShopId, mut skus: Vec<Sku>) -> Result<(), QueueError> {
        skus.sort_unstable();
        skus.dedup();
        for page in skus.chunks(queue::PAGE_MAX) {
            let keys = page.iter().map(ToString::to_string).collect();
            self.queue.forget(shop, Lane::Stock, &Which::Keys(keys), true).await?;
        }
        Ok(())
    }
}

/// The deadline as it was said first, unless it has moved.
fn steady(order: &mut Order, known: Option<&Kept>) {
    if let Some(now) = order.ship_before.as_deref().and_then(micros)
        && let Some(then) = known.and_then(|kept| kept.ship_before)
        && Duration::from_micros(now.abs_diff(then)) < SAME_DEADLINE
    {
        let then = i64::try_from(then).ok().and_then(|then| jiff::Timestamp::from_microsecond(then).ok());
        order.ship_before = then.map(|then| then.to_string());
    }
}

/// What tells an order's states from each other; the buyer is left out.
fn digest(order: &Order) -> String {
    let bare = Order { buyer: Buyer::default(), ..order.clone() };
    hex::encode(Sha256::digest(serde_json::to_vec(&bare).expect("an order is plain data")))
}

fn micros(text: &str) -> Option<u64> {
    u64::try_from(text.parse::<jiff::Timestamp>().ok()?.as_microsecond()).ok()
}

/// The lane carries no more than which order it is.
fn change(kept: &Kept) -> Change {
    Change {
        lane: Lane::Order,
        key: kept.order.to_string(),
        version: kept.version,
        payload: serde_json::json!({"status": kept.status}).to_string(),
        cause: Cause::Order,
        force: false,
        urgent: false,
        window: Duration::ZERO,
        rendered: None,
        park: None,
        guard: None,
        base: None,
    }
}
