//! `aligate simulate`

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::app::signal;
use crate::simulator::{self, RunOptions};

/// Run the AliExpress simulator alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate simulate --listen 127.0.0.1:8090 --products 100 --skus 10")]
pub(super) struct Simulate {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Which of AliExpress's APIs it plays
    #[arg(long, value_enum, default_value_t = Dialect::Solution)]
    dialect: Dialect,
    /// Products of the catalogue
    #[arg(long, value_name = "N")]
    products: Option<usize>,
    /// SKUs of each product
    #[arg(long, value_name = "M")]
    skus: Option<usize>,
    /// The application key that it knows
    #[arg(long, value_name = "K")]
    app_key: Option<String>,
    /// The application's secret
    #[arg(long, value_name = "S")]
    app_secret: Option<String>,
    /// The access token that it takes
    #[arg(long, value_name = "T")]
    token: Option<String>,
    /// Requests a second before it bans; 0 = any number
    #[arg(long, value_name = "R")]
    requests_per_second: Option<u32>,
    /// Milliseconds before each answer
    #[arg(long, value_name = "L")]
    latency_ms: Option<u64>,
    /// The store's currency
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dialect {
    /// The Open Platform's signed methods
    Solution,
    /// AliExpress Russia's own API (a later version)
    Local,
}

impl Simulate {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        if self.dialect == Dialect::Local {
            anyhow::bail!("this version plays the dialect `solution` alone");
        }
        let defaults = RunOptions::default();
        let options = RunOptions {
            listen: self.listen,
            products: self.products.unwrap_or(defaults.products),
            skus: self.skus.unwrap_or(defaults.skus),
            app_key: self.app_key.unwrap_or(defaults.app_key),
            app_secret: self.app_secret.unwrap_or(defaults.app_secret),
            token: self.token.unwrap_or(defaults.token),
            requests_per_second: self.requests_per_second.unwrap_or(defaults.requests_per_second),
            latency_ms: self.latency_ms.unwrap_or(defaults.latency_ms),
            currency: self.currency.unwrap_or(defaults.currency),
        };
        simulator::run(options, signal::stop()).await?;
        Ok(ExitCode::SUCCESS)
    }
}
