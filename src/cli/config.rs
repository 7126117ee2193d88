//! `aligate config`

use std::process::ExitCode;

use super::ConfigArg;
use crate::config;

/// Check, show or start a configuration.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Config {
    /// Every fault at once, each with its key.
    #[command(after_help = "Example: aligate config check --config /etc/aligate/aligate.toml")]
    Check(ConfigArg),
    /// The merged result, secrets masked.
    #[command(after_help = "Example: ALIGATE__INTAKE__LISTEN=0.0.0.0:8080 aligate config show")]
    Show(ConfigArg),
    /// A file to start from; `--full` prints every key with its default.
    #[command(after_help = "Example: aligate config example > aligate.toml")]
    Example {
        /// Every key with its default
        #[arg(long)]
        full: bool,
    },
}

impl Config {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Config::Check(arg) => match config::load(&arg.sources()) {
                Ok(config) => println!("ok: {} shop(s)", config.shops.len()),
                Err(faults) => {
                    println!("{faults}");
                    eprintln!("error: the configuration has {} fault(s)", faults.0.len());
                    return Ok(ExitCode::FAILURE);
                }
            },
            Config::Show(arg) => print!("{}", config::show(&arg.sources())?),
            Config::Example { full } => print!("{}", if full { config::DEFAULT } else { config::EXAMPLE }),
        }
        Ok(ExitCode::SUCCESS)
    }
}
