//! The shop as the gateway speaks to it: one event a request, signed, to the module's endpoint ([`module`]).
//!
//! A [`Sink`] takes what is for the shop; which one a shop has is decided once, at the start.

mod error;
pub mod module;

use async_trait::async_trait;
use serde_json::Value;

pub use error::DeliveryError;
pub use module::ModuleClient;

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
