//! What the performance goals name, measured in one run on one machine: `make bench` writes `benches/RESULTS.md`.
//!
//! Server, store and load generator share the machine, the same in every variant, so ratios are what counts: variants take turns
//! in rounds, and the median of the rounds' ratios is reported. The ceiling is the same handler in front of a queue that keeps nothing.

#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod delivery;
mod gateway;
mod ingest;
mod load;
mod memory;
mod nothing;
mod offer;
#[path = "../../tests/support/redis.rs"]
#[expect(dead_code, reason = "each program uses a part of it")]
mod redis;
mod report;

use report::Report;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [child, store, dir] = args.as_slice()
        && child == ingest::CHILD
    {
        return ingest::serve(store, std::path::Path::new(dir));
    }
    // `ingest`, `offer`, `delivery` or `memory` alone; `ingest Redis` compares only stores of that name with the ceiling.
    let wanted = |name: &str| args.first().is_none_or(|first| first == name);
    let mut report = Report::new(args.is_empty());
    if wanted("ingest") {
        ingest::measure(&mut report, args.get(1).map_or("", String::as_str));
    }
    if wanted("offer") {
        offer::measure(&mut report, args.get(1).map_or("", String::as_str));
    }
    if wanted("delivery") {
        delivery::measure(&mut report);
    }
    if wanted("memory") {
        memory::measure(&mut report);
    }
    report.close();
}
