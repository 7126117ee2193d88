//! Real Redis servers for tests, each on a free port with a folder of its own; they end with the test process, however it ends.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A Redis server.
pub struct RedisServer {
    pub port: u16,
    dir: tempfile::TempDir,
    /// What it is started with.
    pub args: Vec<String>,
    child: Child,
}

/// A port that nobody has at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl RedisServer {
    /// Starts a server with these settings (`["appendonly", "yes"]`).
    pub fn start(settings: &[&str]) -> Self {
        let settings = settings.iter().enumerate();
        let named = settings.map(|(at, text)| if at % 2 == 0 { format!("--{text}") } else { (*text).to_owned() });
        let args: Vec<String> = ["--save", ""].map(str::to_owned).into_iter().chain(named).collect();
        Self::start_in(args, |_| ())
    }

    /// Starts a server in a folder that is made ready first.
    pub fn start_in(args: Vec<String>, prepare: impl Fn(&Path)) -> Self {
        // Another test may take the free port first: then another one is tried.
        for _ in 0..10 {
            let (port, dir) = (free_port(), tempfile::tempdir().unwrap());
            prepare(dir.path());
            let child = spawn(port, dir.path(), &args);
            let mut server = Self { port, dir, args: args.clone(), child };
            if server.answers() {
                return server;
            }
        }
        panic!("no Redis server could be started");
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.signal("KILL");
        self.child.wait().unwrap();
    }

    /// Starts it again on the same port and files.
    pub fn restart(&mut self) {
        self.child = spawn(self.port, self.dir.path(), &self.args);
        assert!(self.answers(), "Redis did not come back");
    }

    /// Sends a signal to the server.
    pub fn signal(&self, name: &str) {
        let pid = std::fs::read_to_string(self.dir.path().join("pid")).unwrap_or_default();
        let sent = Command::new("kill").args([&format!("-{name}"), pid.trim()]).stderr(Stdio::null()).status();
        assert!(sent.is_ok());
    }

    /// Runs redis-cli.
    pub fn cli(&self, args: &[&str]) -> String {
        let output = Command::new("redis-cli").arg("-p").arg(self.port.to_string()).args(args).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn answers(&mut self) -> bool {
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if self.cli(&["PING"]) == "PONG" {
                // It may be another server's answer on a port that was taken: ours writes its pid.
                return self.dir.path().join("pid").exists();
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.signal("KILL");
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The server under a shell that ends it when this process is gone: then the pipe that the shell reads breaks.
fn spawn(port: u16, dir: &Path, args: &[String]) -> Child {
    let script = r#"exec 3<&0; redis-server "$@" </dev/null 3<&- >>log 2>&1 & p=$!; echo $p >pid; (cat <&3 >/dev/null; kill -9 $p) & wait $p"#;
    Command::new("sh")
        .args(["-c", script, "sh"])
        // A sentinel's file comes first, as Redis asks for it.
        .args(args.iter().filter(|arg| arg.ends_with(".conf")))
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir"])
        .arg(dir)
        .args(args.iter().filter(|arg| !arg.ends_with(".conf")))
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
