//! Product + mapping + schema → what may leave, or every fault at once. Pure.

mod attributes;
mod pack;
mod pictures;
mod skus;
mod texts;

use std::collections::BTreeMap;

pub use pack::grams;
pub use pictures::{Picture, Pictures};

use super::draft::Draft;
use super::faults::Fault;
use super::mapping::View;
use super::product::Product;
use super::schema::CategorySchema;
use crate::config::CatalogLimits;

/// What a product is checked against.
#[derive(Debug, Clone)]
pub struct Terms<'t> {
    /// The mapping of its section.
    pub view: View<'t>,
    /// The category's schema.
    pub schema: &'t CategorySchema,
    /// Limits; the schema's own win.
    pub limits: CatalogLimits,
}

impl<'t> Terms<'t> {
    /// The terms of a product of a section.
    pub fn new(view: View<'t>, schema: &'t CategorySchema, limits: &CatalogLimits) -> Self {
        let stated = schema.stated;
        let limits = CatalogLimits {
            title_chars_max: stated.title_chars_max.unwrap_or(limits.title_chars_max),
            description_chars_max: stated.description_chars_max.unwrap_or(limits.description_chars_max),
            images_max: stated.images_max.unwrap_or(limits.images_max),
            skus_max: stated.skus_max.unwrap_or(limits.skus_max),
            sku_chars_max: stated.sku_chars_max.unwrap_or(limits.sku_chars_max),
            weight_grams_max: stated.weight_grams_max.unwrap_or(limits.weight_grams_max),
            side_cm_max: stated.side_cm_max.unwrap_or(limits.side_cm_max),
            ..*limits
        };
        Self { view, schema, limits }
    }
}

/// Checks a product. `pictures` says what is known of its pictures by their URL in the shop: those that nobody has looked at yet are taken as
/// good, and stand in the draft as they are.
///
/// # Errors
/// Every fault, in the order of the product's fields.
pub fn check(product: &Product, terms: &Terms<'_>, pictures: &Pictures) -> Result<Draft, Vec<Fault>> {
    let mut faults = Vec::new();
    let (titles, descriptions) = texts::texts(product, terms, pictures, &mut faults);
    let images = pictures::main(product, terms, pictures, &mut faults);
    let attributes::Chosen { attributes, brand, choices } = attributes::attributes(product, terms, &mut faults);
    let skus = skus::skus(product, terms, &choices, pictures, &mut faults);
    let (grams, sides) = pack::pack(product, terms, &mut faults);
    let terms_of_sale = pack::terms_of_sale(terms, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let settings = &terms.view.settings;
    Ok(Draft {
        category: terms.view.category.category,
        language: terms.view.mapping.language.clone(),
        titles,
        descriptions,
        images,
        attributes,
        skus,
        brand,
        grams,
        sides,
        lead_time_days: terms_of_sale.lead_time_days,
        freight_template_id: terms_of_sale.freight_template_id,
        service_template_id: terms_of_sale.service_template_id,
        group_id: settings.group_id,
        unit: settings.unit.unwrap_or(PIECE),
        deduction: settings.deduction.unwrap_or_default().as_str(),
        size_chart_id: settings.size_chart_id,
    })
}

/// AliExpress's number of "piece".
const PIECE: u64 = 100_000_015;

/// The URLs of a product's pictures, each once: main ones, those of offers that are shown, those of descriptions.
pub fn picture_urls(product: &Product, terms: &Terms<'_>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    let mut add = |url: &String| {
        if !urls.contains(url) {
            urls.push(url.clone());
        }
    };
    pictures::chosen(product, terms).iter().for_each(&mut add);
    let choices = attributes::attributes(product, terms, &mut faults).choices;
    let skus = skus::skus(product, terms, &choices, &BTreeMap::new(), &mut faults);
    skus.iter().flat_map(|sku| &sku.attributes).filter_map(|attribute| attribute.image.as_ref()).for_each(&mut add);
    let (_, descriptions) = texts::texts(product, terms, &BTreeMap::new(), &mut faults);
    descriptions.iter().flat_map(|(_, html)| super::html::images(html)).for_each(|url| add(&url));
    urls
}

/// A name or value as a fault may show it.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
