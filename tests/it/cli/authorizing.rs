//! `aligate authorize` beside a browser.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::aligate;
use crate::app::{OPERATOR, Store, TestApp};

/// An application whose shop has no token, and a command for that shop.
async fn begun(args: &[&str]) -> (TestApp, std::process::Command) {
    let setup =
        TestApp::on(Store::sqlite()).with("shops.0.token", "").with("intake.public_url", "https://gateway.example");
    let app = setup.start().await;
    app.post("/lanes/notice/pause", &json!({})).await.json(200);
    let shop = app.shop.to_string();
    let command = command(&app, &[&["authorize", "--shop", &shop], args].concat());
    (app, command)
}

fn command(app: &TestApp, args: &[&str]) -> std::process::Command {
    let mut command = aligate(app.dir.path(), args);
    command.env("ALIGATE_ADMIN_URL", app.admin_url()).env("ALIGATE_ADMIN_TOKEN", OPERATOR);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Opens a consent link and comes back with `change` made to the URL.
async fn browse(app: &TestApp, link: &str, change: impl FnOnce(&str) -> String) {
    let http = aligate::http_client::build(Duration::from_secs(20), Duration::from_secs(20)).unwrap();
    let answer = http.get(link).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    let path = back.strip_prefix("https://gateway.example").unwrap();
    app.intake(Method::GET, &change(path)).send().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_prints_the_link_waits_and_says_how_it_went() {
    let (mut app, mut command) = begun(&[]).await;
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut link = String::new();
    out.read_line(&mut link).unwrap();
    browse(&app, link.trim(), str::to_owned).await;
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(
        (ended.status.code(), err.as_str()),
        (Some(0), format!("The shop {} is connected to AliExpress. You may close this window.\n", app.shop).as_str())
    );
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the link is all of the data");
    let status = command_output(&app, &["status", "--shop", app.shop.as_str()]).await;
    assert!(status.contains("token      ok, by consent, access ends in"), "{status}");
    app.leaves(&[("notice: due", 1)]);
}

async fn command_output(app: &TestApp, args: &[&str]) -> String {
    let mut command = command(app, args);
    let ended = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    String::from_utf8(ended.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_that_fails_ends_with_one_and_says_why() {
    let (app, mut command) = begun(&["--json"]).await;
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let link: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let wrong = |path: &str| path.replace("code=3_", "code=4_");
    browse(&app, link["url"].as_str().unwrap(), wrong).await;
    let last: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!((&last["id"], &last["outcome"]), (&link["consent"], &json!("code_refused")));
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(ended.code(), Some(1));
    let shown = command_output(&app, &["authorize", "--shop", app.shop.as_str(), "--no-wait"]).await;
    assert!(shown.starts_with("http://") && shown.lines().count() == 1, "{shown}");
    let confirmed = command_output(&app, &["authorize", "--shop", app.shop.as_str(), "--confirm", "1"]).await;
    assert_eq!(confirmed, "", "nobody waits for confirmation");
}
