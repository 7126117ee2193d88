//! Orders in, shipments out, and the lanes that carry them.

mod bench;
mod handlers;
mod holding;
mod keeping;
mod life;
mod privacy;
mod reading;
mod serving;
mod shipping;
