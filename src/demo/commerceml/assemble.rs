//! Products, offers, prices and rests put together: which article is the SKU, which price counts, how many pieces there are.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{ExportedOffer, ExportedProduct, ExportedShop, Loaded, Raw, RawOffer, RawProduct, Warnings};
use crate::domain::{Currency, Money, Sku};

/// The longest SKU, in characters.
const SKU_CHARS_MAX: usize = 50;
/// The most pieces.
const QUANTITY_MAX: f64 = 999_999.0;

/// Puts an export together.
pub(super) fn assemble(raw: Raw) -> Loaded {
    let Raw { products, offers, price_types, mut warnings, .. } = raw;
    let price_type = price_types.first().cloned();
    let mut by_product: BTreeMap<String, Vec<(String, RawOffer)>> = BTreeMap::new();
    let mut articles: HashMap<String, usize> = HashMap::new();
    for (id, offer) in offers {
        *articles.entry(offer.article.clone()).or_default() += 1;
        let product = id.split_once('#').map_or(id.as_str(), |(product, _)| product).to_owned();
        by_product.entry(product).or_default().push((id, offer));
    }
    let (mut taken, mut exported) = (HashSet::new(), Vec::new());
    for (product_id, offers) in by_product {
        let unknown = RawProduct::default();
        let product = products.get(&product_id).unwrap_or(&unknown);
        if product.deleted {
            continue;
        }
        let alone = offers.len() == 1;
        let offers = offers.into_iter().map(|(id, offer)| {
            let own = articles.get(&offer.article) == Some(&1);
            let sku = unique(&sku(&id, &offer, product, own, alone), &mut taken, &mut warnings);
            let (price, currency) = price(&offer, price_type.as_deref(), &mut warnings);
            let quantity = quantity(&id, &offer, &mut warnings);
            ExportedOffer { id, sku, price, currency, quantity }
        });
        exported.push(ExportedProduct { offers: offers.collect(), name: product.name.clone(), id: product_id });
    }
    Loaded { shop: ExportedShop { products: exported }, warnings: warnings.into_texts() }
}

fn sku(id: &str, offer: &RawOffer, product: &RawProduct, own: bool, alone: bool) -> String {
    let article = if offer.article.is_empty() { &product.article } else { &offer.article };
    if !offer.article.is_empty() && own || alone && !article.is_empty() {
        return article.clone();
    }
    match (article.is_empty(), offer.characteristics.is_empty()) {
        (false, false) => format!("{article}-{}", offer.characteristics.join("-")),
        (false, true) => article.clone(),
        (true, _) => id.to_owned(),
    }
}

/// The text as a SKU that nobody else has.
fn unique(wanted: &str, taken: &mut HashSet<String>, warnings: &mut Warnings) -> Sku {
    let plain: String = wanted.chars().filter(|c| !c.is_control()).take(SKU_CHARS_MAX).collect();
    let plain = if plain.trim().is_empty() { "SKU".to_owned() } else { plain };
    let mut sku = plain.clone();
    for nth in 2.. {
        if taken.insert(sku.clone()) {
            break;
        }
        let tail = format!("~{nth}");
        sku = plain.chars().take(SKU_CHARS_MAX - tail.len()).chain(tail.chars()).collect();
    }
    if sku != plain {
        warnings.add(format!("the article {plain:?} stands at several offers; one of them became {sku:?}"));
    }
    sku.parse().expect("1 to 50 printable characters are a SKU")
}

fn price(offer: &RawOffer, price_type: Option<&str>, warnings: &mut Warnings) -> (Option<Money>, Option<Currency>) {
    let of_type = offer.prices.iter().find(|(kind, ..)| price_type.is_some_and(|wanted| kind == wanted));
    let Some((_, amount, currency)) = of_type.or_else(|| offer.prices.first()) else { return (None, None) };
    let plain: String = amount.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
    let rounded = plain.replace(',', ".").parse::<f64>().ok().filter(|amount| amount.is_finite());
    let price = rounded.and_then(|amount| format!("{amount:.2}").parse().ok());
    if price.is_none() && rounded.is_none_or(|amount| amount != 0.0) {
        warnings.add(format!("{amount:?} is no price"));
    }
    let currency = match currency.trim().trim_end_matches('.').to_lowercase().as_str() {
        "руб" | "rur" | "rub" | "р" => "RUB".parse().ok(),
        other => other.to_uppercase().parse().ok(),
    };
    (price, currency)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is clamped to 0…999 999 before"
)]
fn quantity(id: &str, offer: &RawOffer, warnings: &mut Warnings) -> u64 {
    let quantity = offer.quantity.or(offer.warehouses).unwrap_or(0.0);
    if quantity < 0.0 {
        warnings.add(format!("the offer {id} has {quantity} pieces; none are taken"));
    }
    quantity.floor().clamp(0.0, QUANTITY_MAX) as u64
}
