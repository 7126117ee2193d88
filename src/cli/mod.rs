//! The command line: one file a command. Commands that touch data talk to the running gateway's admin API ([`gateway`]);
//! only `serve` and `demo` open a store.
//!
//! Exit codes: 0 done, 1 it failed, 2 usage. Data goes to standard output, everything else to standard error.

mod authorize;
mod config;
mod dead_letters;
mod demo;
mod doctor;
mod gateway;
mod guard;
mod lanes;
mod listings;
mod orders;
mod replay;
mod secret;
mod serve;
mod simulate;
mod status;
mod trace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Event-driven gateway between 1C-Bitrix shops and AliExpress.
#[derive(Debug, Parser)]
#[command(
    name = "aligate",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 110,
    after_help = "Examples:\n  aligate demo\n  aligate serve --config /etc/aligate/aligate.toml\n  aligate status"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole on this machine: a shop, the gateway, a simulated AliExpress.
    Demo(demo::Demo),
    /// Run the gateway.
    Serve(serve::Serve),
    /// Run the AliExpress simulator alone.
    Simulate(simulate::Simulate),
    /// Check, show or start a configuration.
    #[command(subcommand, after_help = "Example: aligate config check --config /etc/aligate/aligate.toml")]
    Config(config::Config),
    /// Lanes, depth, oldest age, dead letters, token, limits.
    Status(status::Status),
    /// Look at dead letters, put them back, drop them.
    #[command(subcommand, after_help = "Example: aligate dead-letters list --shop main")]
    DeadLetters(dead_letters::DeadLetters),
    /// Send kept states again.
    Replay(replay::Replay),
    /// The history of one SKU, to AliExpress's verdict.
    Trace(trace::Trace),
    /// Where SKUs stand on AliExpress.
    #[command(subcommand, after_help = "Example: aligate listings import --shop main")]
    Listings(listings::Listings),
    /// AliExpress orders: import past ones, look at what is kept.
    #[command(subcommand, after_help = "Example: aligate orders list --shop main --near-deadline")]
    Orders(orders::Orders),
    /// Pause or resume a lane.
    #[command(subcommand, after_help = "Example: aligate lanes pause --shop main price")]
    Lanes(lanes::Lanes),
    /// What the avalanche guard holds: look at it, let it go, drop it.
    #[command(subcommand, after_help = "Example: aligate guard show --shop main")]
    Guard(guard::Guard),
    /// Take the seller's consent: a link to AliExpress, and the wait for the answer.
    Authorize(authorize::Authorize),
    /// Print a new webhook secret.
    Secret(secret::Secret),
    /// Check store, clock, AliExpress and shop, and say what to do.
    Doctor(doctor::Doctor),
}

/// Runs a command; the exit code is for the shell.
pub fn run(cli: Cli) -> ExitCode {
    end_where_nobody_reads();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run().await,
            Command::Serve(command) => command.run().await,
            Command::Simulate(command) => command.run().await,
            Command::Config(command) => command.run(),
            Command::Status(command) => command.run().await,
            Command::DeadLetters(command) => command.run().await,
            Command::Replay(command) => command.run().await,
            Command::Trace(command) => command.run().await,
            Command::Listings(command) => command.run().await,
            Command::Orders(command) => command.run().await,
            Command::Lanes(command) => command.run().await,
            Command::Guard(command) => command.run().await,
            Command::Authorize(command) => command.run().await,
            Command::Secret(command) => command.run(),
            Command::Doctor(command) => command.run().await,
        }
    });
    // What still runs in the background must not hold the exit up.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A reader of standard output that has seen enough (`aligate status | head`) ends the command, quietly.
fn end_where_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let words = panic.payload().downcast_ref::<String>().map(String::as_str).unwrap_or_default();
        if words.starts_with("failed printing to stdout") && words.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

/// The names of lanes, as arguments take them.
fn lanes() -> clap::builder::PossibleValuesParser {
    ["stock", "price", "product", "fulfilment", "order", "notice"].into()
}

/// Where the configuration is.
#[derive(Debug, Clone, clap::Args)]
struct ConfigArg {
    /// The configuration file (also ALIGATE_CONFIG); defaults and environment need none
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArg {
    fn sources(&self) -> crate::config::Sources {
        crate::config::Sources::of_process(self.config.as_deref())
    }

    fn load(&self) -> anyhow::Result<crate::config::Config> {
        crate::config::load(&self.sources())
            .map_err(|faults| anyhow::anyhow!("the configuration has {} fault(s)\n{faults}", faults.0.len()))
    }
}

/// Prints a value as JSON, for scripts.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A span of time as people say it.
fn ago(millis: u64) -> String {
    let secs = millis / 1000;
    match secs {
        0 => format!("{millis} ms"),
        1..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs / 60),
        7_200..172_800 => format!("{} h", secs / 3_600),
        _ => format!("{} d", secs / 86_400),
    }
}
