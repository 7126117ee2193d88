//! `[catalog]`

use std::time::Duration;

use serde::Deserialize;

/// `[catalog]`
#[derive(Debug, Clone, Deserialize)]
pub struct CatalogConfig {
    /// Which methods create and edit products.
    pub posting: Posting,
    /// What a deletion in the shop does on AliExpress.
    pub deleted: Deletion,
    tree_age_secs_max: u64,
    schema_age_secs_max: u64,
    import_age_secs_max: u64,
    image_timeout_ms: u64,
    audit_check_secs_min: u64,
    audit_check_secs_max: u64,
    repost_after_secs: u64,
    /// Limits of what leaves; a category's schema wins where it states one.
    #[serde(flatten)]
    pub limits: CatalogLimits,
}

impl CatalogConfig {
    /// The tree of categories is read again when it is older.
    pub fn tree_age_max(&self) -> Duration {
        Duration::from_secs(self.tree_age_secs_max)
    }
    /// A category's schema is read again when it is older.
    pub fn schema_age_max(&self) -> Duration {
        Duration::from_secs(self.schema_age_secs_max)
    }
    /// Within this, an import of listings says which SKUs are not on AliExpress.
    pub fn import_age_max(&self) -> Duration {
        Duration::from_secs(self.import_age_secs_max)
    }
    /// Of fetching a picture from the shop.
    pub fn image_timeout(&self) -> Duration {
        Duration::from_millis(self.image_timeout_ms)
    }
    /// The first look at an audit comes after this; each later one after twice the time.
    pub fn audit_check_min(&self) -> Duration {
        Duration::from_secs(self.audit_check_secs_min)
    }
    /// The longest time between two looks at an audit.
    pub fn audit_check_max(&self) -> Duration {
        Duration::from_secs(self.audit_check_secs_max)
    }
    /// A post whose answer was lost is repeated after this, if AliExpress does not show the product by then.
    pub fn repost_after(&self) -> Duration {
        Duration::from_secs(self.repost_after_secs)
    }
}

/// Limits of what leaves for AliExpress.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct CatalogLimits {
    /// Characters of a title.
    pub title_chars_max: usize,
    /// Characters of a description, as sanitised HTML.
    pub description_chars_max: usize,
    /// Main pictures.
    pub images_max: usize,
    /// Pixels of each side of a main picture.
    pub image_side_min: usize,
    /// Bytes of a picture.
    pub image_bytes_max: u64,
    /// Characters of a SKU.
    pub sku_chars_max: usize,
    /// SKUs of a product.
    pub skus_max: usize,
    /// Characters of the seller's own word for a value.
    pub custom_chars_max: usize,
    /// Characters of an attribute's text.
    pub value_chars_max: usize,
    /// Whole units of the store's currency.
    pub price_max: u64,
    /// Grams of a parcel.
    pub weight_grams_max: u64,
    /// Centimetres of each side of a parcel.
    pub side_cm_max: u32,
}

/// Which methods create and edit products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// `product.post` and `product.edit`.
    Post,
    /// The pair of schema methods.
    Schema,
}

/// What a deletion in the shop does on AliExpress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deletion {
    /// The listing is taken off and can come back.
    Offline,
    /// The listing is deleted for good.
    Delete,
}
