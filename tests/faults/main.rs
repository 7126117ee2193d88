//! Faults on purpose: real gateways and real Redis servers are killed, stopped, emptied and lied to, under load.
//!
//! The other side of the wire is a simulator inside the test, the shop is [`shop`]: it follows the sender's contract and
//! keeps a ledger of all that it said. [`audit`] compares the two ledgers: nothing acknowledged is lost, nothing goes
//! backwards, no second is above the budget, and everything heals without a restart.
//!
//! Bounded to about two minutes; `make faults ROUNDS=200` goes on for longer.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly, too")]

mod audit;
mod clock;
mod emptied;
mod gateway;
mod kills;
mod lateness;
mod orders;
mod proxy;
mod publishing;
mod replicas;
mod shop;
mod stage;
mod stalls;
#[path = "../support/mod.rs"]
mod support;
mod upstream;
mod watched;
mod wire;

/// How often a scenario turns: `bounded` times in an ordinary run, as often as asked for in a long one.
#[expect(clippy::disallowed_methods, reason = "no configuration of the gateway, but how long its tests may take")]
fn rounds(bounded: usize) -> usize {
    std::env::var("ALIGATE_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(bounded)
}

/// A random time between these, in milliseconds.
fn between(least: u64, most: u64) -> std::time::Duration {
    std::time::Duration::from_millis(rand::random_range(least..=most))
}
