//! What an order of AliExpress asks of the shop's order, by its status, hold and payment and by what was done before. Pure.
//!
//! Ours in an order of the shop: that it is paid, its status as long as that moves forward, the mark "do not ship", the cancellation of what
//! was never paid or never sent, and lines as we wrote them. Everything else is the managers'.

use super::progress::Done;
use crate::config::RestConfig;
use crate::domain::{Amount, Order, OrderStatus};

/// How our marks begin; those of others stay.
pub(super) const MARK: &str = "AliExpress: ";
/// How marks of holds begin.
pub(super) const HOLD: &str = "AliExpress: do not ship, ";
/// It is sent whole.
pub(super) const SHIPPED: u8 = 4;
const FINISHED: u8 = 5;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// How far it is, where its status tells.
    pub(super) phase: Option<u8>,
    /// The shop's status that it moves to, if that is later than its own.
    pub(super) status: Option<String>,
    /// It is paid.
    pub(super) paid: bool,
    /// The mark of a hold; empty: none.
    pub(super) mark: String,
    /// It is over without having been paid or sent.
    pub(super) cancelled: bool,
}

impl Plan {
    pub(super) fn of(order: &Order, settings: &RestConfig, done: &Done) -> Self {
        let phase = phase(order.status);
        let cancelled = phase == Some(FINISHED) && (!order.paid || !(order.shipped || done.shipped));
        let forward = phase.is_some_and(|phase| phase > done.phase);
        let status = settings.statuses.get(&order.status).filter(|_| forward && !cancelled).cloned();
        let mark = order.hold.map(|hold| format!("{HOLD}{hold}")).unwrap_or_default();
        Self { phase, status, paid: order.paid && !cancelled, mark, cancelled }
    }
}

/// How far an order of this status is; a greater one is later. Holds and disputes say nothing of it.
pub(super) fn phase(status: OrderStatus) -> Option<u8> {
    use OrderStatus as S;
    match status {
        S::PlaceOrderSuccess
        | S::PaymentProcessing
        | S::WaitGroupSuccess
        | S::InBookSale
        | S::WaitSellerExamineMoney => Some(1),
        S::WaitSellerSendGoods => Some(2),
        S::SellerPartSendGoods => Some(3),
        S::WaitBuyerAcceptGoods => Some(SHIPPED),
        S::FundProcessing | S::Finish | S::Archive => Some(FINISHED),
        S::RiskControl | S::RiskControlHold | S::InCancel | S::InIssue | S::InFrozen => None,
    }
}

/// What the buyer pays beyond the lines: the delivery, as decimal text.
pub(super) fn delivery(order: &Order) -> String {
    let lines = order.lines.iter().filter(|line| !line.cancelled);
    let goods: u128 = lines.map(|line| thousandths(&line.price).saturating_mul(u128::from(line.quantity))).sum();
    let rest = thousandths(&order.total).saturating_sub(goods);
    format!("{}.{:02}", rest / 1000, rest % 1000 / 10)
}

fn thousandths(amount: &Amount) -> u128 {
    let (whole, part) = amount.as_str().split_once('.').unwrap_or((amount.as_str(), ""));
    let part: u128 = format!("{part:0<3}")[..3].parse().unwrap_or(0);
    whole.parse::<u128>().unwrap_or(0) * 1000 + part
}
