//! `aligate doctor`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde::Serialize;

use super::gateway::GatewayArg;
use super::{ConfigArg, print_json};
use crate::bitrix;
use crate::clock::{Clock, SystemClock};
use crate::config::{self, Config, ShopConfig, StoreUrl};
use crate::http_client;
use crate::store::Inspect;
use crate::store::keys::{self, MasterKeys};
use crate::store::redis::{RedisOptions, RedisStore};

/// The greatest difference of clocks that is no fault: AliExpress allows two hours, shops five minutes.
const SKEW_SECS_MAX: u64 = 60;

/// Check store, clock, AliExpress and shop, and say what to do.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate doctor --config /etc/aligate/aligate.toml")]
pub(super) struct Doctor {
    #[command(flatten)]
    config: ConfigArg,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    ok: bool,
    detail: String,
}

impl Doctor {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.config.load()?;
        let client = http_client::build(Duration::from_secs(3), Duration::from_secs(10))?;
        let mut findings = vec![key_file(&config)];
        findings.extend(secret_files(&self.config));
        findings.extend(store(&config).await);
        findings.push(gateway(&self.config).await);
        findings.push(aliexpress(&client, &config.aliexpress.gateway_url).await);
        for shop in &config.shops {
            findings.push(credentials(shop, &config.intake.public_url));
            findings.extend(token(&self.config, shop).await);
            findings.extend(endpoint(&client, shop).await);
            findings.extend(rest(shop).await);
        }
        let ok = findings.iter().all(|finding| finding.ok);
        match self.json {
            true => print_json(&findings)?,
            false => {
                for Finding { what, ok, detail } in &findings {
                    println!("{} {what}: {detail}", if *ok { "ok  " } else { "FAIL" });
                }
            }
        }
        Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn finding(what: impl Into<String>, ok: bool, detail: impl Into<String>) -> Finding {
    Finding { what: what.into(), ok, detail: detail.into() }
}

fn key_file(config: &Config) -> Finding {
    let file = &config.store.key_file;
    match (file.exists(), &config.store.url) {
        (false, StoreUrl::Sqlite(_)) => {
            finding("key file", true, format!("{} will be made at the first start", file.display()))
        }
        (false, StoreUrl::Redis(_)) => {
            let detail = format!(
                "{} is missing; make it: head -c 32 /dev/urandom | base64 > {0}; chmod 600 {0}",
                file.display()
            );
            finding("key file", false, detail)
        }
        (true, _) if keys::is_exposed(file) => {
            finding("key file", false, format!("others may read it: chmod 600 {}", file.display()))
        }
        (true, _) => match MasterKeys::load(file, false) {
            Ok(_) => finding("key file", true, format!("{} is readable by its owner alone", file.display())),
            Err(error) => finding("key file", false, error.to_string()),
        },
    }
}

/// Files that hold secrets and that others than their owner may read; nothing to say where there are none.
fn secret_files(arg: &ConfigArg) -> Vec<Finding> {
    let sources = arg.sources();
    let Ok(tree) = config::shown(&sources) else { return Vec::new() };
    let mut files = Vec::new();
    named_files(&tree, &mut files);
    // A mask in what is shown of the file alone stands for a secret that the file holds.
    let alone = config::Sources { environment: Vec::new(), ..sources.clone() };
    if let Some(file) = sources.file.filter(|_| config::show(&alone).is_ok_and(|shown| shown.contains("***"))) {
        files.push(file);
    }
    let exposed = files.into_iter().filter(|file| keys::is_exposed(file));
    exposed
        .map(|file| {
            let file = file.display();
            finding(format!("file {file}"), false, format!("others may read the secrets in it: chmod 600 {file}"))
        })
        .collect()
}

/// Every file that a key of the configuration names for a secret.
fn named_files(tree: &toml::Table, files: &mut Vec<PathBuf>) {
    for (key, value) in tree {
        match value {
            toml::Value::Table(table) => named_files(table, files),
            toml::Value::Array(items) => {
                items.iter().filter_map(toml::Value::as_table).for_each(|table| named_files(table, files));
            }
            toml::Value::String(file) if key.ends_with("_file") && key != "key_file" && !file.is_empty() => {
                files.push(file.into());
            }
            _ => {}
        }
    }
}

async fn store(config: &Config) -> Vec<Finding> {
    let url = match &config.store.url {
        StoreUrl::Sqlite(path) => {
            let detail = format!("{}: every 202 is on the disk (WAL, synchronous=FULL)", path.display());
            return vec![finding("store", true, detail)];
        }
        StoreUrl::Redis(url) => url.clone(),
    };
    let options = RedisOptions {
        url,
        key_checks: MasterKeys::load(&config.store.key_file, false).map(|keys| keys.checks()).unwrap_or_default(),
        call_timeout: config.store.timeout,
        wait_replicas: 0,
    };
    let store = match RedisStore::connect(options).await {
        Ok(store) => store,
        Err(error) => return vec![finding("store", false, error.to_string())],
    };
    match (store.ping().await, store.weaknesses().await) {
        (Err(error), _) | (_, Err(error)) => vec![finding("store", false, error.to_string())],
        (Ok(()), Ok(weak)) if weak.is_empty() => {
            vec![finding("store", true, "Redis answers and keeps what it acknowledges")]
        }
        (Ok(()), Ok(weak)) => {
            weak.into_iter().map(|weak| finding(format!("store {}", weak.setting), false, weak.detail)).collect()
        }
    }
}

async fn gateway(config: &ConfigArg) -> Finding {
    let health = match GatewayArg::of(config.clone()).open() {
        Ok(gateway) => gateway.get("/health").await,
        Err(error) => Err(error),
    };
    match health {
        Err(error) => finding("gateway", false, format!("{error:#}")),
        Ok(health) => {
            let unwell = health["components"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, component)| component["state"] != "ok");
            let words: Vec<String> = unwell
                .map(|(name, component)| {
                    format!(
                        "{name} is {}: {}",
                        component["state"].as_str().unwrap_or("?"),
                        component["why"].as_str().unwrap_or("?")
                    )
                })
                .collect();
            finding(
                "gateway",
                words.is_empty(),
                if words.is_empty() { "runs, every component is well".into() } else { words.join("; ") },
            )
        }
    }
}

/// Reaches AliExpress (name, TLS, answer) and compares clocks by its `Date`.
async fn aliexpress(client: &reqwest::Client, url: &str) -> Finding {
    let what = format!("AliExpress at {url}");
    match client.get(url).send().await {
        Err(error) => finding(what, false, format!("{:#}", anyhow::Error::from(error.without_url()))),
        Ok(response) => {
            let date = response.headers().get("date").and_then(|date| date.to_str().ok());
            let theirs =
                date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok()).map(|date| date.timestamp().as_second());
            let ours = SystemClock.now().as_secs();
            match theirs.and_then(|theirs| u64::try_from(theirs).ok()).map(|theirs| theirs.abs_diff(ours)) {
                Some(skew) if skew > SKEW_SECS_MAX => {
                    finding(what, false, format!("this machine's clock is off by {skew} s: set up NTP"))
                }
                Some(skew) => finding(what, true, format!("answers; the clocks differ by {skew} s")),
                None => finding(what, true, "answers (it named no time to compare clocks by)"),
            }
        }
    }
}

fn credentials(shop: &ShopConfig, public_url: &str) -> Finding {
    let what = format!("shop {}", shop.id);
    let missing: Vec<&str> =
        [("app_key", shop.app_key.is_empty()), ("app_secret", shop.app_secret.expose_secret().is_empty())]
            .into_iter()
            .filter_map(|(key, empty)| empty.then_some(key))
            .collect();
    if !missing.is_empty() {
        return finding(what, false, format!("lacks {}: events are taken, nothing is sent", missing.join(", ")));
    }
    match (shop.token.expose_secret().is_empty(), public_url.is_empty()) {
        (true, true) => {
            let detail = "has no token, and intake.public_url is empty: the seller could not consent. Give the HTTPS address of the intake listener, and register it with /oauth/callback in AliExpress's console";
            finding(what, false, detail)
        }
        _ => finding(what, true, "has credentials; whether AliExpress takes them is the gateway's health"),
    }
}

/// How the token of a shop is, as the gateway knows it; nothing where the gateway does not answer, which is a finding of its own.
async fn token(config: &ConfigArg, shop: &ShopConfig) -> Option<Finding> {
    let gateway = GatewayArg::of(config.clone()).open().ok()?;
    let status = gateway.get(&format!("/v1/shops/{}/status", shop.id)).await.ok()?;
    let what = format!("shop {}'s token", shop.id);
    let line = super::status::token(&status["token"]);
    Some(match status["token"]["state"].as_str() {
        Some("ok" | "refreshing") => finding(what, true, line),
        Some("application_refused") => finding(what, false, format!("{line}: check app_key and app_secret")),
        _ => finding(what, false, format!("{line}: aligate authorize --shop {}", shop.id)),
    })
}

async fn endpoint(client: &reqwest::Client, shop: &ShopConfig) -> Option<Finding> {
    let url = shop.bitrix_url.expose_secret();
    if url.is_empty() {
        return None;
    }
    // The URL may carry a token: it is never printed.
    let what = format!("shop {}'s endpoint", shop.id);
    Some(match client.get(url).send().await {
        Err(error) => finding(what, false, format!("{:#}", anyhow::Error::from(error.without_url()))),
        Ok(response) => finding(what, true, format!("answers HTTP {}", response.status().as_u16())),
    })
}

/// A shop without the module: whether its webhook serves, and has what orders need.
async fn rest(shop: &ShopConfig) -> Vec<Finding> {
    let Some(settings) = &shop.rest else { return Vec::new() };
    let what = |key: &str| format!("shop {}'s rest.{key}", shop.id);
    match http_client::build_guarded(Duration::from_secs(3), Duration::from_secs(20)) {
        Err(error) => vec![finding(what("url"), false, error.to_string())],
        Ok(http) => {
            let found = bitrix::rest::check(settings, http, Arc::new(SystemClock)).await;
            found.into_iter().map(|found| finding(what(found.key), found.ok, found.detail)).collect()
        }
    }
}
