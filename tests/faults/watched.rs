//! Redis behind Sentinel: who fails is replaced.

use std::time::{Duration, Instant};

use crate::support::redis::RedisServer;

/// A master, its replica, and a Sentinel that watches them: who is dead for half a second is replaced.
pub struct Watched {
    servers: [RedisServer; 2],
    sentinel: RedisServer,
}

impl Watched {
    /// Starts all three; the replica has what the master has.
    pub fn start(settings: &[&str]) -> Self {
        let master = RedisServer::start(settings);
        let of = format!("127.0.0.1 {}", master.port);
        let replica = RedisServer::start(&[settings, &["replicaof", &of]].concat());
        // The sentinel asks a master for its replicas when it first sees it, and then each ten seconds.
        wait("the replica follows", || master.cli(&["INFO", "replication"]).contains("state=online"));
        let config = format!(
            "sentinel monitor main 127.0.0.1 {} 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n",
            master.port
        );
        let sentinel = RedisServer::start_in(vec!["sentinel.conf".into(), "--sentinel".into()], |dir| {
            std::fs::write(dir.join("sentinel.conf"), &config).unwrap();
        });
        let watched = Self { servers: [master, replica], sentinel };
        wait("the replica is known to the sentinel", || watched.replicas_in_step() == 1);
        watched
    }

    /// Where a gateway finds whoever is master.
    pub fn url(&self) -> String {
        format!("redis+sentinel://127.0.0.1:{}/main", self.sentinel.port)
    }

    /// kill -9 of the master; the other one takes over, and the dead one comes back as its replica.
    pub fn fail_over(&mut self) {
        let dead = self.master();
        let at = self.servers.iter().position(|server| server.port == dead).unwrap();
        self.servers[at].kill();
        wait("another master is elected", || self.master() != dead);
        // The sentinel would make it a replica, too, in its own time.
        self.servers[at].args.extend(["--replicaof".to_owned(), format!("127.0.0.1 {}", self.master())]);
        self.servers[at].restart();
        wait("the old master follows the new one", || self.replicas_in_step() == 1);
    }

    /// The port of the master, as the sentinel knows it.
    fn master(&self) -> u16 {
        let answer = self.sentinel.cli(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"]);
        answer.lines().nth(1).and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// Replicas that have what the master has, and that the sentinel could choose.
    fn replicas_in_step(&self) -> usize {
        let Some(master) = self.servers.iter().find(|server| server.port == self.master()) else { return 0 };
        let in_step = master.cli(&["INFO", "replication"]).matches("state=online").count();
        let chosen_from = self.sentinel.cli(&["SENTINEL", "REPLICAS", "main"]);
        in_step.min(chosen_from.lines().filter(|line| *line == "slave").count())
    }
}

fn wait(what: &str, is_so: impl Fn() -> bool) {
    // A sentinel that was kept from its work for two seconds does nothing for thirty.
    let until = Instant::now() + Duration::from_secs(90);
    while !is_so() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
