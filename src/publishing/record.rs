//! What is known of a product's listing, as it is kept and shown.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::domain::{ListingId, ShopId};
use crate::store::{Documents, StoreError};

/// Folders of records, so that each holds no more names than a store gives at once.
const FOLDERS: u16 = 256;

/// How a product stands on AliExpress.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListingState {
    /// It is not there.
    #[default]
    None,
    /// Something keeps it from AliExpress: see the reasons.
    CheckFailed,
    /// It is audited.
    Auditing,
    /// The audit refused it: see the reasons.
    Refused,
    /// Buyers see it.
    OnSelling,
    /// It was taken off.
    Offline,
}

/// A product's listing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The shop's product.
    pub product_id: String,
    /// Its name in the shop.
    #[serde(default)]
    pub name: String,
    /// The listing.
    #[serde(default)]
    pub listing: Option<ListingId>,
    /// How it stands.
    #[serde(default)]
    pub state: ListingState,
    /// Why, in codes and words.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Digest of the content that AliExpress has.
    #[serde(default)]
    pub hash: String,
    /// The version that was sent though nothing of it had changed, because it was asked for; until that is done.
    #[serde(default)]
    pub forced: Option<u64>,
    /// A post was made and its answer is not known: when, milliseconds since the epoch.
    #[serde(default)]
    pub posting_ms: Option<u64>,
    /// The post was repeated after a lost answer, so that there may be two.
    #[serde(default)]
    pub watch: bool,
    /// Other listings of the same SKUs.
    #[serde(default)]
    pub duplicates: Vec<ListingId>,
    /// How often the audit was looked at since it started.
    #[serde(default)]
    pub looks: u32,
    /// When it last changed, milliseconds since the epoch.
    #[serde(default)]
    pub changed_ms: u64,
}

/// Why a product stands as it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// A stable code.
    pub code: String,
    /// The field, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// In Russian; AliExpress's own words are as they came.
    pub ru: String,
    /// In English; AliExpress's own words are as they came.
    pub en: String,
}

impl Reason {
    /// AliExpress's own words.
    pub fn of_aliexpress(code: &str, words: &str) -> Self {
        Self { code: code.to_owned(), field: String::new(), ru: words.to_owned(), en: words.to_owned() }
    }
}

fn folder(product: &str) -> u16 {
    u16::from(Sha256::digest(product.as_bytes())[0])
}

fn name(product: &str) -> String {
    format!("listing/{:02x}/{product}", folder(product))
}

/// The record of a product; an empty one where there is none.
pub(super) async fn load(documents: &dyn Documents, shop: &ShopId, product: &str) -> Result<Record, StoreError> {
    let text = documents.get(shop, &name(product)).await?;
    let known = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(known.unwrap_or_else(|| Record { product_id: product.to_owned(), ..Record::default() }))
}

/// Keeps a record.
pub(super) async fn keep(documents: &dyn Documents, shop: &ShopId, record: &mut Record) -> Result<(), StoreError> {
    record.changed_ms = documents.now().await?.as_millis();
    let text = serde_json::to_string(record).expect("a record is plain data");
    documents.put(shop, &name(&record.product_id), &text).await
}

/// A page of records.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// What is on it.
    pub items: Vec<Record>,
    /// Where the next one starts; none at the end.
    pub next: Option<String>,
}

/// Records of a state, with a reason of that code, in no order that means anything. `None`: the cursor is none of this list.
pub(super) async fn page(
    documents: &dyn Documents,
    shop: &ShopId,
    state: Option<ListingState>,
    reason: Option<&str>,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Option<Records>, StoreError> {
    let (mut at, mut after) = (0, String::new());
    if let Some(cursor) = cursor {
        let Some((folder, product)) = cursor.split_once('/') else { return Ok(None) };
        let Ok(folder) = u16::from_str_radix(folder, 16) else { return Ok(None) };
        (at, after) = (folder, product.to_owned());
    }
    let mut page = Records::default();
    while at < FOLDERS {
        let prefix = format!("listing/{at:02x}/");
        for name in documents.names(shop, &prefix).await? {
            let product = name.trim_start_matches(&prefix);
            if product <= after.as_str() {
                continue;
            }
            if page.items.len() >= limit {
                page.next = Some(format!("{at:02x}/{after}"));
                return Ok(Some(page));
            }
            after = product.to_owned();
            let record = load(documents, shop, product).await?;
            let meant = state.is_none_or(|state| state == record.state)
                && reason.is_none_or(|code| record.reasons.iter().any(|reason| reason.code == code));
            if meant && record.state != ListingState::None {
                page.items.push(record);
            }
        }
        (at, after) = (at + 1, String::new());
    }
    Ok(Some(page))
}
