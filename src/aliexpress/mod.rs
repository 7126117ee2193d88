//! AliExpress as the gateway speaks to it: one folder a dialect, the same words for all of them.
//!
//! [`error`] says what a failure means; [`application`] holds the layers of an outbound call, [`access`] the token that it carries.

pub mod access;
pub mod application;
pub mod error;
pub mod solution;

pub use access::{Access, Standing, Token};
pub use application::{Application, Applications, Opening};
pub use error::{CallError, Class, Refusal, Scope};

use crate::catalog::schema::{Choice, Names, StatedLimits};
use crate::domain::{Currency, ListingId, Money, Sku};

/// The stock of one product's SKUs, as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductStock {
    /// The product.
    pub listing: ListingId,
    /// Pieces of each SKU.
    pub skus: Vec<(Sku, u64)>,
}

/// The prices of one product's SKUs, as they are to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductPrices {
    /// The product.
    pub listing: ListingId,
    /// Each SKU.
    pub skus: Vec<SkuPrice>,
}

/// The price of one SKU; without a discount AliExpress erases the one that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuPrice {
    /// The SKU.
    pub sku: Sku,
    /// Before discount, in the store's currency.
    pub price: Money,
    /// After it.
    pub discount: Option<Money>,
}

/// AliExpress's word on one product of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It has the values.
    Accepted,
    /// It has not.
    Refused(Refusal),
    /// It is named neither as updated nor as failed: unknown.
    Missing,
}

/// AliExpress's word on an update, product by product in the order asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchAnswer {
    /// One for each product.
    pub verdicts: Vec<Verdict>,
}

/// The state of a listing, as AliExpress filters by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingStatus {
    /// Buyers see it.
    OnSelling,
    /// Taken off.
    Offline,
    /// Under audit.
    Auditing,
    /// Refused by the audit.
    EditingRequired,
}

impl ListingStatus {
    /// Every state.
    pub const ALL: [ListingStatus; 4] =
        [ListingStatus::OnSelling, ListingStatus::Offline, ListingStatus::Auditing, ListingStatus::EditingRequired];

    /// AliExpress's name of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ListingStatus::OnSelling => "onSelling",
            ListingStatus::Offline => "offline",
            ListingStatus::Auditing => "auditing",
            ListingStatus::EditingRequired => "editingRequired",
        }
    }
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProduct {
    /// Its id.
    pub listing: ListingId,
}

/// A page of the seller's products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductPage {
    /// The products.
    pub products: Vec<ListedProduct>,
    /// Products on all pages.
    pub total: u64,
    /// Pages.
    pub total_pages: u64,
}

/// A SKU as AliExpress has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSku {
    /// The SKU; products may have SKUs without a code, which nobody can update.
    pub sku: Sku,
    /// Before discount.
    pub price: Option<Money>,
    /// After it.
    pub discount_price: Option<Money>,
    /// Pieces.
    pub stock: Option<u64>,
}

/// A product as AliExpress has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductInfo {
    /// Its id.
    pub listing: ListingId,
    /// AliExpress's name of its state.
    pub status: String,
    /// The store's currency.
    pub currency: Option<Currency>,
    /// Its SKUs that have a code.
    pub skus: Vec<ListedSku>,
}

/// The seller, as far as health needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantProfile {
    /// The shop's name.
    pub shop_name: String,
    /// AliExpress takes no new products of this seller.
    pub product_posting_forbidden: bool,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryNode {
    /// Its id.
    pub id: u64,
    /// Products can stand in it.
    pub leaf: bool,
    /// Its names.
    pub names: Names,
}

/// What the schema of a category says beside its attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemaExtras {
    /// Limits.
    pub stated: StatedLimits,
    /// The seller's templates of delivery prices.
    pub freight_templates: Vec<Choice>,
    /// The seller's templates of service.
    pub service_templates: Vec<Choice>,
    /// The seller's groups of products.
    pub groups: Vec<Choice>,
    /// The seller's brands; none: it does not say.
    pub brands: Option<Vec<Choice>>,
}

/// A category that AliExpress proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedCategory {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Names from the top.
    pub path: Vec<String>,
}

/// How a product's audit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditState {
    /// It is sold.
    Approved,
    /// It is looked at.
    Auditing,
    /// It is not sold, for these reasons.
    Refused {
        /// In AliExpress's words.
        reasons: Vec<String>,
    },
}
