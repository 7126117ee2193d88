//! The categories and what their leaves ask for.

use serde_json::{Value, json};

/// `(id, parent, English, Russian)`; a category is a leaf where none stands below it. Branches are of different depth.
const CATEGORIES: &[(u64, u64, &str, &str)] = &[
    (100, 0, "Apparel & Accessories", "Одежда и аксессуары"),
    (200, 100, "Men's Clothing", "Мужская одежда"),
    (348, 200, "T-Shirts", "Футболки"),
    (349, 200, "Shirts", "Рубашки"),
    (201, 100, "Hats & Caps", "Головные уборы"),
    (509, 0, "Phones", "Телефоны"),
    (5_090_301, 509, "Mobile Phones", "Мобильные телефоны"),
    (15, 0, "Home & Garden", "Дом и сад"),
    (1501, 15, "Kitchen", "Кухня"),
    (1502, 1501, "Cookware", "Посуда"),
    (1503, 1502, "Pans", "Сковороды"),
    (1504, 1503, "Frying Pans", "Сковороды для жарки"),
];

pub(super) const BRANDS: [(u64, &str); 2] = [(200_010_868, "Acme"), (201_512_802, "NONE")];
pub(super) const FREIGHT_TEMPLATE: u64 = 714_844_311;
pub(super) const GROUP: u64 = 262_007_001;

/// `(id, English, Russian)`
type Named = (u64, &'static str, &'static str);

/// An attribute as this side knows it.
pub(super) struct Attribute {
    pub(super) id: u64,
    pub(super) en: &'static str,
    ru: &'static str,
    pub(super) required: bool,
    pub(super) of_sku: bool,
    pub(super) several: bool,
    pub(super) number: bool,
    pub(super) units: &'static [&'static str],
    pub(super) own_names: bool,
    /// It is asked for only where that attribute has that value.
    pub(super) when: Option<(u64, u64)>,
    pub(super) values: Vec<Named>,
}

pub(super) fn below(parent: u64) -> Vec<Value> {
    let of_parent = CATEGORIES.iter().filter(|(_, of, ..)| *of == parent);
    let item = |(id, _, en, ru): &(u64, u64, &str, &str)| {
        json!({"children_category_id": id, "is_leaf_category": is_leaf(*id), "level": depth(*id),
            "multi_language_names": json!({"en": en, "ru": ru}).to_string()})
    };
    of_parent.map(item).collect()
}

pub(super) fn exists(id: u64) -> bool {
    CATEGORIES.iter().any(|(known, ..)| *known == id)
}

pub(super) fn is_leaf(id: u64) -> bool {
    exists(id) && !CATEGORIES.iter().any(|(_, parent, ..)| *parent == id)
}

fn parent(id: u64) -> u64 {
    CATEGORIES.iter().find(|(known, ..)| *known == id).map_or(0, |(_, parent, ..)| *parent)
}

fn depth(id: u64) -> u64 {
    if id == 0 { 0 } else { 1 + depth(parent(id)) }
}

/// Leaves whose name shares a word's beginning with a title.
pub(super) fn suggested(title: &str) -> Vec<Value> {
    let title = title.to_lowercase();
    let stem = |word: &str| word.to_lowercase().chars().take(5).collect::<String>();
    let fits = |(id, _, en, ru): &&(u64, u64, &str, &str)| {
        let mut words = en.split([' ', '-']).chain(ru.split(' ')).filter(|word| word.chars().count() > 3);
        is_leaf(*id) && words.any(|word| title.contains(&stem(word)))
    };
    let item = |(id, _, en, _): &(u64, u64, &str, &str)| {
        let mut path = vec![*en];
        let mut at = parent(*id);
        while at != 0 {
            path.extend(CATEGORIES.iter().find(|(known, ..)| *known == at).map(|(_, _, en, _)| *en));
            at = parent(at);
        }
        path.reverse();
        json!({"id": id, "name": en, "name_path": {"string": path}})
    };
    CATEGORIES.iter().filter(fits).map(item).collect()
}

/// What a leaf asks for.
pub(super) fn attributes(category: u64) -> Vec<Attribute> {
    let plain = |id, en, ru| Attribute {
        id,
        en,
        ru,
        required: false,
        of_sku: false,
        several: false,
        number: false,
        units: &[],
        own_names: false,
        when: None,
        values: Vec::new(),
    };
    let brand = Attribute {
        required: true,
        values: BRANDS.iter().map(|(id, name)| (*id, *name, *name)).collect(),
        ..plain(2, "Brand Name", "Бренд")
    };
    let model = plain(3, "Model Number", "Модель");
    if !(348..=349).contains(&category) {
        return vec![brand, model];
    }
    let material =
        vec![(47, "Cotton", "Хлопок"), (48, "Linen", "Лён"), (567, "Wool", "Шерсть"), (4, "Other", "Другое")];
    let style = vec![(350, "Casual", "Повседневный"), (4, "Other", "Другой")];
    let occasions = vec![(4001, "Beach", "Пляж"), (4002, "Office", "Офис")];
    let seasons = vec![(4101, "Summer", "Лето"), (4102, "Winter", "Зима")];
    let colours = vec![
        (10, "Red", "Красный"),
        (173, "Blue", "Синий"),
        (175, "Green", "Зелёный"),
        (193, "Black", "Чёрный"),
        (29, "White", "Белый"),
    ];
    let sizes = vec![(1003, "M", "M"), (1004, "L", "L"), (1005, "XL", "XL"), (1006, "XXL", "XXL")];
    vec![
        brand,
        Attribute { required: true, several: true, values: material, ..plain(10, "Material", "Материал") },
        model,
        Attribute { number: true, units: &["cm", "inch"], ..plain(284, "Length", "Длина") },
        Attribute { values: style, ..plain(326, "Style", "Стиль") },
        Attribute { required: true, when: Some((326, 350)), values: occasions, ..plain(400, "Occasion", "Повод") },
        Attribute { when: Some((400, 4001)), values: seasons, ..plain(401, "Season", "Сезон") },
        Attribute { required: true, of_sku: true, own_names: true, values: colours, ..plain(14, "Color", "Цвет") },
        Attribute { of_sku: true, values: sizes, ..plain(5, "Size", "Размер") },
    ]
}

impl Attribute {
    /// As `getchildattributes…` answers it. Of attributes that depend on a value the ids alone are told.
    pub(super) fn listed(&self, all: &[Attribute]) -> Value {
        let names = |en: &str, ru: &str| json!({"en": en, "ru": ru}).to_string();
        let value = |(id, en, ru): &Named| {
            let mut value = json!({"id": id, "names": names(en, ru)});
            let below = all.iter().filter(|other| other.when == Some((self.id, *id)));
            let below: Vec<Value> = below.map(|other| json!({"id": other.id})).collect();
            if !below.is_empty() {
                value["attributes"] = below.into();
            }
            value
        };
        let shown_as = match (self.values.is_empty(), self.several) {
            (true, _) => "input",
            (false, true) => "check_box",
            (false, false) => "list_box",
        };
        let values: Vec<Value> = self.values.iter().map(value).collect();
        let mut item = json!({"id": self.id, "names": names(self.en, self.ru), "required": self.required, "key_attribute": self.id == 284,
            "sku": self.of_sku, "visible": true, "input_type": if self.number { "NUMBER" } else { "STRING" },
            "attribute_show_type_value": shown_as, "customized_name": self.own_names, "customized_pic": self.own_names});
        if !values.is_empty() {
            item["values"] = json!({"aeop_attr_value_dto": values});
        }
        if !self.units.is_empty() {
            item["units"] = json!({"string": self.units});
        }
        item
    }
}

/// As `product.schema.get` answers it, as far as anybody reads it.
pub(super) fn schema(category: u64) -> Value {
    let choices = |all: &[(u64, &str)]| -> Vec<Value> {
        all.iter().map(|(id, name)| json!({"const": id.to_string(), "title": name})).collect()
    };
    let attribute = |attribute: &Attribute| {
        let values: Vec<(u64, &str)> = attribute.values.iter().map(|(id, en, _)| (*id, *en)).collect();
        let value = match (values.is_empty(), attribute.several) {
            (true, _) => json!({"title": "value", "type": "string"}),
            (false, false) => json!({"title": "value", "type": "string", "oneOf": choices(&values)}),
            (false, true) => json!({"title": "value", "type": "array", "items": {"oneOf": choices(&values)}}),
        };
        (
            attribute.en.to_owned(),
            json!({"title": attribute.en, "type": "object", "properties": {"value": value}, "required": ["value"]}),
        )
    };
    let all = attributes(category);
    let of = |of_sku: bool| -> serde_json::Map<String, Value> {
        all.iter().filter(|one| one.of_sku == of_sku).map(attribute).collect()
    };
    json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {
        "title_multi_language_list": {"items": {"properties": {"title": {"type": "string", "maxLength": 128}}}},
        "image_url_list": {"type": "array", "maxItems": 6},
        "category_attributes": {"type": "object", "properties": of(false)},
        "sku_info_list": {"items": {"properties": {"sku_attributes": {"properties": of(true)}}}},
        "shipping_template_id": {"oneOf": choices(&[(FREIGHT_TEMPLATE, "Standard")])},
        "service_template_id": {"oneOf": choices(&[(0, "Service of AliExpress")])},
        "product_group_id": {"oneOf": choices(&[(GROUP, "Shirts")])},
    }})
}
