//! Values and rules of the trade: no I/O, no async, no clock.
//!
//! What a shop says (`event`), what the queue keeps (`state`), and the words both are made of.
//! Parsing happens here once; below the edge only these types travel.

pub mod event;
pub mod ids;
pub mod lane;
pub mod money;
pub mod order;
pub mod price_rule;
pub mod state;
pub mod stock;

pub use event::{Cause, Event, Fact, Rejection};
pub use ids::{InvalidId, ListingId, ProductId, ShopId, Sku};
pub use lane::Lane;
pub use money::{Currency, Money};
pub use order::{Amount, Buyer, InvalidOrderId, Order, OrderId, OrderLine, OrderStatus, Stage};
pub use price_rule::PriceRule;
pub use state::{Discount, PriceState, StockState};
pub use stock::StockRules;

/// The shop's ever-growing number that orders the states of one key: unsigned, 63 bits.
pub type Version = u64;

/// The greatest [`Version`] that a sender may use.
pub const VERSION_MAX: Version = i64::MAX as u64;
