//! Commands that need nothing but the binary.

use std::io::Read;
use std::process::Stdio;

use aligate::cli::Cli;
use clap::CommandFactory;

use super::{aligate, run};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Every command with those below it, by its words.
fn commands() -> Vec<(Vec<String>, clap::Command)> {
    let mut all = Vec::new();
    let mut rest = vec![(Vec::new(), Cli::command())];
    while let Some((words, command)) = rest.pop() {
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            let words = [words.clone(), vec![below.get_name().to_owned()]].concat();
            rest.push((words, below.clone()));
        }
        all.push((words, command));
    }
    all
}

#[test]
fn every_command_has_help_with_an_example_of_itself() {
    for (words, command) in commands() {
        let help = command.clone().render_long_help().to_string();
        assert!(command.get_about().is_some(), "{words:?} says what it does");
        let example = help.rsplit("Example").next().unwrap();
        assert!(help.contains("Example"), "{words:?} has no example");
        assert!(
            example.contains(&format!("aligate {}", words.join(" "))),
            "the example of {words:?} is of another: {example}"
        );
    }
}

#[test]
fn every_command_that_prints_data_prints_it_as_json_too() {
    let silent = ["serve", "simulate", "config example"];
    for (words, command) in commands().into_iter().filter(|(_, command)| !command.has_subcommands()) {
        let takes = command.get_arguments().any(|argument| argument.get_long() == Some("json"));
        assert_eq!(takes, !silent.contains(&words.join(" ").as_str()), "{words:?}");
    }
}

#[test]
fn wrong_use_ends_with_2_and_a_failure_with_1() {
    let dir = folder();
    let rows: &[(&[&str], i32, &str)] = &[
        (&["--help"], 0, ""),
        (&["--version"], 0, ""),
        (&["help", "serve"], 0, ""),
        (&[], 2, "Usage"),
        (&["nope"], 2, "nope"),
        (&["serve", "--nope"], 2, "--nope"),
        (&["config"], 2, "Usage"),
        (&["trace", "--shop", "main"], 2, "SKU"),
        (&["replay", "--dry-run"], 2, "--shop"),
        (&["replay", "--shop", "main", "--lane", "stocks"], 2, "possible values: stock, price"),
        (&["replay", "--shop", "main", "--since", "yesterday"], 2, "neither a time nor a span"),
        (&["dead-letters", "redrive", "--shop", "main"], 2, "--all"),
        (&["dead-letters", "discard", "--shop", "main", "--all", "A"], 2, "cannot be used with"),
        (&["lanes", "pause", "--shop", "main", "stocks"], 2, "possible values"),
        (&["simulate", "--listen", "here"], 2, "here"),
        (&["serve", "--config", "nope.toml"], 1, "nope.toml: cannot be read"),
        (&["status"], 1, "does the gateway run here?"),
        (
            &["status", "--admin-url", "http://127.0.0.1:1", "--admin-token", "x"],
            1,
            "does not answer at http://127.0.0.1:1",
        ),
        (&["doctor"], 1, ""),
    ];
    for (args, code, words) in rows {
        let ended = run(dir.path(), args);
        assert_eq!(ended.code, *code, "{args:?}: {} {}", ended.out, ended.err);
        assert!(ended.err.contains(words), "{args:?}: {}", ended.err);
        assert!(!ended.err.contains("panicked"), "{args:?}: {}", ended.err);
    }
}

#[test]
fn config_check_names_every_fault_at_once_each_with_its_key() {
    let dir = folder();
    let text = format!(
        "[intake]\nlistne = \"x\"\nevents_per_request_max = \"many\"\n[aliexpress]\ngateway_url = \"ftp://x\"\n[[shops]]\nid = \"a b\"\nwebhook_secrets = [\"{SECRET}\"]\napp_secret_file = \"nowhere\"\n[[shops]]\nid = \"b\"\nmode = \"dry\"\n"
    );
    std::fs::write(dir.path().join("bad.toml"), text).unwrap();
    let ended = run(dir.path(), &["config", "check", "--config", "bad.toml"]);
    assert_eq!(ended.code, 1);
    let keys: Vec<&str> = ended.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    for key in
        ["intake.listne", "intake.events_per_request_max", "shops.0.id", "shops.0.app_secret_file", "shops.1.mode"]
    {
        assert!(keys.contains(&key), "{key} is not in {}", ended.out);
    }
    let count = format!("the configuration has {} fault(s)", keys.len());
    assert!(ended.err.contains(&count), "{}", ended.err);
    let json = run(dir.path(), &["config", "check", "--config", "bad.toml", "--json"]);
    let faults: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, faults["faults"].as_array().unwrap().len()), (1, keys.len()));
    assert!(faults["faults"][0]["key"].is_string() && faults["faults"][0]["detail"].is_string(), "{faults}");
    // The gateway says the same before it listens, and of what the environment says, too.
    let serve = aligate(dir.path(), &["serve"]).env("ALIGATE__INTAKE__LISTEN", "nowhere").output().unwrap();
    let serve = super::Ended::from(serve);
    assert_eq!(serve.code, 1);
    assert!(serve.err.contains("1 fault(s)") && serve.err.contains("intake.listen"), "{}", serve.err);
}

#[test]
fn config_show_masks_every_secret_and_says_what_is_in_force() {
    let dir = folder();
    let text = format!(
        "[admin]\ntoken = \"operator-token-0001\"\n[[admin.tokens]]\nname = \"v\"\nrole = \"viewer\"\ntoken = \"viewer-token-000001\"\n[store]\nurl = \"redis://me:hunter2@localhost/1\"\n[[shops]]\nid = \"main\"\nwebhook_secrets = [\"{SECRET}\"]\napp_key = \"7\"\napp_secret = \"app-secret-value\"\ntoken = \"access-token-value\"\nbitrix_url = \"https://shop.example/hook/abc123\"\n"
    );
    std::fs::write(dir.path().join("a.toml"), text).unwrap();
    for json in [false, true] {
        let mut args = vec!["config", "show"];
        args.extend(json.then_some("--json"));
        let mut command = aligate(dir.path(), &args);
        let command = command.env("ALIGATE_CONFIG", "a.toml").env("ALIGATE__INTAKE__LISTEN", "127.0.0.1:7777");
        let shown = super::Ended::from(command.output().unwrap());
        assert_eq!(shown.code, 0, "{}", shown.err);
        for secret in
            ["operator-token", "viewer-token", "hunter2", &SECRET[6..], "app-secret-value", "access-token", "abc123"]
        {
            assert!(!shown.out.contains(secret), "{secret} is shown: {}", shown.out);
        }
        assert!(shown.out.contains("127.0.0.1:7777") && shown.out.contains("***"), "{}", shown.out);
    }
}

#[test]
fn the_example_is_a_file_to_start_from_and_the_full_one_has_every_key() {
    let dir = folder();
    let full = run(dir.path(), &["config", "example", "--full"]);
    assert_eq!((full.code, full.out.as_str()), (0, include_str!("../../../config/default.toml")));
    std::fs::write(dir.path().join("full.toml"), &full.out).unwrap();
    assert_eq!(run(dir.path(), &["config", "check", "--config", "full.toml"]).code, 0);
    let example = run(dir.path(), &["config", "example"]);
    assert!(example.out.parse::<toml::Table>().is_ok(), "{}", example.out);
}

#[test]
fn a_new_secret_is_one_each_time_and_may_be_used() {
    let dir = folder();
    let (one, other) = (run(dir.path(), &["secret"]), run(dir.path(), &["secret", "--json"]));
    let (one, other) = (one.out.trim().to_owned(), other.json()["secret"].as_str().unwrap().to_owned());
    assert_ne!(one, other);
    for secret in [one, other] {
        assert!(secret.parse::<aligate::signing::standard_webhooks::Secret>().is_ok(), "{secret}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let dir = folder();
    let mut child =
        aligate(dir.path(), &["config", "show"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn the_demo_ends_well_when_aliexpress_has_what_the_shop_has() {
    let dir = folder();
    let args = ["demo", "--changes", "400", "--products", "4", "--skus", "5", "--seconds", "1", "--json"];
    let demo = run(dir.path(), &args);
    let summary = demo.json();
    assert_eq!((&summary["drift"], &summary["events"]), (&serde_json::json!(0), &serde_json::json!(400)), "{summary}");
    assert_eq!(demo.err, "", "no progress bar in a pipe");
}
