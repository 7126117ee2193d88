//! What the demo came to.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::Taken;
use super::emit::Emitted;
use crate::domain::Lane;
use crate::simulator::{Catalogue, Ledger, LedgerSummary};

/// What the demo came to.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Events that the shop reported.
    pub events: u64,
    /// Events that replaced a state that waited.
    pub coalesced: u64,
    /// Events that AliExpress had already.
    pub unchanged: u64,
    /// Requests that AliExpress got for them.
    pub requests: u64,
    /// Requests that a sender of one request for each change would have made.
    pub naive_requests: u64,
    /// Seconds that the naive sender would have needed at 40 requests a second.
    pub naive_seconds: f64,
    /// Share of the request budget used meanwhile, percent.
    pub budget_percent: f64,
    /// The most requests that arrived within any second.
    pub requests_in_a_second: u64,
    /// From event to AliExpress, all changes.
    #[serde(flatten)]
    pub latency: Latency,
    /// The same of stock alone.
    pub stock: Latency,
    /// The same of prices, which wait longer for newer ones.
    pub price: Latency,
    /// Seconds in which the changes were emitted.
    pub emitting_seconds: f64,
    /// Seconds from the first change until AliExpress had everything.
    pub seconds: f64,
    /// States that differ between the shop and AliExpress at the end.
    pub drift: u64,
    /// The first of them.
    pub differences: Vec<String>,
}

/// How long changes took from event to AliExpress.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Latency {
    /// Half of them came within this, milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 came within this, milliseconds.
    pub p99_ms: f64,
}

impl Latency {
    fn of(histogram: &Histogram<u64>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let quantile = |q| histogram.value_at_quantile(q) as f64 / 1000.0;
        Self { p50_ms: quantile(0.5), p99_ms: quantile(0.99) }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7.0} ms   half of them; 99 % within {:.0} ms", self.p50_ms, self.p99_ms)
    }
}

impl Summary {
    pub(super) fn of(
        ledger: &Ledger,
        before: &LedgerSummary,
        catalogue: &Catalogue,
        emitted: &Emitted,
        emitting: Duration,
        whole: Duration,
    ) -> Self {
        let after = ledger.summary();
        let requests = after.requests - before.requests;
        let taken = taken(ledger, emitted);
        let of_lane = |lane| emitted.freshness.measure(lane, &taken);
        let (stock, price) = (of_lane(Lane::Stock), of_lane(Lane::Price));
        let mut all = stock.clone();
        all.add(&price).expect("both histograms are of one kind");
        let differences = differences(catalogue, emitted);
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let figure = |n: u64| n as f64;
        Self {
            events: emitted.events,
            coalesced: emitted.coalesced,
            unchanged: emitted.unchanged,
            requests,
            naive_requests: emitted.events,
            naive_seconds: figure(emitted.events) / 40.0,
            budget_percent: 100.0 * figure(requests) / (40.0 * whole.as_secs_f64().max(0.001)),
            requests_in_a_second: after.most_in_a_second,
            latency: Latency::of(&all),
            stock: Latency::of(&stock),
            price: Latency::of(&price),
            emitting_seconds: emitting.as_secs_f64(),
            seconds: whole.as_secs_f64(),
            drift: differences.len() as u64,
            differences: differences.into_iter().take(10).collect(),
        }
    }
}

/// What AliExpress took of each key, from its ledger.
fn taken(ledger: &Ledger, emitted: &Emitted) -> Taken {
    let place: HashMap<&str, usize> =
        emitted.changes.truth().map(|(_, offer, _)| (emitted.changes.sku(offer).as_str(), offer)).collect();
    let mut taken = Taken::new();
    for item in ledger.items() {
        if let Some(&offer) = place.get(item.sku.as_str()) {
            let (lane, value) = match (&item.stock, &item.price) {
                (Some(stock), _) => (Lane::Stock, stock.to_string()),
                (None, Some(price)) => (Lane::Price, price.clone()),
                (None, None) => continue,
            };
            taken.entry((lane, offer)).or_default().push((item.at_us, value));
        }
    }
    taken
}

fn differences(catalogue: &Catalogue, emitted: &Emitted) -> Vec<String> {
    let mut differences = Vec::new();
    for (lane, offer, value) in emitted.changes.truth() {
        let sku = emitted.changes.sku(offer);
        let there = catalogue.sku(sku.as_str()).map(|sku| match lane {
            Lane::Price => sku.price,
            _ => sku.stock.to_string(),
        });
        if there.as_deref() != Some(value) {
            let there = there.unwrap_or_else(|| "nothing".into());
            differences.push(format!("{lane} of {sku}: the shop has {value}, AliExpress has {there}"));
        }
    }
    differences
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        writeln!(f, "events in            {:>10}   in {:.1} s", self.events, self.emitting_seconds)?;
        writeln!(f, "coalesced            {:>10}   a newer state came before they left", self.coalesced)?;
        writeln!(f, "unchanged            {:>10}   AliExpress had it already", self.unchanged)?;
        writeln!(
            f,
            "requests made        {:>10}   {:.0} % of the budget of 40 a second, never more than {} in one",
            self.requests, self.budget_percent, self.requests_in_a_second
        )?;
        writeln!(
            f,
            "one for each change  {:>10}   {:.0} minutes at 40 a second",
            self.naive_requests,
            self.naive_seconds / 60.0
        )?;
        writeln!(f, "event to AliExpress  {}", self.latency)?;
        writeln!(f, "  stock              {}", self.stock)?;
        writeln!(f, "  price              {}", self.price)?;
        writeln!(f, "all done after       {:>8.1} s", self.seconds)?;
        write!(f, "drift                {:>10}", self.drift)?;
        for difference in &self.differences {
            write!(f, "\n  {difference}")?;
        }
        Ok(())
    }
}
