//! Notices to the shop's people: few words, grouped by cause.
//!
//! A notice is a state of the queue's lane `notice`, keyed by its code: what the shop has not been told of yet coalesces into one notice
//! that counts. [`tell`] adds up, [`report`] replaces, [`once`] tells what may be told one time only. Who delivers notices makes none of a
//! failure to deliver one. [`dead_letters`] tells of what was given up.

pub mod dead_letters;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{Cause, Lane, ShopId, Version};
use crate::queue::{Answer, Change, Delivery, Queue, QueueError, Receipt};

/// The longest detail, in characters.
const DETAIL_CHARS_MAX: usize = 500;
/// How often a notice is laid over anew when somebody else told of the same cause meanwhile.
const TRIES_MAX: usize = 8;
/// How long a notice that is told once is remembered; it outlives every repetition after a crash.
const ONCE: Duration = Duration::from_secs(7 * 86_400);

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Something stands still until somebody acts.
    Error,
}

/// Words for the shop's people, in the form that the shop gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The cause: a stable code, at most 200 bytes. One notice of a cause waits at a time.
    pub code: String,
    /// How grave it is.
    pub severity: Severity,
    /// What happened and what to do; no secret and nothing of a buyer. What is longer than 500 characters is cut.
    pub detail: String,
    /// How many times.
    pub count: u64,
    /// Tells causes of one code apart, for as long as a notice waits.
    #[serde(skip)]
    group: Option<String>,
}

impl Notice {
    /// A notice of one occurrence.
    pub fn new(code: impl Into<String>, severity: Severity, detail: impl Into<String>) -> Self {
        Self { code: code.into(), severity, detail: detail.into(), count: 1, group: None }
    }

    /// A notice of so many.
    #[must_use]
    pub fn counting(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// A notice of one of several causes of its code: each waits by itself. At most 150 bytes.
    #[must_use]
    pub fn of_group(mut self, group: &str) -> Self {
        self.group = Some(group.to_owned());
        self
    }

    /// The key in the lane.
    fn key(&self) -> String {
        self.group.as_ref().map_or_else(|| self.code.clone(), |group| format!("{}/{group}", self.code))
    }

    /// This notice laid over one of the same cause that the shop has not been told of yet.
    fn over(self, untold: &Notice) -> Self {
        let count = self.count.saturating_add(untold.count);
        Self { severity: self.severity.max(untold.severity), count, ..self }
    }
}

/// Tells of something that happened; occurrences that the shop has not been told of yet add up. Durable when it returns.
///
/// # Errors
/// Where the store is away: the notice may have been kept or not.
pub async fn tell(queue: &dyn Queue, shop: &ShopId, notice: Notice) -> Result<(), QueueError> {
    offer(queue, shop, notice, &ulid::Ulid::generate().to_string(), true).await
}

/// Tells how things stand: the count replaces one that the shop has not been told of yet.
///
/// # Errors
/// As [`tell`].
pub async fn report(queue: &dyn Queue, shop: &ShopId, notice: Notice) -> Result<(), QueueError> {
    offer(queue, shop, notice, &ulid::Ulid::generate().to_string(), false).await
}

/// Tells of something one time only: a second call with this id (at most 150 bytes) does nothing for a week.
///
/// # Errors
/// As [`tell`]; calling again is harmless.
pub async fn once(queue: &dyn Queue, shop: &ShopId, id: &str, notice: Notice) -> Result<(), QueueError> {
    offer(queue, shop, notice, id, true).await
}

/// Offers a notice above whatever is held of its cause, though the store's clock went back meanwhile.
async fn offer(
    queue: &dyn Queue,
    shop: &ShopId,
    mut notice: Notice,
    id: &str,
    adds_up: bool,
) -> Result<(), QueueError> {
    notice.detail = notice.detail.chars().take(DETAIL_CHARS_MAX).collect();
    let key = [notice.key()];
    let mut id = format!("notice:{id}");
    for _ in 0..TRIES_MAX {
        let held = queue.trace(shop, &key[0]).await?.into_iter().find(|trace| trace.entry.lane == Lane::Notice);
        let held = held.map_or(0, |trace| trace.entry.version);
        let untold = queue.pending(shop, Lane::Notice, &key).await?.pop().flatten();
        let base = untold.as_ref().map_or(0, |untold| untold.version);
        // A notice that this version cannot read is replaced.
        let untold = untold.and_then(|untold| serde_json::from_str::<Notice>(&untold.payload).ok());
        let told = match untold.filter(|_| adds_up) {
            Some(untold) => notice.clone().over(&untold),
            None => notice.clone(),
        };
        let version = queue.now().await?.0.max(held.max(base) + 1);
        let delivery = Delivery {
            digest: Sha256::digest(id.as_bytes()).into(),
            id: id.clone(),
            changes: vec![change(&told, version, base)],
            owners: Vec::new(),
            remember: ONCE,
        };
        let offered = queue.offer(vec![(shop.clone(), vec![delivery])]).await.pop();
        let offered = offered.unwrap_or_else(|| Err(QueueError::Away("it gave no answer".into())))?;
        match offered.receipts.first() {
            Some(Receipt::Conflict) => {}
            // Somebody else told of it, and the shop was told, between the two looks: the id is spent, the notice is not.
            Some(Receipt::Taken(answers)) if matches!(answers.first(), Some(Answer::Stale(_))) => id.push('+'),
            _ => return Ok(()),
        }
    }
    Err(QueueError::Away("others told of the same cause all the time".into()))
}

fn change(notice: &Notice, version: Version, base: Version) -> Change {
    Change {
        lane: Lane::Notice,
        key: notice.key(),
        version,
        payload: serde_json::to_string(notice).expect("a notice is plain data"),
        cause: Cause::Edit,
        force: false,
        urgent: false,
        window: Duration::ZERO,
        rendered: None,
        park: None,
        guard: None,
        base: Some(base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_stored_as_the_shop_gets_it_and_adds_up_with_one_not_told_yet() {
        let first = Notice::new("token_refused", Severity::Error, "give a new one").counting(2);
        assert_eq!(
            serde_json::to_string(&first).unwrap(),
            r#"{"code":"token_refused","severity":"error","detail":"give a new one","count":2}"#
        );
        let second = Notice::new("token_refused", Severity::Info, "again").over(&first);
        assert_eq!((second.count, second.severity, second.detail.as_str()), (3, Severity::Error, "again"));
    }
}
