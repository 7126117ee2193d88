//! Which product or offer of the shop a SKU of AliExpress is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::{Command, PAGE, RestClient};
use super::error::{CallError, text};
use super::id;
use crate::config::{RestConfig, SkuField};

/// SKU → product; what no catalogue or several products of one have is left out. The first catalogue that has a SKU decides.
pub(super) async fn products(
    client: &RestClient,
    settings: &RestConfig,
    skus: &[&str],
) -> Result<BTreeMap<String, u64>, CallError> {
    let mut left: Vec<&str> = skus.iter().copied().filter(|sku| fits(settings.sku, sku)).collect();
    left.sort_unstable();
    left.dedup();
    let mut found = BTreeMap::new();
    for catalog in &settings.catalogs {
        let mut here: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for page in left.chunks(PAGE) {
            for product in client.list(&command(*catalog, settings.sku, page), "products").await? {
                let Some(id) = id(&product["id"]) else { continue };
                // A shop that does not know the filter answers with everything.
                for sku in values(&product, settings.sku).into_iter().filter(|sku| page.contains(&sku.as_str())) {
                    here.entry(sku).or_default().push(id);
                }
            }
        }
        left.retain(|sku| !here.contains_key(*sku));
        let only = |(sku, ids): (String, Vec<u64>)| (ids.len() == 1).then(|| (sku, ids[0]));
        found.extend(here.into_iter().filter_map(only));
        if left.is_empty() {
            break;
        }
    }
    Ok(found)
}

fn fits(field: SkuField, sku: &str) -> bool {
    !sku.is_empty() && (field != SkuField::Id || sku.bytes().all(|byte| byte.is_ascii_digit()))
}

/// REST's name of the field.
pub(super) fn field_name(field: SkuField) -> String {
    match field {
        SkuField::XmlId => "xmlId".into(),
        SkuField::Code => "code".into(),
        SkuField::Id => "id".into(),
        SkuField::Property(id) => format!("property{id}"),
    }
}

fn command(catalog: u64, field: SkuField, skus: &[&str]) -> Command {
    let name = field_name(field);
    // Properties take no sign of equality.
    let key = if matches!(field, SkuField::Property(_)) { name.clone() } else { format!("={name}") };
    let params = json!({
        "select": ["id", "iblockId", name],
        "filter": {"iblockId": catalog, key: skus},
        "order": {"id": "ASC"},
    });
    Command::new("catalog.product.list", params)
}

/// The field's values: a property has its value in an object, a multiple one several of them.
fn values(product: &Value, field: SkuField) -> Vec<String> {
    let of = |value: &Value| text(value.get("value").unwrap_or(value));
    match &product[field_name(field)] {
        Value::Array(all) => all.iter().map(of).collect(),
        value => vec![of(value)],
    }
}
