//! Calls to Bitrix's REST by an inbound webhook: one at a time or up to fifty in a batch.
//!
//! The webhook's URL is a secret: it is in no error, no log line and no `Debug`. Redirects are not followed.

use std::fmt;

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::error::{CallError, fault, judge, text};
use super::pace::Pace;
use crate::bitrix::words_of;
use crate::clock::SharedClock;
use crate::http_client;

/// The most commands of a batch.
pub(super) const BATCH_MAX: usize = 50;
/// The most rows of a page.
pub(super) const PAGE: usize = 50;
/// The most pages of a list.
const PAGES_MAX: usize = 100;
/// The most bytes of an answer: a page of orders or a batch of fifty.
const ANSWER_BYTES_MAX: usize = 8 << 20;

/// One call of a batch.
#[derive(Debug, Clone)]
pub(super) struct Command {
    pub(super) method: &'static str,
    pub(super) params: Value,
}

impl Command {
    pub(super) fn new(method: &'static str, params: Value) -> Self {
        Self { method, params }
    }
}

/// What a command of a batch came to.
pub(super) type Outcome = Result<Value, CallError>;

/// Speaks to the REST of one shop.
pub(super) struct RestClient {
    /// With a slash at its end.
    base: SecretString,
    http: reqwest::Client,
    pace: Pace,
    clock: SharedClock,
}

impl fmt::Debug for RestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RestClient(***)")
    }
}

impl RestClient {
    pub(super) fn new(url: &SecretString, per_second: u32, http: reqwest::Client, clock: SharedClock) -> Self {
        let base = format!("{}/", url.expose_secret().trim_end_matches('/')).into();
        Self { base, http, pace: Pace::new(per_second), clock }
    }

    /// What a method answers under `result`.
    pub(super) async fn call(&self, method: &str, params: &Value) -> Outcome {
        self.answer(method, params).await.map(|mut answer| answer["result"].take())
    }

    async fn answer(&self, method: &str, params: &Value) -> Outcome {
        self.pace.turn().await;
        let url = format!("{}{method}.json", self.base.expose_secret());
        let request = self.http.post(url).header("content-type", "application/json").body(params.to_string());
        let response = request.send().await.map_err(|error| {
            let unknown = !error.is_connect() && !error.is_builder();
            CallError { unknown, ..CallError::away("not_reached", words_of(error), None) }
        })?;
        let status = response.status();
        let body = http_client::bytes_up_to(response, ANSWER_BYTES_MAX).await;
        let body = body.map_err(|error| CallError::silent("no_answer", error.to_string()))?;
        self.judged(status, &body)
    }

    fn judged(&self, status: StatusCode, body: &[u8]) -> Outcome {
        judge(status, body, self.clock.now().as_secs()).map_err(|error| self.scrubbed(error))
    }

    /// Whatever the shop says, it does not repeat its own webhook here.
    fn scrubbed(&self, error: CallError) -> CallError {
        let base = self.base.expose_secret();
        let token = base.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        CallError { error: error.error.without(&[token]), ..error }
    }

    /// Up to [`BATCH_MAX`] commands in one request, done one after the other whether or not one fails.
    pub(super) async fn batch(&self, commands: &[Command]) -> Result<Vec<Outcome>, CallError> {
        debug_assert!(commands.len() <= BATCH_MAX, "callers page");
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let named = commands.iter().enumerate();
        let cmd: Map<String, Value> =
            named.map(|(at, command)| (format!("c{at}"), Value::String(query(command)))).collect();
        let answer = self.call("batch", &json!({"halt": 0, "cmd": cmd})).await?;
        let outcome = |at: usize| {
            let name = format!("c{at}");
            let failed = &answer["result_error"][&name];
            match answer["result"].get(&name) {
                Some(result) if failed.is_null() => Ok(result.clone()),
                _ if !failed.is_null() => {
                    Err(self.scrubbed(fault(&text(&failed["error"]), &text(&failed["error_description"]), None)))
                }
                _ => Err(CallError::silent("no_answer", "a command of a batch has no answer")),
            }
        };
        Ok((0..commands.len()).map(outcome).collect())
    }

    /// Every row of a list, page by page.
    pub(super) async fn list(&self, command: &Command, rows: &str) -> Result<Vec<Value>, CallError> {
        let (mut all, mut start) = (Vec::new(), 0);
        for _ in 0..PAGES_MAX {
            let mut params = command.params.clone();
            params["start"] = json!(start);
            let mut answer = self.answer(command.method, &params).await?;
            match answer["result"][rows].take() {
                Value::Array(page) => all.extend(page),
                _ => return Err(CallError::silent("no_answer", format!("the answer has no {rows}"))),
            }
            match answer["next"].as_u64() {
                Some(next) if next > start => start = next,
                _ => return Ok(all),
            }
        }
        Err(CallError::away("too_many", format!("there are more than {} {rows}", PAGES_MAX * PAGE), None))
    }
}

/// A command as PHP reads it: `method?fields[orderId]=1&…`.
fn query(command: &Command) -> String {
    let mut pairs = Vec::new();
    flatten(&command.params, String::new(), &mut pairs);
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
    format!("{}?{}", command.method, pairs.join("&"))
}

fn encoded(text: &str) -> String {
    // What looks like the result of another command is one to the shop.
    form_urlencoded::byte_serialize(text.replace("$result", "result").as_bytes()).collect()
}

fn flatten(value: &Value, path: String, pairs: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}[{key}]") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| flatten(value, below(key), pairs)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(value, below(&at.to_string()), pairs));
        }
        Value::Null => pairs.push((path, String::new())),
        Value::String(text) => pairs.push((path, text.clone())),
        value => pairs.push((path, value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_written_as_php_reads_it() {
        let params = json!({"fields": {"orderId": 7, "name": "Ключ & 👕=$result[c0]"}, "select": ["id", "xmlId"]});
        let written = query(&Command::new("sale.basketitem.add", params));
        let (method, query) = written.split_once('?').unwrap();
        assert_eq!(method, "sale.basketitem.add");
        let read: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            read,
            [
                pair("fields[name]", "Ключ & 👕=result[c0]"),
                pair("fields[orderId]", "7"),
                pair("select[0]", "id"),
                pair("select[1]", "xmlId")
            ]
        );
    }
}
