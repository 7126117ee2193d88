//! The signature vectors that the gateway and the Bitrix module share: both must read them alike.

use aligate::signing::standard_webhooks::{Secret, verify};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    secret: String,
    id: String,
    timestamp: u64,
    body: Option<String>,
    body_base64: Option<String>,
    signature: String,
}

impl Vector {
    fn body(&self) -> Vec<u8> {
        match (&self.body, &self.body_base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(encoded)) => STANDARD.decode(encoded).expect("`body_base64` is base64"),
            _ => panic!("{}: `body` or `body_base64` is given, not both", self.name),
        }
    }
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("fixtures/signature-vectors.json")).expect("the vectors are readable")
}

#[test]
fn the_vectors_shared_with_the_module_are_met_both_ways() {
    for vector in vectors() {
        let secret: Secret = vector.secret.parse().unwrap();
        let (body, at) = (vector.body(), vector.timestamp.to_string());
        assert_eq!(secret.sign(&vector.id, vector.timestamp, &body), vector.signature, "{}", vector.name);
        assert!(verify(&[secret], &vector.id, &at, &body, &vector.signature), "{}", vector.name);
    }
}

#[test]
fn the_vectors_hold_the_published_one_and_each_kind_of_body() {
    let vectors = vectors();
    let published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    assert!(vectors.iter().any(|vector| vector.signature == published));
    assert!(vectors.iter().any(|vector| vector.body().is_empty()));
    assert!(vectors.iter().any(|vector| vector.body.as_ref().is_some_and(|body| !body.is_ascii())));
    assert!(vectors.iter().any(|vector| std::str::from_utf8(&vector.body()).is_err()));
}
