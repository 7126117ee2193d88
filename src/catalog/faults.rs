//! What keeps a product from AliExpress, in a stable code and in the seller's words.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// A fault of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field: `name`, `images.0`, `offers.TSHIRT-RED-M.barcode`, `attributes.10`.
    pub field: String,
    /// The SKU, where it is the fault of one.
    pub sku: Option<String>,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a product. Texts are names of attributes and values, cut to what a page can show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "`words` says what each means")]
pub enum FaultKind {
    TitleEmpty { language: String },
    TitleLong { language: String, has: usize, max: usize },
    TitleForbidden { language: String },
    DescriptionLong { language: String, has: usize, max: usize },
    LanguageUnknown { language: String },
    ImagesMissing,
    ImagesTooMany { has: usize, max: usize },
    ImageSmall { width: usize, height: usize, min: usize },
    ImageType { found: String },
    ImageLarge { bytes: u64, max: u64 },
    ImageUnreachable { why: String },
    BarcodeInvalid,
    AttributeMissing { name: String },
    AttributeUnmapped { name: String },
    ValueUnmapped { name: String, value: String },
    ValueUnknown { name: String, id: u64 },
    ValueNotNumber { name: String, value: String },
    ValueLong { name: String, max: usize },
    ValueForbidden { name: String },
    UnitUnknown { name: String, unit: String },
    BrandMissing,
    BrandUnknown { brand: String },
    SkusMissing,
    SkusTooMany { has: usize, max: usize },
    SkuTwice,
    SkuLong { max: usize },
    SkuForbidden,
    SkuAttributeMissing { name: String },
    SkusNotApart,
    SkusAlike { other: String },
    PriceMissing,
    PriceInvalid,
    PriceTooHigh { max: u64 },
    DiscountNotBelow,
    WeightMissing,
    WeightInvalid { max_grams: u64 },
    SideMissing { side: &'static str },
    SideInvalid { side: &'static str, max: u32 },
    LeadTimeMissing,
    LeadTimeLong { max: u32 },
    FreightTemplateMissing,
    FreightTemplateUnknown { id: u64 },
    ServiceTemplateUnknown { id: u64 },
    GroupUnknown { id: u64 },
}

impl FaultKind {
    /// A stable code to group by.
    pub const fn code(&self) -> &'static str {
        match self {
            FaultKind::TitleEmpty { .. } => "title_empty",
            FaultKind::TitleLong { .. } => "title_long",
            FaultKind::TitleForbidden { .. } => "title_forbidden_characters",
            FaultKind::DescriptionLong { .. } => "description_long",
            FaultKind::LanguageUnknown { .. } => "language_unknown",
            FaultKind::ImagesMissing => "images_missing",
            FaultKind::ImagesTooMany { .. } => "images_too_many",
            FaultKind::ImageSmall { .. } => "image_small",
            FaultKind::ImageType { .. } => "image_type",
            FaultKind::ImageLarge { .. } => "image_large",
            FaultKind::ImageUnreachable { .. } => "image_unreachable",
            FaultKind::BarcodeInvalid => "barcode_invalid",
            FaultKind::AttributeMissing { .. } => "attribute_missing",
            FaultKind::AttributeUnmapped { .. } => "attribute_unmapped",
            FaultKind::ValueUnmapped { .. } => "value_unmapped",
            FaultKind::ValueUnknown { .. } => "value_unknown",
            FaultKind::ValueNotNumber { .. } => "value_not_number",
            FaultKind::ValueLong { .. } => "value_long",
            FaultKind::ValueForbidden { .. } => "value_forbidden_characters",
            FaultKind::UnitUnknown { .. } => "unit_unknown",
            FaultKind::BrandMissing => "brand_missing",
            FaultKind::BrandUnknown { .. } => "brand_unknown",
            FaultKind::SkusMissing => "skus_missing",
            FaultKind::SkusTooMany { .. } => "skus_too_many",
            FaultKind::SkuTwice => "sku_twice",
            FaultKind::SkuLong { .. } => "sku_long",
            FaultKind::SkuForbidden => "sku_forbidden_characters",
            FaultKind::SkuAttributeMissing { .. } => "sku_attribute_missing",
            FaultKind::SkusNotApart => "skus_not_apart",
            FaultKind::SkusAlike { .. } => "skus_alike",
            FaultKind::PriceMissing => "price_missing",
            FaultKind::PriceInvalid => "price_invalid",
            FaultKind::PriceTooHigh { .. } => "price_too_high",
            FaultKind::DiscountNotBelow => "discount_not_below",
            FaultKind::WeightMissing => "weight_missing",
            FaultKind::WeightInvalid { .. } => "weight_invalid",
            FaultKind::SideMissing { .. } => "side_missing",
            FaultKind::SideInvalid { .. } => "side_invalid",
            FaultKind::LeadTimeMissing => "lead_time_missing",
            FaultKind::LeadTimeLong { .. } => "lead_time_long",
            FaultKind::FreightTemplateMissing => "freight_template_missing",
            FaultKind::FreightTemplateUnknown { .. } => "freight_template_unknown",
            FaultKind::ServiceTemplateUnknown { .. } => "service_template_unknown",
            FaultKind::GroupUnknown { .. } => "group_unknown",
        }
    }
}

impl Fault {
    /// A fault of a field of the product.
    pub fn of(field: impl Into<String>, kind: FaultKind) -> Self {
        Self { field: field.into(), sku: None, kind }
    }

    /// A fault of one SKU.
    pub fn of_sku(sku: &str, field: &str, kind: FaultKind) -> Self {
        let field = if field.is_empty() { format!("offers.{sku}") } else { format!("offers.{sku}.{field}") };
        Self { field, sku: Some(sku.to_owned()), kind }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, super::words::en(&self.kind))
    }
}

/// A fault as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShownFault {
    /// A stable code to group by.
    pub code: &'static str,
    /// The field.
    pub field: String,
    /// The SKU, where it is the fault of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl From<&Fault> for ShownFault {
    fn from(fault: &Fault) -> Self {
        Self {
            code: fault.kind.code(),
            field: fault.field.clone(),
            sku: fault.sku.clone(),
            ru: super::words::ru(&fault.kind),
            en: super::words::en(&fault.kind),
        }
    }
}
