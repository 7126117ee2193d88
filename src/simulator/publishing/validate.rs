//! What AliExpress asks of a product, read off the documents; the first fault found is the one that it names.

use std::collections::HashSet;

use serde_json::Value;

use super::photos::Photos;
use super::tree::{self, Attribute};

/// A code and its words.
pub(super) type Fault = (&'static str, String);

const SCHEMA: &str = "F00-00-10020-002";

fn schema(message: impl Into<String>) -> Fault {
    (SCHEMA, message.into())
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// Whether the product could be posted.
pub(super) fn product(product: &Value, photos: &Photos) -> Result<(), Fault> {
    let category = number(&product["aliexpress_category_id"]).unwrap_or_default();
    if !tree::is_leaf(category) {
        return Err(("F00-00-10020-004", "GPF.CHK_CATEGORY_ID_NOT_LEAF_CATEGORY".into()));
    }
    let known = tree::attributes(category);
    texts(product)?;
    pictures(product, photos)?;
    attributes(product, &known)?;
    skus(product, &known, photos)?;
    parcel(product)?;
    match product["inventory_deduction_strategy"].as_str() {
        Some("place_order_withhold" | "payment_success_deduct") => Ok(()),
        _ => Err(schema("#/inventory_deduction_strategy: is not one of the values")),
    }
}

fn texts(product: &Value) -> Result<(), Fault> {
    let main = product["language"].as_str().unwrap_or_default();
    let known = ["en", "ru", "es", "it", "fr", "pt", "de", "nl", "tr", "iw", "ja", "ko", "th", "vi", "ar", "in", "pl"];
    if !known.contains(&main) {
        return Err(schema("#/locale: is not one of the values"));
    }
    let (titles, details) =
        (list(product, "multi_language_subject_list"), list(product, "multi_language_description_list"));
    for (what, all) in [("title", titles), ("description", details)] {
        if !all.iter().any(|item| item["language"] == main) {
            return Err(schema(format!("#/{what}_multi_language_list: the main language is missing")));
        }
        if !all.iter().all(|item| known.contains(&item["language"].as_str().unwrap_or_default())) {
            return Err(schema(format!("#/{what}_multi_language_list: a locale is not one of the values")));
        }
    }
    for title in titles {
        let title = title["subject"].as_str().unwrap_or_default();
        let length = title.chars().count();
        if length == 0 || length > 128 {
            return Err(schema(format!(
                "#/title_multi_language_list/0/title: expected maxLength: 128, actual: {length}"
            )));
        }
        if title.contains(['<', '>']) {
            return Err(("S00-10-10000-001", "7090001: the title contains < or >".into()));
        }
    }
    for detail in details {
        let detail: Value = serde_json::from_str(detail["web_detail"].as_str().unwrap_or_default())
            .map_err(|_| schema("web_detail is not JSON"))?;
        let html = detail["moduleList"][0]["html"]["content"].as_str().unwrap_or_default();
        if html.is_empty() || html.chars().count() > 40_000 {
            return Err(schema("#/description_multi_language_list: expected maxLength: 40000"));
        }
        let low = html.to_lowercase();
        if ["<script", "<iframe", "javascript:", " onclick", " onerror", "href="].iter().any(|bad| low.contains(bad)) {
            return Err(schema("#/description_multi_language_list: forbidden content"));
        }
    }
    Ok(())
}

fn pictures(product: &Value, photos: &Photos) -> Result<(), Fault> {
    let urls = list(product, "main_image_urls_list");
    if !(1..=6).contains(&urls.len()) {
        return Err(schema(format!(
            "#/image_url_list: expected minimum item count: 1, maximum: 6, found: {}",
            urls.len()
        )));
    }
    for url in urls {
        let photo = url.as_str().and_then(|url| photos.get(url));
        let photo = photo.ok_or(("10006008", "API_EXCEPTION:01202016: an image is not in the photo bank".into()))?;
        if photo.width.min(photo.height) < 800 {
            return Err(schema(format!("an image of {}x{} is smaller than 800x800", photo.width, photo.height)));
        }
    }
    Ok(())
}

fn attributes(product: &Value, known: &[Attribute]) -> Result<(), Fault> {
    let given = list(product, "attribute_list");
    for item in given {
        let id = number(&item["aliexpress_attribute_name_id"]);
        let attribute = known.iter().find(|one| Some(one.id) == id && !one.of_sku);
        let attribute = attribute.ok_or(("F00-00-10003-005", format!("Attribute key:{id:?} is not valid")))?;
        if !is_asked(attribute, given) {
            return Err(("F00-00-10003-005", format!("Attribute key:{} is not valid beside the others", attribute.id)));
        }
        one_attribute(attribute, item)?;
        let times = given.iter().filter(|other| number(&other["aliexpress_attribute_name_id"]) == id).count();
        if times > 1 && !attribute.several {
            return Err(schema(format!("#/category_attributes/{}: is not a list", attribute.en)));
        }
    }
    for attribute in known.iter().filter(|one| one.required && !one.of_sku && is_asked(one, given)) {
        if !given.iter().any(|item| number(&item["aliexpress_attribute_name_id"]) == Some(attribute.id)) {
            return Err(schema(format!("#/category_attributes: required key [{}] not found", attribute.en)));
        }
    }
    Ok(())
}

/// Whether the value that an attribute depends on is among those given.
fn is_asked(attribute: &Attribute, given: &[Value]) -> bool {
    let has = |item: &Value, (of, value): (u64, u64)| {
        let named = number(&item["aliexpress_attribute_name_id"]) == Some(of);
        named && number(&item["aliexpress_attribute_value_id"]) == Some(value)
    };
    attribute.when.is_none_or(|pair| given.iter().any(|item| has(item, pair)))
}

fn one_attribute(attribute: &Attribute, item: &Value) -> Result<(), Fault> {
    let path = format!("#/category_attributes/{}/value", attribute.en);
    let text = item["attribute_value"].as_str().unwrap_or_default();
    if !attribute.values.is_empty() {
        let id = number(&item["aliexpress_attribute_value_id"]);
        if !attribute.values.iter().any(|(known, ..)| Some(*known) == id) {
            return Err(schema(format!("{path}: #: 0 subschemas matched instead of one")));
        }
        if id == Some(4) && !(1..=70).contains(&text.chars().count()) {
            return Err(schema(format!("{path}: required key [customValue] not found")));
        }
        return Ok(());
    }
    let value = match attribute.units {
        [] => text,
        units => {
            let (value, unit) = text.rsplit_once(' ').unwrap_or((text, ""));
            if !units.contains(&unit) {
                return Err(schema(format!("{path}: required key [unit] not found")));
            }
            value
        }
    };
    let length = value.chars().count();
    if !(1..=70).contains(&length) || (attribute.number && value.parse::<f64>().is_err()) {
        return Err(schema(format!("{path}: expected type: a short text or a number")));
    }
    Ok(())
}

fn skus(product: &Value, known: &[Attribute], photos: &Photos) -> Result<(), Fault> {
    let skus = list(product, "sku_info_list");
    if !(1..=200).contains(&skus.len()) {
        return Err(schema(format!("#/sku_info_list: 1 to 200 items, found: {}", skus.len())));
    }
    let (mut codes, mut kinds) = (HashSet::new(), HashSet::new());
    let mut names: Option<Vec<u64>> = None;
    for sku in skus {
        let code = sku["sku_code"].as_str().unwrap_or_default();
        if code.is_empty() {
            return Err(("F00-00-10007-009", "sku_code is empty".into()));
        }
        if code.chars().count() > 50 || code.contains([' ', '<', '>']) {
            return Err(schema(format!("#/sku_info_list: sku_code {code} is invalid")));
        }
        if !codes.insert(code) {
            return Err(("F00-00-10007-007", "duplicate sku_code, please check your input".into()));
        }
        let kind = sku_attributes(sku, known, photos)?;
        let named: Vec<u64> = kind.iter().map(|(attribute, _)| *attribute).collect();
        if *names.get_or_insert_with(|| named.clone()) != named {
            return Err(schema("#/sku_info_list: all SKUs must have the same sku_attributes"));
        }
        if skus.len() > 1 && (kind.is_empty() || !kinds.insert(kind)) {
            return Err(schema("#/sku_info_list: sku_attributes are missing or not unique"));
        }
        for required in known.iter().filter(|one| one.of_sku && one.required && skus.len() > 1) {
            let has = |item: &Value| number(&item["sku_attribute_name_id"]) == Some(required.id);
            if !list(sku, "sku_attributes_list").iter().any(has) {
                return Err(schema(format!(
                    "#/sku_info_list/sku_attributes: required key [{}] not found",
                    required.en
                )));
            }
        }
        figures(sku)?;
    }
    Ok(())
}

fn sku_attributes(sku: &Value, known: &[Attribute], photos: &Photos) -> Result<Vec<(u64, u64)>, Fault> {
    let mut kind = Vec::new();
    for item in list(sku, "sku_attributes_list") {
        let (id, value) = (number(&item["sku_attribute_name_id"]), number(&item["sku_attribute_value_id"]));
        let attribute = known.iter().find(|one| Some(one.id) == id && one.of_sku);
        let attribute = attribute.ok_or(("F00-00-10007-015", "sku_attribute_name is not supported".to_owned()))?;
        let known_value = attribute.values.iter().find(|(known, ..)| Some(*known) == value);
        let (value, ..) =
            known_value.ok_or_else(|| schema("sku_attributes: #: 0 subschemas matched instead of one"))?;
        let own = item["sku_attribute_value"].as_str();
        if own.is_some_and(|own| !attribute.own_names || own.chars().count() > 70 || own.contains(['#', ':', '=', ',']))
        {
            return Err(schema("sku_attributes: the custom name is invalid"));
        }
        let image = item["sku_image_url"].as_str().or(item["sku_image"].as_str());
        if image.is_some_and(|image| photos.get(image).is_none()) {
            return Err(("10006008", "API_EXCEPTION:01202016: an image is not in the photo bank".into()));
        }
        kind.push((attribute.id, *value));
    }
    kind.sort_unstable();
    Ok(kind)
}

fn figures(sku: &Value) -> Result<(), Fault> {
    let cents = |value: &Value| value.as_str()?.parse::<f64>().ok().map(|amount| (amount * 100.0).round());
    let price = cents(&sku["price"]).filter(|cents| (1.0..=99_999_900.0).contains(cents));
    let price = price.ok_or_else(|| schema("#/sku_info_list/price: must be from 0.01 to 999999"))?;
    if !sku["discount_price"].is_null() && !cents(&sku["discount_price"]).is_some_and(|c| c > 0.0 && c < price) {
        return Err(schema("#/sku_info_list/discount_price: must be below price"));
    }
    if number(&sku["inventory"]).is_none_or(|stock| stock > 999_999) {
        return Err(schema("#/sku_info_list/inventory: must be from 0 to 999999"));
    }
    let ean = sku["ean_code"].as_str();
    if ean.is_some_and(|ean| !checks(ean)) {
        return Err(schema("#/sku_info_list/ean_code: is not a GTIN-13"));
    }
    Ok(())
}

/// Whether the digits of a GTIN-13 sum up.
fn checks(ean: &str) -> bool {
    let digits: Vec<u32> = ean.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 13 || ean.len() != 13 {
        return false;
    }
    let odd: u32 = digits.iter().step_by(2).sum();
    let even: u32 = digits.iter().skip(1).step_by(2).sum();
    (odd + 3 * even).is_multiple_of(10)
}

fn parcel(product: &Value) -> Result<(), Fault> {
    let weight = product["weight"].as_str().and_then(|text| text.parse::<f64>().ok());
    if !weight.is_some_and(|kg| (0.001..=500.0).contains(&kg)) {
        return Err(schema("#/package_weight: must be from 0.001 to 500"));
    }
    for side in ["package_length", "package_width", "package_height"] {
        if !number(&product[side]).is_some_and(|cm| (1..=700).contains(&cm)) {
            return Err(schema(format!("#/{side}: must be from 1 to 700")));
        }
    }
    if !number(&product["shipping_lead_time"]).is_some_and(|days| (1..=60).contains(&days)) {
        return Err(schema("#/shipping_preparation_time: must be from 1 to 60"));
    }
    if number(&product["freight_template_id"]) != Some(tree::FREIGHT_TEMPLATE) {
        return Err(schema("#/shipping_template_id: #: 0 subschemas matched instead of one"));
    }
    if number(&product["service_policy_id"]) != Some(0) {
        return Err(schema("#/service_template_id: #: 0 subschemas matched instead of one"));
    }
    match &product["group_id"] {
        Value::Null => Ok(()),
        group if number(group) == Some(tree::GROUP) => Ok(()),
        _ => Err(schema("#/product_group_id: #: 0 subschemas matched instead of one")),
    }
}
