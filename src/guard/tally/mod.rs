//! What fell lately, counted in the store for all replicas and in the store's time; and until when a person lets all of a kind through.
//!
//! A key is counted once in a window, from when it was first seen to fall. One trait, two backends: [`sqlite`] and [`redis`].

pub mod redis;
pub mod sqlite;

use std::time::Duration;

use async_trait::async_trait;

use super::rules::Kind;
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::StoreError;

/// The most keys of a kind that are counted for a shop; what falls beside so many is over every limit that a shop of twice as many has.
pub const KEYS_MAX: u64 = 100_000;

/// What is counted together.
#[derive(Debug, Clone, Copy)]
pub struct Spans {
    /// Keys that were first seen within this.
    pub window: Duration,
    /// Of these, keys that were first seen within this are a burst that goes on.
    pub look: Duration,
}

/// What [`Tally::note`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The store's time.
    pub now: Timestamp,
    /// A person lets all of this kind through until then: nothing was counted.
    pub let_until: Option<Timestamp>,
    /// When each key was first seen to fall, in the order asked for; empty where all are let through.
    pub first: Vec<Timestamp>,
    /// Keys in the window.
    pub in_window: u64,
    /// Keys that were first seen within the look.
    pub in_look: u64,
}

/// How a kind stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// Keys in the window.
    pub in_window: u64,
    /// How long a person still lets all of it through.
    pub let_for: Option<Duration>,
}

/// Counts falls.
#[async_trait]
pub trait Tally: Send + Sync + std::fmt::Debug {
    /// Counts these keys, in one atomic step.
    ///
    /// # Errors
    /// Where the store is away; they may have been counted.
    async fn note(&self, shop: &ShopId, kind: Kind, keys: &[String], spans: Spans) -> Result<Noted, StoreError>;

    /// How a kind stands.
    ///
    /// # Errors
    /// Where the store is away.
    async fn read(&self, shop: &ShopId, kind: Kind, window: Duration) -> Result<Reading, StoreError>;

    /// Lets all of a kind through for a window after the last that was counted, and counts anew. Where nothing is counted, what was said before
    /// stands.
    ///
    /// # Errors
    /// Where the store is away; calling again is harmless.
    async fn let_through(&self, shop: &ShopId, kind: Kind, window: Duration) -> Result<(), StoreError>;

    /// Counts anew, and lets nothing through.
    ///
    /// # Errors
    /// Where the store is away; calling again is harmless.
    async fn forget(&self, shop: &ShopId, kind: Kind) -> Result<(), StoreError>;
}
