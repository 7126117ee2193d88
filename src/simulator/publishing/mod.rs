//! Publishing as AliExpress plays it: a tree of categories, what they ask for, a photo bank, products that are posted, audited,
//! edited, taken off and put back. What it asks of a product is written down here anew, in the words of the documents.

mod answers;
mod convert;
mod photos;
mod tree;
mod validate;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::{CatalogueProduct, CatalogueSku};

pub(super) use answers::{answer, known};
pub use photos::Photos;

/// Words of a title for which the audit refuses a product, and what it says.
const REFUSED_WORDS: [(&str, &str); 3] = [
    ("replica", "the goods imitate a brand; remove the brand name"),
    ("prohibited", "the goods are prohibited"),
    ("watermark", "the main picture has a watermark"),
];

/// Where a product stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Buyers see it.
    OnSelling,
    /// Taken off.
    Offline,
    /// Under audit.
    Auditing,
    /// Refused by the audit.
    EditingRequired,
}

impl Status {
    /// AliExpress's name of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::OnSelling => "onSelling",
            Status::Offline => "offline",
            Status::Auditing => "auditing",
            Status::EditingRequired => "editingRequired",
        }
    }
}

/// A product that was posted.
#[derive(Debug, Clone, Serialize)]
pub struct Posted {
    /// Its id.
    pub id: u64,
    /// Where it stands.
    pub status: Status,
    /// Why the audit refused it.
    pub reason: Option<String>,
    /// Everything that was posted and edited, in the form of `product.post`.
    pub content: Value,
    /// How often it was edited.
    pub edits: u64,
    /// When the audit ends, microseconds since the epoch.
    audited_until: u64,
}

impl Posted {
    /// Its title in the main language.
    pub fn title(&self) -> &str {
        self.content["multi_language_subject_list"][0]["subject"].as_str().unwrap_or_default()
    }

    fn start_audit(&mut self, until: u64) {
        (self.status, self.reason, self.audited_until) = (Status::Auditing, None, until);
    }

    fn look(&mut self, now: u64) {
        if self.status != Status::Auditing || now < self.audited_until {
            return;
        }
        let titles = self.content["multi_language_subject_list"].to_string().to_lowercase();
        match REFUSED_WORDS.iter().find(|(word, _)| titles.contains(word)) {
            Some((_, reason)) => {
                (self.status, self.reason) = (Status::EditingRequired, Some((*reason).to_owned()));
            }
            None => self.status = Status::OnSelling,
        }
    }
}

/// What AliExpress does during an audit that the documents leave open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditRules {
    /// Stock and prices of a product under audit are refused.
    pub locks_figures: bool,
    /// An edit has its effect on stock and prices only when its audit ends.
    pub applies_late: bool,
}

/// Everything that was published.
#[derive(Debug, Default)]
pub struct Publishing {
    rules: Mutex<AuditRules>,
    /// Edits that have had no effect on stock and prices yet.
    late: Mutex<BTreeMap<u64, Value>>,
    photos: Photos,
    posted: Mutex<BTreeMap<u64, Posted>>,
    audit: Mutex<Duration>,
    posts: Mutex<u64>,
}

impl Publishing {
    /// The photo bank.
    pub fn photos(&self) -> &Photos {
        &self.photos
    }

    /// How long an audit takes from now on.
    pub fn set_audit(&self, span: Duration) {
        *self.audit.lock().unwrap_or_else(PoisonError::into_inner) = span;
    }

    /// What audits do from now on.
    pub fn set_rules(&self, rules: AuditRules) {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = rules;
    }

    fn rules(&self) -> AuditRules {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether stock and prices of a product are refused now.
    pub(super) fn locks(&self, id: u64) -> bool {
        self.rules().locks_figures && self.status_of(id) == Status::Auditing
    }

    /// Keeps an edit's stock and prices until its audit ends.
    fn hold(&self, id: u64, content: &Value) {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).insert(id, content.clone());
    }

    /// What an edit held until the end of its audit, once it has come.
    fn take_late(&self, id: u64) -> Option<Value> {
        if self.status_of(id) == Status::Auditing {
            return None;
        }
        self.late.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }

    /// Every audit that is under way ends now.
    pub fn end_audits(&self) {
        for posted in self.lock().values_mut() {
            posted.audited_until = 0;
        }
    }

    /// Products that were posted, as they stand.
    pub fn posted(&self) -> Vec<Posted> {
        let now = super::now_us();
        let mut all = self.lock();
        all.values_mut().for_each(|posted| posted.look(now));
        all.values().cloned().collect()
    }

    /// A product that somebody else has posted and that is sold; the catalogue is to be given its SKUs.
    pub fn stand(&self, language: &str, skus: Vec<CatalogueSku>) -> CatalogueProduct {
        let id = self.next_id();
        let content = serde_json::json!({ "language": language });
        let posted = Posted { id, status: Status::OnSelling, reason: None, content, edits: 0, audited_until: 0 };
        self.lock().insert(id, posted);
        CatalogueProduct { id, skus }
    }

    /// Where a product stands; those of the catalogue that were not posted are sold.
    pub(super) fn status_of(&self, id: u64) -> Status {
        let now = super::now_us();
        let mut all = self.lock();
        all.get_mut(&id).map_or(Status::OnSelling, |posted| {
            posted.look(now);
            posted.status
        })
    }

    fn audited_until(&self) -> u64 {
        let span = *self.audit.lock().unwrap_or_else(PoisonError::into_inner);
        super::now_us() + u64::try_from(span.as_micros()).unwrap_or(u64::MAX / 2)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Posted>> {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_id(&self) -> u64 {
        let mut posts = self.posts.lock().unwrap_or_else(PoisonError::into_inner);
        *posts += 1;
        1_005_900_000_000_000 + *posts
    }
}
