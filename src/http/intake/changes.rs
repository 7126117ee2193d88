//! Events → changes of the queue: which lane, which key, which value AliExpress would get. Pure.

use std::collections::HashMap;
use std::time::Duration;

use crate::domain::{
    Currency, Discount, Event, Fact, Lane, PriceRule, PriceState, ProductId, Sku, StockRules, StockState, Version,
};
use crate::queue::{Change, Ownership, ParkReason};

/// What a shop's events are read by.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// What AliExpress may sell.
    pub stock: StockRules,
    /// How prices become those of AliExpress.
    pub price: PriceRule,
    /// The AliExpress store's currency, where it is known.
    pub currency: Option<Currency>,
    /// How long each lane's states may wait, by `Lane as usize`.
    pub windows: [Duration; 6],
}

/// Changes of a delivery, by their places in it, that are to be laid over what is pending, with the states as they were sent.
pub type Partial = Vec<(usize, PriceState, PriceRule)>;

/// Events as the queue takes them.
#[derive(Debug, Clone, Default)]
pub struct Planned {
    /// The changes; several may come of one event.
    pub changes: Vec<Change>,
    /// SKUs that products claim.
    pub owners: Vec<Ownership>,
    /// For each event, in order, its main change, whose answer is the event's.
    pub main: Vec<usize>,
    /// Price changes that leave the discount as it is: they are to be laid over what is pending.
    pub partial: Partial,
}

/// The stored form of a price that is gone with its product.
pub const NO_PRICE: &str = "null";

/// Reads accepted events.
pub fn plan(events: &[Event], terms: &Terms) -> Planned {
    let mut planned = Planned::default();
    let mut prices: HashMap<&str, (Version, PriceState)> = HashMap::new();
    for event in events {
        planned.main.push(planned.changes.len());
        match &event.fact {
            Fact::Stock { sku, state } => planned.changes.push(stock(event, sku, *state, terms)),
            Fact::Price { sku, state } => {
                // Laid over an earlier event of this very request, else over what is pending in the store.
                let state = match prices.get(sku.as_str()) {
                    Some((version, older)) if *version < event.version => state.over(older),
                    _ => *state,
                };
                if state.discount == Discount::Keep {
                    planned.partial.push((planned.changes.len(), state, terms.price));
                }
                prices.insert(sku.as_str(), (event.version, state));
                planned.changes.push(price(event, sku, &state, terms));
            }
            Fact::Product { product, skus, data } => {
                planned.owners.extend(skus.iter().map(|sku| owner(event, sku, product)));
                planned.changes.push(change(event, Lane::Product, product.as_str(), data.clone(), terms));
            }
            Fact::ProductDeleted { product, skus } => deletion(event, product, skus, terms, &mut planned.changes),
            Fact::OrderStatus { order, data } => {
                planned.changes.push(change(event, Lane::Fulfilment, order, data.clone(), terms));
            }
        }
    }
    planned
}

/// The stored form of a price and whether it can be sent, for a change that was laid over a pending state.
pub fn reprice(change: &mut Change, state: &PriceState, rule: &PriceRule) {
    change.payload = text(state);
    change.rendered = Some(rule.apply(*state).rendered());
}

fn change(event: &Event, lane: Lane, key: &str, payload: String, terms: &Terms) -> Change {
    Change {
        lane,
        key: key.to_owned(),
        version: event.version,
        payload,
        cause: event.cause,
        force: event.force,
        urgent: false,
        window: terms.windows[lane as usize],
        rendered: None,
        park: None,
        guard: None,
        base: None,
    }
}

fn stock(event: &Event, sku: &Sku, state: StockState, terms: &Terms) -> Change {
    let urgent = terms.stock.sellable(state.quantity, 0) == 0;
    Change {
        urgent,
        rendered: Some(state.rendered(terms.stock, 0)),
        ..change(event, Lane::Stock, sku.as_str(), text(&state), terms)
    }
}

fn price(event: &Event, sku: &Sku, state: &PriceState, terms: &Terms) -> Change {
    let foreign = terms.currency.is_some_and(|currency| currency != state.currency);
    Change {
        rendered: Some(terms.price.apply(*state).rendered()),
        park: foreign.then_some(ParkReason::CurrencyMismatch),
        ..change(event, Lane::Price, sku.as_str(), text(state), terms)
    }
}

fn owner(event: &Event, sku: &Sku, product: &ProductId) -> Ownership {
    Ownership { sku: sku.clone(), product: product.clone(), version: event.version }
}

/// A deleted product sells nothing: each SKU that it still owns is set to zero at once, and its queued price is dropped.
fn deletion(event: &Event, product: &ProductId, skus: &[Sku], terms: &Terms, changes: &mut Vec<Change>) {
    let listed: Vec<&str> = skus.iter().map(Sku::as_str).collect();
    let data = serde_json::json!({"product_id": product, "deleted": true, "skus": listed}).to_string();
    changes.push(change(event, Lane::Product, product.as_str(), data, terms));
    for sku in skus {
        let guard = Some(product.clone());
        let gone = StockState { quantity: 0 };
        changes.push(Change { guard: guard.clone(), ..stock(event, sku, gone, terms) });
        changes.push(Change { guard, ..change(event, Lane::Price, sku.as_str(), NO_PRICE.to_owned(), terms) });
    }
}

fn text(state: &impl serde::Serialize) -> String {
    serde_json::to_string(state).expect("states are plain data")
}
