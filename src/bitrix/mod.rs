//! The shop as the gateway speaks to it: one event a request, signed, to the module's endpoint ([`module`]), or, without the module, some
//! calls of Bitrix's own REST an order ([`rest`]).
//!
//! A [`Sink`] takes what is for the shop; which one a shop has is decided once, at the start.

mod error;
pub mod module;
pub mod rest;

use async_trait::async_trait;
use serde_json::Value;

pub use error::DeliveryError;
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

/// What an event says of a buyer: the shop's own words are not to carry it further.
fn of_buyer(event: &OutboundEvent) -> Vec<&str> {
    let buyer = event.data["buyer"].as_object();
    let parts = buyer.into_iter().flat_map(|buyer| buyer.values()).chain([&event.data["comment"]]);
    parts.filter_map(Value::as_str).map(str::trim).collect()
}
