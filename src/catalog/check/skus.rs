//! Offers as SKUs: codes, barcodes, prices, and the attributes that tell them apart.

use std::collections::HashMap;

use super::attributes::{Choices, is_asked, of_property, paired};
use super::pictures::{self, Pictures};
use super::{Terms, shown};
use crate::catalog::draft::{DraftSku, SkuAttribute};
use crate::catalog::faults::{Fault, FaultKind};
use crate::catalog::gtin;
use crate::catalog::mapping::AttributeMapping;
use crate::catalog::product::{Offer, Product};
use crate::catalog::schema::{Attribute, name_in};
use crate::domain::Money;

pub(super) fn skus(
    product: &Product,
    terms: &Terms<'_>,
    choices: &Choices,
    pictures: &Pictures,
    faults: &mut Vec<Fault>,
) -> Vec<DraftSku> {
    let (has, max) = (product.offers.len(), terms.limits.skus_max);
    if has == 0 {
        faults.push(Fault::of("offers", FaultKind::SkusMissing));
    }
    if has > max {
        faults.push(Fault::of("offers", FaultKind::SkusTooMany { has, max }));
    }
    let varying = varying(product, terms, choices);
    if has > 1 && varying.is_empty() {
        faults.push(Fault::of("offers", FaultKind::SkusNotApart));
    }
    let (mut all, mut known): (Vec<DraftSku>, HashMap<&str, ()>) = (Vec::new(), HashMap::new());
    let mut combinations: HashMap<Vec<(u64, u64, Option<String>)>, String> = HashMap::new();
    for offer in &product.offers {
        code(offer, terms, faults);
        if known.insert(offer.sku.as_str(), ()).is_some() {
            faults.push(Fault::of_sku(&offer.sku, "sku", FaultKind::SkuTwice));
        }
        price(offer, terms, faults);
        let before = faults.len();
        let attributes = attributes(offer, &varying, terms, pictures, faults);
        // A SKU whose values are at fault is like no other.
        if has > 1 && !varying.is_empty() && faults.len() == before {
            let key = attributes.iter().map(|a| (a.id, a.value_id, None)).collect();
            if let Some(other) = combinations.insert(key, offer.sku.clone()) {
                faults.push(Fault::of_sku(&offer.sku, "properties", FaultKind::SkusAlike { other }));
            }
        }
        let ean = barcode(offer, terms, faults);
        all.push(DraftSku { sku: offer.sku.clone(), ean, attributes });
    }
    all
}

/// SKU attributes that something is mapped to. Of a single offer only those count that it has a value of.
fn varying<'t>(
    product: &Product,
    terms: &'t Terms<'t>,
    choices: &Choices,
) -> Vec<(&'t Attribute, &'t AttributeMapping)> {
    let mapped = |attribute: &'t Attribute| Some((attribute, terms.view.sku_attribute(attribute.id)?));
    let all = terms.schema.attributes.iter().filter(|attribute| attribute.sku && is_asked(attribute, choices));
    let all = all.filter_map(mapped);
    let has_value = |mapping: &AttributeMapping| {
        let code = mapping.property.as_deref().unwrap_or_default();
        product.offers.iter().any(|offer| !of_property(&offer.properties, code).is_empty())
    };
    // An attribute that no offer has a value of tells none apart, unless AliExpress insists on it.
    all.filter(|(attribute, mapping)| (attribute.required && product.offers.len() > 1) || has_value(mapping)).collect()
}

fn code(offer: &Offer, terms: &Terms<'_>, faults: &mut Vec<Fault>) {
    if offer.sku.chars().count() > terms.limits.sku_chars_max {
        let kind = FaultKind::SkuLong { max: terms.limits.sku_chars_max };
        faults.push(Fault::of_sku(&offer.sku, "sku", kind));
    }
    if offer.sku.is_empty() || offer.sku.contains([' ', '<', '>']) {
        faults.push(Fault::of_sku(&offer.sku, "sku", FaultKind::SkuForbidden));
    }
}

fn price(offer: &Offer, terms: &Terms<'_>, faults: &mut Vec<Fault>) {
    let max = terms.limits.price_max;
    let fault = match (offer.price.as_str(), offer.price.parse::<Money>()) {
        ("", _) => Some(FaultKind::PriceMissing),
        (_, Err(_)) => Some(FaultKind::PriceInvalid),
        (_, Ok(price)) if price.cents() > max * 100 => Some(FaultKind::PriceTooHigh { max }),
        (_, Ok(price)) if !offer.discount_price.is_empty() => match offer.discount_price.parse::<Money>() {
            Ok(discount) if discount < price => None,
            Ok(_) => Some(FaultKind::DiscountNotBelow),
            Err(_) => Some(FaultKind::PriceInvalid),
        },
        _ => None,
    };
    faults.extend(fault.map(|kind| Fault::of_sku(&offer.sku, "price", kind)));
}

fn barcode(offer: &Offer, terms: &Terms<'_>, faults: &mut Vec<Fault>) -> Option<String> {
    let barcode = offer.barcode.trim();
    if barcode.is_empty() || terms.view.settings.barcodes == Some(false) {
        return None;
    }
    if !gtin::is_ean13(barcode) {
        faults.push(Fault::of_sku(&offer.sku, "barcode", FaultKind::BarcodeInvalid));
    }
    Some(barcode.to_owned())
}

fn attributes(
    offer: &Offer,
    varying: &[(&Attribute, &AttributeMapping)],
    terms: &Terms<'_>,
    pictures: &Pictures,
    faults: &mut Vec<Fault>,
) -> Vec<SkuAttribute> {
    let mut all = Vec::new();
    for (attribute, mapping) in varying {
        let name = shown(name_in(&attribute.names, &terms.view.mapping.language));
        let field = format!("properties.{}", mapping.property.as_deref().unwrap_or_default());
        let mut fail = |kind| faults.push(Fault::of_sku(&offer.sku, &field, kind));
        let values = of_property(&offer.properties, mapping.property.as_deref().unwrap_or_default());
        let Some(value) = values.first() else {
            fail(FaultKind::SkuAttributeMissing { name });
            continue;
        };
        let Some(value_id) = paired(attribute, mapping, value) else {
            fail(FaultKind::ValueUnmapped { name, value: shown(&value.value) });
            continue;
        };
        if attribute.value(value_id).is_none() {
            fail(FaultKind::ValueUnknown { name, id: value_id });
            continue;
        }
        let mut alias = None;
        if mapping.custom_names && attribute.custom_names {
            let (word, max) = (value.value.trim(), terms.limits.custom_chars_max);
            if word.chars().count() > max {
                fail(FaultKind::ValueLong { name: name.clone(), max });
            }
            if word.contains(['#', ':', '=', ',']) {
                fail(FaultKind::ValueForbidden { name: name.clone() });
            }
            alias = Some(word.to_owned());
        }
        let shows = mapping.pictures && attribute.custom_pictures;
        let picture = offer.images.iter().find(|url| !url.trim().is_empty()).filter(|_| shows);
        if let Some(kind) = picture.and_then(|url| pictures::fault(pictures.get(url)?, &terms.limits, false)) {
            faults.push(Fault::of_sku(&offer.sku, "images", kind));
        }
        let image = picture.map(|url| pictures::moved(url, pictures));
        let name = attribute.key().to_owned();
        all.push(SkuAttribute { id: attribute.id, name, value_id, alias, image });
    }
    all
}
