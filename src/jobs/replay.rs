//! Replay: kept states are made due again although they were confirmed.

use std::collections::{HashMap, HashSet};

use super::{JobError, Tools};
use crate::batching::BatchLimits;
use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::{Queue, QueueError, RESERVE_MAX, ReplayFilter};

/// One page; `true` at the end.
pub(super) async fn step(
    tools: &Tools,
    shop: &ShopId,
    filter: &ReplayFilter,
    cursor: &mut Option<String>,
    done: &mut u64,
) -> Result<bool, JobError> {
    let step = tools.queue.replay(shop, filter, cursor.as_deref(), RESERVE_MAX, false).await?;
    *done += step.matched.len() as u64;
    *cursor = step.next;
    Ok(cursor.is_none())
}

/// How many entries a replay would make due, and about how many requests that would cost.
///
/// # Errors
/// As [`Queue::replay`].
pub async fn preview(
    queue: &dyn Queue,
    shop: &ShopId,
    filter: &ReplayFilter,
    limits: BatchLimits,
) -> Result<(u64, u64), QueueError> {
    let (mut matched, mut cursor) = (0u64, None);
    let mut listings: HashMap<Lane, HashMap<ListingId, usize>> = HashMap::new();
    let mut others: HashSet<(Lane, String)> = HashSet::new();
    loop {
        let step = queue.replay(shop, filter, cursor.as_deref(), RESERVE_MAX, true).await?;
        matched += step.matched.len() as u64;
        for (lane, key, of_entry) in step.matched {
            if of_entry.is_empty() && !lane.needs_listing() {
                others.insert((lane, key));
            }
            for listing in of_entry {
                *listings.entry(lane).or_default().entry(listing).or_default() += 1;
            }
        }
        cursor = step.next;
        if cursor.is_none() {
            break;
        }
    }
    let chunks = |skus: &usize| skus.div_ceil(limits.skus_per_product.max(1));
    let requests = |listings: &HashMap<ListingId, usize>| {
        listings.values().map(chunks).sum::<usize>().div_ceil(limits.products.max(1))
    };
    let requests = listings.values().map(requests).sum::<usize>() + others.len();
    Ok((matched, requests as u64))
}
