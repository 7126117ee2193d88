//! `aligate demo`

use std::path::PathBuf;
use std::process::ExitCode;

use super::print_json;
use crate::app::signal;
use crate::config::{LogConfig, LogFormat};
use crate::{demo, telemetry};

/// Show the whole on this machine: a shop emits changes, the gateway takes them, a simulated AliExpress gets the newest states.
///
/// Needs nothing but this binary. Exit code 1 where AliExpress's final state differs from the shop's.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aligate demo\n  aligate demo --changes 20000 --json\n  aligate demo --commerceml /var/1c/webdata --serve"
)]
pub(super) struct Demo {
    /// Changes to emit
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    changes: usize,
    /// Products of the invented shop
    #[arg(long, value_name = "N", default_value_t = 200)]
    products: usize,
    /// SKUs of each
    #[arg(long, value_name = "M", default_value_t = 25)]
    skus: usize,
    /// Over how many seconds the changes are spread
    #[arg(long, value_name = "S", default_value_t = 5)]
    seconds: u64,
    /// Take the shop from a 1C export (import.xml, offers.xml, prices and rests files; CommerceML 2)
    #[arg(long, value_name = "DIR")]
    commerceml: Option<PathBuf>,
    /// Keep running afterwards, and print where to look
    #[arg(long)]
    serve: bool,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::init(&LogConfig { level: "warn".into(), format: LogFormat::Auto });
        let options = demo::Options {
            changes: self.changes,
            products: self.products,
            skus: self.skus,
            seconds: self.seconds,
            commerceml: self.commerceml,
            serve: self.serve,
            quiet: self.json,
        };
        let json = self.json;
        let summary = demo::run(options, signal::stop(), |summary| match json {
            true => print_json(summary),
            false => {
                println!("{summary}");
                Ok(())
            }
        })
        .await?;
        Ok(if summary.drift == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
