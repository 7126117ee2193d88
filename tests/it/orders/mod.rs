//! Orders in, shipments out, and the lanes that carry them.

mod bench;
mod handlers;
mod holding;
mod keeping;
mod life;
mod portal;
mod privacy;
mod reading;
mod rest;
mod serving;
mod shipping;
