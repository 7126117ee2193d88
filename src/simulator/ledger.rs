//! What arrived: every call and every value that was applied, bounded.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// Calls and values that are kept; older ones are dropped and counted.
const KEPT_MAX: usize = 400_000;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Counts calls from 1.
    pub sequence: u64,
    /// When it arrived, microseconds since the epoch.
    pub at_us: u64,
    /// The call's own `timestamp`, milliseconds; 0 where it has none that can be read.
    pub stamped_ms: u64,
    /// Its method.
    pub method: String,
    /// Products in it.
    pub products: usize,
    /// SKUs in it.
    pub skus: usize,
    /// `ok`, `partial`, or the code of its refusal.
    pub outcome: String,
}

/// A value that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// The call's sequence.
    pub sequence: u64,
    /// When, microseconds since the epoch.
    pub at_us: u64,
    /// The product.
    pub product: u64,
    /// The SKU.
    pub sku: String,
    /// Its stock, where that was set.
    pub stock: Option<u64>,
    /// Its price, where that was set.
    pub price: Option<String>,
    /// Its discount price, where a price was set with one.
    pub discount_price: Option<String>,
}

/// The ledger in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LedgerSummary {
    /// Calls.
    pub requests: u64,
    /// Calls by method.
    pub by_method: BTreeMap<String, u64>,
    /// Calls by outcome.
    pub by_outcome: BTreeMap<String, u64>,
    /// Values applied.
    pub applied: u64,
    /// The most calls that arrived within any second.
    pub most_in_a_second: u64,
    /// The most calls within any second by their own `timestamp`.
    pub most_stamped_in_a_second: u64,
    /// Calls and values that are no longer kept.
    pub dropped: u64,
}

#[derive(Debug, Default)]
struct Kept {
    calls: VecDeque<Call>,
    items: VecDeque<Applied>,
    summary: LedgerSummary,
}

/// What arrived.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Kept>);

impl Ledger {
    /// Writes a call down; the ledger numbers it and its values.
    pub(super) fn write(&self, mut call: Call, mut applied: Vec<Applied>) {
        let mut kept = self.lock();
        let summary = &mut kept.summary;
        summary.requests += 1;
        summary.applied += applied.len() as u64;
        *summary.by_method.entry(call.method.clone()).or_default() += 1;
        *summary.by_outcome.entry(call.outcome.clone()).or_default() += 1;
        call.sequence = summary.requests;
        applied.iter_mut().for_each(|item| item.sequence = call.sequence);
        kept.calls.push_back(call);
        kept.items.extend(applied);
        while kept.calls.len() > KEPT_MAX {
            kept.calls.pop_front();
            kept.summary.dropped += 1;
        }
        while kept.items.len() > KEPT_MAX {
            kept.items.pop_front();
            kept.summary.dropped += 1;
        }
    }

    /// Calls that are kept, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    /// Values that are kept, oldest first.
    pub fn items(&self) -> Vec<Applied> {
        self.lock().items.iter().cloned().collect()
    }

    /// The ledger in figures.
    pub fn summary(&self) -> LedgerSummary {
        let kept = self.lock();
        let mut stamped: Vec<u64> = kept.calls.iter().filter_map(stamped_us).collect();
        let mut arrived: Vec<u64> = kept.calls.iter().map(|call| call.at_us).collect();
        stamped.sort_unstable();
        arrived.sort_unstable();
        LedgerSummary {
            most_in_a_second: most_in_a_second(&arrived),
            most_stamped_in_a_second: most_in_a_second(&stamped),
            ..kept.summary.clone()
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a call says that it was made; nothing where it does not say.
fn stamped_us(call: &Call) -> Option<u64> {
    Some(call.stamped_ms.saturating_mul(1000)).filter(|stamped| *stamped > 0)
}

/// The most of sorted times that lie within less than a second.
fn most_in_a_second(times: &[u64]) -> u64 {
    let (mut from, mut most) = (0, 0);
    for (at, time) in times.iter().enumerate() {
        while time - times[from] >= 1_000_000 {
            from += 1;
        }
        most = most.max(at - from + 1);
    }
    most as u64
}
