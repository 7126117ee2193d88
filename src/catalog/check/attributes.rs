//! Attributes of the category: mandatory ones must have a value, the others have one where something is mapped to them.

use std::collections::BTreeSet;

use super::{Terms, shown};
use crate::catalog::draft::DraftAttribute;
use crate::catalog::faults::{Fault, FaultKind};
use crate::catalog::mapping::AttributeMapping;
use crate::catalog::product::{Product, Property, PropertyValue};
use crate::catalog::schema::{Attribute, AttributeKind, BRAND_ATTRIBUTE, Choosing, OTHER_VALUE, name_in};

/// Values that the product has.
pub(super) type Choices = BTreeSet<Choosing>;

/// What was found.
pub(super) struct Chosen {
    /// The attributes.
    pub(super) attributes: Vec<DraftAttribute>,
    /// The brand, where it is one of the seller's.
    pub(super) brand: Option<String>,
    /// Values of AliExpress's lists, which other attributes may depend on.
    pub(super) choices: Choices,
}

/// Whether an attribute is asked for beside these values.
pub(super) fn is_asked(attribute: &Attribute, choices: &Choices) -> bool {
    attribute.when.iter().all(|choosing| choices.contains(choosing))
}

/// The attributes of a product. Those that depend on values of others stand behind these, so one pass decides which are asked for.
pub(super) fn attributes(product: &Product, terms: &Terms<'_>, faults: &mut Vec<Fault>) -> Chosen {
    let (mut all, mut brand, mut choices) = (Vec::new(), None, Choices::new());
    for attribute in terms.schema.attributes.iter().filter(|attribute| !attribute.sku) {
        if !is_asked(attribute, &choices) {
            continue;
        }
        let field = format!("attributes.{}", attribute.id);
        let name = shown(name_in(&attribute.names, &terms.view.mapping.language));
        let Some(mapping) = terms.view.attribute(attribute.id) else {
            if attribute.required {
                let kind = match attribute.id {
                    BRAND_ATTRIBUTE => FaultKind::BrandMissing,
                    _ => FaultKind::AttributeUnmapped { name },
                };
                faults.push(Fault::of(field, kind));
            }
            continue;
        };
        let given = given(product, mapping);
        if given.is_empty() {
            if attribute.required {
                let kind = match attribute.id {
                    BRAND_ATTRIBUTE => FaultKind::BrandMissing,
                    _ => FaultKind::AttributeMissing { name },
                };
                faults.push(Fault::of(field, kind));
            }
            continue;
        }
        let found = match attribute.kind {
            AttributeKind::Text | AttributeKind::Number => free(attribute, mapping, &given, &name, terms),
            AttributeKind::One => listed(attribute, mapping, &given[..1], &name, terms),
            AttributeKind::Many => listed(attribute, mapping, &given, &name, terms),
        };
        match found {
            Ok(found) => {
                if attribute.id == BRAND_ATTRIBUTE {
                    let value = found.first().and_then(|value| attribute.value(value.value_id?));
                    brand = value.map(|value| name_in(&value.names, "en").to_owned());
                }
                let chosen =
                    |value: &DraftAttribute| Some(Choosing { attribute: attribute.id, value: value.value_id? });
                choices.extend(found.iter().filter_map(chosen));
                all.extend(found);
            }
            Err(kinds) => faults.extend(kinds.into_iter().map(|kind| Fault::of(field.clone(), kind))),
        }
    }
    Chosen { attributes: all, brand, choices }
}

/// A value as the mapping's source gives it.
enum Given {
    /// Of the shop.
    Shop(PropertyValue),
    /// Of AliExpress's list.
    Id(u64),
}

fn given(product: &Product, mapping: &AttributeMapping) -> Vec<Given> {
    let text = |text: &str| Given::Shop(PropertyValue { value: text.to_owned(), value_id: String::new() });
    if let Some(code) = &mapping.property {
        return of_property(&product.properties, code).into_iter().map(Given::Shop).collect();
    }
    if let Some(id) = mapping.value_id {
        return vec![Given::Id(id)];
    }
    let constant = if mapping.brand { Some(product.brand.as_str()) } else { mapping.text.as_deref() };
    constant.filter(|constant| !constant.trim().is_empty()).map(text).into_iter().collect()
}

/// The values of a property, none twice.
pub(super) fn of_property(properties: &[Property], code: &str) -> Vec<PropertyValue> {
    let mut values: Vec<PropertyValue> = Vec::new();
    for value in properties.iter().filter(|property| property.code == code).flat_map(Property::all) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// The value of AliExpress's list for a value of the shop: by its id, by its text, by a name that is the same.
pub(super) fn paired(attribute: &Attribute, mapping: &AttributeMapping, value: &PropertyValue) -> Option<u64> {
    let by_id = if value.value_id.is_empty() { None } else { mapping.values.get(&value.value_id) };
    let paired = by_id.or_else(|| mapping.values.get(value.value.trim())).copied();
    paired.or_else(|| attribute.value_named(&value.value).map(|value| value.id))
}

fn element(attribute: &Attribute, value_id: Option<u64>, text: Option<String>, unit: Option<String>) -> DraftAttribute {
    let many = attribute.kind == AttributeKind::Many;
    DraftAttribute { id: attribute.id, name: attribute.key().to_owned(), value_id, text, unit, many }
}

fn free(
    attribute: &Attribute,
    mapping: &AttributeMapping,
    given: &[Given],
    name: &str,
    terms: &Terms<'_>,
) -> Result<Vec<DraftAttribute>, Vec<FaultKind>> {
    let text = |given: &Given| match given {
        Given::Shop(value) => value.value.trim().to_owned(),
        Given::Id(id) => id.to_string(),
    };
    let text = given.iter().map(text).collect::<Vec<_>>().join(", ");
    let mut faults = Vec::new();
    if attribute.kind == AttributeKind::Number && !is_number(&text) {
        faults.push(FaultKind::ValueNotNumber { name: name.to_owned(), value: shown(&text) });
    }
    if text.chars().count() > terms.limits.value_chars_max {
        faults.push(FaultKind::ValueLong { name: name.to_owned(), max: terms.limits.value_chars_max });
    }
    let unit = unit(attribute, mapping, name).unwrap_or_else(|kind| {
        faults.push(kind);
        None
    });
    if faults.is_empty() { Ok(vec![element(attribute, None, Some(text), unit)]) } else { Err(faults) }
}

/// A decimal number with a dot.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |s: &str| !s.is_empty() && s.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole) && are_digits(part)
}

fn unit(attribute: &Attribute, mapping: &AttributeMapping, name: &str) -> Result<Option<String>, FaultKind> {
    match (&mapping.unit, attribute.units.first()) {
        (_, None) => Ok(None),
        (None, Some(first)) => Ok(Some(first.clone())),
        (Some(unit), _) if attribute.units.contains(unit) => Ok(Some(unit.clone())),
        (Some(unit), _) => Err(FaultKind::UnitUnknown { name: name.to_owned(), unit: shown(unit) }),
    }
}

fn listed(
    attribute: &Attribute,
    mapping: &AttributeMapping,
    given: &[Given],
    name: &str,
    terms: &Terms<'_>,
) -> Result<Vec<DraftAttribute>, Vec<FaultKind>> {
    let (mut found, mut faults): (Vec<DraftAttribute>, _) = (Vec::new(), Vec::new());
    for given in given {
        let one = match given {
            Given::Id(id) => by_id(attribute, *id, name),
            Given::Shop(value) => match paired(attribute, mapping, value) {
                Some(id) => by_id(attribute, id, name),
                None if mapping.other && attribute.takes_other() => other(attribute, value, name, terms),
                None if attribute.id == BRAND_ATTRIBUTE => Err(FaultKind::BrandUnknown { brand: shown(&value.value) }),
                None => Err(FaultKind::ValueUnmapped { name: name.to_owned(), value: shown(&value.value) }),
            },
        };
        match one {
            Ok(one) if found.iter().any(|known| known.value_id == one.value_id) => {}
            Ok(one) => found.push(one),
            Err(kind) => faults.push(kind),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn by_id(attribute: &Attribute, id: u64, name: &str) -> Result<DraftAttribute, FaultKind> {
    match attribute.value(id) {
        // "Other" alone says nothing: AliExpress wants its text.
        Some(value) if value.id != OTHER_VALUE => Ok(element(attribute, Some(id), None, None)),
        _ => Err(FaultKind::ValueUnknown { name: name.to_owned(), id }),
    }
}

fn other(
    attribute: &Attribute,
    value: &PropertyValue,
    name: &str,
    terms: &Terms<'_>,
) -> Result<DraftAttribute, FaultKind> {
    let (text, max) = (value.value.trim(), terms.limits.custom_chars_max);
    if text.chars().count() > max {
        return Err(FaultKind::ValueLong { name: name.to_owned(), max });
    }
    Ok(element(attribute, Some(OTHER_VALUE), Some(text.to_owned()), None))
}
