//! A product as the shop reports it (`product.changed`, `product.deleted`), read leniently: numbers may be texts, lists may be missing.
//! What AliExpress would refuse is found by `check`, all at once, not here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Product {
    /// The shop's id of it.
    #[serde(deserialize_with = "text")]
    pub product_id: String,
    /// 1C's id of it.
    #[serde(deserialize_with = "text")]
    pub xml_id: String,
    /// Whether the shop sells it.
    #[serde(default = "yes", deserialize_with = "unless_false")]
    pub active: bool,
    /// The shop has deleted it; only the id and the SKUs are known then.
    pub deleted: bool,
    /// SKUs of a deleted product.
    pub skus: Vec<String>,
    /// Its name.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// Its description.
    #[serde(deserialize_with = "text")]
    pub description_html: String,
    /// Where it stands in the shop.
    pub section: Option<Section>,
    /// Its brand.
    #[serde(deserialize_with = "text")]
    pub brand: String,
    /// Its page.
    #[serde(deserialize_with = "text")]
    pub url: String,
    /// Its pictures.
    pub images: Vec<String>,
    /// Its properties.
    pub properties: Vec<Property>,
    /// Its parcel.
    pub package: Package,
    /// Names and descriptions in other languages, by language code.
    pub translations: BTreeMap<String, Translation>,
    /// Its offers; a product without any has one with its own id.
    pub offers: Vec<Offer>,
}

/// Where a product stands in the shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Section {
    /// The section's id.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// Names from the top.
    pub path: Vec<String>,
}

/// A property of a product or an offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Property {
    /// Its code.
    #[serde(deserialize_with = "text")]
    pub code: String,
    /// Its name.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// Its value as people read it.
    #[serde(deserialize_with = "text")]
    pub value: String,
    /// The id of its value in the shop's list.
    #[serde(deserialize_with = "text")]
    pub value_id: String,
    /// It may have several values.
    pub multiple: bool,
    /// Its values, where it is multiple.
    pub values: Vec<PropertyValue>,
}

impl Property {
    /// Its values that are not empty, whichever way they were given.
    pub fn all(&self) -> Vec<PropertyValue> {
        let single = PropertyValue { value: self.value.clone(), value_id: self.value_id.clone() };
        let given = if self.values.is_empty() { vec![single] } else { self.values.clone() };
        given.into_iter().filter(|value| !value.value.trim().is_empty()).collect()
    }
}

/// One value of a property.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PropertyValue {
    /// As people read it.
    pub value: String,
    /// Its id in the shop's list.
    pub value_id: String,
}

impl<'de> Deserialize<'de> for PropertyValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        Ok(match &value {
            Value::Object(fields) => Self {
                value: fields.get("value").map(plain).unwrap_or_default(),
                value_id: fields.get("value_id").map(plain).unwrap_or_default(),
            },
            bare => Self { value: plain(bare), value_id: String::new() },
        })
    }
}

/// A product's parcel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Weight with packaging, kilograms.
    #[serde(deserialize_with = "text")]
    pub weight_kg: String,
    /// Length, centimetres.
    #[serde(deserialize_with = "text")]
    pub length_cm: String,
    /// Width, centimetres.
    #[serde(deserialize_with = "text")]
    pub width_cm: String,
    /// Height, centimetres.
    #[serde(deserialize_with = "text")]
    pub height_cm: String,
}

/// A product's texts in another language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Translation {
    /// Its name.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// Its description.
    #[serde(deserialize_with = "text")]
    pub description_html: String,
}

/// An offer: what is sold under one SKU.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Offer {
    /// The SKU.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// The shop's id of it.
    #[serde(deserialize_with = "text")]
    pub offer_id: String,
    /// EAN-13.
    #[serde(deserialize_with = "text")]
    pub barcode: String,
    /// Its price.
    #[serde(deserialize_with = "text")]
    pub price: String,
    /// Its discount price.
    #[serde(deserialize_with = "text")]
    pub discount_price: String,
    /// Of both prices.
    #[serde(deserialize_with = "text")]
    pub currency: String,
    /// Whole pieces.
    #[serde(deserialize_with = "text")]
    pub quantity: String,
    /// What tells it from the other offers.
    pub properties: Vec<Property>,
    /// Its pictures.
    pub images: Vec<String>,
}

impl Product {
    /// Reads the stored form of a product's state.
    ///
    /// # Errors
    /// Where the text is not a product at all.
    pub fn read(stored: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(stored)
    }

    /// The SKUs of its offers, or those that it had when it was deleted.
    pub fn sku_codes(&self) -> Vec<&str> {
        if self.deleted {
            return self.skus.iter().map(String::as_str).collect();
        }
        self.offers.iter().map(|offer| offer.sku.as_str()).collect()
    }

    /// The section's id; empty where it stands in none.
    pub fn section_id(&self) -> &str {
        self.section.as_ref().map_or("", |section| section.id.as_str())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(plain(&Value::deserialize(from)?))
}

fn yes() -> bool {
    true
}

fn unless_false<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(from)? != Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_read_whichever_way_its_numbers_and_lists_are_written() {
        let product = Product::read(
            r#"{"product_id":1205,"active":true,"name":"A","package":{"weight_kg":0.3,"length_cm":"30"},
            "properties":[{"code":"M","multiple":true,"values":["x",{"value":"y","value_id":7},""]}],"offers":[{"sku":"S","quantity":7}]}"#,
        )
        .unwrap();
        assert_eq!((product.product_id.as_str(), product.package.weight_kg.as_str()), ("1205", "0.3"));
        let values: Vec<_> = product.properties[0].all().into_iter().map(|v| (v.value, v.value_id)).collect();
        assert_eq!(values, [("x".into(), String::new()), ("y".into(), "7".into())]);
        assert_eq!(product.offers[0].quantity, "7");
        assert!(!Product::read(r#"{"product_id":"1","active":false}"#).unwrap().active);
        assert_eq!(Product::read(r#"{"product_id":"1","deleted":true,"skus":["A"]}"#).unwrap().sku_codes(), ["A"]);
    }
}
