//! Dialect `solution`: methods of the Open Platform, signed with HMAC-SHA256, at `POST {gateway}/sync`.
//!
//! [`client`] makes the calls, `request` shapes and signs them, `response` reads what comes back, whatever it is. `catalog` has the calls of publishing.

mod catalog;
mod catalog_response;
pub mod client;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub use client::{ClientOptions, SolutionClient};
