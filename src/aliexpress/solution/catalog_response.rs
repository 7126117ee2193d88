//! Answers to the calls of publishing, read as tolerantly as all others.

use serde_json::Value;

use super::response::{Trouble, list, number, text, truth};
use crate::aliexpress::{AuditState, CategoryAttributes, CategoryNode, Refusal, SchemaExtras, SuggestedCategory};
use crate::catalog::schema::{Attribute, AttributeKind, AttributeValue, Choice, Choosing, Index, Names, StatedLimits};
use crate::domain::ListingId;

/// How deep attributes may depend on each other.
const DEPTH_MAX: usize = 5;

/// Names: an object, or JSON text of one, or a bare name.
fn names(value: &Value) -> Names {
    let parsed = value.as_str().map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)));
    match parsed.as_ref().unwrap_or(value) {
        Value::Object(names) => names
            .iter()
            .filter_map(|(language, name)| Some((language.chars().take(2).collect(), text(name)?)))
            .collect(),
        bare => text(bare).map(|name| ("en".to_owned(), name)).into_iter().collect(),
    }
}

pub(super) fn categories(result: &Value) -> Vec<CategoryNode> {
    let node = |item: &Value| {
        Some(CategoryNode {
            id: number(&item["children_category_id"])?,
            leaf: truth(&item["is_leaf_category"]).unwrap_or(false),
            names: names(&item["multi_language_names"]),
        })
    };
    list(&result["children_category_list"]).iter().filter_map(node).collect()
}

/// Attributes below a path of values, those that came with their values behind them.
pub(super) fn attributes(result: &Value, path: &[Choosing]) -> Result<CategoryAttributes, Trouble> {
    if result.get("attributes").is_none() && truth(&result["success"]) != Some(true) {
        return Err(Trouble::Unreadable("an answer without attributes".into()));
    }
    let mut read = CategoryAttributes::default();
    gather(&result["attributes"], path, &mut read);
    Ok(read)
}

/// A value may come with the attributes that depend on it, whole or as ids alone; the latter are asked for.
fn gather(items: &Value, path: &[Choosing], read: &mut CategoryAttributes) {
    let items = list(items);
    read.attributes.extend(items.iter().filter_map(|item| attribute(item, path)));
    for item in items {
        for value in list(&item["values"]) {
            let below = list(&value["attributes"]);
            let (Some(attribute), Some(id)) = (number(&item["id"]), number(&value["id"])) else { continue };
            if below.is_empty() || path.len() >= DEPTH_MAX {
                continue;
            }
            let path = [path, &[Choosing { attribute, value: id }]].concat();
            let is_whole = |item: &Value| !item["names"].is_null() && !item["attribute_show_type_value"].is_null();
            if below.iter().all(is_whole) {
                gather(&value["attributes"], &path, read);
            } else {
                read.open.push(path);
            }
        }
    }
}

fn attribute(item: &Value, path: &[Choosing]) -> Option<Attribute> {
    let value = |item: &Value| Some(AttributeValue { id: number(&item["id"])?, names: names(&item["names"]) });
    let values: Vec<AttributeValue> = list(&item["values"]).iter().filter_map(value).collect();
    let is = |name: &str| truth(&item[name]).unwrap_or(false);
    let shown_as = text(&item["attribute_show_type_value"]).unwrap_or_default();
    let kind = match (values.is_empty(), shown_as.as_str(), text(&item["input_type"]).as_deref()) {
        (false, "check_box", _) => AttributeKind::Many,
        (false, _, _) => AttributeKind::One,
        (true, _, Some("NUMBER")) => AttributeKind::Number,
        (true, _, _) => AttributeKind::Text,
    };
    let unit = |unit: &Value| text(unit).or_else(|| text(&unit["unit_name"]));
    Some(Attribute {
        id: number(&item["id"])?,
        names: names(&item["names"]),
        required: is("required"),
        recommended: is("key_attribute"),
        sku: is("sku"),
        kind,
        units: list(&item["units"]).iter().filter_map(unit).collect(),
        custom_names: is("customized_name"),
        custom_pictures: is("customized_pic"),
        when: path.to_vec(),
        values,
        index: Index::default(),
    })
}

/// What a JSON schema says beside the attributes. What it does not say is no limit.
pub(super) fn extras(result: &Value) -> Result<SchemaExtras, Trouble> {
    let text = text(&result["schema"]).ok_or_else(|| Trouble::Unreadable("an answer without a schema".into()))?;
    let schema: Value = serde_json::from_str(&text)
        .map_err(|error| Trouble::Unreadable(format!("a schema that is no JSON: {error}")))?;
    let fields = &schema["properties"];
    let of_items = |list: &str, field: &str| &fields[list]["items"]["properties"][field];
    let size = |value: &Value| number(value).and_then(|size| usize::try_from(size).ok());
    let descriptions = &fields["description_multi_language_list"];
    let html = &of_items("description_multi_language_list", "module_list")["items"]["properties"]["html"]["properties"]
        ["content"];
    let most = |field: &Value| number_of(&field["maximum"]).map(whole);
    let sides = ["package_length", "package_width", "package_height"].map(|side| most(&fields[side]));
    let brand = &fields["category_attributes"]["properties"]["Brand Name"]["properties"]["value"];
    let brands = if brand.is_null() { None } else { Some(choices(brand)) };
    Ok(SchemaExtras {
        stated: StatedLimits {
            title_chars_max: size(&of_items("title_multi_language_list", "title")["maxLength"]),
            description_chars_max: size(&html["maxLength"]).or(size(&descriptions["maxLength"])),
            images_max: size(&fields["image_url_list"]["maxItems"]),
            skus_max: size(&fields["sku_info_list"]["maxItems"]),
            sku_chars_max: size(&of_items("sku_info_list", "sku_code")["maxLength"]),
            weight_grams_max: number_of(&fields["package_weight"]["maximum"]).map(grams),
            side_cm_max: sides.into_iter().flatten().min(),
            lead_time_days_max: most(&fields["shipping_preparation_time"]),
        },
        freight_templates: choices(&fields["shipping_template_id"]),
        service_templates: choices(&fields["service_template_id"]),
        groups: choices(&fields["product_group_id"]),
        brands,
    })
}

/// A limit that may have decimals, if it is one.
fn number_of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|most| (0.001..=1e6).contains(most))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0.001 to a million")]
fn grams(kilograms: f64) -> u64 {
    (kilograms * 1000.0).floor() as u64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0.001 to a million")]
fn whole(most: f64) -> u32 {
    most.floor() as u32
}

fn choices(field: &Value) -> Vec<Choice> {
    let all = if field["oneOf"].is_array() { &field["oneOf"] } else { &field["items"]["oneOf"] };
    let choice =
        |item: &Value| Some(Choice { id: text(&item["const"])?, name: text(&item["title"]).unwrap_or_default() });
    list(all).iter().filter_map(choice).collect()
}

pub(super) fn suggested(result: &Value) -> Vec<SuggestedCategory> {
    let one = |item: &Value| {
        Some(SuggestedCategory {
            id: number(&item["id"])?,
            path: list(&item["name_path"]).iter().filter_map(text).collect(),
            name: text(&item["name"]).unwrap_or_default(),
        })
    };
    list(&result["suggest_category_list"]).iter().filter_map(one).collect()
}

pub(super) fn photo(result: &Value) -> Result<String, Trouble> {
    if text(&result["status"]).is_some_and(|status| status != "SUCCESS") && truth(&result["success"]) != Some(true) {
        let (code, message) = (text(&result["error_code"]), text(&result["error_message"]));
        return Err(Trouble::Refused(Refusal::new(
            &code.unwrap_or_else(|| "unnamed".into()),
            &message.unwrap_or_default(),
            "",
            "",
        )));
    }
    let url = text(&result["photobank_url"]).filter(|url| url.starts_with("http"));
    url.ok_or_else(|| Trouble::Unreadable("an upload without the picture's URL".into()))
}

pub(super) fn product_id(result: &Value) -> Result<ListingId, Trouble> {
    let id = number(&result["product_id"]).filter(|id| *id > 0);
    id.map(ListingId).ok_or_else(|| Trouble::Unreadable("an answer without the product's id".into()))
}

pub(super) fn audit(result: &Value) -> Result<AuditState, Trouble> {
    let status = text(&result["status"]).unwrap_or_default();
    match status.as_str() {
        "approved" => Ok(AuditState::Approved),
        "auditing" => Ok(AuditState::Auditing),
        "refuse" | "refused" => {
            let reason = [&result["error_message"], &result["error_code"]].into_iter().find_map(text);
            let reasons = reason.unwrap_or_default();
            let reasons = reasons.split(['\n', ';']).map(str::trim).filter(|reason| !reason.is_empty());
            Ok(AuditState::Refused { reasons: reasons.map(|reason| reason.chars().take(300).collect()).collect() })
        }
        _ => Err(Trouble::Unreadable(format!("an audit that is {:?}", status.chars().take(40).collect::<String>()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aliexpress::solution::response;

    fn result(body: Value) -> Value {
        response::result(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_tree_is_read_from_the_documented_answer() {
        let body = json!({"aliexpress_solution_seller_category_tree_query_response":{"children_category_list":{"category_info":[
            {"children_category_id":5_090_301,"is_leaf_category":true,"level":2,"multi_language_names":"{\"en\":\"Mobile Phones\",\"es\":\"Smartphones\"}"}]},"is_success":true}});
        let tree = categories(&result(body));
        assert_eq!((tree[0].id, tree[0].leaf, tree[0].names["en"].as_str()), (5_090_301, true, "Mobile Phones"));
        assert_eq!(categories(&json!({"children_category_list": {}})), []);
    }

    #[test]
    fn attributes_that_depend_on_a_value_come_with_it_or_are_asked_for() {
        let body = json!({"success": true, "attributes": {"aeop_attribute_dto": [
            {"id": 1, "names": "{\"en\":\"Style\"}", "attribute_show_type_value": "list_box", "values": {"aeop_attr_value_dto": [
                {"id": 10, "names": "{\"en\":\"A\"}", "attributes": [{"id": 2, "names": "{\"en\":\"Inner\"}", "attribute_show_type_value": "input"}]},
                {"id": 11, "names": "{\"en\":\"B\"}", "attributes": [{"id": 3}]},
                {"id": 12, "names": "{\"en\":\"C\"}", "attributes": []}]}}]}});
        let above = Choosing { attribute: 7, value: 70 };
        let read = attributes(&body, &[above]).unwrap();
        let when: Vec<(u64, usize)> = read.attributes.iter().map(|a| (a.id, a.when.len())).collect();
        assert_eq!(when, [(1, 1), (2, 2)]);
        assert_eq!(read.open, [vec![above, Choosing { attribute: 1, value: 11 }]]);
    }

    #[test]
    fn a_schema_tells_limits_templates_and_brands() {
        let schema = json!({"properties": {
            "title_multi_language_list": {"items": {"properties": {"title": {"maxLength": 128}}}},
            "image_url_list": {"maxItems": 6},
            "sku_info_list": {"maxItems": 150, "items": {"properties": {"sku_code": {"maxLength": 20}}}},
            "package_weight": {"maximum": 70.5}, "package_length": {"maximum": 200}, "package_width": {"maximum": "150"},
            "shipping_preparation_time": {"maximum": 7},
            "shipping_template_id": {"oneOf": [{"const": "714844311", "title": "Standard"}]},
            "category_attributes": {"properties": {"Brand Name": {"properties": {"value": {"oneOf": [{"const": "200010868", "title": "OEM"}]}}}}},
        }});
        let read = extras(&json!({"success": true, "schema": schema.to_string()})).unwrap();
        assert_eq!((read.stated.title_chars_max, read.stated.images_max), (Some(128), Some(6)));
        let stated = read.stated;
        assert_eq!(
            (stated.skus_max, stated.sku_chars_max, stated.weight_grams_max),
            (Some(150), Some(20), Some(70_500))
        );
        assert_eq!((stated.side_cm_max, stated.lead_time_days_max), (Some(150), Some(7)));
        assert_eq!(read.freight_templates[0].id, "714844311");
        assert_eq!(read.brands.unwrap()[0].name, "OEM");
        let bare = extras(&json!({"schema": "{}"})).unwrap();
        assert_eq!((bare.stated, bare.brands), (StatedLimits::default(), None));
        assert!(extras(&json!({"schema": "not JSON"})).is_err());
        assert!(extras(&json!({})).is_err());
    }

    #[test]
    fn what_is_no_success_is_never_read_as_one() {
        let photo = |value: Value| photo(&value).ok();
        assert_eq!(
            photo(json!({"success": true, "status": "SUCCESS", "photobank_url": "https://x/a.jpg"})),
            Some("https://x/a.jpg".into())
        );
        for bad in
            [json!({}), json!({"status": "FAILED", "photobank_url": "https://x/a.jpg"}), json!({"success": true})]
        {
            assert_eq!(photo(bad.clone()), None, "{bad}");
        }
        for bad in [json!({}), json!({"product_id": 0}), json!({"product_id": "x"})] {
            assert!(product_id(&bad).is_err(), "{bad}");
        }
        assert_eq!(product_id(&json!({"product_id": "1005001"})).unwrap(), ListingId(1_005_001));
        let refused = audit(&json!({"status": "refuse", "error_message": "watermark; wrong brand"})).unwrap();
        assert_eq!(refused, AuditState::Refused { reasons: vec!["watermark".into(), "wrong brand".into()] });
        assert!(audit(&json!({"status": "new"})).is_err());
    }
}
