//! The form of the schema methods → the form of `product.post`, which is the one that is kept.

use serde_json::{Map, Value, json};

use super::tree::{self, Attribute};

const LOCALES: [(&str, &str); 6] =
    [("en_US", "en"), ("ru_RU", "ru"), ("es_ES", "es"), ("fr_FR", "fr"), ("it_IT", "it"), ("de_DE", "de")];

fn language(locale: &Value) -> Value {
    let known = LOCALES.iter().find(|(known, _)| Some(*known) == locale.as_str());
    known.map_or(locale.clone(), |(_, language)| json!(language))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Numbers that come as texts, and the other way round, stay what they are; what is not understood is dropped and missed later.
pub(super) fn posted(instance: &Value) -> Result<Value, String> {
    let category = instance["category_id"].as_u64().unwrap_or_default();
    let known = tree::attributes(category);
    let title = |item: &Value| json!({"language": language(&item["locale"]), "subject": item["title"]});
    let description = |item: &Value| {
        let detail = json!({"version": "2.0.0", "moduleList": item["module_list"]}).to_string();
        json!({"language": language(&item["locale"]), "web_detail": detail})
    };
    let mut attributes = Vec::new();
    for (name, value) in instance["category_attributes"].as_object().into_iter().flatten() {
        let attribute = find(&known, name, false)?;
        attributes.extend(one_attribute(attribute, value));
    }
    let skus: Result<Vec<Value>, String> =
        list(&instance["sku_info_list"]).iter().map(|sku| one_sku(&known, sku)).collect();
    let id = |name: &str| instance[name].as_str().and_then(|text| text.parse::<u64>().ok());
    Ok(json!({
        "aliexpress_category_id": category,
        "language": language(&instance["locale"]),
        "multi_language_subject_list": list(&instance["title_multi_language_list"]).iter().map(title).collect::<Value>(),
        "multi_language_description_list": list(&instance["description_multi_language_list"]).iter().map(description).collect::<Value>(),
        "main_image_urls_list": instance["image_url_list"],
        "attribute_list": attributes,
        "sku_info_list": skus?,
        "inventory_deduction_strategy": instance["inventory_deduction_strategy"],
        "weight": instance["package_weight"].to_string(),
        "package_length": instance["package_length"], "package_width": instance["package_width"], "package_height": instance["package_height"],
        "freight_template_id": id("shipping_template_id"),
        "service_policy_id": id("service_template_id"),
        "shipping_lead_time": instance["shipping_preparation_time"],
        "group_id": id("product_group_id"),
        "product_unit": id("product_units_type"),
    }))
}

fn find<'a>(known: &'a [Attribute], name: &str, of_sku: bool) -> Result<&'a Attribute, String> {
    let found = known.iter().find(|attribute| attribute.en == name && attribute.of_sku == of_sku);
    found.ok_or_else(|| format!("#/{name}: extraneous key is not permitted"))
}

fn one_attribute(attribute: &Attribute, value: &Value) -> Vec<Value> {
    let values = value["value"].as_array().cloned().unwrap_or_else(|| vec![value["value"].clone()]);
    let one = |given: &Value| {
        let text = given.as_str().unwrap_or_default();
        let mut item = json!({"aliexpress_attribute_name_id": attribute.id});
        if attribute.values.is_empty() {
            let unit = value["unit"].as_str().map(|unit| format!(" {unit}")).unwrap_or_default();
            item["attribute_value"] = json!(format!("{text}{unit}"));
        } else {
            item["aliexpress_attribute_value_id"] = json!(text.parse::<u64>().ok());
            if text == "4" {
                item["attribute_value"] = value["customValue"].clone();
            }
        }
        item
    };
    values.iter().map(one).collect()
}

fn one_sku(known: &[Attribute], sku: &Value) -> Result<Value, String> {
    let mut attributes = Vec::new();
    for (name, value) in sku["sku_attributes"].as_object().into_iter().flatten() {
        let id = value["value"].as_str().and_then(|text| text.parse::<u64>().ok());
        let mut item = json!({"sku_attribute_name_id": find(known, name, true)?.id, "sku_attribute_value_id": id});
        for (from, to) in [("alias", "sku_attribute_value"), ("sku_image_url", "sku_image_url")] {
            if !value[from].is_null() {
                item[to] = value[from].clone();
            }
        }
        attributes.push(item);
    }
    let amount = |name: &str| sku[name].as_f64().map(|amount| format!("{amount:.2}"));
    let mut posted = Map::new();
    posted.insert("sku_code".into(), sku["sku_code"].clone());
    posted.insert("inventory".into(), sku["inventory"].clone());
    posted.insert("price".into(), json!(amount("price")));
    for (name, value) in [("discount_price", json!(amount("discount_price"))), ("ean_code", sku["ean_code"].clone())] {
        if !value.is_null() {
            posted.insert(name.into(), value);
        }
    }
    if !attributes.is_empty() {
        posted.insert("sku_attributes_list".into(), attributes.into());
    }
    Ok(posted.into())
}
