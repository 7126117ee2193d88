//! `[aliexpress]`

use std::time::Duration;

use serde::Deserialize;

/// `[aliexpress]`
#[derive(Debug, Clone, Deserialize)]
pub struct AliExpressConfig {
    /// Dialect `solution`.
    pub gateway_url: String,
    /// Dialect `local`.
    pub local_url: String,
    /// Requests a second for an application key.
    pub requests_per_second: u32,
    /// Requests a second for each method of an application key; 0 = no limit of its own.
    pub requests_per_second_method: u32,
    /// Requests a day for an application key; 0 = no quota.
    pub requests_per_day: u32,
    margin_ms: u64,
    connect_timeout_ms: u64,
    timeout_ms: u64,
    /// Products in one stock or price update.
    pub products_per_request_max: usize,
    /// SKUs of one product in it.
    pub skus_per_product_max: usize,
    /// Failures in a row after which calls pause.
    pub breaker_failures: u32,
    breaker_secs_max: u64,
    /// The method behind each call.
    pub methods: Methods,
}

impl AliExpressConfig {
    /// Room for network jitter between a permit and its 40th successor.
    pub fn margin(&self) -> Duration {
        Duration::from_millis(self.margin_ms)
    }
    /// Of a connection.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }
    /// Of one call, connecting included.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
    /// The longest pause between probes of an open breaker.
    pub fn breaker_max(&self) -> Duration {
        Duration::from_secs(self.breaker_secs_max)
    }
}

/// `[aliexpress.methods]`
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "each is the method of the call that it is named after")]
pub struct Methods {
    pub inventory_update: String,
    pub price_update: String,
    pub product_list: String,
    pub product_info: String,
    pub merchant_profile: String,
    pub image_upload: String,
    pub category_tree: String,
    pub category_attributes: String,
    pub category_suggest: String,
    pub product_schema: String,
    pub product_post: String,
    pub product_edit: String,
    pub schema_post: String,
    pub schema_update: String,
    pub product_online: String,
    pub product_offline: String,
    pub product_delete: String,
    pub product_status: String,
    pub order_list: String,
    pub order_receipt: String,
    pub order_info: String,
    pub order_fulfil: String,
    pub logistics_services: String,
}
