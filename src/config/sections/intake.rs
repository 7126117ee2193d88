//! `[intake]`

use std::net::SocketAddr;

use serde::Deserialize;

/// `[intake]`
#[derive(Debug, Clone, Deserialize)]
pub struct IntakeConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where AliExpress redirects after consent.
    pub public_url: String,
    /// Bytes of a body after decompression.
    pub body_bytes_max: usize,
    /// Events of a request.
    pub events_per_request_max: usize,
    /// Seconds that a request may be old.
    pub timestamp_tolerance_secs: u64,
    /// Seconds that a sender's clock may be ahead.
    pub timestamp_future_secs: u64,
    /// Requests a second of one shop; 0 = no limit.
    pub requests_per_second_max: u32,
    /// Requests that wait for the store.
    pub queue_max: usize,
    /// Open connections.
    pub connections_max: usize,
}
