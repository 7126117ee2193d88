//! Logging set-up and metric names. What is logged is decided where it happens; here is how it looks.

pub mod health;
pub mod metric;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// Sends log lines to standard error. Called once in a process; later calls change nothing.
pub fn init(config: &LogConfig) {
    // The server's own words on its start say nothing that ours do not; a filter that names it still wins.
    let directives = format!("actix_server=warn,{}", config.level);
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"));
    let text = match config.format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let set = if text {
        registry.with(layer.with_target(false)).try_init()
    } else {
        registry.with(layer.json().flatten_event(true)).try_init()
    };
    if set.is_err() {
        tracing::debug!("logging was set up before");
    }
}
