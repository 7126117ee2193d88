//! `[shops.rest]`: a shop without the module, reached by Bitrix's own REST.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;
use toml::Value;

use super::reader::Reader;
use crate::config::ConfigFault;
use crate::domain::OrderStatus;

/// One `[shops.rest]`
#[derive(Debug, Clone)]
pub struct RestConfig {
    /// The inbound webhook.
    pub url: SecretString,
    /// The site that orders belong to.
    pub site: String,
    /// Whom orders belong to; 0: nobody that is named.
    pub user: u64,
    /// Who answers for them; 0: nobody that is named.
    pub responsible: u64,
    /// The person type of buyers.
    pub person_type: u64,
    /// The delivery service.
    pub delivery: u64,
    /// The pay system.
    pub pay_system: u64,
    /// Catalogues that SKUs are looked for in, the first first.
    pub catalogs: Vec<u64>,
    /// Where a SKU stands.
    pub sku: SkuField,
    /// What becomes of a SKU that no catalogue has.
    pub unknown_sku: UnknownSku,
    /// Which part of a buyer goes to which property, by its code.
    pub properties: Vec<(BuyerPart, String)>,
    /// Statuses of the shop by those of AliExpress.
    pub statuses: BTreeMap<OrderStatus, String>,
    /// Requests a second in the long run; 0: as many as there are.
    pub requests_per_second: u32,
}

/// Where a SKU stands in a product of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkuField {
    /// Its external code.
    XmlId,
    /// Its symbolic code.
    Code,
    /// Its id.
    Id,
    /// The property of this id.
    Property(u64),
}

/// What becomes of a SKU that no catalogue has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownSku {
    /// A line without a product.
    Line,
    /// The order is refused.
    Refuse,
}

/// A part of what is known of a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the part that it is named after")]
pub enum BuyerPart {
    Name,
    Phone,
    Country,
    Region,
    City,
    Address,
    Zip,
    /// Everything but name and phone, as it is written on a parcel.
    WholeAddress,
}

impl Reader {
    /// The section of a shop; `Some(None)`: it has none.
    pub(super) fn rest(&mut self, shop: &str) -> Option<Option<RestConfig>> {
        let path = format!("{shop}.rest");
        let url = self.secret(&path, "url")?;
        let numbers: Vec<String> = self.value(&path, "catalogs")?;
        let catalogs = numbers.iter().map(|text| self.number(&format!("{path}.catalogs"), text)).collect::<Vec<_>>();
        let (sku, properties, statuses) = (self.sku(&path), self.properties(&path), self.statuses(&path));
        let config = RestConfig {
            url: url.clone().into(),
            site: self.value(&path, "site")?,
            user: self.value(&path, "user")?,
            responsible: self.value(&path, "responsible")?,
            person_type: self.value(&path, "person_type")?,
            delivery: self.value(&path, "delivery")?,
            pay_system: self.value(&path, "pay_system")?,
            catalogs: catalogs.into_iter().collect::<Option<_>>()?,
            sku: sku?,
            unknown_sku: self.value(&path, "unknown_sku")?,
            properties: properties?,
            statuses: statuses?,
            requests_per_second: self.value(&path, "requests_per_second")?,
        };
        Some((!url.is_empty()).then_some(config))
    }

    fn number(&mut self, key: &str, text: &str) -> Option<u64> {
        let number = text.trim().parse().ok().filter(|number| *number > 0);
        if number.is_none() {
            self.faults.push(ConfigFault::new(key, format!("holds {text:?}, which is no id")));
        }
        number
    }

    fn sku(&mut self, path: &str) -> Option<SkuField> {
        let text: String = self.value(path, "sku")?;
        match (text.as_str(), text.strip_prefix("property:")) {
            ("xml_id", _) => Some(SkuField::XmlId),
            ("code", _) => Some(SkuField::Code),
            ("id", _) => Some(SkuField::Id),
            (_, Some(id)) => self.number(&format!("{path}.sku"), id).map(SkuField::Property),
            _ => {
                let detail = format!("is {text:?}; xml_id, code, id or property:ID is expected");
                self.faults.push(ConfigFault::new(format!("{path}.sku"), detail));
                None
            }
        }
    }

    fn properties(&mut self, path: &str) -> Option<Vec<(BuyerPart, String)>> {
        let rows: Vec<String> = self.value(path, "properties")?;
        let key = format!("{path}.properties");
        let rows = rows.iter().map(|row| {
            let (part, code) = self.row(&key, row)?;
            Some((self.parse(&key, Value::String(part))?, code))
        });
        rows.collect::<Vec<_>>().into_iter().collect()
    }

    fn statuses(&mut self, path: &str) -> Option<BTreeMap<OrderStatus, String>> {
        let rows: Vec<String> = self.value(path, "statuses")?;
        let key = format!("{path}.statuses");
        let rows = rows.iter().map(|row| {
            let (status, of_shop) = self.row(&key, row)?;
            if of_shop.len() > 2 {
                self.faults.push(ConfigFault::new(&key, format!("{of_shop:?} is no status of Bitrix: two letters")));
                return None;
            }
            Some((self.parse(&key, Value::String(status))?, of_shop))
        });
        rows.collect::<Vec<_>>().into_iter().collect()
    }

    /// The two sides of `a = b`.
    fn row(&mut self, key: &str, row: &str) -> Option<(String, String)> {
        let sides = row.split_once('=').map(|(one, other)| (one.trim().to_owned(), other.trim().to_owned()));
        let sides = sides.filter(|(one, other)| !one.is_empty() && !other.is_empty());
        if sides.is_none() {
            self.faults.push(ConfigFault::new(key, format!("holds {row:?}; \"a = b\" is expected")));
        }
        sides
    }
}
