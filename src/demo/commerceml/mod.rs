//! A shop from a 1C export: CommerceML 2, classic (`import.xml`, `offers.xml`) and with prices and rests in files of their own.
//!
//! Every `*.xml` of the folder is read as a stream and told by its content, not by its name. What an export leaves open — which
//! article is the SKU — is decided as the module's default does: the offer's article, else the product's.

mod assemble;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::domain::{Currency, Money, Sku};

/// Offers of an export.
const OFFERS_MAX: usize = 1_000_000;
/// Warnings that are told one by one.
const WARNINGS_MAX: usize = 100;

/// Why an export cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CommerceMlError {
    /// The folder or a file of it.
    #[error("{file}: {source}")]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not XML, or XML that does no good.
    #[error("{file}, byte {at}: {why}")]
    Broken {
        /// Which file.
        file: PathBuf,
        /// Where in it.
        at: u64,
        /// What is wrong.
        why: String,
    },
    /// Nothing in it is CommerceML.
    #[error("{0} holds no CommerceML: no *.xml with a Каталог or a ПакетПредложений")]
    Nothing(PathBuf),
    /// More than a shop has.
    #[error("the export has more than {OFFERS_MAX} products or offers")]
    TooMuch,
}

/// An export, and what was odd about it.
#[derive(Debug)]
pub struct Loaded {
    /// What it holds.
    pub shop: ExportedShop,
    /// What was odd, for people.
    pub warnings: Vec<String>,
}

/// A shop as 1C knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct ExportedShop {
    /// Its products that have offers.
    pub products: Vec<ExportedProduct>,
}

/// A product.
#[derive(Debug, PartialEq, Eq)]
pub struct ExportedProduct {
    /// 1C's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What can be bought.
    pub offers: Vec<ExportedOffer>,
}

/// What can be bought.
#[derive(Debug, PartialEq, Eq)]
pub struct ExportedOffer {
    /// 1C's id: the product's, or `<product>#<offer>`.
    pub id: String,
    /// The SKU.
    pub sku: Sku,
    /// In the first price type; none: not for sale.
    pub price: Option<Money>,
    /// Of the price.
    pub currency: Option<Currency>,
    /// Whole pieces in all warehouses.
    pub quantity: u64,
}

/// What files say of an export, before it is put together.
#[derive(Debug, Default)]
struct Raw {
    /// Whether any file was CommerceML.
    any: bool,
    products: BTreeMap<String, RawProduct>,
    offers: BTreeMap<String, RawOffer>,
    price_types: Vec<String>,
    warnings: Warnings,
}

#[derive(Debug, Default)]
struct RawProduct {
    name: String,
    article: String,
    deleted: bool,
}

#[derive(Debug, Default)]
struct RawOffer {
    article: String,
    characteristics: Vec<String>,
    /// Price type, amount, currency.
    prices: Vec<(String, String, String)>,
    quantity: Option<f64>,
    warehouses: Option<f64>,
}

/// Bounded words about oddities.
#[derive(Debug, Default)]
struct Warnings {
    told: Vec<String>,
    untold: usize,
}

impl Warnings {
    fn add(&mut self, warning: String) {
        if self.told.len() < WARNINGS_MAX { self.told.push(warning) } else { self.untold += 1 }
    }

    fn into_texts(mut self) -> Vec<String> {
        if self.untold > 0 {
            self.told.push(format!("and {} more", self.untold));
        }
        self.told
    }
}

/// Reads the export in a folder.
///
/// # Errors
/// Where a file cannot be read or is broken, or nothing in the folder is CommerceML.
pub fn load(dir: &Path) -> Result<Loaded, CommerceMlError> {
    let unreadable = |source| CommerceMlError::Unreadable { file: dir.to_path_buf(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("xml")) {
            files.push(path);
        }
    }
    files.sort();
    let mut raw = Raw::default();
    for file in &files {
        read::file(file, &mut raw)?;
    }
    if !raw.any {
        return Err(CommerceMlError::Nothing(dir.to_path_buf()));
    }
    Ok(assemble::assemble(raw))
}
