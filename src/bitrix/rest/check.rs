//! Looks whether a shop without the module can take orders as its settings say.

use serde_json::{Value, json};

use super::client::{Command, RestClient};
use super::error::CallError;
use super::{id, products};
use crate::clock::SharedClock;
use crate::config::RestConfig;

/// What was found of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key below `rest`.
    pub key: &'static str,
    /// It serves.
    pub ok: bool,
    /// What is so, or what to do. Nothing secret.
    pub detail: String,
}

/// Asks the shop for everything that orders need and changes nothing. Where the webhook itself does not serve, that is all that is found.
pub async fn check(settings: &RestConfig, http: reqwest::Client, clock: SharedClock) -> Vec<Finding> {
    let client = RestClient::new(&settings.url, settings.requests_per_second, http, clock);
    let mut found = Vec::new();
    let orders = Command::new("sale.order.list", json!({"select": ["id"], "filter": {"=id": 0}}));
    if let Err(error) = client.list(&orders, "orders").await {
        return vec![fault("url", &error)];
    }
    found.push(good("url", "the webhook may read orders".into()));
    found.push(match one(&client, "sale.persontype.list", "personTypes", "id", settings.person_type).await {
        Ok(true) => good("person_type", "it is there".into()),
        Ok(false) => bad("person_type", "the shop has no such person type".into()),
        Err(error) => fault("person_type", &error),
    });
    found.push(properties(&client, settings).await);
    found.push(statuses(&client, settings).await);
    for catalog in &settings.catalogs {
        let field = products::field_name(settings.sku);
        let params = json!({"select": ["id", "iblockId", field], "filter": {"iblockId": catalog, "=id": 0}});
        found.push(match client.list(&Command::new("catalog.product.list", params), "products").await {
            Ok(_) => good("catalogs", format!("catalogue {catalog} can be read")),
            Err(error) => fault("catalogs", &error),
        });
    }
    found
}

async fn one(client: &RestClient, method: &'static str, rows: &str, key: &str, wanted: u64) -> Result<bool, CallError> {
    let params = json!({"select": [key], "filter": {format!("={key}"): wanted}});
    let found = client.list(&Command::new(method, params), rows).await?;
    Ok(found.iter().any(|row| id(&row[key]) == Some(wanted)))
}

async fn properties(client: &RestClient, settings: &RestConfig) -> Finding {
    let params = json!({"select": ["id", "code"], "filter": {"=personTypeId": settings.person_type}});
    let rows = match client.list(&Command::new("sale.property.list", params), "properties").await {
        Ok(rows) => rows,
        Err(error) => return fault("properties", &error),
    };
    let codes = settings.properties.iter().map(|(_, code)| code.as_str());
    missing("properties", codes, &rows, "code")
}

async fn statuses(client: &RestClient, settings: &RestConfig) -> Finding {
    let params = json!({"select": ["id", "type"], "filter": {"=type": "O"}});
    match client.list(&Command::new("sale.status.list", params), "statuses").await {
        Ok(rows) => missing("statuses", settings.statuses.values().map(String::as_str), &rows, "id"),
        Err(error) => fault("statuses", &error),
    }
}

fn missing<'a>(key: &'static str, wanted: impl Iterator<Item = &'a str>, rows: &[Value], field: &str) -> Finding {
    let mut lacks: Vec<&str> = wanted.filter(|name| !rows.iter().any(|row| row[field] == *name)).collect();
    lacks.sort_unstable();
    lacks.dedup();
    match lacks.is_empty() {
        true => good(key, "all of them are there".into()),
        false => bad(key, format!("the shop has no {}", lacks.join(", "))),
    }
}

fn good(key: &'static str, detail: String) -> Finding {
    Finding { key, ok: true, detail }
}

fn bad(key: &'static str, detail: String) -> Finding {
    Finding { key, ok: false, detail }
}

fn fault(key: &'static str, error: &CallError) -> Finding {
    bad(key, error.error.to_string())
}
