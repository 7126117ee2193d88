//! A gateway as a process of its own, to be killed and started again.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest that a gateway takes to start.
const START_MAX: Duration = Duration::from_secs(30);

/// A gateway. It ends with the test.
#[derive(Debug)]
pub struct Gateway {
    config: PathBuf,
    /// Set before the process starts: a library that is loaded first, and its settings.
    pub environment: Vec<(String, String)>,
    child: Option<Child>,
    log: PathBuf,
    starts: usize,
    /// Where it takes events; empty while it does not run.
    pub intake: String,
    /// Where it answers operators.
    pub admin: String,
}

impl Gateway {
    /// A gateway of this configuration file, not started yet.
    pub fn new(config: &Path) -> Self {
        let log = config.with_extension("log");
        let config = config.to_owned();
        Self {
            config,
            environment: Vec::new(),
            child: None,
            log,
            starts: 0,
            intake: String::new(),
            admin: String::new(),
        }
    }

    /// Starts it and waits until it takes events.
    pub async fn start(&mut self) {
        self.starts += 1;
        self.log = self.config.with_extension(format!("{}.log", self.starts));
        // Whatever it says on either way out.
        let log = File::create(&self.log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_aligate"))
            .args(["serve", "--config"])
            .arg(&self.config)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let until = Instant::now() + START_MAX;
        loop {
            if let Some((intake, admin)) = addresses(&self.log()) {
                (self.intake, self.admin) = (intake, admin);
                return;
            }
            assert!(self.is_running(), "the gateway does not start: {}", self.log());
            assert!(Instant::now() < until, "the gateway does not start in time: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// kill -9.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        self.intake.clear();
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status().unwrap();
        assert!(sent.success(), "{name} was not sent");
    }

    /// Asks for an orderly stop and waits for its end; the exit code must be 0.
    pub async fn terminate(&mut self) {
        self.signal("TERM");
        let mut child = self.child.take().unwrap();
        let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
        assert!(status.success(), "an orderly stop ends with {status}: {}", self.log());
        self.intake.clear();
    }

    /// Whether the process runs.
    pub fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// Bytes of memory that it holds.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// What it logged since its start.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("--- the end of {}", self.log.display());
            lines[lines.len().saturating_sub(40)..].iter().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// The addresses that it names when it is ready.
fn addresses(log: &str) -> Option<(String, String)> {
    // A line that is still being written has half an address.
    let mut whole = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let line = whole.find(|line| line.contains(" takes events at "))?;
    let mut urls = line.split_whitespace().filter(|word| word.starts_with("http://"));
    let url = |word: &str| word.trim_end_matches(',').to_owned();
    Some((url(urls.next()?), url(urls.next()?)))
}
