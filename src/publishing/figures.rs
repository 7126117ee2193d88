//! Stock and price at the moment of sending, from the newest states of their lanes, and what is confirmed of them afterwards.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Publisher;
use crate::catalog::draft::{Figures, FiguresOf};
use crate::catalog::product::{Offer, Product};
use crate::clock::Timestamp;
use crate::domain::{Discount, Lane, ListingId, Money, PriceRule, PriceState, ShopId, Sku, StockState};
use crate::guard::Kind;
use crate::guard::rules::{self, is_cheapening, is_zeroing};
use crate::queue::{Attested, PAGE_MAX, Place, QueueError, Trace};

/// Figures, and what is to be said of them once AliExpress has them.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) figures: FiguresOf,
    pub(super) attested: Vec<Attested>,
    /// Each offer's stock and price, with the discount only where the shop says it.
    rendered: Vec<String>,
    /// Offers without any price that can be sent.
    pub(super) without_price: Vec<String>,
    /// A state of an offer is withheld, and nobody knows what AliExpress has instead.
    pub(super) is_undecided: bool,
}

impl Taken {
    /// A digest of all of it but discounts that are AliExpress's own.
    pub(super) fn digest(&self) -> String {
        hex::encode(&Sha256::digest(self.rendered.join("\n"))[..16])
    }

    /// Nothing of it is in stock.
    pub(super) fn is_sold_out(&self) -> bool {
        self.figures.values().all(|figures| figures.stock == 0)
    }
}

/// What a product request takes of a lane.
enum Source<'t> {
    /// The newest state.
    Newest,
    /// What AliExpress has, and what is said of it to the lane: the newest state is the avalanche guard's to let go.
    Confirmed(&'t str, u64),
    /// The newest state is withheld, and nothing is known.
    Unknown,
}

impl<'t> Source<'t> {
    /// Of what a lane has, for a listing; whether its newest state falls there.
    fn of(held: Option<&'t Trace>, listing: Option<ListingId>, falls: impl FnOnce(&Trace) -> bool) -> Self {
        let Some(held) = held else { return Source::Newest };
        let entry = &held.entry;
        let is_on_its_way = matches!(entry.place, Place::Due | Place::Leased | Place::Awaiting);
        if !(entry.is_withheld() || (is_on_its_way && entry.cause.is_guarded() && falls(held))) {
            return Source::Newest;
        }
        let version = if is_on_its_way { u64::MAX } else { entry.version };
        let known = listing.and_then(|listing| held.confirmed.get(&listing));
        known.map_or(Source::Unknown, |value| Source::Confirmed(value, version))
    }
}

/// The newest figures of a product's offers, in this listing if it has one, prices by the listing's rule; what the avalanche guard withholds
/// stays as AliExpress has it. `kept`: discounts that AliExpress has, for prices that leave theirs as it is.
pub(super) async fn take(
    publisher: &Publisher,
    shop: &ShopId,
    product: &Product,
    (listing, rule): (Option<ListingId>, PriceRule),
    kept: &BTreeMap<Sku, Money>,
) -> Result<Taken, QueueError> {
    let mut taken = Taken::default();
    let guards = publisher.tools.guard.looks_at(shop, Kind::ZeroStock).await?;
    for offer in &product.offers {
        let Ok(sku) = offer.sku.parse::<Sku>() else { continue };
        let traces = publisher.tools.queue.trace(shop, &offer.sku).await?;
        let of = |lane: Lane| traces.iter().find(|trace| trace.entry.lane == lane);
        let in_orders = in_orders(publisher, shop, &sku).await?;
        let (pieces, mut stock_version) = stock(publisher, shop, offer, of(Lane::Stock), in_orders);
        let own = stock(publisher, shop, offer, of(Lane::Stock), 0).0;
        let falls = |held: &Trace| guards && is_zeroing(own, listing.as_slice(), &held.confirmed);
        let newest = (pieces, pieces.to_string());
        let (pieces, stock_value) = match Source::of(of(Lane::Stock), listing, falls) {
            Source::Newest => newest,
            Source::Confirmed(value, version) => {
                stock_version = version;
                (rules::pieces(value), value.to_owned())
            }
            Source::Unknown => {
                taken.is_undecided = true;
                newest
            }
        };
        if in_orders > 0 {
            // Which orders the shop's state knows of already is the lane's to say: it sends its own value after this one.
            stock_version = u64::MAX;
        }
        let Some((state, mut version)) = price(offer, of(Lane::Price)) else {
            taken.without_price.push(offer.sku.clone());
            continue;
        };
        // What is confirmed is named by the main rule, whatever the listing's own.
        let main = publisher.tools.rules.of(shop);
        let (named, state) = (main.apply(state), rule.apply(state));
        let percent = publisher.tools.guard.price_fall_percent();
        let falls = |held: &Trace| {
            guards && is_cheapening(percent, (named.price, named.discount), listing.as_slice(), &held.confirmed)
        };
        let (state, price_value) = match Source::of(of(Lane::Price), listing, falls) {
            Source::Newest => (state, named.rendered()),
            Source::Confirmed(value, of_lane) if rule == main => {
                version = of_lane;
                (as_confirmed(value, state), value.to_owned())
            }
            // What another market's listing costs cannot be told from the name.
            Source::Confirmed(..) | Source::Unknown => {
                taken.is_undecided = true;
                (state, named.rendered())
            }
        };
        let discount = match state.discount {
            Discount::Set(discount) => Some(discount),
            Discount::Erase => None,
            Discount::Keep => kept.get(&sku).copied().filter(|discount| *discount < state.price),
        };
        taken.figures.insert(offer.sku.clone(), Figures { price: state.price, discount, stock: pieces });
        let attested = |lane, version, value| Attested { sku: sku.clone(), lane, version, value };
        taken.rendered.push(format!("{sku} {pieces} {}", state.rendered()));
        taken.attested.push(attested(Lane::Stock, stock_version, stock_value));
        taken.attested.push(attested(Lane::Price, version, price_value));
    }
    Ok(taken)
}

/// The price that AliExpress has, in the form of the newest.
fn as_confirmed(value: &str, newest: PriceState) -> PriceState {
    let Some((price, discount)) = rules::price_and_discount(value) else { return newest };
    let discount = match discount {
        Some(discount) => Discount::Set(discount),
        None if value.ends_with("/*") => Discount::Keep,
        None => Discount::Erase,
    };
    PriceState { price, discount, ..newest }
}

/// Sellable pieces and the version that they come from.
fn stock(publisher: &Publisher, shop: &ShopId, offer: &Offer, held: Option<&Trace>, in_orders: u64) -> (u64, u64) {
    let rules = publisher.shops.get(shop).map(|shop| shop.stock).unwrap_or_default();
    let held = held.and_then(|trace| {
        Some((serde_json::from_str::<StockState>(&trace.entry.payload).ok()?.quantity, trace.entry.version))
    });
    let (quantity, version) = held.unwrap_or_else(|| (offer.quantity.trim().parse().unwrap_or_default(), 0));
    (rules.sellable(quantity, in_orders), version)
}

/// Pieces of a SKU in orders, whether the shop's state knows of them or not: rather too few for a moment than sold twice.
async fn in_orders(publisher: &Publisher, shop: &ShopId, sku: &Sku) -> Result<u64, QueueError> {
    let claims = publisher.tools.book.claims(shop, std::slice::from_ref(sku)).await;
    let claims = claims.map_err(|error| QueueError::Away(error.to_string()))?;
    Ok(claims.into_iter().flatten().map(|claim| claim.against(Timestamp(0))).sum())
}

/// The price and the version that it comes from: the lane's newest, else the offer's.
fn price(offer: &Offer, held: Option<&Trace>) -> Option<(PriceState, u64)> {
    let of_offer = || {
        let discount = match offer.discount_price.as_str() {
            "" => Discount::Erase,
            text => text.parse().map_or(Discount::Erase, Discount::Set),
        };
        Some(PriceState { price: offer.price.parse().ok()?, discount, currency: offer.currency.parse().ok()? })
    };
    let held = held.and_then(|trace| {
        let state = serde_json::from_str::<Option<PriceState>>(&trace.entry.payload).ok()??;
        Some((state, trace.entry.version))
    });
    held.or_else(|| Some((of_offer()?, 0)))
}

/// Whether an offer of a product has pieces to sell.
pub(super) async fn any_in_stock(publisher: &Publisher, shop: &ShopId, product: &Product) -> Result<bool, QueueError> {
    for offer in &product.offers {
        let traces = publisher.tools.queue.trace(shop, &offer.sku).await?;
        let held = traces.iter().find(|trace| trace.entry.lane == Lane::Stock);
        if stock(publisher, shop, offer, held, 0).0 > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// AliExpress has the figures: the lanes that they came from know it, and what changed meanwhile is sent after it.
pub(super) async fn attest(
    publisher: &Publisher,
    shop: &ShopId,
    listing: ListingId,
    taken: &Taken,
) -> Result<(), QueueError> {
    for page in taken.attested.chunks(PAGE_MAX) {
        publisher.tools.queue.attest(shop, listing, page).await?;
    }
    let skus = taken.figures.keys().filter_map(|sku| sku.parse().ok()).collect();
    crate::listings::keep_skus(publisher.tools.queue.as_ref(), shop, listing, &skus).await
}
