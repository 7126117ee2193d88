//! A product that may leave: everything that AliExpress gets but stock and price, which are taken when it is sent.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::languages;
use crate::domain::{ListingId, Money};

/// A product that may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The category.
    pub category: u64,
    /// The main language.
    pub language: String,
    /// Titles by language, the main one first.
    pub titles: Vec<(String, String)>,
    /// Descriptions by language, the main one first; sanitised HTML.
    pub descriptions: Vec<(String, String)>,
    /// Main pictures.
    pub images: Vec<String>,
    /// Attributes.
    pub attributes: Vec<DraftAttribute>,
    /// SKUs.
    pub skus: Vec<DraftSku>,
    /// The brand, where it is one of the seller's.
    pub brand: Option<String>,
    /// Weight with packaging, grams.
    pub grams: u64,
    /// Length, width and height, centimetres.
    pub sides: [u32; 3],
    /// Days until a parcel leaves.
    pub lead_time_days: u32,
    /// The template of delivery prices.
    pub freight_template_id: u64,
    /// The template of service.
    pub service_template_id: u64,
    /// The group of products.
    pub group_id: Option<u64>,
    /// What is counted.
    pub unit: u64,
    /// When an order takes stock.
    pub deduction: &'static str,
    /// The size chart.
    pub size_chart_id: Option<u64>,
}

/// One value of an attribute; several elements make a multi-select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftAttribute {
    /// The attribute.
    pub id: u64,
    /// Its English name.
    pub name: String,
    /// The value of the list.
    pub value_id: Option<u64>,
    /// The text, alone or beside "Other".
    pub text: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// The attribute takes several values.
    pub many: bool,
}

/// A SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSku {
    /// Its code.
    pub sku: String,
    /// EAN-13.
    pub ean: Option<String>,
    /// What tells it from the others.
    pub attributes: Vec<SkuAttribute>,
}

/// A value of a SKU attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuAttribute {
    /// The attribute.
    pub id: u64,
    /// Its English name.
    pub name: String,
    /// The value.
    pub value_id: u64,
    /// The shop's word for it.
    pub alias: Option<String>,
    /// Its picture.
    pub image: Option<String>,
}

/// What a SKU costs and how many there are, at the moment of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Before discount.
    pub price: Money,
    /// After it.
    pub discount: Option<Money>,
    /// Pieces.
    pub stock: u64,
}

/// Figures by SKU.
pub type FiguresOf = BTreeMap<String, Figures>;

impl Draft {
    /// A digest of everything but stock and price: equal ones need no request.
    pub fn content_hash(&self) -> String {
        hex::encode(&Sha256::digest(self.post(&FiguresOf::new()).to_string())[..16])
    }

    /// The parameter of `product.post`.
    pub fn post(&self, figures: &FiguresOf) -> Value {
        let mut body = self.common(figures, "sku_image_url");
        body.insert("language".into(), json!(self.language));
        body.insert("product_unit".into(), json!(self.unit));
        Value::Object(body)
    }

    /// The parameter of `product.edit`: all SKUs, since it replaces them.
    pub fn edit(&self, listing: ListingId, figures: &FiguresOf) -> Value {
        let mut body = self.common(figures, "sku_image");
        body.insert("product_id".into(), json!(listing));
        Value::Object(body)
    }

    fn common(&self, figures: &FiguresOf, image_key: &str) -> Map<String, Value> {
        let module = |html: &String| {
            json!({"version": "2.0.0", "moduleList": [{"type": "html", "html": {"content": html}}]}).to_string()
        };
        let subject = |(language, title): &(String, String)| json!({"language": language, "subject": title});
        let text = |(language, html): &(String, String)| json!({"language": language, "web_detail": module(html)});
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("aliexpress_category_id", json!(self.category));
        put("multi_language_subject_list", self.titles.iter().map(subject).collect());
        put("multi_language_description_list", self.descriptions.iter().map(text).collect());
        put("main_image_urls_list", json!(self.images));
        put("attribute_list", self.attributes.iter().map(posted_attribute).collect());
        put("sku_info_list", self.skus.iter().map(|sku| posted_sku(sku, figures, image_key)).collect());
        put("inventory_deduction_strategy", json!(self.deduction));
        put("weight", json!(self.kilograms()));
        for (name, side) in ["package_length", "package_width", "package_height"].iter().zip(self.sides) {
            put(name, json!(side));
        }
        put("freight_template_id", json!(self.freight_template_id));
        put("service_policy_id", json!(self.service_template_id));
        put("shipping_lead_time", json!(self.lead_time_days));
        for (name, value) in [("group_id", self.group_id), ("size_chart_id", self.size_chart_id)] {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        if let Some(brand) = &self.brand {
            put("brand_name", json!(brand));
        }
        body
    }

    fn kilograms(&self) -> String {
        format!("{}.{:03}", self.grams / 1000, self.grams % 1000)
    }

    /// The parameter of the schema methods; with a listing that of the full update.
    pub fn instance(&self, listing: Option<ListingId>, figures: &FiguresOf) -> Value {
        let title =
            |(language, title): &(String, String)| json!({"locale": languages::locale(language), "title": title});
        let text = |(language, html): &(String, String)| json!({"locale": languages::locale(language), "module_list": [{"type": "html", "html": {"content": html}}]});
        let mut body = json!({
            "category_id": self.category,
            "locale": languages::locale(&self.language),
            "title_multi_language_list": self.titles.iter().map(title).collect::<Value>(),
            "description_multi_language_list": self.descriptions.iter().map(text).collect::<Value>(),
            "product_units_type": self.unit.to_string(),
            "image_url_list": self.images,
            "category_attributes": instance_attributes(&self.attributes),
            "sku_info_list": self.skus.iter().map(|sku| instance_sku(sku, figures)).collect::<Value>(),
            "inventory_deduction_strategy": self.deduction,
            "package_weight": self.grams as f64 / 1000.0,
            "package_length": self.sides[0],
            "package_width": self.sides[1],
            "package_height": self.sides[2],
            "shipping_preparation_time": self.lead_time_days,
            "shipping_template_id": self.freight_template_id.to_string(),
            "service_template_id": self.service_template_id.to_string(),
        });
        if let Some(group) = self.group_id {
            body["product_group_id"] = json!(group.to_string());
        }
        if let Some(listing) = listing {
            body["aliexpress_product_id"] = json!(listing);
        }
        body
    }
}

fn posted_attribute(attribute: &DraftAttribute) -> Value {
    let mut value = json!({"aliexpress_attribute_name_id": attribute.id});
    if let Some(id) = attribute.value_id {
        value["aliexpress_attribute_value_id"] = json!(id);
    }
    if let Some(text) = &attribute.text {
        let text = attribute.unit.as_ref().map_or_else(|| text.clone(), |unit| format!("{text} {unit}"));
        value["attribute_value"] = json!(text);
    }
    value
}

fn posted_sku(sku: &DraftSku, figures: &FiguresOf, image_key: &str) -> Value {
    let attribute = |attribute: &SkuAttribute| {
        let mut value = json!({"sku_attribute_name_id": attribute.id, "sku_attribute_value_id": attribute.value_id});
        if let Some(alias) = &attribute.alias {
            value["sku_attribute_value"] = json!(alias);
        }
        if let Some(image) = &attribute.image {
            value[image_key] = json!(image);
        }
        value
    };
    let mut value = json!({"sku_code": sku.sku});
    if !sku.attributes.is_empty() {
        value["sku_attributes_list"] = sku.attributes.iter().map(attribute).collect();
    }
    if let Some(ean) = &sku.ean {
        value["ean_code"] = json!(ean);
    }
    if let Some(figures) = figures.get(&sku.sku) {
        value["inventory"] = json!(figures.stock);
        value["price"] = json!(figures.price);
        if let Some(discount) = figures.discount {
            value["discount_price"] = json!(discount);
        }
    }
    value
}

fn instance_attributes(attributes: &[DraftAttribute]) -> Value {
    let mut all = Map::new();
    for attribute in attributes {
        let own = match (attribute.value_id, &attribute.text) {
            (Some(id), _) => json!(id.to_string()),
            (None, text) => json!(text),
        };
        let entry = all.entry(attribute.name.clone()).or_insert_with(|| {
            let empty = if attribute.many { json!([]) } else { Value::Null };
            json!({ "value": empty })
        });
        match entry["value"].as_array_mut() {
            Some(values) => values.push(own),
            None => entry["value"] = own,
        }
        if let (Some(_), Some(text)) = (attribute.value_id, &attribute.text) {
            entry["customValue"] = json!(text);
        }
        if let Some(unit) = &attribute.unit {
            entry["unit"] = json!(unit);
        }
    }
    Value::Object(all)
}

fn instance_sku(sku: &DraftSku, figures: &FiguresOf) -> Value {
    let mut attributes = Map::new();
    for attribute in &sku.attributes {
        let mut value = json!({"value": attribute.value_id.to_string()});
        if let Some(alias) = &attribute.alias {
            value["alias"] = json!(alias);
        }
        if let Some(image) = &attribute.image {
            value["sku_image_url"] = json!(image);
        }
        attributes.insert(attribute.name.clone(), value);
    }
    let mut value = json!({"sku_code": sku.sku, "sku_attributes": attributes});
    if let Some(ean) = &sku.ean {
        value["ean_code"] = json!(ean);
    }
    if let Some(figures) = figures.get(&sku.sku) {
        let amount = |money: Money| money.cents() as f64 / 100.0;
        value["inventory"] = json!(figures.stock);
        value["price"] = json!(amount(figures.price));
        if let Some(discount) = figures.discount {
            value["discount_price"] = json!(amount(discount));
        }
    }
    value
}
