//! Values that make no sense, alone or together. Each fault names its key and says what to do.

use std::collections::HashSet;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::{Config, ConfigFault, RestConfig, ShopConfig};
use crate::domain::Lane;
use crate::signing::standard_webhooks::Secret;

pub(super) fn faults(config: &Config) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    intake(config, &mut faults);
    worker(config, &mut faults);
    aliexpress(config, &mut faults);
    orders(config, &mut faults);
    guard(config, &mut faults);
    for (at, token) in config.admin.tokens.iter().enumerate() {
        if token.token.expose_secret().len() < 16 {
            let key =
                if token.name == "operator" { "admin.token".to_owned() } else { format!("admin.tokens.{at}.token") };
            faults.push(ConfigFault::new(key, "has fewer than 16 characters"));
        }
    }
    let mut ids = HashSet::new();
    for (at, shop) in config.shops.iter().enumerate() {
        self::shop(&format!("shops.{at}"), shop, &mut faults);
        if !ids.insert(shop.id.as_str()) {
            faults
                .push(ConfigFault::new(format!("shops.{at}.id"), format!("{} is the id of another shop too", shop.id)));
        }
    }
    faults
}

fn at_least(faults: &mut Vec<ConfigFault>, key: &str, value: u64, least: u64) {
    if value < least {
        faults.push(ConfigFault::new(key, format!("is {value}; it must be {least} or more")));
    }
}

fn at_most(faults: &mut Vec<ConfigFault>, key: &str, value: u64, most: u64) {
    if value > most {
        faults.push(ConfigFault::new(key, format!("is {value}; it must be {most} or less")));
    }
}

fn intake(config: &Config, faults: &mut Vec<ConfigFault>) {
    let intake = &config.intake;
    public_url(&intake.public_url, faults);
    at_least(faults, "intake.body_bytes_max", intake.body_bytes_max as u64, 1024);
    at_most(faults, "intake.body_bytes_max", intake.body_bytes_max as u64, 64 << 20);
    at_least(faults, "intake.events_per_request_max", intake.events_per_request_max as u64, 1);
    at_most(faults, "intake.events_per_request_max", intake.events_per_request_max as u64, 10_000);
    at_least(faults, "intake.timestamp_tolerance_secs", intake.timestamp_tolerance_secs, 1);
    at_most(faults, "intake.timestamp_tolerance_secs", intake.timestamp_tolerance_secs, 86_400);
    at_most(faults, "intake.timestamp_future_secs", intake.timestamp_future_secs, 3_600);
    at_least(faults, "intake.queue_max", intake.queue_max as u64, 1);
    at_least(faults, "intake.connections_max", intake.connections_max as u64, 1);
    at_least(faults, "store.timeout_ms", u64::try_from(config.store.timeout.as_millis()).unwrap_or(u64::MAX), 50);
    at_most(faults, "store.timeout_ms", u64::try_from(config.store.timeout.as_millis()).unwrap_or(u64::MAX), 60_000);
}

/// Where AliExpress sends browsers back to: nothing may stand behind the path, since the callback's is added.
fn public_url(url: &str, faults: &mut Vec<ConfigFault>) {
    let fits = |url: &url::Url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none()
    };
    if !url.is_empty() && !url::Url::parse(url).is_ok_and(|url| fits(&url)) {
        faults.push(ConfigFault::new("intake.public_url", "is not an http or https URL without a query"));
    }
}

fn worker(config: &Config, faults: &mut Vec<ConfigFault>) {
    at_least(faults, "worker.requests_in_flight_max", config.worker.requests_in_flight_max as u64, 1);
    at_least(faults, "worker.poll_ms_max", u64::try_from(config.worker.poll_max.as_millis()).unwrap_or(0), 10);
    for lane in Lane::ALL {
        let settings = config.worker.lane(lane);
        let key = |name: &str| format!("worker.lanes.{lane}.{name}");
        at_least(faults, &key("attempts_max"), u64::from(settings.attempts_max), 1);
        at_most(faults, &key("window_ms"), u64::try_from(settings.window().as_millis()).unwrap_or(u64::MAX), 3_600_000);
        at_most(faults, &key("attempts_max"), u64::from(settings.attempts_max), 200);
        at_least(faults, &key("backoff_ms_min"), u64::try_from(settings.backoff_min().as_millis()).unwrap_or(0), 1);
        if settings.backoff_min() > settings.backoff_max() {
            faults.push(ConfigFault::new(key("backoff_ms_max"), "is below backoff_ms_min"));
        }
        if settings.lease() < config.aliexpress.timeout() + Duration::from_secs(5) {
            let detail =
                "leaves less than 5 seconds over aliexpress.timeout_ms: a lease must outlive the call that it covers";
            faults.push(ConfigFault::new(key("lease_secs"), detail));
        }
    }
}

fn aliexpress(config: &Config, faults: &mut Vec<ConfigFault>) {
    let aliexpress = &config.aliexpress;
    at_least(faults, "aliexpress.requests_per_second", u64::from(aliexpress.requests_per_second), 1);
    at_most(faults, "aliexpress.requests_per_second", u64::from(aliexpress.requests_per_second), 10_000);
    at_least(faults, "aliexpress.products_per_request_max", aliexpress.products_per_request_max as u64, 1);
    at_most(faults, "aliexpress.products_per_request_max", aliexpress.products_per_request_max as u64, 1_000);
    at_least(faults, "aliexpress.skus_per_product_max", aliexpress.skus_per_product_max as u64, 1);
    at_most(faults, "aliexpress.skus_per_product_max", aliexpress.skus_per_product_max as u64, 10_000);
    at_least(faults, "aliexpress.breaker_failures", u64::from(aliexpress.breaker_failures), 1);
    for (key, url) in [("gateway_url", &aliexpress.gateway_url), ("local_url", &aliexpress.local_url)] {
        let parsed = url::Url::parse(url);
        if !parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            faults.push(ConfigFault::new(format!("aliexpress.{key}"), "is not an http or https URL"));
        }
    }
    if aliexpress.connect_timeout() > aliexpress.timeout() {
        faults.push(ConfigFault::new("aliexpress.connect_timeout_ms", "is above timeout_ms"));
    }
}

fn orders(config: &Config, faults: &mut Vec<ConfigFault>) {
    let (bitrix, orders) = (&config.bitrix, &config.orders);
    at_least(faults, "bitrix.requests_in_flight_max", bitrix.requests_in_flight_max as u64, 1);
    at_most(faults, "bitrix.requests_in_flight_max", bitrix.requests_in_flight_max as u64, 64);
    at_least(faults, "bitrix.timeout_ms", millis(bitrix.timeout()), 100);
    at_most(faults, "bitrix.timeout_ms", millis(bitrix.timeout()), 300_000);
    if bitrix.connect_timeout() > bitrix.timeout() {
        faults.push(ConfigFault::new("bitrix.connect_timeout_ms", "is above timeout_ms"));
    }
    at_least(faults, "orders.poll_secs_min", orders.poll_min().as_secs(), 1);
    at_most(faults, "orders.poll_secs_max", orders.poll_max().as_secs(), 3600);
    if orders.poll_min() > orders.poll_max() {
        faults.push(ConfigFault::new("orders.poll_secs_max", "is below poll_secs_min"));
    }
    at_least(faults, "orders.overlap_secs", orders.overlap().as_secs(), 60);
    at_most(faults, "orders.overlap_secs", orders.overlap().as_secs(), 86_400);
    at_most(faults, "orders.deadline_near_hours", orders.deadline_near().as_secs() / 3600, 240);
}

fn guard(config: &Config, faults: &mut Vec<ConfigFault>) {
    let guard = &config.guard;
    for (key, percent) in [("share_percent", guard.share_percent), ("price_fall_percent", guard.price_fall_percent)] {
        at_least(faults, &format!("guard.{key}"), percent, 1);
        at_most(faults, &format!("guard.{key}"), percent, 99);
    }
    at_most(faults, "guard.count_min", guard.count_min, 100_000);
    at_least(faults, "guard.window_secs", guard.window().as_secs(), 60);
    at_most(faults, "guard.window_secs", guard.window().as_secs(), 86_400);
    at_most(faults, "guard.look_secs_max", guard.look_max().as_secs(), 60);
    if guard.look() > guard.look_max() {
        faults.push(ConfigFault::new("guard.look_secs_max", "is below look_secs"));
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn shop(path: &str, shop: &ShopConfig, faults: &mut Vec<ConfigFault>) {
    if shop.webhook_secrets.is_empty() {
        let detail = "is empty: the shop could not sign its events. Make one with `aligate secret`";
        faults.push(ConfigFault::new(format!("{path}.webhook_secrets"), detail));
    }
    for (at, secret) in shop.webhook_secrets.iter().enumerate() {
        if let Err(error) = secret.expose_secret().parse::<Secret>() {
            faults.push(ConfigFault::new(format!("{path}.webhook_secrets.{at}"), error.to_string()));
        }
    }
    if shop.app_key.is_empty() && !shop.app_secret.expose_secret().is_empty() {
        faults.push(ConfigFault::new(format!("{path}.app_key"), "is empty, but app_secret is not"));
    }
    if !shop.app_key.is_empty()
        && shop.app_secret.expose_secret().is_empty()
        && shop.dialect == super::Dialect::Solution
    {
        faults.push(ConfigFault::new(format!("{path}.app_secret"), "is empty, but app_key is not"));
    }
    if shop.app_key.len() > 64 || !shop.app_key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        faults.push(ConfigFault::new(format!("{path}.app_key"), "has characters other than letters, digits, - and _"));
    }
    if shop.order_retention_days > 3_650 {
        faults.push(ConfigFault::new(format!("{path}.order_retention_days"), "is above 3650"));
    }
    let bitrix_url = shop.bitrix_url.expose_secret();
    if !bitrix_url.is_empty() && !url::Url::parse(bitrix_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    {
        faults.push(ConfigFault::new(format!("{path}.bitrix_url"), "is not an http or https URL"));
    }
    if let Some(settings) = &shop.rest {
        if !bitrix_url.is_empty() {
            let detail = "is given, and bitrix_url too: the module takes orders, or REST does";
            faults.push(ConfigFault::new(format!("{path}.rest.url"), detail));
        }
        rest(&format!("{path}.rest"), settings, faults);
    }
}

/// What an order cannot be written without.
fn rest(path: &str, rest: &RestConfig, faults: &mut Vec<ConfigFault>) {
    let fits = |url: &url::Url| {
        let words = url.path_segments().map(|words| words.filter(|word| !word.is_empty()).count());
        matches!(url.scheme(), "http" | "https") && words.is_some_and(|words| words >= 3) && url.query().is_none()
    };
    if !url::Url::parse(rest.url.expose_secret()).is_ok_and(|url| fits(&url)) {
        let detail = "is no URL of an inbound webhook: https://shop.example/rest/USER/TOKEN/";
        faults.push(ConfigFault::new(format!("{path}.url"), detail));
    }
    for (key, id) in [("person_type", rest.person_type), ("delivery", rest.delivery), ("pay_system", rest.pay_system)] {
        if id == 0 {
            let detail = "is missing: give the id that the shop's settings show";
            faults.push(ConfigFault::new(format!("{path}.{key}"), detail));
        }
    }
    if rest.catalogs.is_empty() {
        let detail = "is empty: give the ids of the catalogues that SKUs are looked for in";
        faults.push(ConfigFault::new(format!("{path}.catalogs"), detail));
    }
    at_most(faults, &format!("{path}.catalogs"), rest.catalogs.len() as u64, 20);
    at_most(faults, &format!("{path}.properties"), rest.properties.len() as u64, 50);
    at_most(faults, &format!("{path}.requests_per_second"), u64::from(rest.requests_per_second), 1_000);
    if rest.site.is_empty() || rest.site.len() > 2 {
        faults.push(ConfigFault::new(format!("{path}.site"), "is no site of Bitrix: one or two characters, as s1"));
    }
}
