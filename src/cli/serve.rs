//! `aligate serve`

use std::process::ExitCode;

use super::ConfigArg;
use crate::app::{App, signal};
use crate::telemetry;

/// Run the gateway.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate serve --config /etc/aligate/aligate.toml")]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigArg,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.config.load()?;
        telemetry::init(&config.log);
        let stop = signal::stop();
        let app = App::build(config).await?;
        eprintln!(
            "aligate {} takes events at http://{}, operators at http://{}",
            env!("CARGO_PKG_VERSION"),
            app.intake_addr(),
            app.admin_addr()
        );
        if let Some(file) = app.admin_token_file() {
            eprintln!("the admin token is in {}", file.display());
        }
        app.run(stop).await?;
        Ok(ExitCode::SUCCESS)
    }
}
