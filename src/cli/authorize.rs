//! `aligate authorize`

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::gateway::{Gateway, GatewayArg};
use crate::clock::{Clock, SystemClock};

/// Between two looks whether the seller came back.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks in a row at which the gateway may be silent: it may be restarting.
const SILENT_MAX: u32 = 60;

/// Print the link to AliExpress's consent page and wait until the seller has consented.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: aligate authorize --shop main\nOpen the link as the seller of the store. It serves once, for half an hour; AliExpress sends the browser back to intake.public_url."
)]
pub(super) struct Authorize {
    /// The shop
    #[arg(long)]
    shop: String,
    /// Take the consent of this seller, who is another than the first
    #[arg(long, value_name = "SELLER")]
    confirm: Option<String>,
    /// Only print the link
    #[arg(long, conflicts_with = "confirm")]
    no_wait: bool,
    /// Print JSON, one line for the link and one for how it went
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Authorize {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        if let Some(seller) = &self.confirm {
            let path = format!("/v1/shops/{}/oauth/confirm", self.shop);
            let status = gateway.post(&path, &json!({ "seller": seller })).await?;
            match self.json {
                true => println!("{}", status["token"]),
                false => println!("shop {} sends as seller {seller} now", self.shop),
            }
            return Ok(ExitCode::SUCCESS);
        }
        let link = gateway.get(&format!("/v1/shops/{}/oauth/url", self.shop)).await?;
        match self.json {
            true => println!("{link}"),
            false => println!("{}", link["url"].as_str().context("the gateway gave no link")?),
        }
        if self.no_wait {
            return Ok(ExitCode::SUCCESS);
        }
        let last = self.wait(&gateway, &link).await?;
        let (outcome, detail) = (last["outcome"].as_str().unwrap_or("?"), last["detail"].as_str().unwrap_or("?"));
        if self.json {
            println!("{last}");
        } else {
            eprintln!("{detail}");
        }
        Ok(if outcome == "stored" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// How the consent of that link went.
    async fn wait(&self, gateway: &Gateway, link: &Value) -> anyhow::Result<Value> {
        let until_ms = link["expires_at_ms"].as_u64().context("the gateway does not say until when the link serves")?;
        // Hidden where nobody looks: it draws on a terminal alone.
        let spinner = indicatif::ProgressBar::new_spinner();
        if self.json {
            spinner.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        spinner.enable_steady_tick(Duration::from_millis(120));
        let mut silent = 0;
        loop {
            let left = until_ms.saturating_sub(SystemClock.now().as_millis()) / 1000;
            spinner.set_message(format!("open the link as the seller; it serves for {} min more", left.div_ceil(60)));
            match gateway.get(&format!("/v1/shops/{}/status", self.shop)).await {
                Ok(status) => {
                    silent = 0;
                    let last = &status["token"]["last_consent"];
                    if last["id"] == link["consent"] {
                        spinner.finish_and_clear();
                        return Ok(last.clone());
                    }
                }
                Err(error) if silent >= SILENT_MAX => return Err(error),
                Err(_) => silent += 1,
            }
            if left == 0 {
                spinner.finish_and_clear();
                bail!("nobody consented while the link served; make another: aligate authorize --shop {}", self.shop);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
