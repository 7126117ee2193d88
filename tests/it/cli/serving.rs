//! The gateway and the simulator as processes: how they start, what they refuse, how they stop.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use super::{aligate, run};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The longest that a line is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running process and the lines that it has printed.
struct Process {
    child: Child,
    lines: Receiver<String>,
}

impl Process {
    /// Starts it; lines of standard error, or of standard output.
    fn start(mut command: Command, of_errors: bool) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            let read: Box<dyn std::io::Read> = if of_errors { Box::new(err) } else { Box::new(out) };
            for line in BufReader::new(read).lines().map_while(Result::ok) {
                // Whoever listened may have gone.
                drop(sender.send(line));
            }
        });
        Self { child, lines }
    }

    /// The next line that has these words.
    fn line(&self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {words:?}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Asks it to stop; its exit code.
    fn stop(mut self) -> Option<i32> {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn write_config(dir: &Path) {
    let text = format!(
        "[intake]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n[[shops]]\nid = \"main\"\nwebhook_secrets = [\"{SECRET}\"]\n"
    );
    std::fs::write(dir.join("a.toml"), text).unwrap();
}

fn serve(dir: &Path) -> Process {
    Process::start(aligate(dir, &["serve", "--config", "a.toml"]), true)
}

fn address(line: &str, after: &str) -> String {
    line.split(after).nth(1).unwrap().split([',', ' ']).next().unwrap().to_owned()
}

#[tokio::test]
async fn the_gateway_says_where_it_listens_and_where_its_token_is_and_stops_in_order() {
    let dir = tempfile::tempdir().unwrap();
    write_config(dir.path());
    let gateway = serve(dir.path());
    let line = gateway.line("takes events at");
    let (intake, admin) = (address(&line, "takes events at "), address(&line, "operators at "));
    let token = gateway.line("the admin token is in");
    let file = dir.path().join(token.rsplit(' ').next().unwrap());
    assert_eq!(file, dir.path().join("data/admin.token"), "beside the store");
    for private in [&file, &dir.path().join("data/aligate.key"), &dir.path().join("data/aligate.db")] {
        assert_eq!(std::fs::metadata(private).unwrap().permissions().mode() & 0o777, 0o600, "{}", private.display());
    }
    let client = aligate::http_client::build(PATIENCE, PATIENCE).unwrap();
    assert_eq!(client.get(format!("{admin}/livez")).send().await.unwrap().status(), 200);
    assert_eq!(client.post(format!("{intake}/v1/shops/main/events")).send().await.unwrap().status(), 401);
    // Commands find the token by themselves where they have the configuration.
    let status =
        aligate(dir.path(), &["status", "--config", "a.toml", "--admin-url", &admin, "--json"]).output().unwrap();
    assert_eq!(super::Ended::from(status).json()["shops"][0]["shop"], "main");
    assert_eq!(gateway.stop(), Some(0));
}

#[test]
fn a_second_gateway_on_one_file_refuses_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    write_config(dir.path());
    let first = serve(dir.path());
    first.line("takes events at");
    let second = run(dir.path(), &["serve", "--config", "a.toml"]);
    assert_eq!(second.code, 1);
    let why = format!("another aligate (pid {}) has this store open: data/aligate.db", first.child.id());
    assert!(second.err.contains(&why), "{}", second.err);
    // kill -9 frees it.
    drop(first);
    let third = serve(dir.path());
    third.line("takes events at");
    assert_eq!(third.stop(), Some(0));
}

#[test]
fn a_port_that_is_taken_a_store_of_a_newer_version_and_another_key_are_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    write_config(dir.path());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let refused = aligate(dir.path(), &["serve", "--config", "a.toml"]).env("ALIGATE__INTAKE__LISTEN", &port).output();
    let refused = super::Ended::from(refused.unwrap());
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains(&format!("cannot listen on {port}")), "{}", refused.err);

    let key = dir.path().join("data/aligate.key");
    let own = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, format!("{}=\n", "A".repeat(43))).unwrap();
    let refused = run(dir.path(), &["serve", "--config", "a.toml"]);
    assert!(refused.code == 1 && refused.err.contains("the key file is not the one"), "{}", refused.err);
    std::fs::write(&key, own).unwrap();

    let conn = rusqlite::Connection::open(dir.path().join("data/aligate.db")).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let refused = run(dir.path(), &["serve", "--config", "a.toml"]);
    assert!(refused.code == 1 && refused.err.contains("the store has schema 99"), "{}", refused.err);
}

#[tokio::test]
async fn the_simulator_says_how_to_reach_it_and_stops_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["simulate", "--listen", "127.0.0.1:0", "--dialect", "solution", "--products", "2", "--skus", "3"];
    let simulator = Process::start(aligate(dir.path(), &args), false);
    let url = address(&simulator.line("AliExpress is played at"), "played at ").trim_end_matches(':').to_owned();
    simulator.line(&format!("gateway_url = \"{url}\""));
    let client = aligate::http_client::build(PATIENCE, PATIENCE).unwrap();
    let answer = client.get(format!("{url}/_simulator/catalogue")).send().await.unwrap().text().await.unwrap();
    let catalogue: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(catalogue["products"].as_array().unwrap().len(), 2);
    assert_eq!(catalogue["products"][1]["skus"].as_array().unwrap().len(), 3);
    assert_eq!(simulator.stop(), Some(0));
}
