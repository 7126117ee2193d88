//! Every metric by name, in one enum, so that a dashboard does not break by a typo.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// A metric of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Events by shop, lane and what became of them.
    Events,
    /// Requests of shops by status.
    IntakeRequests,
    /// Seconds from a request's arrival to its answer.
    IntakeSeconds,
    /// Changes that one write of the store made durable.
    CommitChanges,
    /// Entries by shop, lane and place.
    Entries,
    /// Age of the oldest unconfirmed state by shop and lane, seconds.
    OldestAge,
    /// Seconds from the shop's first unconfirmed event of a key to AliExpress's confirmation.
    DeliverySeconds,
    /// Requests to AliExpress by application, method and outcome.
    Requests,
    /// Seconds that a request to AliExpress took.
    RequestSeconds,
    /// SKUs in requests to AliExpress, by lane and what became of them.
    Skus,
    /// Entries that were worked one at a time, by shop, lane and what became of them.
    Worked,
    /// Orders that were read from AliExpress, by shop and whether they had changed.
    Orders,
    /// Orders that must be sent soon, by shop.
    OrdersNearDeadline,
    /// Changes that the avalanche guard held, and that a person confirmed or discarded, by shop and kind.
    GuardChanges,
    /// Changes that wait for a person, by shop and kind.
    GuardHeld,
    /// Why batches were closed.
    BatchesClosed,
    /// Share of the request budget used in the last second, by application.
    BudgetUsed,
    /// Seconds that a ban of AliExpress still lasts, by application and scope.
    Banned,
    /// The breaker is open (1) or not (0), by application.
    BreakerOpen,
    /// Calls of the store that failed.
    StoreFailures,
    /// Times that the store was found emptied or failed over.
    StoreResets,
    /// Settings of the store that break a guarantee.
    StoreWeaknesses,
    /// The shop's token is refused (1) or not (0).
    Unauthorized,
    /// Seconds until a shop's access token, or its consent, ends.
    TokenSecondsLeft,
}

impl Metric {
    /// Every metric.
    pub const ALL: &[Metric] = &[
        Metric::Events,
        Metric::IntakeRequests,
        Metric::IntakeSeconds,
        Metric::CommitChanges,
        Metric::Entries,
        Metric::OldestAge,
        Metric::DeliverySeconds,
        Metric::Requests,
        Metric::RequestSeconds,
        Metric::Skus,
        Metric::Worked,
        Metric::Orders,
        Metric::OrdersNearDeadline,
        Metric::GuardChanges,
        Metric::GuardHeld,
        Metric::BatchesClosed,
        Metric::BudgetUsed,
        Metric::Banned,
        Metric::BreakerOpen,
        Metric::StoreFailures,
        Metric::StoreResets,
        Metric::StoreWeaknesses,
        Metric::Unauthorized,
        Metric::TokenSecondsLeft,
    ];

    /// Its name at `/metrics` and what it counts.
    pub const fn describe(self) -> (&'static str, &'static str) {
        match self {
            Metric::Events => ("aligate_events_total", "Events by shop, lane and result"),
            Metric::IntakeRequests => ("aligate_intake_requests_total", "Requests of shops by status"),
            Metric::IntakeSeconds => ("aligate_intake_seconds", "Seconds from a request's arrival to its answer"),
            Metric::CommitChanges => ("aligate_commit_changes", "Changes that one write of the store made durable"),
            Metric::Entries => ("aligate_entries", "Entries by shop, lane and place"),
            Metric::OldestAge => ("aligate_oldest_age_seconds", "Age of the oldest unconfirmed state by shop and lane"),
            Metric::DeliverySeconds => (
                "aligate_delivery_seconds",
                "Seconds from a key's first unconfirmed event to AliExpress's confirmation",
            ),
            Metric::Requests => ("aligate_requests_total", "Requests to AliExpress by application, method and outcome"),
            Metric::RequestSeconds => ("aligate_request_seconds", "Seconds that a request to AliExpress took"),
            Metric::Skus => ("aligate_skus_total", "SKUs in requests to AliExpress by shop, lane and outcome"),
            Metric::Worked => ("aligate_worked_total", "Entries worked one at a time, by shop, lane and outcome"),
            Metric::Orders => ("aligate_orders_total", "Orders read from AliExpress, by shop and result"),
            Metric::OrdersNearDeadline => ("aligate_orders_near_deadline", "Orders that must be sent soon"),
            Metric::GuardChanges => (
                "aligate_guard_changes_total",
                "Changes held by the avalanche guard, confirmed and discarded, by shop and kind",
            ),
            Metric::GuardHeld => ("aligate_guard_held", "Changes that wait for a person's decision, by shop and kind"),
            Metric::BatchesClosed => {
                ("aligate_batches_closed_total", "Batches by the reason for which they were closed")
            }
            Metric::BudgetUsed => ("aligate_budget_used_ratio", "Share of the request budget used in the last second"),
            Metric::Banned => ("aligate_banned_seconds", "Seconds that a ban of AliExpress still lasts"),
            Metric::BreakerOpen => ("aligate_breaker_open", "Whether calls to AliExpress pause after failures"),
            Metric::StoreFailures => ("aligate_store_failures_total", "Calls of the store that failed"),
            Metric::StoreResets => {
                ("aligate_store_resets_total", "Times that the store was found emptied or failed over")
            }
            Metric::StoreWeaknesses => ("aligate_store_weaknesses", "Settings of the store that break a guarantee"),
            Metric::Unauthorized => ("aligate_unauthorized", "Whether AliExpress refuses the shop's token"),
            Metric::TokenSecondsLeft => {
                ("aligate_token_seconds_left", "Seconds until a shop's access token, or its consent, ends")
            }
        }
    }

    const fn name(self) -> &'static str {
        self.describe().0
    }

    /// Adds to a counter.
    pub fn add(self, n: u64, labels: &[(&'static str, String)]) {
        metrics::counter!(self.name(), labels).increment(n);
    }

    /// Sets a gauge.
    pub fn set(self, value: f64, labels: &[(&'static str, String)]) {
        metrics::gauge!(self.name(), labels).set(value);
    }

    /// Puts a value into a histogram.
    pub fn observe(self, value: f64, labels: &[(&'static str, String)]) {
        metrics::histogram!(self.name(), labels).record(value);
    }
}

static PROMETHEUS: OnceLock<PrometheusHandle> = OnceLock::new();

const SECONDS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];
const COUNTS: [f64; 8] = [1.0, 4.0, 16.0, 64.0, 200.0, 500.0, 1000.0, 5000.0];

/// Starts collecting, once in a process, and gives what renders `/metrics`.
pub fn prometheus() -> &'static PrometheusHandle {
    PROMETHEUS.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Full("aligate_commit_changes".into()), &COUNTS))
            .expect("the buckets are not empty");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("metrics go to another recorder of this process");
        }
        for metric in Metric::ALL {
            let (name, help) = metric.describe();
            metrics::describe_counter!(name, help);
        }
        handle
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_names_every_metric_and_no_other() {
        let readme = include_str!("../../README.md");
        let of_readme: std::collections::BTreeSet<&str> = readme
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|word| word.starts_with("aligate_"))
            .collect();
        assert_eq!(of_readme, Metric::ALL.iter().map(|metric| metric.name()).collect());
    }
}
