//! `[[shops]]`

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use toml::Value;

use super::reader::Reader;
use super::rest::RestConfig;
use crate::domain::{Currency, ShopId, StockRules};

/// One of `[[shops]]`
#[derive(Debug, Clone)]
pub struct ShopConfig {
    /// Names it in URLs.
    pub id: ShopId,
    /// Texts of its webhook secrets, checked.
    pub webhook_secrets: Vec<SecretString>,
    /// Which of AliExpress's APIs it speaks.
    pub dialect: Dialect,
    /// Of the application in AliExpress's console.
    pub app_key: String,
    /// Of the application.
    pub app_secret: SecretString,
    /// An access token.
    pub token: SecretString,
    /// The module's endpoint.
    pub bitrix_url: SecretString,
    /// The way to a shop without the module.
    pub rest: Option<RestConfig>,
    /// Whether anything is sent.
    pub mode: Mode,
    /// Of the AliExpress store; none: read from it.
    pub currency: Option<Currency>,
    /// What AliExpress may sell.
    pub stock: StockRules,
    /// Whether AliExpress orders are brought to the shop.
    pub orders: bool,
    /// Rows of the table of carriers, checked.
    pub carriers: Vec<String>,
    /// Days after which buyers' data is erased.
    pub order_retention_days: u32,
    /// Hosts of its pictures that may have private addresses.
    pub image_hosts_private: Vec<String>,
}

/// Which of AliExpress's APIs a shop speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// The Open Platform's signed methods.
    Solution,
    /// AliExpress Russia's own API.
    Local,
}

/// Whether anything is sent to AliExpress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It is.
    Live,
    /// Everything is computed and shown, nothing is sent.
    Observe,
}

impl Reader {
    pub(super) fn shops(&mut self) -> Option<Vec<ShopConfig>> {
        let count = self.tree.get("shops").and_then(Value::as_array).map_or(0, Vec::len);
        // Every shop is read before the first that cannot be, so that the faults of all are found.
        let shops: Vec<_> = (0..count).map(|at| self.shop(&format!("shops.{at}"))).collect();
        shops.into_iter().collect()
    }

    fn shop(&mut self, path: &str) -> Option<ShopConfig> {
        let id = self.value(path, "id");
        let file: Option<String> = self.value(path, "webhook_secrets_file");
        let given: Option<Vec<String>> = self.value(path, "webhook_secrets");
        let webhook_secrets = match file.as_deref() {
            Some("") => given,
            Some(file) => self.lines(path, "webhook_secrets", file),
            None => None,
        };
        let (dialect, mode) = (self.value(path, "dialect"), self.value(path, "mode"));
        let (app_secret, token) = (self.secret(path, "app_secret"), self.secret(path, "token"));
        let (bitrix_url, rest) = (self.secret(path, "bitrix_url"), self.rest(path));
        let currency: Option<String> = self.value(path, "currency");
        let currency = match currency.as_deref() {
            Some("") => Some(None),
            Some(code) => self.parse(&format!("{path}.currency"), Value::String(code.to_owned())).map(Some),
            None => None,
        };
        Some(ShopConfig {
            id: id?,
            webhook_secrets: webhook_secrets?.into_iter().map(Into::into).collect(),
            dialect: dialect?,
            app_key: self.value(path, "app_key")?,
            app_secret: app_secret?.into(),
            token: token?.into(),
            bitrix_url: bitrix_url?.into(),
            rest: rest?,
            mode: mode?,
            currency: currency?,
            stock: StockRules {
                reserve: self.value(path, "stock_reserve")?,
                zero_below: self.value(path, "stock_zero_below")?,
            },
            orders: self.value(path, "orders")?,
            carriers: self.value(path, "carriers")?,
            order_retention_days: self.value(path, "order_retention_days")?,
            image_hosts_private: self.value(path, "image_hosts_private")?,
        })
    }
}
