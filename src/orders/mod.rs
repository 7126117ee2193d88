//! Orders in, shipments out.
//!
//! ```text
//! in    poll: cursor → a closed window of AliExpress's time, page by page → take: book → queue (lane order) → cursor moves
//!       deliver: the newest state of an order from the book → the shop's sink → the book knows that the shop has it
//! out   fulfilment: the shop's whole list of shipments → the difference to what was declared → one call a parcel
//! ```
//!
//! The lane `order` carries ids; what the shop gets is in the [`book`], encrypted, always the newest, and erased when its time has come.
//! Pieces of orders that the shop has not taken lessen what is sent of their SKUs (`Book::claims`), and an order that is new or changed
//! forgets what was confirmed for them, so that a restock does not resell what AliExpress has just sold.

pub mod book;
pub mod carriers;
mod deadlines;
pub mod deliver;
pub mod fulfilment;
mod import;
pub mod poll;
mod take;

use std::sync::Arc;

use secrecy::ExposeSecret;

use book::Declared;
pub use book::{Book, BookError, Claim, Kept, Taking};
pub use import::{ImportCursor, ImportError, import};
pub use take::{TakeError, Took};

use crate::domain::{Order, OrderId, OrderStatus, ShopId};
use crate::queue::Queue;
use crate::store::Documents;
use crate::store::cipher::Cipher;

/// What everything about orders works with.
#[derive(Debug)]
pub struct Orders {
    /// The queue.
    pub queue: Arc<dyn Queue>,
    /// What is kept of each order.
    pub book: Arc<dyn Book>,
    /// Cursors, carriers, services.
    pub documents: Arc<dyn Documents>,
    /// For buyers' data.
    pub cipher: Cipher,
}

impl Orders {
    /// The order of a record; none where it was erased or no key opens it.
    fn open(&self, shop: &ShopId, kept: &Kept) -> Option<Order> {
        let opened = self.cipher.open(&Kept::context(shop, &kept.order), &kept.sealed).ok()?;
        serde_json::from_str(opened.text.expose_secret()).ok()
    }

    fn seal(&self, shop: &ShopId, order: &Order) -> String {
        let text = serde_json::to_string(order).expect("an order is plain data");
        self.cipher.seal(&Kept::context(shop, &order.aliexpress_order_id), &text.into())
    }

    /// The record of an order.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn kept(&self, shop: &ShopId, order: &OrderId) -> Result<Option<Kept>, BookError> {
        Ok(self.book.get(shop, std::slice::from_ref(order)).await?.pop().flatten())
    }

    /// Changes a record from what it is now, as often as somebody else comes before; `change` says whether there is anything to write.
    ///
    /// # Errors
    /// Where the store is away; the record may have been changed.
    pub async fn amend(
        &self,
        shop: &ShopId,
        order: &OrderId,
        mut change: impl FnMut(&mut Kept) -> bool,
    ) -> Result<Option<Kept>, BookError> {
        loop {
            let Some(mut kept) = self.kept(shop, order).await? else { return Ok(None) };
            if !change(&mut kept) || self.book.put(shop, &kept).await? {
                return Ok(Some(kept));
            }
        }
    }

    /// Makes a record for an order that was never read in a list, as of one placed before the gateway was there.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn ensure(&self, shop: &ShopId, order: &OrderId, status: OrderStatus) -> Result<(), BookError> {
        if self.kept(shop, order).await?.is_none() {
            // Somebody else may have made it meanwhile, which serves as well.
            self.book.put(shop, &Kept::blank(order.clone(), status)).await?;
        }
        Ok(())
    }

    /// Keeps what was declared of an order's shipments; `whole`: nothing more is to be sent, so that its deadline is past.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn set_declared(
        &self,
        shop: &ShopId,
        order: &OrderId,
        declared: &[Declared],
        whole: bool,
    ) -> Result<(), BookError> {
        let amended = self.amend(shop, order, |kept| {
            let mut changed = kept.declared != declared;
            kept.declared = declared.to_vec();
            if whole {
                changed |= kept.ship_before.take().is_some();
            }
            changed
        });
        amended.await.map(drop)
    }
}
