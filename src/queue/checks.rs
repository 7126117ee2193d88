//! Limits that both backends hold their callers to, and the store's refusals in the queue's words.

use super::{Change, Delivery, PAGE_MAX, QueueError, Which};
use crate::store::StoreError;

/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 200;
/// The longest id of a delivery, in bytes.
const DELIVERY_ID_BYTES_MAX: usize = 200;

pub(super) const BAD_CURSOR: QueueError = QueueError::BadCursor;

pub(super) fn in_words_of_the_queue(error: StoreError) -> QueueError {
    match error {
        StoreError::Away(why) => QueueError::Away(why),
        StoreError::Unusable(why) => QueueError::Unreadable(why),
    }
}

pub(super) fn at_most_a_page(found: usize) -> Result<(), QueueError> {
    if found > PAGE_MAX { Err(QueueError::TooMuch("at most 1000 go in one call")) } else { Ok(()) }
}

pub(super) fn at_most_a_page_of(which: &Which) -> Result<(), QueueError> {
    match which {
        Which::Keys(keys) => at_most_a_page(keys.len()),
        Which::All => Ok(()),
    }
}

pub(super) fn over_limit(delivery: &Delivery) -> Option<QueueError> {
    let key_fits = |change: &Change| (1..=KEY_BYTES_MAX).contains(&change.key.len());
    if delivery.id.len() > DELIVERY_ID_BYTES_MAX {
        return Some(QueueError::TooMuch("a delivery's id has at most 200 bytes"));
    }
    if !delivery.changes.iter().all(key_fits) {
        return Some(QueueError::TooMuch("a key has 1 to 200 bytes"));
    }
    None
}
