//! The import table: a room may import what its line names, and nothing else. A new edge is a change of the
//! architecture and is seen here. Rooms are the modules of `src/lib.rs`, in reading order.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly, too")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Room → rooms that it may import, all above it.
const TABLE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("signing", &["domain"]),
    // Secrets are checked with the configuration that holds them.
    ("config", &["domain", "signing"]),
    ("telemetry", &["clock", "config"]),
    ("http_client", &[]),
    ("store", &["clock", "domain", "signing"]),
    ("queue", &["clock", "domain", "signing", "store"]),
    ("alerts", &["domain", "queue", "store"]),
    ("batching", &["domain", "queue"]),
    ("rate_limit", &["clock", "store"]),
    ("listings", &["domain", "queue", "store"]),
    ("guard", &["alerts", "clock", "config", "domain", "queue", "store", "telemetry"]),
    ("catalog", &["config", "domain"]),
    ("aliexpress", &["catalog", "clock", "config", "domain", "http_client", "rate_limit", "signing", "telemetry"]),
    ("oauth", &["alerts", "aliexpress", "clock", "domain", "queue", "store", "telemetry"]),
    // What was written of an order by REST is a document of the store.
    ("bitrix", &["clock", "config", "domain", "http_client", "signing", "store"]),
    ("orders", &["alerts", "aliexpress", "bitrix", "clock", "domain", "queue", "store", "telemetry"]),
    ("jobs", &["aliexpress", "batching", "clock", "domain", "listings", "orders", "queue", "rate_limit", "store"]),
    (
        "worker",
        &[
            "alerts",
            "aliexpress",
            "batching",
            "bitrix",
            "clock",
            "config",
            "domain",
            "guard",
            "listings",
            "orders",
            "queue",
            "rate_limit",
            "telemetry",
        ],
    ),
    (
        "publishing",
        &[
            "alerts",
            "aliexpress",
            "catalog",
            "config",
            "domain",
            "clock",
            "guard",
            "http_client",
            "listings",
            "orders",
            "queue",
            "store",
            "worker",
        ],
    ),
    (
        "http",
        &[
            "aliexpress",
            "batching",
            "catalog",
            "clock",
            "config",
            "domain",
            "guard",
            "jobs",
            "listings",
            "oauth",
            "orders",
            "publishing",
            "queue",
            "signing",
            "store",
            "telemetry",
        ],
    ),
    // The other side of the wire: shared request structs would repeat one misreading on both sides.
    ("simulator", &["signing"]),
    (
        "app",
        &[
            "alerts",
            "aliexpress",
            "batching",
            "bitrix",
            "clock",
            "config",
            "domain",
            "guard",
            "http",
            "http_client",
            "jobs",
            "listings",
            "orders",
            "oauth",
            "publishing",
            "queue",
            "rate_limit",
            "store",
            "telemetry",
            "worker",
        ],
    ),
    ("demo", &["app", "clock", "config", "domain", "http_client", "signing", "simulator"]),
    // The doctor asks a shop's REST, as its sink would.
    ("cli", &["app", "bitrix", "clock", "config", "demo", "http_client", "signing", "simulator", "store", "telemetry"]),
];

fn rust_files(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
}

/// The code of a file without comments and without its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Rooms that follow `crate::` in the code, nested groups included.
fn imports(code: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => _ = found.insert(word(rest)),
            Some(group) => {
                let (mut depth, mut start) = (0, true);
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            found.insert(word(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn rooms_of_lib() -> Vec<String> {
    let lib = std::fs::read_to_string("src/lib.rs").unwrap();
    let room = |line: &str| Some(line.strip_prefix("pub mod ")?.trim_end_matches(';').to_owned());
    lib.lines().filter_map(room).collect()
}

#[test]
fn every_module_of_the_crate_has_its_line_in_the_table_in_reading_order() {
    let table: Vec<&str> = TABLE.iter().map(|(room, _)| *room).collect();
    assert_eq!(rooms_of_lib(), table);
}

#[test]
fn imports_go_one_way() {
    for (at, (room, allowed)) in TABLE.iter().enumerate() {
        for import in *allowed {
            let above = TABLE.iter().position(|(other, _)| other == import).unwrap();
            assert!(above < at, "{room} may import {import}, which stands below it");
        }
    }
}

#[test]
fn a_room_imports_only_what_its_line_names() {
    let rooms: BTreeMap<&str, &[&str]> = TABLE.iter().copied().collect();
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for room in rooms.keys() {
        let mut files = Vec::new();
        let dir = Path::new("src").join(room);
        if dir.is_dir() {
            rust_files(&dir, &mut files);
        } else {
            files.push(dir.with_extension("rs"));
        }
        for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
            for import in imports(&code(file)) {
                if import != *room && rooms.contains_key(import.as_str()) {
                    let allowed = rooms[room].contains(&import.as_str());
                    assert!(allowed, "{} imports {import}, which the table does not allow", file.display());
                    used.entry(room).or_default().insert(import);
                }
            }
        }
    }
    for (room, allowed) in TABLE {
        for import in *allowed {
            let is_used = used.get(room).is_some_and(|used| used.contains(*import));
            assert!(is_used, "the table allows {room} → {import}, which nothing uses: take it out");
        }
    }
}

#[test]
fn nobody_makes_reqwest_clients_or_reads_the_clock_but_their_owners() {
    for (what, owners) in [
        ("reqwest::Client::builder", &["src/http_client/mod.rs", "src/http_client/fetch.rs"][..]),
        // The other side of the wire has a clock of its own.
        ("SystemTime::now", &["src/clock.rs", "src/simulator/mod.rs"][..]),
        ("std::env::var", &["src/config/mod.rs"][..]),
    ] {
        let mut files = Vec::new();
        rust_files(Path::new("src"), &mut files);
        for file in files {
            let owned = owners.iter().any(|owner| file == Path::new(owner)) || file.ends_with("tests.rs");
            assert!(owned || !code(&file).contains(what), "{} uses {what}", file.display());
        }
    }
}
