//! Requests of tests, and what every answer of the gateway must have whatever it says.

use std::io::Write;

use aligate::signing::standard_webhooks::Secret;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// What a page for people is.
const PAGE: &str = "text/html; charset=utf-8";

/// A request on its way; nothing is sent before [`Call::send`].
pub struct Call {
    client: reqwest::Client,
    method: Method,
    base: String,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
    signature: Option<Sign>,
}

/// How a request is signed.
struct Sign {
    secret: Secret,
    id: String,
    at: u64,
    /// The signed content starts with method and path (the shop API), not with the body (events).
    whole: bool,
}

impl Call {
    pub fn new(client: reqwest::Client, method: Method, base: &str, path: &str) -> Self {
        let (base, path) = (base.to_owned(), path.to_owned());
        Self { client, method, base, path, headers: HeaderMap::new(), body: Vec::new(), signature: None }
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    pub fn json(self) -> Self {
        self.header("content-type", "application/json")
    }

    /// Compresses the body, as it is so far.
    pub fn gzip(mut self) -> Self {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&self.body).unwrap();
        self.body = encoder.finish().unwrap();
        self.header("content-encoding", "gzip")
    }

    /// Signs it as an event.
    pub fn sign(mut self, secret: &Secret, at: u64) -> Self {
        let id = format!("evt_{:016x}", rand::random::<u64>());
        self.signature = Some(Sign { secret: secret.clone(), id, at, whole: false });
        self
    }

    /// Signs it as a request of the shop API.
    pub fn sign_whole(self, secret: &Secret, at: u64) -> Self {
        let mut call = self.sign(secret, at);
        call.signature.as_mut().unwrap().whole = true;
        call
    }

    /// Another `webhook-id` than a random one.
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.signature.as_mut().unwrap().id);
        self
    }

    /// Another `webhook-timestamp` than now.
    pub fn at(mut self, at: u64) -> Self {
        self.signature.as_mut().unwrap().at = at;
        self
    }

    /// Signs with another secret.
    pub fn secret(mut self, secret: &Secret) -> Self {
        self.signature.as_mut().unwrap().secret = secret.clone();
        self
    }

    /// Sends it, and checks what every answer must have.
    pub async fn send(mut self) -> Answer {
        if let Some(Sign { secret, id, at, whole }) = self.signature.take() {
            let mut content = if whole { format!("{} {}\n", self.method, self.path).into_bytes() } else { Vec::new() };
            content.extend_from_slice(&self.body);
            let (text, signature) = (at.to_string(), secret.sign(&id, at, &content));
            for (name, value) in [("webhook-id", &id), ("webhook-timestamp", &text), ("webhook-signature", &signature)]
            {
                // What a test has set by hand stands.
                if !self.headers.contains_key(name) {
                    self = self.header(name, value);
                }
            }
        }
        let request = self.client.request(self.method, format!("{}{}", self.base, self.path));
        // A connection that is kept may be closed at the moment in which it is used again, after a long step of a test.
        let response =
            request.header("connection", "close").headers(self.headers).body(self.body).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let answer = Answer { status, headers, text };
        answer.check();
        answer
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body of an answer with this status.
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// A page for people, with this status.
    pub fn page(&self, status: u16) -> &str {
        assert_eq!((self.status, self.header("content-type")), (status, PAGE), "{}", self.text);
        &self.text
    }

    /// The code of a problem with this status.
    pub fn problem(&self, status: u16) -> String {
        self.json(status)["code"].as_str().unwrap().to_owned()
    }

    /// The contract: `Date` and `x-request-id` on every answer; a problem with all its members wherever it did not go well.
    fn check(&self) {
        assert!(self.header("date").ends_with("GMT"), "{:?}", self.headers);
        let id = self.header("x-request-id");
        assert!(!id.is_empty(), "{:?}", self.headers);
        // Whoever comes back from AliExpress's consent page is a person.
        if self.status < 400 || self.header("content-type") == PAGE {
            return;
        }
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem: Value = serde_json::from_str(&self.text).unwrap();
        let code = problem["code"].as_str().unwrap();
        assert_eq!(problem["type"], format!("urn:aligate:problem:{code}"));
        assert_eq!((problem["status"].as_u64(), problem["request_id"].as_str()), (Some(self.status.into()), Some(id)));
        for member in ["title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        assert!(self.status != 503 && self.status != 429 || self.header("retry-after").parse::<u64>().is_ok());
    }
}
