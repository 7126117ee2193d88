//! `aligate listings`

use std::process::ExitCode;

use serde_json::json;

use super::gateway::GatewayArg;
use super::print_json;

/// Where SKUs stand on AliExpress.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Listings {
    /// Read the shop's listings from AliExpress; goes on after an interruption.
    #[command(after_help = "Example: aligate listings import --shop main")]
    Import(Import),
}

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The shop
    #[arg(long)]
    shop: String,
    /// Print JSON at the end
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Listings {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let Listings::Import(import) = self;
        let gateway = import.gateway.open()?;
        let started = gateway.post(&format!("/v1/shops/{}/listings/import", import.shop), &json!({})).await?;
        let job = gateway.follow(&import.shop, &started, import.json).await?;
        match import.json {
            true => print_json(&job)?,
            false => println!("{} listing(s) were read", job["done"]),
        }
        Ok(ExitCode::SUCCESS)
    }
}
