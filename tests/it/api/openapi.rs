//! `openapi.json` is committed, generated from the handlers, and says everything that they answer.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Store, TestApp};

/// Where the interface is kept: `make generated` writes it anew.
const FILE: &str = "tests/fixtures/openapi.json";

#[test]
fn the_committed_openapi_json_is_the_generated_one() {
    let generated = aligate::http::openapi_json() + "\n";
    if std::env::var_os("ALIGATE_WRITE_OPENAPI").is_some() {
        std::fs::write(FILE, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(committed == generated, "{FILE} is behind: make generated");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_served_openapi_json_is_the_committed_one() {
    let app = TestApp::on(Store::sqlite()).start().await;
    let answer = app.admin(Method::GET, "/openapi.json").send().await;
    assert_eq!(answer.header("content-type"), "application/json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert_eq!(answer.json(200), committed);
}

#[test]
fn every_path_names_its_problems_and_who_may_ask() {
    let interface: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    for (path, methods) in interface["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let what = format!("{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(operation["summary"].is_string(), "{what} says what it does");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let is_part_of_path = path.contains(&format!("{{{name}}}"));
                assert_eq!(parameter["in"] == "path", is_part_of_path, "{what}: {name}");
            }
            // What anybody may ask names its own problems.
            let open = operation["security"].as_array().is_some_and(|schemes| schemes.contains(&json!({})));
            assert_eq!(
                open,
                ["/livez", "/readyz", "/oauth/callback", "/v1/apps/{app_key}/aliexpress"].contains(&path.as_str()),
                "{what}"
            );
            if open {
                continue;
            }
            assert!(responses.contains_key("401"), "{what} names its 401");
            let acts = method != "get" && !path.ends_with("/events");
            assert!(!acts || responses.contains_key("403"), "{what} names its 403");
            for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
                let kinds = response["content"].as_object().map(|content| content.keys().cloned().collect::<Vec<_>>());
                assert_eq!(kinds.unwrap_or_default(), ["application/problem+json"], "{what} {status}");
            }
        }
    }
}
