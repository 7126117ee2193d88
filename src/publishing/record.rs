//! What is known of a product's listing, as it is kept and shown.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::catalog::mapping::Market;
use crate::domain::{ListingId, ShopId};
use crate::store::{Documents, StoreError};

/// Where records are.
const PREFIX: &str = "listing/";
/// Records that are read together.
const LOOKED_AT_ONCE: usize = 500;
/// Records that are looked at for one page.
const LOOKED_MAX: usize = 5_000;

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
    /// The mapping that it is for.
    #[serde(default)]
    pub market: Market,
    /// The version of the mapping that it was last worked by.
    #[serde(default)]
    pub mapping: u64,
    /// Of the main mapping's record: the version of the product that other markets were given, and how many there were.
    #[serde(default)]
    pub carried: Option<(u64, usize)>,
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
    /// Of another market than the main one: listings of the same SKUs that stood there before the post and are not its own.
    #[serde(default)]
    pub strangers: Vec<ListingId>,
    /// Digest of stock and prices that the last post or edit took along, until its audit ends.
    #[serde(default)]
    pub figures: String,
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

/// Records are spread, so that a page shows no more of one part of the assortment than of others.
fn name(key: &str) -> String {
    format!("{PREFIX}{:02x}/{key}", Sha256::digest(key.as_bytes())[0])
}

/// The record of a product in a market, by their key ([`Market::key`]); an empty one where there is none.
pub(super) async fn load(documents: &dyn Documents, shop: &ShopId, key: &str) -> Result<Record, StoreError> {
    let text = documents.get(shop, &name(key)).await?;
    let known = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(known.unwrap_or_else(|| Record { product_id: key.to_owned(), ..Record::default() }))
}

/// Whether there is a record.
pub(super) async fn exists(documents: &dyn Documents, shop: &ShopId, key: &str) -> Result<bool, StoreError> {
    Ok(documents.get(shop, &name(key)).await?.is_some())
}

/// Keeps a record.
pub(super) async fn keep(documents: &dyn Documents, shop: &ShopId, record: &mut Record) -> Result<(), StoreError> {
    record.changed_ms = documents.now().await?.as_millis();
    let text = serde_json::to_string(record).expect("a record is plain data");
    documents.put(shop, &name(&record.market.key(&record.product_id)), &text).await
}

/// A page of records.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// What is on it.
    pub items: Vec<Record>,
    /// Where the next one starts; none at the end.
    pub next: Option<String>,
}

/// Which records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'w> {
    /// In this state.
    pub state: Option<ListingState>,
    /// With a reason of this code.
    pub reason: Option<&'w str>,
    /// Of this market.
    pub market: Option<&'w Market>,
}

impl Wanted<'_> {
    fn is(&self, record: &Record) -> bool {
        record.state != ListingState::None
            && self.state.is_none_or(|state| state == record.state)
            && self.reason.is_none_or(|code| record.reasons.iter().any(|reason| reason.code == code))
            && self.market.is_none_or(|market| *market == record.market)
    }
}

/// Records that are wanted, in no order that means anything. A page that would take too long ends early and says where the next one starts.
/// `None`: the cursor is none of this list.
pub(super) async fn page(
    documents: &dyn Documents,
    shop: &ShopId,
    wanted: Wanted<'_>,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Option<Records>, StoreError> {
    let mut after = match cursor {
        None => String::new(),
        Some(cursor) if cursor.split_once('/').is_some_and(|(folder, _)| u8::from_str_radix(folder, 16).is_ok()) => {
            format!("{PREFIX}{cursor}")
        }
        Some(_) => return Ok(None),
    };
    let (mut page, mut looked) = (Records::default(), 0);
    loop {
        let found = documents.page(shop, PREFIX, &after, LOOKED_AT_ONCE).await?;
        let more = found.len() == LOOKED_AT_ONCE;
        for (name, text) in found {
            if page.items.len() >= limit {
                page.next = Some(after.trim_start_matches(PREFIX).to_owned());
                return Ok(Some(page));
            }
            after = name;
            looked += 1;
            let record = serde_json::from_str(&text).ok();
            page.items.extend(record.filter(|record| wanted.is(record)));
        }
        if !more {
            return Ok(Some(page));
        }
        if looked >= LOOKED_MAX {
            page.next = Some(after.trim_start_matches(PREFIX).to_owned());
            return Ok(Some(page));
        }
    }
}
