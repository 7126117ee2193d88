//! The seller's table: the shop's delivery service → AliExpress's logistics service. Pure but for where it is kept.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

use super::{BookError, Orders};
use crate::aliexpress::LogisticsService;
use crate::clock::Timestamp;
use crate::domain::ShopId;

/// The most rows of a table.
pub const ROWS_MAX: usize = 500;
/// What stands for the tracking number in a tracking URL.
const NUMBER: &str = "{number}";
/// AliExpress's services of this kind want to know where a number can be followed.
const OTHER: &str = "OTHER";
/// The longest pattern that is tried; longer ones are AliExpress's mistake.
const PATTERN_BYTES_MAX: usize = 2_000;

const DOCUMENT: &str = "orders/carriers";
const SERVICES: &str = "orders/services";
/// How long AliExpress's list of services is kept.
const SERVICES_KEPT: std::time::Duration = std::time::Duration::from_secs(86_400);

/// What a delivery service of the shop is on AliExpress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// AliExpress's service.
    pub service: String,
    /// Where a parcel can be followed, `{number}` standing for its number; services `OTHER_*` need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
}

/// The table, by the shop's code of its delivery service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carriers(pub BTreeMap<String, Carrier>);

/// A row of the configuration that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not `CARRIER = SERVICE` or `CARRIER = SERVICE https://…{{number}}`: {0:?}")]
pub struct InvalidRow(String);

impl Carriers {
    /// The table of the configuration's rows.
    ///
    /// # Errors
    /// The first row that is none.
    pub fn parse(rows: &[String]) -> Result<Self, InvalidRow> {
        let row = |row: &String| {
            let (carrier, right) = row.split_once('=')?;
            let mut words = right.split_whitespace();
            let (service, url) = (words.next()?.to_owned(), words.next().map(str::to_owned));
            let carrier = carrier.trim().to_owned();
            (!carrier.is_empty() && words.next().is_none()).then_some((carrier, Carrier { service, tracking_url: url }))
        };
        let rows = rows.iter().map(|text| row(text).ok_or_else(|| InvalidRow(text.clone())));
        Ok(Self(rows.collect::<Result<_, _>>()?))
    }

    /// This table with another laid over it.
    #[must_use]
    pub fn under(mut self, over: Carriers) -> Self {
        self.0.extend(over.0);
        self
    }

    /// What is wrong with the table; nothing when it can be used.
    pub fn fault(&self) -> Option<String> {
        if self.0.len() > ROWS_MAX {
            return Some(format!("the table has {} rows; at most {ROWS_MAX} are kept", self.0.len()));
        }
        self.0.iter().find_map(|(carrier, to)| {
            let url = to.tracking_url.as_deref();
            let web = |url: &&str| {
                url::Url::parse(&url.replace(NUMBER, "1")).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            };
            match () {
                () if carrier.is_empty() || carrier.len() > 200 => Some("a carrier has 1 to 200 bytes".to_owned()),
                () if to.service.is_empty() || to.service.len() > 200 => {
                    Some(format!("{carrier}: a service has 1 to 200 bytes"))
                }
                () if url.is_some_and(|url| url.len() > 500 || !web(&url)) => {
                    Some(format!("{carrier}: tracking_url is no http or https URL"))
                }
                () => None,
            }
        })
    }

    /// What a carrier of the shop is on AliExpress: its row, or the service of the same name.
    pub fn find(&self, carrier: &str, services: &[LogisticsService]) -> Option<Carrier> {
        let same = || {
            let named = services.iter().find(|service| service.name.eq_ignore_ascii_case(carrier))?;
            Some(Carrier { service: named.name.clone(), tracking_url: None })
        };
        self.0.get(carrier).cloned().or_else(same)
    }
}

/// Where a parcel can be followed: what the shop says of it, else the row's.
pub fn tracking_url(carrier: &Carrier, said: Option<&str>, number: &str) -> Option<String> {
    let said = said.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    said.map(str::to_owned).or_else(|| carrier.tracking_url.as_ref().map(|url| url.replace(NUMBER, number)))
}

/// Whether a service wants to know where its numbers can be followed.
pub fn needs_tracking_url(service: &str) -> bool {
    service.to_ascii_uppercase().starts_with(OTHER)
}

/// Whether a service takes a number, as far as its pattern can be read; AliExpress has the last word.
pub fn takes(service: &LogisticsService, number: &str) -> bool {
    let pattern = service.pattern.as_deref().filter(|pattern| pattern.len() <= PATTERN_BYTES_MAX);
    let pattern = pattern.and_then(|pattern| Regex::new(&format!("^(?:{pattern})$")).ok());
    pattern.is_none_or(|pattern| pattern.is_match(number))
}

/// Services whose names share a word with the carrier's, the most alike first.
pub fn suggestions<'s>(carrier: &str, services: &'s [LogisticsService]) -> Vec<&'s LogisticsService> {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        words.map(str::to_lowercase).collect()
    };
    let wanted = words(carrier);
    let alike = |service: &LogisticsService| {
        let has = words(&format!("{} {} {}", service.name, service.title, service.company));
        wanted.iter().filter(|word| has.contains(word)).count()
    };
    let mut found: Vec<_> = services.iter().map(|service| (alike(service), service)).collect();
    found.retain(|(alike, service)| *alike > 0 || needs_tracking_url(&service.name));
    found.sort_by_key(|(alike, _)| std::cmp::Reverse(*alike));
    found.into_iter().map(|(_, service)| service).take(5).collect()
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct KeptServices {
    at: u64,
    services: Vec<LogisticsService>,
}

impl Orders {
    /// The table that was set over the API; empty where none was.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn carriers(&self, shop: &ShopId) -> Result<Carriers, BookError> {
        let text = self.documents.get(shop, DOCUMENT).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Keeps a table; the caller has looked at [`Carriers::fault`].
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn set_carriers(&self, shop: &ShopId, carriers: &Carriers) -> Result<(), BookError> {
        let text = serde_json::to_string(carriers).expect("a table is plain data");
        self.documents.put(shop, DOCUMENT, &text).await
    }

    /// AliExpress's services as they were kept; none where they are too old or were never read.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn services(&self, shop: &ShopId) -> Result<Option<Vec<LogisticsService>>, BookError> {
        let (text, now) = (self.documents.get(shop, SERVICES).await?, self.documents.now().await?);
        let kept: Option<KeptServices> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(kept.filter(|kept| now.since(Timestamp(kept.at)) < SERVICES_KEPT).map(|kept| kept.services))
    }

    /// Keeps AliExpress's services.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn keep_services(&self, shop: &ShopId, services: &[LogisticsService]) -> Result<(), BookError> {
        let kept = KeptServices { at: self.documents.now().await?.0, services: services.to_vec() };
        let text = serde_json::to_string(&kept).expect("services are plain data");
        self.documents.put(shop, SERVICES, &text).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(name: &str, title: &str, pattern: Option<&str>) -> LogisticsService {
        LogisticsService {
            name: name.into(),
            title: title.into(),
            company: String::new(),
            pattern: pattern.map(str::to_owned),
        }
    }

    #[test]
    fn rows_of_the_configuration_become_a_table_and_bad_ones_are_named() {
        let rows = ["12 = RUSSIAN_POST".to_owned(), "own=OTHER_RU_LOCAL https://t.example/{number}".to_owned()];
        let carriers = Carriers::parse(&rows).unwrap();
        assert_eq!(carriers.0["12"], Carrier { service: "RUSSIAN_POST".into(), tracking_url: None });
        assert_eq!(tracking_url(&carriers.0["own"], None, "A1").as_deref(), Some("https://t.example/A1"));
        assert_eq!(tracking_url(&carriers.0["own"], Some("https://else/A1"), "A1").as_deref(), Some("https://else/A1"));
        assert_eq!(tracking_url(&carriers.0["12"], Some("javascript:1"), "A1"), None);
        for bad in ["12", "=X", "12=", "12=A b c"] {
            assert!(Carriers::parse(&[bad.to_owned()]).is_err(), "{bad}");
        }
        assert_eq!(carriers.fault(), None);
        let bad = Carriers::parse(&["x=OTHER ftp://a".to_owned()]).unwrap();
        assert!(bad.fault().unwrap().contains("tracking_url"));
    }

    #[test]
    fn numbers_are_looked_at_by_the_whole_pattern() {
        let post = service("CPAM", "", Some("^[a-zA-z]{2}[A-Za-z0-9]{9}[a-zA-z]{2}$"));
        assert!(takes(&post, "RU123456789CN") && !takes(&post, "RU123456789CN ") && !takes(&post, "12"));
        let spain = service("ES", "", Some("(^[0-9]{12}$)"));
        assert!(takes(&spain, "123456789012") && !takes(&spain, "1234567890123"));
        let half = service("H", "", Some("[0-9]{3}"));
        assert!(takes(&half, "123") && !takes(&half, "1234"));
        assert!(takes(&service("BROKEN", "", Some("([")), "anything"), "a pattern that is none stops nobody");
        assert!(takes(&service("NONE", "", None), "anything"));
    }

    #[test]
    fn a_carrier_is_found_by_its_row_or_its_name_and_else_something_is_suggested() {
        let services = [
            service("RUSSIAN_POST", "Russian Post", None),
            service("OTHER_RU_LOCAL", "Seller's carrier", None),
            service("EMS", "EMS", None),
        ];
        let carriers = Carriers::parse(&["7=EMS".to_owned()]).unwrap();
        assert_eq!(carriers.find("7", &services).unwrap().service, "EMS");
        assert_eq!(carriers.find("russian_post", &services).unwrap().service, "RUSSIAN_POST");
        assert_eq!(carriers.find("Boxberry", &services), None);
        let names: Vec<&str> =
            suggestions("Почта / Russian post parcel", &services).iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["RUSSIAN_POST", "OTHER_RU_LOCAL"]);
    }
}
