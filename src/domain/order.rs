//! An AliExpress order in words that both dialects share, and the table of its statuses.
//!
//! What a status means for the gateway stands here once; what it becomes in the shop is the module's setting.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Sku;

/// An order's id on AliExpress: 1 to 20 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderId(String);

/// The text is no order id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a string of 1 to 20 digits")]
pub struct InvalidOrderId;

impl OrderId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl From<OrderId> for String {
    fn from(id: OrderId) -> String {
        id.0
    }
}
impl TryFrom<String> for OrderId {
    type Error = InvalidOrderId;
    fn try_from(text: String) -> Result<Self, InvalidOrderId> {
        let digits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { Ok(Self(text)) } else { Err(InvalidOrderId) }
    }
}
impl std::str::FromStr for OrderId {
    type Err = InvalidOrderId;
    fn from_str(text: &str) -> Result<Self, InvalidOrderId> {
        Self::try_from(text.to_owned())
    }
}

/// Where an order stands, by AliExpress's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each is the status that it is named after")]
pub enum OrderStatus {
    PlaceOrderSuccess,
    PaymentProcessing,
    RiskControl,
    RiskControlHold,
    WaitSellerExamineMoney,
    WaitGroupSuccess,
    InBookSale,
    WaitSellerSendGoods,
    SellerPartSendGoods,
    WaitBuyerAcceptGoods,
    FundProcessing,
    Finish,
    InCancel,
    InIssue,
    InFrozen,
    Archive,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Placed; not yet to be sent.
    Placed,
    /// To be sent, all or the rest.
    ToSend,
    /// Sent whole; nothing more is to be done.
    Sent,
    /// Over.
    Closed,
    /// Stopped where it was: a dispute, a wish to cancel, a freeze.
    Stopped,
}

use OrderStatus as S;

/// The table: status, AliExpress's name, stage, whether goods must not be sent.
const STATUSES: [(OrderStatus, &str, Stage, bool); 16] = [
    (S::PlaceOrderSuccess, "PLACE_ORDER_SUCCESS", Stage::Placed, false),
    (S::PaymentProcessing, "PAYMENT_PROCESSING", Stage::Placed, false),
    (S::RiskControl, "RISK_CONTROL", Stage::Placed, true),
    (S::RiskControlHold, "RISK_CONTROL_HOLD", Stage::Placed, true),
    (S::WaitSellerExamineMoney, "WAIT_SELLER_EXAMINE_MONEY", Stage::Placed, true),
    (S::WaitGroupSuccess, "WAIT_GROUP_SUCCESS", Stage::Placed, false),
    (S::InBookSale, "IN_BOOK_SALE", Stage::Placed, false),
    (S::WaitSellerSendGoods, "WAIT_SELLER_SEND_GOODS", Stage::ToSend, false),
    (S::SellerPartSendGoods, "SELLER_PART_SEND_GOODS", Stage::ToSend, false),
    (S::WaitBuyerAcceptGoods, "WAIT_BUYER_ACCEPT_GOODS", Stage::Sent, false),
    (S::FundProcessing, "FUND_PROCESSING", Stage::Closed, false),
    (S::Finish, "FINISH", Stage::Closed, false),
    (S::InCancel, "IN_CANCEL", Stage::Stopped, true),
    (S::InIssue, "IN_ISSUE", Stage::Stopped, true),
    (S::InFrozen, "IN_FROZEN", Stage::Stopped, true),
    (S::Archive, "ARCHIVE", Stage::Closed, false),
];

impl OrderStatus {
    /// Every status; orders are asked for by all of them, since AliExpress leaves `FINISH` out where none is named.
    pub fn all() -> impl Iterator<Item = OrderStatus> {
        STATUSES.into_iter().map(|row| row.0)
    }

    /// Every status that an order can leave.
    pub fn open() -> impl Iterator<Item = OrderStatus> {
        STATUSES.into_iter().filter(|row| row.2 != Stage::Closed).map(|row| row.0)
    }

    fn row(self) -> (OrderStatus, &'static str, Stage, bool) {
        STATUSES[self as usize]
    }

    /// AliExpress's name of it.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// How far an order of this status is.
    pub fn stage(self) -> Stage {
        self.row().2
    }

    /// An order of this status must not be sent.
    pub fn is_hold(self) -> bool {
        self.row().3
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No status has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("AliExpress has no order status {0:?} that is documented")]
pub struct UnknownStatus(String);

impl std::str::FromStr for OrderStatus {
    type Err = UnknownStatus;
    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        OrderStatus::all().find(|status| status.as_str() == text).ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

/// An amount of an order, decimal text with a dot; unlike a price it may be nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(String);

impl Amount {
    /// The amount that a text says: digits with at most one dot and three decimals; at least two are shown.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || part.len() > 3 || !digits(whole) || !digits(part) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        Some(Self(format!("{}.{part:0<2}", if whole.is_empty() { "0" } else { whole })))
    }

    /// The amount as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who buys and where the goods go. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the part of an address that it is named after")]
pub struct Buyer {
    pub name: String,
    pub phone: String,
    pub country: String,
    pub region: String,
    pub city: String,
    pub address: String,
    pub zip: String,
}

impl fmt::Debug for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buyer(***)")
    }
}

impl Buyer {
    /// Goods can be sent there.
    pub fn has_address(&self) -> bool {
        !self.address.is_empty() || !self.city.is_empty()
    }
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// AliExpress's id of it.
    pub line_id: String,
    /// The seller's article; empty where AliExpress has none, which nobody can match.
    pub sku: String,
    /// The product on AliExpress.
    pub product_id: String,
    /// Its name there.
    pub name: String,
    /// Pieces.
    pub quantity: u64,
    /// Of one piece.
    pub price: Amount,
    /// The buyer does not get it any more.
    pub cancelled: bool,
}

/// An order as the shop gets it: the whole order each time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id on AliExpress.
    pub aliexpress_order_id: OrderId,
    /// Where it stands.
    pub status: OrderStatus,
    /// Why it must not be sent, by AliExpress's name of the state; none: it may.
    pub hold: Option<OrderStatus>,
    /// The buyer paid.
    pub paid: bool,
    /// The seller sent it, all or a part.
    pub shipped: bool,
    /// Why it is over, by AliExpress's name (`buyer_confirm_goods`, `pay_timeout`, …).
    pub end_reason: Option<String>,
    /// When the buyer placed it, RFC 3339.
    pub created_at: Option<String>,
    /// When it must have been sent, RFC 3339.
    pub ship_before: Option<String>,
    /// Of all amounts.
    pub currency: String,
    /// What the buyer pays.
    pub total: Amount,
    /// The buyer's words.
    pub comment: String,
    /// Who buys.
    pub buyer: Buyer,
    /// What is bought.
    pub lines: Vec<OrderLine>,
}

impl Order {
    /// Pieces by SKU that AliExpress has sold by this order and that the seller still has on the shelf.
    pub fn pieces(&self) -> BTreeMap<Sku, u64> {
        let mut pieces = BTreeMap::new();
        if matches!(self.status.stage(), Stage::Closed | Stage::Sent) {
            return pieces;
        }
        for line in self.lines.iter().filter(|line| !line.cancelled) {
            if let Ok(sku) = line.sku.parse::<Sku>() {
                let held: &mut u64 = pieces.entry(sku).or_default();
                *held = held.saturating_add(line.quantity);
            }
        }
        pieces
    }

    /// SKUs that its lines name, cancelled ones too.
    pub fn skus(&self) -> Vec<Sku> {
        let mut skus: Vec<Sku> = self.lines.iter().filter_map(|line| line.sku.parse().ok()).collect();
        skus.sort_unstable();
        skus.dedup();
        skus
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_row_by_its_own_name() {
        for (at, status) in OrderStatus::all().enumerate() {
            assert_eq!(status as usize, at);
            assert_eq!(status.as_str().parse::<OrderStatus>().unwrap(), status);
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("{:?}", status.as_str()));
        }
        assert!("LOST".parse::<OrderStatus>().is_err());
        let open: Vec<OrderStatus> = OrderStatus::open().collect();
        assert_eq!(open.len(), 13);
        assert!(!open.contains(&S::Finish) && open.contains(&S::InIssue));
    }

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        for (text, shown) in [("0", "0.00"), ("29.98", "29.98"), ("7.5", "7.50"), ("007", "7.00"), ("1.234", "1.234")] {
            assert_eq!(Amount::read(text).unwrap().as_str(), shown);
        }
        for bad in ["", "-1", "1,5", "1e3", ".5", "1.2345", "1234567890123"] {
            assert_eq!(Amount::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn pieces_are_what_is_sold_and_still_on_the_shelf() {
        let line = |sku: &str, quantity, cancelled| OrderLine {
            line_id: "1".into(),
            sku: sku.into(),
            product_id: "1".into(),
            name: String::new(),
            quantity,
            price: Amount::read("1").unwrap(),
            cancelled,
        };
        let mut order = Order {
            aliexpress_order_id: "1".parse().unwrap(),
            status: S::WaitSellerSendGoods,
            hold: None,
            paid: true,
            shipped: false,
            end_reason: None,
            created_at: None,
            ship_before: None,
            currency: "RUB".into(),
            total: Amount::read("0").unwrap(),
            comment: String::new(),
            buyer: Buyer::default(),
            lines: vec![line("A", 2, false), line("A", 1, false), line("B", 5, true), line("", 9, false)],
        };
        assert_eq!(order.pieces(), BTreeMap::from([("A".parse().unwrap(), 3)]));
        assert_eq!(order.skus().len(), 2);
        for (status, any) in
            [(S::RiskControl, true), (S::InIssue, true), (S::WaitBuyerAcceptGoods, false), (S::Finish, false)]
        {
            order.status = status;
            assert_eq!(!order.pieces().is_empty(), any, "{status}");
        }
    }

    #[test]
    fn a_buyer_is_not_shown() {
        let buyer = Buyer { name: "Planted".into(), ..Buyer::default() };
        assert!(!format!("{buyer:?}").contains("Planted"));
    }
}
