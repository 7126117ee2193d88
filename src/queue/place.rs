//! Where an entry is, and why it is parked.

use serde::{Deserialize, Serialize};

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Nothing to do.
    Idle,
    /// Waits for its time.
    Due,
    /// A worker holds it.
    Leased,
    /// AliExpress took it and will give its verdict later.
    Awaiting,
    /// Waits for something outside.
    Parked,
    /// Waits for a person (avalanche guard).
    Held,
    /// Given up.
    Dead,
}

impl Place {
    /// Every place.
    pub const ALL: [Place; 7] =
        [Place::Idle, Place::Due, Place::Leased, Place::Awaiting, Place::Parked, Place::Held, Place::Dead];
}

/// What a person says of what the avalanche guard holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// It is right: it goes.
    Confirm,
    /// It is wrong: AliExpress keeps what it has.
    Discard,
}

/// Why an entry is parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkReason {
    /// The SKU stands in no listing on AliExpress. Released by [`Queue::relist`](super::Queue::relist).
    NoListing,
    /// The price is in another currency than the AliExpress store's.
    CurrencyMismatch,
    /// The product has no mapping to a category yet.
    MappingMissing,
    /// AliExpress audits the product.
    Audit,
    /// The carrier of a shipment has no service of AliExpress mapped to it yet.
    CarrierMissing,
    /// The shop is in mode `observe`: what would be sent is in the detail. Released by the switch to `live`.
    Observe,
    /// The shop has no endpoint to deliver to. Released at the start, when it has one.
    NoEndpoint,
    /// Every SKU of the product is sold out. Released when one is in stock.
    OutOfStock,
}

impl ParkReason {
    /// Every reason; the position of each is its number in stores and never changes.
    pub const ALL: [ParkReason; 8] = [
        ParkReason::NoListing,
        ParkReason::CurrencyMismatch,
        ParkReason::MappingMissing,
        ParkReason::Audit,
        ParkReason::CarrierMissing,
        ParkReason::Observe,
        ParkReason::NoEndpoint,
        ParkReason::OutOfStock,
    ];

    /// The reason's name in answers, keys and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            ParkReason::NoListing => "no_listing",
            ParkReason::CurrencyMismatch => "currency_mismatch",
            ParkReason::MappingMissing => "mapping_missing",
            ParkReason::Audit => "audit",
            ParkReason::CarrierMissing => "carrier_missing",
            ParkReason::Observe => "observe",
            ParkReason::NoEndpoint => "no_endpoint",
            ParkReason::OutOfStock => "out_of_stock",
        }
    }
}
