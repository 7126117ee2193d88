//! Past orders, by the day on which they were placed: a page a step, so that an import can be stopped, shown and taken up again.

use serde::{Deserialize, Serialize};

use super::poll::read_page;
use super::{Orders, TakeError};
use crate::aliexpress::{Access, OrderFilter};
use crate::clock::Timestamp;
use crate::domain::ShopId;

/// The time that one list covers.
const DAY_US: u64 = 86_400_000_000;

/// Where an import stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCursor {
    /// Where the present list begins, microseconds since the epoch.
    pub from: u64,
    /// Where the import ends.
    pub until: u64,
    /// The page of the present list to be read next; 0: the list is to be looked at first. Pages are read from the last to the first.
    pub page: u32,
    /// Orders in the lists before.
    pub before: u64,
}

/// Why a step was not done.
pub type ImportError = TakeError;

/// One page; `true` at the end. `done` counts orders, `total` those found so far.
///
/// # Errors
/// Where the store or AliExpress is away: the step is done again, which is harmless.
pub async fn import(
    orders: &Orders,
    shop: &ShopId,
    access: &Access,
    cursor: &mut ImportCursor,
    done: &mut u64,
    total: &mut Option<u64>,
) -> Result<bool, ImportError> {
    if cursor.from >= cursor.until {
        return Ok(true);
    }
    let to = cursor.from.saturating_add(DAY_US).min(cursor.until);
    let filter = OrderFilter::Created { from: Timestamp(cursor.from), to: Timestamp(to) };
    let read_at = orders.queue.now().await?;
    let page = read_page(access, filter, cursor.page.max(1)).await?;
    if cursor.page == 0 && page.total_pages > 1 {
        cursor.page = u32::try_from(page.total_pages).unwrap_or(u32::MAX);
        *total = Some(cursor.before + page.total);
        return Ok(false);
    }
    *total = Some(cursor.before + page.total);
    *done += page.orders.len() as u64;
    let count = page.total;
    orders.take(shop, access, page.orders, read_at, false).await?;
    cursor.page = cursor.page.saturating_sub(1);
    if cursor.page == 0 {
        (cursor.from, cursor.before) = (to, cursor.before + count);
    }
    Ok(cursor.from >= cursor.until)
}
