//! Every fault is found, at once, with its field; limits are the schema's where it states them.

use std::collections::BTreeMap;

use aligate::catalog::check::{Picture, Pictures};
use aligate::catalog::faults::{Fault, ShownFault};
use serde_json::{Value, json};

use super::materials::{checked, checked_with, mapping, offer, product, schema};

/// The codes of a product's faults with their fields.
fn told(product: &Value, mapping: &Value) -> Vec<(String, &'static str)> {
    codes(checked(product, mapping).unwrap_err())
}

fn codes(faults: Vec<Fault>) -> Vec<(String, &'static str)> {
    for fault in &faults {
        let shown = ShownFault::from(fault);
        assert!(!shown.ru.is_empty() && shown.ru.chars().any(|c| ('а'..='я').contains(&c)), "{shown:?}");
        assert!(!shown.en.is_empty() && shown.code == fault.kind.code(), "{shown:?}");
    }
    faults.into_iter().map(|fault| (fault.field, fault.kind.code())).collect()
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut product = product();
    change(&mut product);
    product
}

#[test]
fn one_look_finds_every_fault_of_a_product() {
    let broken = with(|product| {
        product["name"] = json!(format!("<{}>", "x".repeat(130)));
        product["description_html"] = json!("y".repeat(40_001));
        product["images"] = json!([]);
        product["brand"] = json!("Elsewhere");
        product["properties"] = json!([{"code": "MATERIAL", "value": "Бамбук"}]);
        product["translations"] = json!({"xx": {"name": "?"}, "en": {"name": "z".repeat(129)}});
        product["package"] = json!({"weight_kg": "501", "length_cm": 701});
        let mut bad = offer("A B", &[]);
        bad["barcode"] = json!("4006381333932");
        bad["price"] = json!("0");
        product["offers"] = json!([bad]);
    });
    let mut mapping = mapping();
    mapping["defaults"] = json!({"width_cm": 20, "group_id": 5, "service_template_id": 9});
    let expected = [
        ("translations.xx", "language_unknown"),
        ("name", "title_long"),
        ("name", "title_forbidden_characters"),
        ("description_html", "description_long"),
        ("translations.en.name", "title_long"),
        ("images", "images_missing"),
        ("attributes.2", "brand_unknown"),
        ("attributes.10", "value_unmapped"),
        ("offers.A B.sku", "sku_forbidden_characters"),
        ("offers.A B.price", "price_invalid"),
        ("offers.A B.barcode", "barcode_invalid"),
        ("package.weight_kg", "weight_invalid"),
        ("package.length_cm", "side_invalid"),
        ("package.height_cm", "side_missing"),
        ("mapping.lead_time_days", "lead_time_missing"),
        ("mapping.freight_template_id", "freight_template_missing"),
        ("mapping.service_template_id", "service_template_unknown"),
        ("mapping.group_id", "group_unknown"),
    ];
    assert_eq!(told(&broken, &mapping), expected.map(|(field, code)| (field.to_owned(), code)));
}

#[test]
fn skus_are_told_apart_and_have_their_values() {
    let offers = |offers: Value| with(|product| product["offers"] = offers);
    let rows = [
        (json!([]), vec![("offers", "skus_missing")]),
        (
            json!([offer("A", &[]), offer("B", &[])]),
            vec![
                ("offers.A.properties.COLOR", "sku_attribute_missing"),
                ("offers.B.properties.COLOR", "sku_attribute_missing"),
            ],
        ),
        (
            json!([offer("A", &[("COLOR", "Red")]), offer("B", &[("COLOR", "Красный")])]),
            vec![("offers.B.properties", "skus_alike")],
        ),
        (
            json!([offer("A", &[("COLOR", "Red")]), offer("A", &[("COLOR", "Blue")])]),
            vec![("offers.A.sku", "sku_twice")],
        ),
        (
            json!([
                offer("A", &[("COLOR", "Red"), ("SIZE", "M")]),
                offer("B", &[("COLOR", "Ultraviolet"), ("SIZE", "L")])
            ]),
            vec![("offers.B.properties.COLOR", "value_unmapped")],
        ),
    ];
    for (given, expected) in rows {
        let expected: Vec<_> = expected.into_iter().map(|(field, code)| (field.to_owned(), code)).collect();
        assert_eq!(told(&offers(given.clone()), &mapping()), expected, "{given}");
    }
    let long = "S".repeat(51);
    assert_eq!(told(&offers(json!([offer(&long, &[])])), &mapping()), [(format!("offers.{long}.sku"), "sku_long")]);
    let mut unmapped = mapping();
    unmapped["sku_attributes"] = json!([]);
    let two = offers(json!([offer("A", &[("COLOR", "Red")]), offer("B", &[("COLOR", "Blue")])]));
    assert_eq!(told(&two, &unmapped), [("offers".to_owned(), "skus_not_apart")]);
    let many = (0..201).map(|n| offer(&format!("S{n}"), &[("COLOR", "Red")])).collect();
    assert_eq!(told(&offers(many), &mapping())[0], ("offers".to_owned(), "skus_too_many"));
}

#[test]
fn attributes_are_looked_at_one_by_one() {
    let product = with(|product| {
        product["brand"] = json!("");
        product["properties"] =
            json!([{"code": "LENGTH", "value": "long"}, {"code": "MODEL", "value": "m".repeat(71)}]);
    });
    let mut mapping = mapping();
    mapping["attributes"] = json!([{"attribute": 2, "brand": true}, {"attribute": 284, "property": "LENGTH", "unit": "mile"},
        {"attribute": 3, "property": "MODEL"}, {"attribute": 326, "value_id": 999}]);
    mapping["categories"][0]["attributes"] = json!([]);
    let expected = [
        ("attributes.2", "brand_missing"),
        ("attributes.10", "attribute_unmapped"),
        ("attributes.3", "value_long"),
        ("attributes.284", "value_not_number"),
        ("attributes.284", "unit_unknown"),
        ("attributes.326", "value_unknown"),
    ];
    assert_eq!(told(&product, &mapping), expected.map(|(field, code)| (field.to_owned(), code)));
}

#[test]
fn a_dependent_attribute_is_asked_for_with_its_value_alone() {
    let styled = |style: &str, occasion: &str| {
        with(|product| {
            let properties = product["properties"].as_array_mut().unwrap();
            properties
                .extend([json!({"code": "STYLE", "value": style}), json!({"code": "OCCASION", "value": occasion})]);
        })
    };
    let mut mapping = mapping();
    let style = json!({"attribute": 326, "property": "STYLE", "other": true});
    mapping["attributes"].as_array_mut().unwrap().push(style);
    assert_eq!(told(&styled("Casual", ""), &mapping), [("attributes.400".to_owned(), "attribute_unmapped")]);
    assert!(checked(&styled("Baroque", ""), &mapping).is_ok(), "its own style has no occasion");
    mapping["attributes"].as_array_mut().unwrap().push(json!({"attribute": 400, "property": "OCCASION"}));
    assert_eq!(told(&styled("Casual", ""), &mapping), [("attributes.400".to_owned(), "attribute_missing")]);
    let attributes = |draft: aligate::catalog::draft::Draft| draft.attributes.iter().map(|a| a.id).collect::<Vec<_>>();
    assert_eq!(attributes(checked(&styled("Casual", "Beach"), &mapping).unwrap()), [2, 10, 326, 400]);
    // What is not asked for is not sent, though the shop has it.
    assert_eq!(attributes(checked(&styled("Baroque", "Beach"), &mapping).unwrap()), [2, 10, 326]);
}

#[test]
fn pictures_are_judged_by_what_was_measured() {
    let url = "https://shop.example/upload/1.jpg";
    let rows = [
        (Picture::Measured { width: 799, height: 2000, bytes: 1, url: None }, Some("image_small")),
        (Picture::Measured { width: 800, height: 800, bytes: 3_145_728, url: None }, None),
        (Picture::Measured { width: 800, height: 800, bytes: 3_145_729, url: None }, Some("image_large")),
        (Picture::WrongType { found: "gif".into() }, Some("image_type")),
        (Picture::Unreachable { why: "404".into() }, Some("image_unreachable")),
    ];
    for (picture, code) in rows {
        let pictures: Pictures = BTreeMap::from([(url.to_owned(), picture.clone())]);
        let found = checked_with(&product(), &mapping(), &schema(), &pictures);
        let told = found.err().map(|faults| codes(faults)[0].clone());
        assert_eq!(told, code.map(|code| ("images.0".to_owned(), code)), "{picture:?}");
    }
}

#[test]
fn the_schemas_own_limit_wins_over_the_setting() {
    let mut schema = schema();
    let long = with(|product| product["name"] = json!("x".repeat(200)));
    schema.stated.title_chars_max = Some(218);
    assert!(checked_with(&long, &mapping(), &schema, &Pictures::new()).is_ok());
    schema.stated.title_chars_max = None;
    assert!(checked_with(&long, &mapping(), &schema, &Pictures::new()).is_err());
    let stated = |change: fn(&mut aligate::catalog::schema::StatedLimits)| {
        let mut schema = self::schema();
        change(&mut schema.stated);
        codes(checked_with(&product(), &mapping(), &schema, &Pictures::new()).unwrap_err())[0].1
    };
    assert_eq!(stated(|stated| stated.weight_grams_max = Some(299)), "weight_invalid");
    assert_eq!(stated(|stated| stated.side_cm_max = Some(29)), "side_invalid");
    assert_eq!(stated(|stated| stated.lead_time_days_max = Some(2)), "lead_time_long");
    assert_eq!(stated(|stated| stated.sku_chars_max = Some(5)), "sku_long");
    assert_eq!(stated(|stated| stated.skus_max = Some(0)), "skus_too_many");
}
