//! `aligate config`

use std::process::ExitCode;

use super::{ConfigArg, print_json};
use crate::config;

/// Check, show or start a configuration.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Config {
    /// Every fault at once, each with its key.
    #[command(after_help = "Example: aligate config check --config /etc/aligate/aligate.toml")]
    Check(Json),
    /// The merged result, secrets masked.
    #[command(after_help = "Example: ALIGATE__INTAKE__LISTEN=0.0.0.0:8080 aligate config show")]
    Show(Json),
    /// A file to start from; `--full` prints every key with its default.
    #[command(after_help = "Example: aligate config example > aligate.toml")]
    Example {
        /// Every key with its default
        #[arg(long)]
        full: bool,
    },
}

/// Which configuration, and how it is printed.
#[derive(Debug, clap::Args)]
pub(super) struct Json {
    #[command(flatten)]
    config: ConfigArg,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Config {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Config::Check(Json { config, json }) => return check(&config, json),
            Config::Show(Json { config, json: false }) => print!("{}", config::show(&config.sources())?),
            Config::Show(Json { config, json: true }) => print_json(&config::shown(&config.sources())?)?,
            Config::Example { full } => print!("{}", if full { config::DEFAULT } else { config::EXAMPLE }),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn check(arg: &ConfigArg, json: bool) -> anyhow::Result<ExitCode> {
    let faults = match config::load(&arg.sources()) {
        Ok(config) if json => {
            return print_json(&serde_json::json!({"shops": config.shops.len(), "faults": []}))
                .map(|()| ExitCode::SUCCESS);
        }
        Ok(config) => {
            println!("ok: {} shop(s)", config.shops.len());
            return Ok(ExitCode::SUCCESS);
        }
        Err(faults) => faults,
    };
    match json {
        true => print_json(&serde_json::json!({ "faults": faults.0 }))?,
        false => {
            println!("{faults}");
            eprintln!("error: the configuration has {} fault(s)", faults.0.len());
        }
    }
    Ok(ExitCode::FAILURE)
}
