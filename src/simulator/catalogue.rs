//! What AliExpress sells: products, their SKUs, stock and prices.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The first product id of an invented catalogue.
const FIRST_ID: u64 = 1_005_000_000_000_001;

/// A SKU of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueSku {
    /// Its code.
    pub sku: String,
    /// Pieces.
    pub stock: u64,
    /// Before discount, decimal text.
    pub price: String,
    /// After it.
    #[serde(default)]
    pub discount_price: Option<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueProduct {
    /// Its id.
    pub id: u64,
    /// Its SKUs.
    pub skus: Vec<CatalogueSku>,
}

/// All products.
#[derive(Debug, Default)]
pub struct Catalogue(Mutex<BTreeMap<u64, CatalogueProduct>>);

impl Catalogue {
    pub(super) fn invented(products: usize, skus: usize) -> Self {
        let sku = |product: usize, variant: usize| CatalogueSku {
            sku: format!("SKU-{product:05}-{variant:02}"),
            stock: 10,
            price: "1000.00".into(),
            discount_price: None,
        };
        let product = |at: usize| CatalogueProduct {
            id: FIRST_ID + at as u64,
            skus: (1..=skus).map(|variant| sku(at + 1, variant)).collect(),
        };
        let catalogue = Self::default();
        catalogue.replace((0..products).map(product).collect());
        catalogue
    }

    /// Sells these and nothing else.
    pub fn replace(&self, products: Vec<CatalogueProduct>) {
        *self.lock() = products.into_iter().map(|product| (product.id, product)).collect();
    }

    /// Sells these too; a product with a known id is replaced, one without SKUs is taken away.
    pub fn add(&self, products: Vec<CatalogueProduct>) {
        let mut all = self.lock();
        for product in products {
            match product.skus.is_empty() {
                true => all.remove(&product.id),
                false => all.insert(product.id, product),
            };
        }
    }

    /// Everything it sells.
    pub fn products(&self) -> Vec<CatalogueProduct> {
        self.lock().values().cloned().collect()
    }

    /// A product.
    pub fn product(&self, id: u64) -> Option<CatalogueProduct> {
        self.lock().get(&id).cloned()
    }

    /// A SKU, from the first product that has it.
    pub fn sku(&self, code: &str) -> Option<CatalogueSku> {
        self.lock().values().flat_map(|product| &product.skus).find(|sku| sku.sku == code).cloned()
    }

    /// Changes a product's SKUs, all or none: `change` is called for each and may say why not.
    pub(super) fn change<E>(
        &self,
        id: u64,
        codes: &[String],
        mut change: impl FnMut(usize, &mut CatalogueSku) -> Result<(), E>,
    ) -> Result<Result<(), E>, NotThere> {
        let mut all = self.lock();
        let product = all.get_mut(&id).ok_or(NotThere::Product)?;
        let mut skus = product.skus.clone();
        for (at, code) in codes.iter().enumerate() {
            let sku = skus.iter_mut().find(|sku| sku.sku == *code).ok_or(NotThere::Sku)?;
            if let Err(why) = change(at, sku) {
                return Ok(Err(why));
            }
        }
        product.skus = skus;
        Ok(Ok(()))
    }

    /// A buyer takes pieces: stock falls by itself.
    pub fn sell(&self, code: &str, pieces: u64) -> bool {
        let mut all = self.lock();
        let mut skus = all.values_mut().flat_map(|product| &mut product.skus);
        let sku = skus.find(|sku| sku.sku == code);
        sku.is_some_and(|sku| {
            sku.stock = sku.stock.saturating_sub(pieces);
            true
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, CatalogueProduct>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a change was for is not sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotThere {
    Product,
    Sku,
}
