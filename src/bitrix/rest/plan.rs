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
const TO_SEND: u8 = 2;
const PARTLY: u8 = 3;
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
        // One that is first seen when it was sent was to be sent before.
        let before = (phase.is_some_and(|phase| (PARTLY..=SHIPPED).contains(&phase)) && done.phase < TO_SEND)
            .then_some(OrderStatus::WaitSellerSendGoods);
        let named = settings.statuses.get(&order.status).or_else(|| settings.statuses.get(&before?));
        let status = named.filter(|_| forward && !cancelled).cloned();
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
        S::WaitSellerSendGoods => Some(TO_SEND),
        S::SellerPartSendGoods => Some(PARTLY),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Sources};
    use crate::domain::{Buyer, OrderLine};

    fn order(status: OrderStatus) -> Order {
        let line = |price: &str, quantity, cancelled| OrderLine {
            line_id: "1".into(),
            sku: "A".into(),
            product_id: "1".into(),
            name: String::new(),
            quantity,
            price: Amount::read(price).unwrap(),
            cancelled,
        };
        Order {
            aliexpress_order_id: "1".parse().unwrap(),
            status,
            hold: status.is_hold().then_some(status),
            paid: status != OrderStatus::PlaceOrderSuccess,
            shipped: false,
            end_reason: None,
            created_at: None,
            ship_before: None,
            currency: "RUB".into(),
            total: Amount::read("300.10").unwrap(),
            comment: String::new(),
            buyer: Buyer::default(),
            lines: vec![line("100.005", 2, false), line("70", 9, true)],
        }
    }

    fn settings() -> RestConfig {
        let keys = ["URL=https://b.example/rest/1/x", "PERSON_TYPE=1", "DELIVERY=1", "PAY_SYSTEM=1", "CATALOGS=1"];
        let rest = keys.map(|row| row.split_once('=').unwrap()).map(|(key, value)| (format!("REST__{key}"), value));
        let shop = [("ID", "a"), ("WEBHOOK_SECRETS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
        let shop = shop.map(|(key, value)| (key.to_owned(), value)).into_iter().chain(rest);
        let environment = shop.map(|(key, value)| (format!("ALIGATE__SHOPS__0__{key}"), value.to_owned())).collect();
        config::load(&Sources { file: None, environment }).unwrap().shops.remove(0).rest.unwrap()
    }

    #[test]
    fn every_status_has_its_plan_by_what_was_done_before() {
        use OrderStatus as S;
        let settings = settings();
        let planned = |status, phase| {
            let plan = Plan::of(&order(status), &settings, &Done { phase, ..Done::default() });
            (plan.status, plan.paid, plan.cancelled, plan.mark)
        };
        let status = |id: &str| Some(id.to_owned());
        assert_eq!(planned(S::PlaceOrderSuccess, 0), (status("N"), false, false, String::new()));
        assert_eq!(planned(S::PlaceOrderSuccess, 2), (None, false, false, String::new()), "never back");
        assert_eq!(planned(S::WaitSellerSendGoods, 1), (status("P"), true, false, String::new()));
        assert_eq!(planned(S::WaitSellerSendGoods, 2), (None, true, false, String::new()), "once");
        assert_eq!(planned(S::SellerPartSendGoods, 2), (None, true, false, String::new()));
        assert_eq!(planned(S::WaitBuyerAcceptGoods, 1).0, status("P"), "what was not seen on its way");
        assert_eq!(planned(S::RiskControl, 1).3, "AliExpress: do not ship, RISK_CONTROL");
        assert_eq!(planned(S::Finish, 2), (None, false, true, String::new()), "it was never sent");
        let mut sent = order(S::Finish);
        sent.shipped = true;
        let plan = Plan::of(&sent, &settings, &Done { phase: 4, ..Done::default() });
        assert_eq!((plan.status, plan.cancelled, plan.paid), (status("F"), false, true));
        sent.paid = false;
        assert!(Plan::of(&sent, &settings, &Done::default()).cancelled, "it was never paid");
        let shipped_here = Done { phase: 2, shipped: true, ..Done::default() };
        assert!(!Plan::of(&order(S::Finish), &settings, &shipped_here).cancelled);
    }

    #[test]
    fn delivery_is_what_the_lines_leave_of_the_total() {
        let mut order = order(OrderStatus::WaitSellerSendGoods);
        assert_eq!(delivery(&order), "100.09");
        order.total = Amount::read("7").unwrap();
        assert_eq!(delivery(&order), "0.00", "a discount makes no delivery");
    }
}
