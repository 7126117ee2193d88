//! Orders of buyers: placed, paid, held, sent, finished; what the seller declares of their shipments; and AliExpress's wall clock.
//!
//! Times are US Pacific texts, as AliExpress writes them. A text of the doubled hour of November is taken for the later of the two, which is
//! the worse for whoever sends one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The first order id.
const FIRST_ID: u64 = 8_123_456_789_010_000;
/// How long a seller has to send a paid order.
const TO_SEND_US: u64 = 5 * 86_400_000_000;
const FORM: &str = "%Y-%m-%d %H:%M:%S";

/// Statuses that `order.get` knows.
pub(super) const STATUSES: [&str; 16] = [
    "PLACE_ORDER_SUCCESS",
    "PAYMENT_PROCESSING",
    "RISK_CONTROL",
    "RISK_CONTROL_HOLD",
    "WAIT_SELLER_EXAMINE_MONEY",
    "WAIT_GROUP_SUCCESS",
    "IN_BOOK_SALE",
    "WAIT_SELLER_SEND_GOODS",
    "SELLER_PART_SEND_GOODS",
    "WAIT_BUYER_ACCEPT_GOODS",
    "FUND_PROCESSING",
    "FINISH",
    "IN_CANCEL",
    "IN_ISSUE",
    "IN_FROZEN",
    "ARCHIVE",
];

/// Statuses in which a shipment may be declared.
pub(super) const SENDABLE: [&str; 5] =
    ["WAIT_SELLER_SEND_GOODS", "SELLER_PART_SEND_GOODS", "IN_ISSUE", "IN_CANCEL", "IN_FROZEN"];

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedLine {
    /// The seller's article.
    pub sku: String,
    /// Pieces.
    pub quantity: u64,
    /// Of one piece, decimal text.
    #[serde(default = "price")]
    pub price: String,
    /// The line's own status, where it differs from the order's.
    #[serde(default)]
    pub status: Option<String>,
}

fn price() -> String {
    "1000.00".into()
}

/// Who receives an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is the part of an address that it is named after")]
pub struct Receiver {
    pub name: String,
    pub phone: String,
    pub country: String,
    pub province: String,
    pub city: String,
    pub address: String,
    pub zip: String,
}

impl Default for Receiver {
    fn default() -> Self {
        Self {
            name: "Ivan Petrov".into(),
            phone: "9161234567".into(),
            country: "RU".into(),
            province: "Moscow".into(),
            city: "Moscow".into(),
            address: "Tverskaya 1, 2".into(),
            zip: "125009".into(),
        }
    }
}

/// A declared parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredParcel {
    /// The service.
    pub service: String,
    /// The tracking number.
    pub number: String,
    /// `part` or `all`.
    pub send_type: String,
    /// Where it can be followed.
    pub tracking_website: Option<String>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyersOrder {
    /// Its id.
    pub id: u64,
    /// Where it stands.
    pub status: String,
    /// When it was placed, microseconds since the epoch.
    pub created: u64,
    /// When it last changed.
    pub modified: u64,
    /// When it was paid.
    pub paid: Option<u64>,
    /// When it must have been sent.
    pub send_before: Option<u64>,
    /// Of all amounts.
    pub currency: String,
    /// What is bought.
    pub lines: Vec<PlacedLine>,
    /// Who buys.
    pub receiver: Receiver,
    /// The buyer's words.
    pub memo: String,
    /// Why it is over.
    pub end_reason: String,
    /// It is frozen, whatever its status.
    pub frozen: bool,
    /// A dispute goes on, whatever its status.
    pub issue: bool,
    /// What was declared.
    pub parcels: Vec<DeclaredParcel>,
}

/// A service by which parcels travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) pattern: &'static str,
}

pub(super) const SERVICES: [Service; 3] = [
    Service { name: "RUSSIAN_POST", title: "Russian Post", pattern: "^[A-Z]{2}[0-9]{9}[A-Z]{2}$" },
    Service { name: "CAINIAO_STANDARD", title: "AliExpress Standard Shipping", pattern: "(^[0-9]{12}$)" },
    Service { name: "OTHER_RU_LOCAL", title: "Seller's Shipping Method - RU", pattern: "^.{4,50}$" },
];

#[derive(Debug, Default)]
struct Kept {
    orders: BTreeMap<u64, BuyersOrder>,
    /// Orders that change by themselves, one after each page that is read.
    churn: Vec<u64>,
}

/// All orders, and AliExpress's clock.
#[derive(Debug, Default)]
pub struct BuyersOrders {
    kept: Mutex<Kept>,
    /// Microseconds that AliExpress's clock is ahead of the machine's.
    ahead: Arc<AtomicI64>,
}

impl BuyersOrders {
    /// No orders yet, by this clock.
    pub(super) fn new(ahead: Arc<AtomicI64>) -> Self {
        Self { kept: Mutex::default(), ahead }
    }

    /// A buyer places an order; it is not paid yet.
    pub fn place(&self, lines: Vec<PlacedLine>, receiver: Receiver) -> u64 {
        let now = self.now_us();
        let mut kept = self.lock();
        let id = kept.orders.keys().next_back().map_or(FIRST_ID, |last| last + 1);
        let order = BuyersOrder {
            id,
            status: "PLACE_ORDER_SUCCESS".into(),
            created: now,
            modified: now,
            paid: None,
            send_before: None,
            currency: "RUB".into(),
            lines,
            receiver,
            memo: String::new(),
            end_reason: String::new(),
            frozen: false,
            issue: false,
            parcels: Vec::new(),
        };
        kept.orders.insert(id, order);
        id
    }

    /// The buyer pays; the seller is to send.
    pub fn pay(&self, id: u64) {
        let now = self.now_us();
        self.change(id, |order| {
            order.status = "WAIT_SELLER_SEND_GOODS".into();
            (order.paid, order.send_before) = (Some(now), Some(now + TO_SEND_US));
        });
    }

    /// The order takes a status.
    pub fn set_status(&self, id: u64, status: &str) {
        self.change(id, |order| status.clone_into(&mut order.status));
    }

    /// The order is over.
    pub fn finish(&self, id: u64, reason: &str) {
        self.change(id, |order| {
            order.status = "FINISH".into();
            reason.clone_into(&mut order.end_reason);
        });
    }

    /// Changes an order, which is noted as its last change.
    pub fn change(&self, id: u64, change: impl FnOnce(&mut BuyersOrder)) {
        let now = self.now_us();
        if let Some(order) = self.lock().orders.get_mut(&id) {
            change(order);
            order.modified = now;
        }
    }

    /// An order.
    pub fn get(&self, id: u64) -> Option<BuyersOrder> {
        self.lock().orders.get(&id).cloned()
    }

    /// All orders, by id.
    pub fn all(&self) -> Vec<BuyersOrder> {
        self.lock().orders.values().cloned().collect()
    }

    /// These change by themselves, one after each page of orders that is read: pages move while they are read.
    pub fn churn(&self, ids: Vec<u64>) {
        self.lock().churn = ids;
    }

    pub(super) fn page_was_read(&self) {
        let id = self.lock().churn.pop();
        if let Some(id) = id {
            self.change(id, |_| {});
        }
    }

    /// AliExpress's clock, microseconds since the epoch.
    pub fn now_us(&self) -> u64 {
        super::now_us().saturating_add_signed(self.ahead.load(Ordering::Relaxed))
    }

    /// Sets AliExpress's clock, which goes on from there.
    pub fn set_clock(&self, now_us: u64) {
        self.ahead.store(now_us.cast_signed() - super::now_us().cast_signed(), Ordering::Relaxed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A time as AliExpress writes it.
pub(super) fn pacific(at_us: u64) -> String {
    let instant = jiff::Timestamp::from_microsecond(at_us.cast_signed()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone().to_datetime(instant).strftime(FORM).to_string()
}

/// What a text says; only whole ones count.
pub(super) fn from_pacific(text: &str) -> Option<u64> {
    let local = DateTime::strptime(FORM, text).ok()?;
    let instant = zone().to_ambiguous_timestamp(local).later().ok()?;
    u64::try_from(instant.as_microsecond()).ok()
}

fn zone() -> TimeZone {
    TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC)
}
