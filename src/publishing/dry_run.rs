//! What would be refused, over the products last seen; and what the shop's names may mean on AliExpress.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::{CategoryError, Publisher};
use crate::catalog::check::{Pictures, Terms, check};
use crate::catalog::faults::ShownFault;
use crate::catalog::mapping::Mapping;
use crate::catalog::product::{Product, Property, PropertyValue};
use crate::catalog::schema::{Attribute, AttributeValue, name_in};
use crate::catalog::suggest::Candidates;
use crate::domain::{Lane, ShopId};
use crate::queue::{Place, QueueError};

/// Products that one dry run looks at.
const PRODUCTS_MAX: usize = 20_000;
/// Products named for one cause.
const NAMED_MAX: usize = 100;
/// SKUs named for one product.
const NAMED_SKUS_MAX: usize = 20;
/// Values that are suggested in one answer.
const SUGGESTED_VALUES_MAX: usize = 20_000;

/// What would be refused.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CheckReport {
    /// Products that were looked at.
    pub products: u64,
    /// Of them, those that could leave.
    pub good: u64,
    /// Of them, those whose section has no category.
    pub unmapped: u64,
    /// What is wrong with the others, by cause, the most frequent first.
    pub causes: Vec<Cause>,
    /// There are more products than one run looks at.
    pub more: bool,
}

/// One cause of refusals.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cause {
    /// A stable code.
    pub code: String,
    /// In Russian, as of the first product.
    pub ru: String,
    /// In English, as of the first product.
    pub en: String,
    /// Products that it keeps.
    pub count: u64,
    /// Some of them.
    pub products: Vec<ReportedProduct>,
}

/// A product that would be refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedProduct {
    /// The shop's product.
    pub product_id: String,
    /// Its name.
    pub name: String,
    /// The field.
    pub field: String,
    /// The SKUs at fault, or those of the product; the first 20.
    pub skus: Vec<String>,
}

/// What names of the shop may mean.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Suggestions {
    /// Properties of the section's products.
    pub properties: Vec<Suggestion>,
}

/// What a property may mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// The property's code.
    pub property: String,
    /// Its name.
    pub name: String,
    /// It is one of offers.
    pub of_sku: bool,
    /// AliExpress's attribute.
    pub attribute: u64,
    /// Its name.
    pub attribute_name: String,
    /// How alike the names are, of 100.
    pub score: u32,
    /// What its values may mean.
    pub values: Vec<ValueSuggestion>,
}

/// What a value may mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueSuggestion {
    /// The shop's value.
    pub value: String,
    /// Its id in the shop, where it has one.
    pub value_id: String,
    /// AliExpress's value.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// How alike the names are, of 100.
    pub score: u32,
}

/// Why a dry run has no result.
#[derive(Debug, thiserror::Error)]
pub enum DryRunError {
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The schema.
    #[error(transparent)]
    Category(#[from] CategoryError),
}

impl Publisher {
    /// Checks the products last seen by a mapping. Pictures that were never fetched are taken as good: nothing is fetched for it.
    ///
    /// # Errors
    /// Where the store is away, or a schema cannot be had.
    pub async fn dry_run(&self, shop: &ShopId, mapping: &Mapping) -> Result<CheckReport, DryRunError> {
        let mut report = CheckReport::default();
        let mut causes: BTreeMap<&'static str, Cause> = BTreeMap::new();
        let mut schemas = BTreeMap::new();
        for product in self.products(shop, None, &mut report.more).await? {
            report.products += 1;
            let Some(view) = mapping.of_section(product.section_id()) else {
                report.unmapped += 1;
                continue;
            };
            let leaf = view.category.category;
            if let std::collections::btree_map::Entry::Vacant(empty) = schemas.entry(leaf) {
                let Some(access) = self.access(shop) else {
                    let error = crate::aliexpress::CallError::not_made("the shop has no application on AliExpress");
                    return Err(CategoryError::Call(error).into());
                };
                empty.insert(self.categories.schema(shop, access, leaf).await?);
            }
            let terms = Terms::new(view, &schemas[&leaf], &self.config.limits);
            match check(&product, &terms, &Pictures::new()) {
                Ok(_) => report.good += 1,
                Err(faults) => note(&mut causes, &product, &faults),
            }
        }
        report.causes = causes.into_values().collect();
        report.causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
        Ok(report)
    }

    /// The shop's products last seen, deleted and inactive ones left out.
    async fn products(
        &self,
        shop: &ShopId,
        section: Option<&str>,
        more: &mut bool,
    ) -> Result<Vec<Product>, QueueError> {
        let mut all = Vec::new();
        for place in Place::ALL {
            let mut cursor = None;
            loop {
                let page = self.tools.queue.list(shop, Lane::Product, place, cursor.as_deref(), 500).await?;
                for entry in &page.items {
                    let Ok(product) = Product::read(&entry.payload) else { continue };
                    // Entries of other markets hold the same products.
                    let meant = entry.key == product.product_id
                        && section.is_none_or(|section| section == product.section_id());
                    if meant && product.active && !product.deleted {
                        all.push(product);
                    }
                }
                if all.len() >= PRODUCTS_MAX {
                    *more = true;
                    return Ok(all);
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        Ok(all)
    }

    /// What the properties of a section's products may mean in a category.
    ///
    /// # Errors
    /// Where the store is away, or the schema cannot be had.
    pub async fn suggestions(&self, shop: &ShopId, section: &str, leaf: u64) -> Result<Suggestions, DryRunError> {
        let Some(access) = self.access(shop) else {
            let error = crate::aliexpress::CallError::not_made("the shop has no application on AliExpress");
            return Err(CategoryError::Call(error).into());
        };
        let schema = self.categories.schema(shop, access, leaf).await?;
        let mut seen: BTreeMap<(bool, String), Property> = BTreeMap::new();
        let mut told: HashSet<(bool, String, String)> = HashSet::new();
        for product in self.products(shop, Some(section), &mut false).await? {
            let own = product.properties.iter().map(|property| (false, property));
            let of_offers = product.offers.iter().flat_map(|offer| &offer.properties).map(|property| (true, property));
            for (of_sku, property) in own.chain(of_offers) {
                let known = seen.entry((of_sku, property.code.clone())).or_insert_with(|| Property {
                    code: property.code.clone(),
                    name: property.name.clone(),
                    ..Property::default()
                });
                for value in property.all() {
                    // Names are compared, so that one value with several ids is one.
                    let name = (of_sku, property.code.clone(), value.value.clone());
                    if known.values.len() < 1_000 && told.insert(name) {
                        known.values.push(value);
                    }
                }
            }
        }
        let of_kind = |of_sku: bool| {
            let attributes = schema.attributes.iter().filter(move |attribute| attribute.sku == of_sku);
            Candidates::new(attributes.map(|attribute| (attribute, &attribute.names)))
        };
        let (own, of_skus) = (of_kind(false), of_kind(true));
        let mut values: HashMap<*const Attribute, Candidates<'_, AttributeValue>> = HashMap::new();
        let (mut properties, mut left) = (Vec::new(), SUGGESTED_VALUES_MAX);
        for ((of_sku, code), property) in seen {
            let name = if property.name.is_empty() { &code } else { &property.name };
            let found = if of_sku { of_skus.best(name) } else { own.best(name) };
            let Some((attribute, score)) = found else { continue };
            let known = values
                .entry(std::ptr::from_ref(attribute))
                .or_insert_with(|| Candidates::new(attribute.values.iter().map(|value| (value, &value.names))));
            let value = |value: &PropertyValue| {
                let (known, score) = known.best(&value.value)?;
                let name = name_in(&known.names, "ru").to_owned();
                let (own, value_id) = (value.value.clone(), value.value_id.clone());
                Some(ValueSuggestion { value: own, value_id, id: known.id, name, score })
            };
            let values: Vec<ValueSuggestion> = property.values.iter().filter_map(value).take(left).collect();
            left -= values.len();
            properties.push(Suggestion {
                values,
                property: code,
                name: property.name,
                of_sku,
                attribute: attribute.id,
                attribute_name: name_in(&attribute.names, "ru").to_owned(),
                score,
            });
        }
        Ok(Suggestions { properties })
    }
}

fn note(causes: &mut BTreeMap<&'static str, Cause>, product: &Product, faults: &[crate::catalog::faults::Fault]) {
    for (at, fault) in faults.iter().enumerate() {
        let code = fault.kind.code();
        // A product counts once for each cause.
        if faults[..at].iter().any(|other| other.kind.code() == code) {
            continue;
        }
        let cause = causes.entry(code).or_insert_with(|| {
            let shown = ShownFault::from(fault);
            Cause { code: code.to_owned(), ru: shown.ru, en: shown.en, count: 0, products: Vec::new() }
        });
        cause.count += 1;
        if cause.products.len() < NAMED_MAX {
            let own: Vec<String> =
                faults.iter().filter(|other| other.kind.code() == code).filter_map(|other| other.sku.clone()).collect();
            let all = || product.sku_codes().into_iter().map(str::to_owned).collect();
            let mut skus = if own.is_empty() { all() } else { own };
            skus.truncate(NAMED_SKUS_MAX);
            let (product_id, name) = (product.product_id.clone(), product.name.clone());
            cause.products.push(ReportedProduct { product_id, name, field: fault.field.clone(), skus });
        }
    }
}
