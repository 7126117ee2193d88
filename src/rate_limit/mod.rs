//! The request budget of an application key: in no window of a second more permits than the limit, counted when a
//! permit is granted, in the store's time, by all replicas together; one more budget for each method, and one for the day.
//!
//! A sliding log of the last permits, so that the limit holds exactly; while more than half of it is used, permits are
//! also paced, so that urgent work never waits a whole second behind a burst. [`local`] counts in this process,
//! [`shared`] in Redis; [`breaker`] pauses calls that fail anyhow.

pub mod breaker;
mod local;
mod shared;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;

pub use local::LocalBudget;
pub use shared::RedisBudget;

/// How much an application may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests in any window of a second; at least 1.
    pub per_second: u32,
    /// Requests of one method in any window of a second; 0 = no limit of its own.
    pub per_method_per_second: u32,
    /// Requests from midnight to midnight, GMT+8; 0 = no quota.
    pub per_day: u32,
    /// Permits keep this much more than a second apart from the one that the limit counts back to: room for the jitter of the network.
    pub margin: Duration,
    /// Percent of the day's requests that only essential ones may use.
    pub day_reserve_percent: u8,
}

impl Limits {
    /// A second and the margin, in microseconds.
    fn window_us(&self) -> u64 {
        u64::try_from((Duration::from_secs(1) + self.margin).as_micros()).unwrap_or(u64::MAX)
    }

    /// Requests that this kind may make in a day; `None` = any number.
    fn day_max(&self, essential: bool) -> Option<u64> {
        let all = Some(u64::from(self.per_day)).filter(|max| *max > 0)?;
        let kept = all * u64::from(self.day_reserve_percent.min(100)) / 100;
        Some(if essential { all } else { all - kept })
    }
}

/// A call that wants to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The application key.
    pub app: &'a str,
    /// The method.
    pub method: &'a str,
    /// Stock or fulfilment: it may use the day's reserve.
    pub essential: bool,
}

/// What a ban is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BanScope<'a> {
    /// Every call of the application.
    App,
    /// Calls of this method.
    Method(&'a str),
}

/// The budget's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// The call may be made, at once.
    Granted,
    /// Not before this long from now.
    Wait(Duration),
    /// AliExpress bans it for so long still.
    Banned {
        /// For how long.
        for_: Duration,
    },
    /// The day's quota is spent; the next day begins in so long.
    DaySpent {
        /// In how long.
        for_: Duration,
    },
}

/// How much of a budget is used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests in the last second.
    pub used_last_second: u32,
    /// Requests allowed in a second.
    pub per_second: u32,
    /// Requests today.
    pub used_today: u32,
    /// Requests allowed in a day; 0 = no quota.
    pub per_day: u32,
    /// What is banned (`app` or a method) and for how long still.
    pub bans: Vec<(String, Duration)>,
}

/// The store that counts is away; no permit may be assumed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the request budget cannot be counted: {0}")]
pub struct BudgetError(pub String);

/// Grants permits.
#[async_trait]
pub trait Budget: Send + Sync + std::fmt::Debug {
    /// Takes a permit, if there is one; does not wait.
    ///
    /// # Errors
    /// Where the store is away: the call may not be made.
    async fn ask(&self, request: &Request<'_>) -> Result<Permit, BudgetError>;

    /// Looks whether there is one, without taking it.
    ///
    /// # Errors
    /// As [`Budget::ask`].
    async fn look(&self, request: &Request<'_>) -> Result<Permit, BudgetError>;

    /// Grants nothing of that scope for a while; a longer ban stands.
    ///
    /// # Errors
    /// As [`Budget::ask`].
    async fn ban(&self, app: &str, scope: BanScope<'_>, for_: Duration) -> Result<(), BudgetError>;

    /// How much is used.
    ///
    /// # Errors
    /// As [`Budget::ask`].
    async fn usage(&self, app: &str) -> Result<Usage, BudgetError>;
}

/// AliExpress's day: its number, and the microseconds until the next. Days begin at midnight, GMT+8.
fn day(now_us: u64) -> (u64, Duration) {
    const DAY_US: u64 = 86_400_000_000;
    let there = now_us + 8 * 3_600_000_000;
    (there / DAY_US, Duration::from_micros(DAY_US - there % DAY_US))
}
