//! AliExpress as the gateway speaks to it: one folder a dialect, the same words for all of them.
//!
//! [`error`] says what a failure means; [`application`] holds the layers of an outbound call, [`access`] the token that it carries.

pub mod access;
pub mod application;
pub mod error;
pub mod solution;

pub use access::{Access, Standing, Token};
pub use application::{Application, Applications, Opening};
pub use error::{CallError, Class, FulfilRefusal, Refusal, Scope};

use secrecy::SecretString;

use crate::catalog::schema::{Attribute, Choice, Choosing, Names, StatedLimits};
use crate::clock::Timestamp;
use crate::domain::{Currency, ListingId, Money, Order, OrderStatus, Sku};

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

/// Tokens that AliExpress gives for a consent or a refresh.
#[derive(Debug, Clone)]
pub struct TokenGrant {
    /// For calls.
    pub access_token: SecretString,
    /// How long it lives.
    pub expires_in: std::time::Duration,
    /// For the next refresh; none: the one that was used goes on.
    pub refresh_token: Option<SecretString>,
    /// How long it can be refreshed; zero = it cannot; none: AliExpress does not say.
    pub refresh_expires_in: Option<std::time::Duration>,
    /// Whose store it is.
    pub seller_id: String,
    /// The seller's name for people; empty where it is unknown.
    pub seller_name: String,
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

/// Attributes of a category, as far as one call tells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CategoryAttributes {
    /// The attributes, those that depend on values of others behind these.
    pub attributes: Vec<Attribute>,
    /// Values that further attributes depend on, which are to be asked for.
    pub open: Vec<Vec<Choosing>>,
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

/// Which orders a list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderFilter {
    /// Those that changed within a span of time, whatever their status.
    Modified {
        /// From.
        from: Timestamp,
        /// To; not in the future of AliExpress, or orders move between pages.
        to: Timestamp,
    },
    /// Those that were placed within a span of time, whatever their status.
    Created {
        /// From.
        from: Timestamp,
        /// To.
        to: Timestamp,
    },
    /// Those that are not over.
    Open,
}

impl OrderFilter {
    /// The statuses that are asked for, each by its name.
    pub fn statuses(&self) -> Box<dyn Iterator<Item = OrderStatus>> {
        match self {
            OrderFilter::Open => Box::new(OrderStatus::open()),
            OrderFilter::Modified { .. } | OrderFilter::Created { .. } => Box::new(OrderStatus::all()),
        }
    }
}

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders, their buyers' addresses still unknown.
    pub orders: Vec<Order>,
    /// Orders that cannot be read: id and why.
    pub unreadable: Vec<String>,
    /// Orders on all pages.
    pub total: u64,
    /// Pages.
    pub total_pages: u64,
    /// AliExpress's time, where it says it.
    pub time: Option<Timestamp>,
}

/// A parcel on its way to being declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// AliExpress's service.
    pub service: String,
    /// The tracking number.
    pub number: String,
    /// Where the number can be followed; services of the kind `OTHER_*` need it.
    pub tracking_url: Option<String>,
}

/// What was declared of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelsOf {
    /// Where the order stands.
    pub status: OrderStatus,
    /// The tracking numbers declared.
    pub numbers: Vec<String>,
}

/// A service by which parcels travel.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LogisticsService {
    /// Its key.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Its company.
    pub company: String,
    /// What its tracking numbers look like, as a regular expression.
    pub pattern: Option<String>,
}
