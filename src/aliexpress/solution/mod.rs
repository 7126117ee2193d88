//! Dialect `solution`: methods of the Open Platform, signed with HMAC-SHA256, at `POST {gateway}/sync`.
//!
//! [`client`] makes the calls, [`auth`] those that give tokens (at `/rest`), `request` shapes and signs them, `response` reads what comes back, whatever it is.
//! `catalog` has the calls of publishing.

pub mod auth;
mod catalog;
mod catalog_response;
pub mod client;
mod orders;
mod pacific;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub use client::{ClientOptions, SolutionClient};
