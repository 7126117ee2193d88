//! placeholder until the reader lands
use crate::domain::{Currency, Money, Sku};
use std::path::Path;
/// x
#[derive(Debug)]
pub struct Loaded {
    /// x
    pub shop: ExportedShop,
    /// x
    pub warnings: Vec<String>,
}
/// x
#[derive(Debug)]
pub struct ExportedShop {
    /// x
    pub products: Vec<ExportedProduct>,
}
/// x
#[derive(Debug)]
pub struct ExportedProduct {
    /// x
    pub id: String,
    /// x
    pub name: String,
    /// x
    pub offers: Vec<ExportedOffer>,
}
/// x
#[derive(Debug)]
pub struct ExportedOffer {
    /// x
    pub id: String,
    /// x
    pub sku: Sku,
    /// x
    pub price: Option<Money>,
    /// x
    pub currency: Option<Currency>,
    /// x
    pub quantity: u64,
}
/// x
pub fn load(_dir: &Path) -> anyhow::Result<Loaded> {
    anyhow::bail!("x")
}
