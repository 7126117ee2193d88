//! Stored states → the values that leave now. What needs no request is told apart before one is made.

use crate::config::ShopConfig;
use crate::domain::{Currency, Lane, ListingId, PriceRule, PriceState, Sku, StockState};
use crate::queue::{Fault, LeaseRef, Leased, Outcome, ParkReason};

/// The value of an entry that leaves now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Pieces.
    Stock(u64),
    /// The shop's price, to which each listing's rule is applied. A discount of `Keep` means: read what AliExpress has and send it again.
    Price(PriceState),
}

/// An entry on its way out.
#[derive(Debug, Clone)]
pub struct Sendable {
    /// The entry.
    pub leased: Leased,
    /// Its SKU.
    pub sku: Sku,
    /// The value.
    pub value: Value,
    /// The value as text, to compare and to remember.
    pub rendered: String,
    /// The listings that do not have it yet.
    pub targets: Vec<ListingId>,
}

/// What to do with an entry.
#[derive(Debug)]
pub enum Rendered {
    /// Send it.
    Send(Box<Sendable>),
    /// Nothing to send: it ends so.
    End(LeaseRef, Outcome),
}

/// Renders one entry by the shop's rules as they are now. `in_orders`: pieces of the SKU that AliExpress has sold and the shop's state does
/// not know of.
pub fn render(
    leased: Leased,
    shop: &ShopConfig,
    (currency, rule): (Option<Currency>, PriceRule),
    in_orders: u64,
    observes: bool,
) -> Rendered {
    let (value, rendered) = match value(&leased, shop, (currency, rule), in_orders) {
        Ok(Some(value)) => value,
        Ok(None) => {
            let confirmed = leased.confirmed.clone();
            return Rendered::End(leased.lease, Outcome::Done { confirmed });
        }
        Err(outcome) => return Rendered::End(leased.lease, outcome),
    };
    let Ok(sku) = leased.lease.key.parse() else { return unreadable(leased, "the key is no SKU") };
    if leased.listings.is_empty() {
        let detail = "the SKU stands in no listing on AliExpress; import listings when it does".to_owned();
        return Rendered::End(leased.lease, Outcome::Parked { reason: ParkReason::NoListing, detail });
    }
    let again = leased.force || leased.suspect;
    let lacks = |listing: &&ListingId| again || leased.confirmed.get(listing) != Some(&rendered);
    let targets: Vec<ListingId> = leased.listings.iter().filter(lacks).copied().collect();
    if targets.is_empty() {
        let confirmed = leased.confirmed.clone();
        return Rendered::End(leased.lease, Outcome::Done { confirmed });
    }
    if observes {
        let to: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let detail = format!("would send {rendered} to {}", to.join(", "));
        return Rendered::End(leased.lease, Outcome::Parked { reason: ParkReason::Observe, detail });
    }
    Rendered::Send(Box::new(Sendable { leased, sku, value, rendered, targets }))
}

type ValueAndText = (Value, String);

fn value(
    leased: &Leased,
    shop: &ShopConfig,
    (currency, rule): (Option<Currency>, PriceRule),
    in_orders: u64,
) -> Result<Option<ValueAndText>, Outcome> {
    let broken = |error: serde_json::Error| Outcome::Dead {
        fault: Fault { code: "unreadable".into(), detail: format!("the stored state cannot be read: {error}") },
    };
    match leased.lease.lane {
        Lane::Price => {
            let Some(state) = serde_json::from_str::<Option<PriceState>>(&leased.payload).map_err(broken)? else {
                return Ok(None);
            };
            if let Some(currency) = currency.filter(|currency| *currency != state.currency) {
                let detail = format!("the price is in {}, the AliExpress store sells in {currency}", state.currency);
                return Err(Outcome::Parked { reason: ParkReason::CurrencyMismatch, detail });
            }
            Ok(Some((Value::Price(state), rule.apply(state).rendered())))
        }
        _ => {
            let state: StockState = serde_json::from_str(&leased.payload).map_err(broken)?;
            let sellable = shop.stock.sellable(state.quantity, in_orders);
            Ok(Some((Value::Stock(sellable), state.rendered(shop.stock, in_orders))))
        }
    }
}

fn unreadable(leased: Leased, detail: &str) -> Rendered {
    let fault = Fault { code: "unreadable".into(), detail: detail.to_owned() };
    Rendered::End(leased.lease, Outcome::Dead { fault })
}
