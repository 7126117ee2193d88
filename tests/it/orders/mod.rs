//! Orders in, shipments out, and the lanes that carry them.

mod bench;
mod handlers;
mod holding;
mod privacy;
mod reading;
mod shipping;
