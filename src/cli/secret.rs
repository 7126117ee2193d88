//! `aligate secret`

use std::process::ExitCode;

/// Print a new webhook secret.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate secret > /etc/aligate/main.webhook")]
pub(super) struct Secret {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

impl Secret {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let secret = crate::signing::standard_webhooks::Secret::generate();
        match self.json {
            true => super::print_json(&serde_json::json!({ "secret": secret }))?,
            false => println!("{secret}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
