//! The shop as the gateway speaks to it: one event a request, signed, to the module's endpoint ([`module`]), or, without the module, some
//! calls of Bitrix's own REST an order ([`rest`]).
//!
//! A [`Sink`] takes what is for the shop; which one a shop has is decided once, at the start.

mod error;
pub mod module;
pub mod rest;

use async_trait::async_trait;
use serde_json::Value;

pub use error::{DeliveryError, IN_DOUBT};
pub use module::ModuleClient;
pub use rest::RestSink;

use crate::domain::Version;

/// An event for the shop.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboundEvent {
    /// What it says: `order.changed`, `listing.state_changed`, `state.requested`, `notice`.
    pub kind: String,
    /// Whom it speaks of, within its kind.
    pub key: String,
    /// Orders the events of one key.
    pub version: Version,
    /// The event's data. May hold buyers' data: it is never logged.
    pub data: Value,
}

/// The shop has an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id in the shop; none where the shop keeps no order for it.
    pub order_id: Option<String>,
    /// It was made by this event.
    pub created: bool,
    /// What the shop's people should know of it: code and words, nothing of a buyer. Each is said once.
    pub notes: Vec<(String, String)>,
}

/// Takes what is for one shop.
#[async_trait]
pub trait Sink: Send + Sync + std::fmt::Debug {
    /// Delivers an order. The same order again changes nothing.
    ///
    /// # Errors
    /// What became of it instead; see [`DeliveryError`].
    ///
    /// # Cancel safety
    /// A dropped call may have had its effect; it is made again.
    async fn order(&self, event: &OutboundEvent) -> Result<Taken, DeliveryError>;

    /// Delivers anything else.
    ///
    /// # Errors
    /// As [`Sink::order`].
    async fn tell(&self, event: &OutboundEvent) -> Result<(), DeliveryError>;
}

/// An error with its causes, without the URL, which may be a secret.
fn words_of(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}

/// What an event says of a buyer, whole and in words: what the shop repeats of it is carried no further.
fn of_buyer(event: &OutboundEvent) -> Vec<&str> {
    let buyer = event.data["buyer"].as_object();
    let whole = buyer.into_iter().flat_map(|buyer| buyer.values()).filter_map(Value::as_str).map(str::trim);
    let words = whole.clone().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words = words.filter(|word| word.chars().count() > 3);
    // A number is written with its country's code or without it.
    let phone = event.data["buyer"]["phone"].as_str().unwrap_or_default();
    let short = phone.len().checked_sub(10).and_then(|from| phone.get(from..));
    let comment = event.data["comment"].as_str().map(str::trim);
    let mut all: Vec<&str> = whole.chain(comment).chain(words).chain(short).collect();
    // What holds another goes first.
    all.sort_unstable_by_key(|text| std::cmp::Reverse(text.len()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shop_repeats_of_a_buyer_is_carried_no_further() {
        let data = serde_json::json!({"comment": "ring twice", "buyer": {"name": "Anna Planted", "phone": "+79990001122",
            "country": "RU", "address": "Green street 7"}});
        let event = OutboundEvent { kind: "order.changed".into(), key: "1".into(), version: 1, data };
        let said = "Planted, Anna (9990001122, +79990001122) of Green street 7 says ring twice; RU is unknown";
        let error = DeliveryError::Refused { code: "bad".into(), detail: said.into() };
        let shown = error.without(&of_buyer(&event)).to_string();
        assert_eq!(shown, "the shop refuses the event: ***, *** (***, ***) of *** says ***; RU is unknown (bad)");
    }
}
