//! What strangers may send, changed at random from a kept corpus (`tests/fixtures/fuzz`): nothing panics, nothing is taken by accident.
//! What AliExpress may answer is fuzzed beside the code that reads it. An input that fails once goes into the corpus.

use std::collections::{BTreeMap, BTreeSet};

use aligate::domain::event::{self, Unreadable};
use aligate::domain::{Discount, Fact, Lane, VERSION_MAX, state};
use aligate::signing::standard_webhooks::{Secret, verify};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

const EVENTS: &str = include_str!("../fixtures/fuzz/events.txt");
const SIGNATURES: &str = include_str!("../fixtures/fuzz/signatures.txt");
/// The published vector of Standard Webhooks.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT: &str = "1614265330";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const VALID: &str = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

/// One change of a text: what, where, with what.
type Edit = (u8, prop::sample::Index, u8, prop::sample::Index);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let interesting = prop::sample::select(b"\"{}[],:.-+eE0129 \\u\0\n\xff\xd0ntv=".to_vec());
    let byte = prop_oneof![interesting, any::<u8>()];
    prop::collection::vec((0u8..7, any::<prop::sample::Index>(), byte, any::<prop::sample::Index>()), 0..6)
}

/// A line of the corpus after some changes.
fn edited(corpus: &[Vec<u8>], seed: prop::sample::Index, edits: Vec<Edit>) -> Vec<u8> {
    let mut text = corpus[seed.index(corpus.len())].clone();
    for (what, place, byte, other) in edits {
        let (at, to) = (place.index(text.len() + 1), other.index(text.len() + 1));
        let (from, till) = (at.min(to), at.max(to));
        match what {
            0 => text.insert(at, byte),
            1 if at < text.len() => text[at] = byte,
            2 if at < text.len() => text[at] ^= 1 << (byte % 8),
            3 => drop(text.drain(from..till.min(from + 40))),
            4 => {
                let again = text[from..till.min(from + 200)].to_vec();
                text.splice(at..at, again);
            }
            5 => text.truncate(at),
            6 => {
                let stranger = &corpus[other.index(corpus.len())];
                let tail = place.index(stranger.len() + 1);
                text.splice(at.., stranger[tail..].iter().copied());
            }
            _ => {}
        }
    }
    text
}

fn lines(corpus: &str) -> Vec<Vec<u8>> {
    corpus.lines().map(|line| line.as_bytes().to_vec()).collect()
}

fn check(holds: bool) -> Result<(), TestCaseError> {
    holds.then_some(()).ok_or_else(|| TestCaseError::fail("it is counted and is no list"))
}

/// What must hold of any body, against a reading that knows nothing of events.
fn check_body(body: &[u8]) -> Result<(), TestCaseError> {
    // Text by text, since one text that is none does not spoil the events beside it.
    let members = serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(body).ok();
    let listed =
        members.and_then(|members| serde_json::from_str::<Vec<Box<RawValue>>>(members.get("events")?.get()).ok());
    let events = match event::parse(body, 50) {
        Ok(events) => events,
        Err(Unreadable::Empty) => return check(listed.is_some_and(|listed| listed.is_empty())),
        Err(Unreadable::TooMany { found, .. }) => return check(listed.is_some_and(|listed| listed.len() == found)),
        Err(Unreadable::Json(_) | Unreadable::TooDeep) => return Ok(()),
    };
    let listed = listed.ok_or_else(|| TestCaseError::fail("events are read of what is none"))?;
    prop_assert_eq!(events.len(), listed.len());
    for (event, said) in events.into_iter().zip(listed) {
        let Ok(event) = event else { continue };
        let said: Value = serde_json::from_str(said.get()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(event.version <= VERSION_MAX);
        prop_assert_eq!(said["version"].as_u64(), Some(event.version));
        let data = &said["data"];
        match event.fact {
            Fact::Stock { sku, state } => {
                prop_assert_eq!(said["type"].as_str(), Some("stock.changed"));
                prop_assert_eq!(
                    (data["sku"].as_str(), data["quantity"].as_u64()),
                    (Some(sku.as_str()), Some(state.quantity))
                );
                prop_assert!((1..=50).contains(&sku.as_str().chars().count()));
            }
            Fact::Price { sku, state } => {
                prop_assert_eq!(said["type"].as_str(), Some("price.changed"));
                prop_assert_eq!(
                    (data["sku"].as_str(), data["currency"].as_str()),
                    (Some(sku.as_str()), Some(state.currency.as_str()))
                );
                let cents = |text: &str| text.parse::<f64>().map(|amount| (amount * 100.0).round());
                prop_assert_eq!(cents(data["price"].as_str().unwrap_or_default()), cents(&state.price.to_string()));
                prop_assert!(state.price.to_string().parse::<f64>().is_ok_and(|price| price > 0.0));
                prop_assert_eq!(state.discount == Discount::Keep, data.get("discount_price").is_none());
                // What is kept is read as what was said.
                let kept = serde_json::to_string(&state).unwrap();
                prop_assert_eq!(&state::shown(Lane::Price, &kept)["currency"], &data["currency"]);
            }
            Fact::Product { product, skus, .. } => {
                prop_assert_eq!(data["product_id"].as_str(), Some(product.as_str()));
                let offers = data["offers"].as_array().map_or(0, Vec::len);
                prop_assert_eq!(skus.len(), offers);
            }
            Fact::ProductDeleted { product, skus } => {
                prop_assert_eq!(data["product_id"].as_str(), Some(product.as_str()));
                prop_assert_eq!(skus.len(), data["skus"].as_array().map_or(0, Vec::len));
            }
            Fact::OrderStatus { order, .. } => {
                prop_assert_eq!(data["aliexpress_order_id"].as_str(), Some(order.as_str()))
            }
        }
    }
    Ok(())
}

/// A header is valid exactly when it carries the signature itself, among the first eight of the version.
fn check_header(header: &str) -> Result<(), TestCaseError> {
    let secrets: [Secret; 2] = [Secret::generate().parse().unwrap(), SECRET.parse().unwrap()];
    let carried = header.split(' ').filter_map(|part| part.strip_prefix("v1,")).take(8).any(|given| given == VALID);
    prop_assert_eq!(verify(&secrets, ID, AT, BODY, header), carried, "{}", header);
    prop_assert!(!verify(&secrets, ID, AT, b"another body", header), "{}", header);
    prop_assert!(!verify(&secrets[..1], ID, AT, BODY, header), "{}", header);
    Ok(())
}

#[test]
fn the_corpus_itself_holds() {
    lines(EVENTS).iter().try_for_each(|body| check_body(body)).unwrap();
    SIGNATURES.lines().try_for_each(|line| check_header(&line.replace("{valid}", VALID))).unwrap();
    // It is worth something: events of every kind are taken, and headers are of both kinds.
    let facts: BTreeSet<String> = lines(EVENTS)
        .iter()
        .filter_map(|body| event::parse(body, 50).ok())
        .flatten()
        .filter_map(Result::ok)
        .map(|event| format!("{:?}", event.fact).split([' ', '{']).next().unwrap().to_owned())
        .collect();
    assert_eq!(facts.len(), 5, "{facts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_body_panics_or_is_read_as_what_it_does_not_say(seed: prop::sample::Index, edits in edits()) {
        check_body(&edited(&lines(EVENTS), seed, edits))?;
    }

    #[test]
    fn no_bytes_at_all_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        check_body(&body)?;
    }

    #[test]
    fn no_changed_signature_is_valid_by_accident(seed: prop::sample::Index, edits in edits()) {
        let corpus: Vec<Vec<u8>> =
            SIGNATURES.lines().map(|line| line.replace("{valid}", VALID).into_bytes()).collect();
        check_header(&String::from_utf8_lossy(&edited(&corpus, seed, edits)))?;
    }

    #[test]
    fn no_text_is_a_secret_by_accident(text in "(whsec_)?[A-Za-z0-9+/=_ -]{0,100}") {
        if let Ok(secret) = text.parse::<Secret>() {
            prop_assert!(text.starts_with("whsec_"));
            let header = secret.sign(ID, 1, BODY);
            prop_assert!(verify(&[secret], ID, "1", BODY, &header));
        }
    }
}
