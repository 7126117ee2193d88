//! The admin API of the running gateway, as commands use it.

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::ConfigArg;
use crate::config::Role;
use crate::http_client;
use crate::store::keys;

/// Which gateway, and how to get in.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct GatewayArg {
    #[command(flatten)]
    config: ConfigArg,
    /// The gateway's admin listener; from the configuration where it is left out
    #[arg(long, value_name = "URL", env = "ALIGATE_ADMIN_URL")]
    admin_url: Option<String>,
    /// The operator's token; from the configuration, or the file made beside the store, where it is left out
    #[arg(long, value_name = "TOKEN", env = "ALIGATE_ADMIN_TOKEN", hide_env_values = true)]
    admin_token: Option<SecretString>,
}

/// The admin API.
#[derive(Debug)]
pub(super) struct Gateway {
    url: String,
    token: SecretString,
    client: reqwest::Client,
}

impl GatewayArg {
    /// The gateway of a configuration.
    pub(super) fn of(config: ConfigArg) -> Self {
        Self { config, admin_url: None, admin_token: None }
    }

    pub(super) fn open(&self) -> anyhow::Result<Gateway> {
        let client = http_client::build(Duration::from_secs(3), Duration::from_secs(60))?;
        if let (Some(url), Some(token)) = (&self.admin_url, &self.admin_token) {
            return Ok(Gateway { url: url.trim_end_matches('/').to_owned(), token: token.clone(), client });
        }
        let config = self.config.load()?;
        let operator = config.admin.tokens.iter().find(|token| token.role == Role::Operator);
        let token = match (&self.admin_token, operator) {
            (Some(token), _) => token.clone(),
            (None, Some(token)) => token.token.clone(),
            (None, None) => {
                let file = keys::admin_token_file(config.store.beside());
                let text = std::fs::read_to_string(&file).with_context(|| {
                    format!(
                        "no admin.token is configured, and {} cannot be read: does the gateway run here?",
                        file.display()
                    )
                })?;
                text.trim().to_owned().into()
            }
        };
        let url = self.admin_url.clone().unwrap_or_else(|| format!("http://{}", config.admin.listen));
        Ok(Gateway { url: url.trim_end_matches('/').to_owned(), token, client })
    }
}

impl Gateway {
    /// Asks, and gives the JSON of a good answer.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.url);
        let mut request = self.client.request(method, &url).bearer_auth(self.token.expose_secret());
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.with_context(|| format!("the gateway does not answer at {}", self.url))?;
        let status = response.status();
        let text = http_client::text(response).await?;
        if status.is_success() {
            return serde_json::from_str(&text).context("the gateway's answer is not JSON");
        }
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        match (problem["code"].as_str(), problem["detail"].as_str()) {
            (Some(code), Some(detail)) => bail!("{detail} ({code}, HTTP {})", status.as_u16()),
            _ => bail!("the gateway answers HTTP {}", status.as_u16()),
        }
    }

    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.ask(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Follows a job to its end, with a bar on a terminal. Fails where the job does.
    pub(super) async fn follow(&self, shop: &str, started: &Value, quiet: bool) -> anyhow::Result<Value> {
        let id = started["job"].as_str().context("the gateway named no job")?.to_owned();
        let bar = if quiet { indicatif::ProgressBar::hidden() } else { bar() };
        let mut failures = 0;
        loop {
            let job = match self.get(&format!("/v1/shops/{shop}/jobs/{id}")).await {
                Ok(job) => job,
                // The gateway may be restarting: the job is durable and goes on.
                Err(_) if failures < 60 => {
                    failures += 1;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    continue;
                }
                Err(error) => return Err(error.context(format!("job {id} was lost sight of"))),
            };
            failures = 0;
            if let Some(total) = job["total"].as_u64() {
                bar.set_length(total);
            }
            bar.set_position(job["done"].as_u64().unwrap_or_default());
            bar.set_message(job["fault"].as_str().unwrap_or_default().to_owned());
            match job["state"].as_str() {
                Some("running") => tokio::time::sleep(Duration::from_millis(200)).await,
                Some("done") => {
                    bar.finish_and_clear();
                    return Ok(job);
                }
                state => {
                    bar.abandon();
                    bail!(
                        "job {id} is {}: {}",
                        state.unwrap_or("unreadable"),
                        job["fault"].as_str().unwrap_or("no reason given")
                    );
                }
            }
        }
    }
}

fn bar() -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}");
    indicatif::ProgressBar::new(0).with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()))
}
