//! The program from outside: what it prints, where, and how it ends. `offline` needs no gateway, `serving` is one, `operating` asks one,
//! `authorizing` waits for a browser.

mod authorizing;
mod offline;
mod operating;
mod serving;

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// How a command ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// What was printed as JSON by a command that went well.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{} {}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The program in a folder, with nothing of this process's environment that would change what it does.
pub fn aligate(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aligate"));
    command.args(args).current_dir(dir).env_remove("ALIGATE_CONFIG").env("RUST_BACKTRACE", "0").stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub fn run(dir: &Path, args: &[&str]) -> Ended {
    aligate(dir, args).output().unwrap().into()
}
