//! The binary: parse, run, exit.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    aligate::cli::run(aligate::cli::Cli::parse())
}
