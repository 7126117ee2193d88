//! `aligate lanes`

use std::process::ExitCode;

use serde_json::json;

use super::gateway::GatewayArg;

/// Pause or resume a lane.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Lanes {
    /// Send nothing of a lane until it is resumed; events are taken on.
    #[command(after_help = "Example: aligate lanes pause --shop main price")]
    Pause(One),
    /// Send again.
    #[command(after_help = "Example: aligate lanes resume --shop main price")]
    Resume(One),
}

#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The shop
    #[arg(long)]
    shop: String,
    /// stock, price, product, fulfilment, order or notice
    lane: String,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Lanes {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let (one, what) = match self {
            Lanes::Pause(one) => (one, "pause"),
            Lanes::Resume(one) => (one, "resume"),
        };
        one.gateway.open()?.post(&format!("/v1/shops/{}/lanes/{}/{what}", one.shop, one.lane), &json!({})).await?;
        println!("{} {}: {what}d", one.shop, one.lane);
        Ok(ExitCode::SUCCESS)
    }
}
