//! A category, a mapping and products of every kind, in few words.

use aligate::catalog::check::{Pictures, Terms, check};
use aligate::catalog::draft::Draft;
use aligate::catalog::faults::Fault;
use aligate::catalog::mapping::Mapping;
use aligate::catalog::product::Product;
use aligate::catalog::schema::CategorySchema;
use aligate::config::{CatalogLimits, Sources, load};
use serde_json::{Value, json};

/// A category of T-shirts: brand, material (several), model (text), length (number with units), style (with "Other"), colour and size.
pub fn schema() -> CategorySchema {
    let named = |en: &str, ru: &str| json!({"en": en, "ru": ru});
    let value = |id: u64, en: &str, ru: &str| json!({"id": id, "names": named(en, ru)});
    let sizes: Vec<Value> = (1..=20).map(|n| value(1000 + n, &format!("Size {n}"), &format!("Размер {n}"))).collect();
    serde_json::from_value(json!({
        "category": 348,
        "attributes": [
            {"id": 2, "names": named("Brand Name", "Бренд"), "required": true, "kind": "one",
             "values": [value(200_010_868, "Acme", "Acme"), value(201_512_802, "NONE", "Без бренда")]},
            {"id": 10, "names": named("Material", "Материал"), "required": true, "kind": "many",
             "values": [value(47, "Cotton", "Хлопок"), value(48, "Linen", "Лён"), value(567, "Wool", "Шерсть"), value(4, "Other", "Другое")]},
            {"id": 3, "names": named("Model Number", "Модель"), "kind": "text"},
            {"id": 284, "names": named("Length", "Длина"), "recommended": true, "kind": "number", "units": ["cm", "inch"]},
            {"id": 326, "names": named("Style", "Стиль"), "kind": "one", "values": [value(350, "Casual", "Повседневный"), value(4, "Other", "Другой")]},
            {"id": 400, "names": named("Occasion", "Повод"), "required": true, "kind": "one", "when": [{"attribute": 326, "value": 350}],
             "values": [value(4001, "Beach", "Пляж"), value(4002, "Office", "Офис")]},
            {"id": 14, "names": named("Color", "Цвет"), "required": true, "sku": true, "kind": "one", "custom_names": true, "custom_pictures": true,
             "values": [value(10, "Red", "Красный"), value(173, "Blue", "Синий"), value(175, "Green", "Зелёный"), value(193, "Black", "Чёрный"),
                value(29, "White", "Белый"), value(366, "Yellow", "Жёлтый"), value(771, "Grey", "Серый"), value(496, "Violet", "Фиолетовый"), value(1052, "Pink", "Розовый"), value(1254, "Beige", "Бежевый")]},
            {"id": 5, "names": named("Size", "Размер"), "sku": true, "kind": "one", "values": sizes},
        ],
        "stated": {"title_chars_max": 128},
        "freight_templates": [{"id": "714844311", "name": "Standard"}],
        "service_templates": [{"id": "0", "name": "Default"}],
        "groups": [{"id": "262007001", "name": "Shirts"}],
    }))
    .unwrap()
}

/// A mapping of section 77 to that category.
pub fn mapping() -> Value {
    json!({
        "language": "ru",
        "defaults": {"lead_time_days": 3, "freight_template_id": 714_844_311, "service_template_id": 0,
            "weight_kg": "0.300", "length_cm": 30, "width_cm": 20, "height_cm": 3},
        "attributes": [{"attribute": 2, "brand": true}],
        "sku_attributes": [{"attribute": 14, "property": "COLOR"}, {"attribute": 5, "property": "SIZE", "values": {"M": 1003, "L": 1004}}],
        "categories": [{"section": "77", "category": 348, "attributes": [{"attribute": 10, "property": "MATERIAL", "values": {"331": 47}}]}],
    })
}

/// A product with one SKU and nothing special.
pub fn product() -> Value {
    json!({
        "product_id": "1205", "name": "Футболка", "description_html": "<p>Хлопковая <b>футболка</b></p>",
        "section": {"id": "77", "path": ["Одежда", "Футболки"]}, "brand": "Acme", "url": "https://shop.example/p/1205",
        "images": ["https://shop.example/upload/1.jpg"],
        "properties": [{"code": "MATERIAL", "name": "Материал", "value": "х/б", "value_id": "331"}],
        "offers": [offer("TSHIRT", &[])],
    })
}

/// An offer with these properties.
pub fn offer(sku: &str, properties: &[(&str, &str)]) -> Value {
    let property = |(code, value): &(&str, &str)| json!({"code": code, "value": value});
    json!({"sku": sku, "offer_id": sku, "price": "1990.00", "currency": "RUB", "quantity": 7,
        "properties": properties.iter().map(property).collect::<Vec<_>>()})
}

/// The limits as they come.
pub fn limits() -> CatalogLimits {
    load(&Sources::default()).unwrap().catalog.limits
}

/// Checks a product by a mapping, its pictures taken as good.
pub fn checked(product: &Value, mapping: &Value) -> Result<Draft, Vec<Fault>> {
    checked_with(product, mapping, &schema(), &Pictures::new())
}

pub fn checked_with(
    product: &Value,
    mapping: &Value,
    schema: &CategorySchema,
    pictures: &Pictures,
) -> Result<Draft, Vec<Fault>> {
    let product = Product::read(&product.to_string()).unwrap();
    let mapping: Mapping = serde_json::from_value(mapping.clone()).unwrap();
    assert_eq!(aligate::catalog::mapping::faults(&mapping), []);
    let view = mapping.of_section(product.section_id()).unwrap();
    check(&product, &Terms::new(view, schema, &limits()), pictures)
}
