//! Lanes: kinds of state that wait, fail and are paused apart from each other.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A lane of the queue. The order is the order in which lanes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Pieces of a SKU, to AliExpress.
    Stock,
    /// Price and discount price of a SKU, to AliExpress.
    Price,
    /// A product's content, to AliExpress.
    Product,
    /// Shipments of an order, to AliExpress.
    Fulfilment,
    /// An AliExpress order, to the shop.
    Order,
    /// Words for the shop's people, to the shop.
    Notice,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Lane; 6] = [Lane::Stock, Lane::Price, Lane::Product, Lane::Fulfilment, Lane::Order, Lane::Notice];

    /// The lane's name in configuration, URLs, keys and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Lane::Stock => "stock",
            Lane::Price => "price",
            Lane::Product => "product",
            Lane::Fulfilment => "fulfilment",
            Lane::Order => "order",
            Lane::Notice => "notice",
        }
    }

    /// Whether a state of this lane needs a listing on AliExpress to go to; without one it is parked.
    pub const fn needs_listing(self) -> bool {
        matches!(self, Lane::Stock | Lane::Price)
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no lane.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no lane is named {0:?}; the lanes are stock, price, product, fulfilment, order and notice")]
pub struct UnknownLane(String);

impl FromStr for Lane {
    type Err = UnknownLane;
    fn from_str(text: &str) -> Result<Self, UnknownLane> {
        Lane::ALL.into_iter().find(|l| l.as_str() == text).ok_or_else(|| UnknownLane(text.to_owned()))
    }
}
