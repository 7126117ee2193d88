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
    /// Which
    #[arg(value_parser = super::lanes())]
    lane: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Lanes {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let (one, what) = match self {
            Lanes::Pause(one) => (one, "pause"),
            Lanes::Resume(one) => (one, "resume"),
        };
        let path = format!("/v1/shops/{}/lanes/{}/{what}", one.shop, one.lane);
        let answer = one.gateway.open()?.post(&path, &json!({})).await?;
        match one.json {
            true => super::print_json(&answer)?,
            false => println!("{} {}: {what}d", one.shop, one.lane),
        }
        Ok(ExitCode::SUCCESS)
    }
}
