//! What leaves for AliExpress, for products of every kind: snapshots of `product.post`, `product.edit` and the schema methods.

use std::collections::BTreeMap;

use aligate::catalog::check::{Picture, Pictures};
use aligate::catalog::draft::{Draft, Figures, FiguresOf};
use aligate::domain::ListingId;
use serde_json::{Value, json};

use super::materials::{checked, checked_with, mapping, offer, product, schema};

fn draft(product: &Value, mapping: &Value) -> Draft {
    checked(product, mapping).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn figures(draft: &Draft) -> FiguresOf {
    let figures = Figures { price: "1990".parse().unwrap(), discount: "1490".parse().ok(), stock: 7 };
    draft.skus.iter().map(|sku| (sku.sku.clone(), figures)).collect()
}

/// What `product.post` and the schema's post get.
fn leaving(draft: &Draft) -> Value {
    let figures = figures(draft);
    json!({"post": draft.post(&figures), "instance": draft.instance(None, &figures)})
}

#[test]
fn a_product_of_one_sku() {
    let mut product = product();
    product["offers"][0]["barcode"] = json!("4006381333931");
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping())));
}

#[test]
fn colour_and_size_tell_skus_apart() {
    let mut product = product();
    product["offers"] = json!([
        offer("RED-M", &[("COLOR", "Красный"), ("SIZE", "M")]),
        offer("RED-L", &[("COLOR", "красный "), ("SIZE", "L")]),
        offer("BLUE-M", &[("COLOR", "Blue"), ("SIZE", "M")]),
    ]);
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping())));
}

#[test]
fn sku_values_are_named_and_pictured_by_the_seller() {
    let mut product = product();
    product["offers"] = json!([offer("WINE", &[("COLOR", "Винный")]), offer("SKY", &[("COLOR", "Небесный")])]);
    product["offers"][0]["images"] = json!(["https://shop.example/upload/wine.jpg"]);
    let mut mapping = mapping();
    mapping["sku_attributes"] = json!([{"attribute": 14, "property": "COLOR", "custom_names": true, "pictures": true,
        "values": {"Винный": 10, "Небесный": 173}}]);
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping)));
}

#[test]
fn several_values_of_one_attribute_and_one_of_its_own() {
    let mut product = product();
    product["properties"] = json!([{"code": "MATERIAL", "multiple": true, "values": [{"value": "х/б", "value_id": "331"}, "Шерсть", "Бамбук"]}]);
    let mut mapping = mapping();
    mapping["categories"][0]["attributes"][0]["other"] = json!(true);
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping)));
}

#[test]
fn a_number_goes_with_its_unit_and_a_text_as_it_is() {
    let mut product = product();
    let more = [json!({"code": "LENGTH", "value": "72.5"}), json!({"code": "MODEL", "value": "X-1"})];
    product["properties"].as_array_mut().unwrap().extend(more);
    let mut mapping = mapping();
    mapping["attributes"].as_array_mut().unwrap().extend([
        json!({"attribute": 284, "property": "LENGTH", "unit": "cm"}),
        json!({"attribute": 3, "property": "MODEL"}),
    ]);
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping)));
}

#[test]
fn an_attribute_that_depends_on_the_value_of_another() {
    let mut product = product();
    let more = [json!({"code": "STYLE", "value": "Повседневный"}), json!({"code": "OCCASION", "value": "офис"})];
    product["properties"].as_array_mut().unwrap().extend(more);
    let mut mapping = mapping();
    mapping["attributes"].as_array_mut().unwrap().extend([
        json!({"attribute": 326, "property": "STYLE", "other": true}),
        json!({"attribute": 400, "property": "OCCASION"}),
    ]);
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping)));
}

#[test]
fn a_product_without_a_brand_has_the_constant_that_says_so() {
    let mut product = product();
    product["brand"] = json!("");
    let mut mapping = mapping();
    mapping["attributes"] = json!([{"attribute": 2, "value_id": 201_512_802}]);
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping)));
}

#[test]
fn two_hundred_skus() {
    let colours =
        ["Красный", "Синий", "Зелёный", "Чёрный", "Белый", "Жёлтый", "Серый", "Фиолетовый", "Розовый", "Бежевый"];
    let sku = |n: usize| {
        offer(&format!("SKU-{n:03}"), &[("COLOR", colours[n / 20]), ("SIZE", &format!("Размер {}", n % 20 + 1))])
    };
    let mut product = product();
    product["offers"] = (0..200).map(sku).collect();
    let draft = draft(&product, &mapping());
    let post = draft.post(&figures(&draft));
    assert_eq!(post["sku_info_list"].as_array().unwrap().len(), 200);
    let ends = json!([post["sku_info_list"][0], post["sku_info_list"][199]]);
    insta::assert_json_snapshot!(json!({"ends": ends, "hash": draft.content_hash()}));
}

#[test]
fn translations_become_lists_of_languages() {
    let mut product = product();
    product["translations"] =
        json!({"en": {"name": "T-shirt", "description_html": "<p>Cotton</p>"}, "es": {"name": "Camiseta"}});
    let mut mapping = mapping();
    mapping["title"] = json!("{brand} {name}");
    insta::assert_json_snapshot!(leaving(&draft(&product, &mapping)));
}

#[test]
fn pictures_of_the_description_move_to_aliexpress() {
    let mut product = product();
    product["description_html"] = json!(
        "<p onclick='x()'>a <a href='https://shop.example'>b</a><img src='/upload/size.png'></p><script>c</script>"
    );
    let on_aliexpress = |name: &str| Picture::Measured {
        width: 1000,
        height: 1000,
        bytes: 1,
        url: Some(format!("https://ae01.alicdn.com/kf/{name}.jpg")),
    };
    let pictures: Pictures = BTreeMap::from([
        ("https://shop.example/upload/1.jpg".to_owned(), on_aliexpress("Hmain")),
        ("https://shop.example/upload/size.png".to_owned(), on_aliexpress("Hsize")),
    ]);
    let draft = checked_with(&product, &mapping(), &schema(), &pictures).unwrap();
    insta::assert_json_snapshot!(leaving(&draft));
}

#[test]
fn an_edit_that_drops_a_sku_names_all_that_are_left() {
    let mut product = product();
    product["offers"] = json!([
        offer("RED-M", &[("COLOR", "Красный"), ("SIZE", "M")]),
        offer("BLUE-M", &[("COLOR", "Синий"), ("SIZE", "M")]),
    ]);
    let before = draft(&product, &mapping()).content_hash();
    product["offers"].as_array_mut().unwrap().pop();
    let after = draft(&product, &mapping());
    assert_ne!(before, after.content_hash());
    let (listing, figures) = (ListingId(1_005_001_234_567_890), figures(&after));
    let edit = json!({"edit": after.edit(listing, &figures), "instance": after.instance(Some(listing), &figures)});
    insta::assert_json_snapshot!(edit);
}

#[test]
fn stock_and_price_are_no_content() {
    let mut product = product();
    let before = draft(&product, &mapping()).content_hash();
    product["offers"][0]["price"] = json!("5.00");
    product["offers"][0]["quantity"] = json!(0);
    assert_eq!(draft(&product, &mapping()).content_hash(), before);
}
