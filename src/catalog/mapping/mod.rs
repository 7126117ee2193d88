//! The seller's table: section → category, property → attribute, value → value id, with constants, defaults, templates and prices.
//!
//! Plain data with a version; `validate` finds every fault with its path. What the category's schema asks for is looked at by `check`,
//! since schemas change without the seller.

mod market;
mod touched;
mod validate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use market::{InvalidMarket, Market};
pub use touched::Touched;
pub use validate::{MappingFault, faults};

use crate::domain::PriceRule;

/// A mapping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The main language of listings, by AliExpress's code (`ru`); it cannot be changed later.
    pub language: String,
    /// Of titles; see `template`.
    #[serde(default = "name_template")]
    pub title: String,
    /// Of descriptions.
    #[serde(default = "description_template")]
    pub description: String,
    /// The price of the shop that counts; read by the module, which sends it.
    #[serde(default)]
    pub price_type: String,
    /// How prices become those of AliExpress.
    #[serde(default)]
    pub price: PriceRule,
    /// What holds where a category says nothing else.
    #[serde(default)]
    pub defaults: Settings,
    /// Attributes of every category that has them.
    #[serde(default)]
    pub attributes: Vec<AttributeMapping>,
    /// Attributes of SKUs of every category that has them.
    #[serde(default)]
    pub sku_attributes: Vec<AttributeMapping>,
    /// The shop's sections.
    #[serde(default)]
    pub categories: Vec<CategoryMapping>,
}

fn name_template() -> String {
    "{name}".to_owned()
}

fn description_template() -> String {
    "{description}".to_owned()
}

/// A section of the shop and where its products go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryMapping {
    /// The section's id in the shop.
    pub section: String,
    /// A category of AliExpress without categories below it.
    pub category: u64,
    /// Its title template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its description template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What differs from the defaults.
    #[serde(default)]
    pub settings: Settings,
    /// Attributes, before those of every category.
    #[serde(default)]
    pub attributes: Vec<AttributeMapping>,
    /// Attributes of SKUs, before those of every category.
    #[serde(default)]
    pub sku_attributes: Vec<AttributeMapping>,
}

/// Constants and defaults of listings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Weight where the shop gives none, kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<String>,
    /// Length where the shop gives none, centimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_cm: Option<u32>,
    /// Width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width_cm: Option<u32>,
    /// Height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height_cm: Option<u32>,
    /// Days until a parcel leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_time_days: Option<u32>,
    /// The template of delivery prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freight_template_id: Option<u64>,
    /// The template of service; 0 = AliExpress's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_template_id: Option<u64>,
    /// The group of products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<u64>,
    /// What is counted: AliExpress's number of piece, pair, set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<u64>,
    /// When an order takes stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduction: Option<Deduction>,
    /// The size chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_chart_id: Option<u64>,
    /// Barcodes of offers are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcodes: Option<bool>,
}

impl Settings {
    /// These, and where they say nothing the others.
    #[must_use]
    pub fn over(&self, others: &Settings) -> Settings {
        Settings {
            weight_kg: self.weight_kg.clone().or_else(|| others.weight_kg.clone()),
            length_cm: self.length_cm.or(others.length_cm),
            width_cm: self.width_cm.or(others.width_cm),
            height_cm: self.height_cm.or(others.height_cm),
            lead_time_days: self.lead_time_days.or(others.lead_time_days),
            freight_template_id: self.freight_template_id.or(others.freight_template_id),
            service_template_id: self.service_template_id.or(others.service_template_id),
            group_id: self.group_id.or(others.group_id),
            unit: self.unit.or(others.unit),
            deduction: self.deduction.or(others.deduction),
            size_chart_id: self.size_chart_id.or(others.size_chart_id),
            barcodes: self.barcodes.or(others.barcodes),
        }
    }
}

/// When an order takes stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deduction {
    /// When it is placed.
    #[default]
    PlaceOrderWithhold,
    /// When it is paid.
    PaymentSuccessDeduct,
}

impl Deduction {
    /// AliExpress's name of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Deduction::PlaceOrderWithhold => "place_order_withhold",
            Deduction::PaymentSuccessDeduct => "payment_success_deduct",
        }
    }
}

/// Where the value of an attribute comes from: one of `property`, `brand`, `value_id` and `text`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeMapping {
    /// AliExpress's attribute.
    pub attribute: u64,
    /// The shop's property, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// The product's brand.
    #[serde(default, skip_serializing_if = "is_false")]
    pub brand: bool,
    /// Always this value of AliExpress's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_id: Option<u64>,
    /// Always this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The unit of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The shop's values (by id, else by text) → AliExpress's. Values of the same name need no pair.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, u64>,
    /// What has no pair goes as "Other" with its text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub other: bool,
    /// Of a SKU: buyers see the shop's word for the value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub custom_names: bool,
    /// Of a SKU: its value shows the offer's first picture.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pictures: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What a mapping says of the products of one section.
#[derive(Debug, Clone)]
pub struct View<'m> {
    /// The whole.
    pub mapping: &'m Mapping,
    /// The section's line.
    pub category: &'m CategoryMapping,
    /// Constants and defaults.
    pub settings: Settings,
}

impl Mapping {
    /// What it says of the products of a section; none where the section has no category.
    pub fn of_section(&self, section: &str) -> Option<View<'_>> {
        let category = self.categories.iter().find(|category| category.section == section)?;
        Some(View { mapping: self, category, settings: category.settings.over(&self.defaults) })
    }
}

impl<'m> View<'m> {
    /// The title template.
    pub fn title(&self) -> &'m str {
        self.category.title.as_deref().unwrap_or(&self.mapping.title)
    }

    /// The description template.
    pub fn description(&self) -> &'m str {
        self.category.description.as_deref().unwrap_or(&self.mapping.description)
    }

    /// Where an attribute's value comes from; the section's line wins.
    pub fn attribute(&self, id: u64) -> Option<&'m AttributeMapping> {
        let mut all = self.category.attributes.iter().chain(&self.mapping.attributes);
        all.find(|mapping| mapping.attribute == id)
    }

    /// Where a SKU attribute's value comes from; the section's line wins.
    pub fn sku_attribute(&self, id: u64) -> Option<&'m AttributeMapping> {
        let mut all = self.category.sku_attributes.iter().chain(&self.mapping.sku_attributes);
        all.find(|mapping| mapping.attribute == id)
    }
}
