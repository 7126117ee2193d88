//! The budget of one process.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{BanScope, Budget, BudgetError, Limits, Permit, Request, Usage, day};
use crate::clock::{SharedClock, Timestamp};

/// Permits over which the pace is kept.
const PACED_OVER: usize = 4;

/// Counts in this process, by its clock. A clock that steps back grants nothing more for it.
#[derive(Debug)]
pub struct LocalBudget {
    limits: Limits,
    clock: SharedClock,
    cold: bool,
    applications: Mutex<BTreeMap<String, Application>>,
}

#[derive(Debug, Default)]
struct Application {
    log: Log,
    methods: BTreeMap<String, Log>,
    today: (u64, u64),
    /// `None`: the application; else the method.
    bans: BTreeMap<Option<String>, Timestamp>,
}

/// The times of the last permits, newest first, as many as the limit.
#[derive(Debug, Default)]
struct Log(VecDeque<u64>);

impl Log {
    fn full(limit: u32, now: u64) -> Self {
        Self(std::iter::repeat_n(now, limit as usize).collect())
    }

    /// How long until a permit may be granted, microseconds.
    fn wait(&mut self, limit: u32, window_us: u64, now: u64) -> u64 {
        let Some(&newest) = self.0.front() else { return 0 };
        if newest > now {
            // The clock stepped back: what the log says is later counts as just now.
            self.0.iter_mut().for_each(|at| *at = (*at).min(now));
        }
        let ago = |back: usize| self.0.get(back).map(|at| now - at);
        let limit = limit.max(1) as usize;
        let full = ago(limit - 1).map_or(0, |ago| window_us.saturating_sub(ago));
        let busy = limit > 1 && ago(limit.div_ceil(2) - 1).is_some_and(|ago| ago < window_us);
        let gap = if busy { window_us.div_ceil(limit as u64) } else { 0 };
        // Paced over several permits, so that one that was asked for late is made up for by the next.
        let over = PACED_OVER.min(limit);
        let paced = ago(over - 1).map_or(0, |ago| (gap * over as u64).saturating_sub(ago));
        full.max(paced)
    }

    fn take(&mut self, limit: u32, now: u64) {
        self.0.push_front(now);
        self.0.truncate(limit.max(1) as usize);
    }
}

impl LocalBudget {
    /// A budget; `cold` starts it as if the window were full, since a process that was killed a moment ago may have used it.
    pub fn new(limits: Limits, clock: SharedClock, cold: bool) -> Self {
        Self { limits, clock, cold, applications: Mutex::default() }
    }

    fn application(&self, now: Timestamp) -> Application {
        let log = if self.cold { Log::full(self.limits.per_second, now.0) } else { Log::default() };
        Application { log, ..Application::default() }
    }

    fn decide(&self, request: &Request<'_>, take: bool) -> Permit {
        let now = self.clock.now();
        let mut applications = self.applications.lock().unwrap_or_else(PoisonError::into_inner);
        let application = applications.entry(request.app.to_owned()).or_insert_with(|| self.application(now));
        application.bans.retain(|_, until| *until > now);
        let banned = [None, Some(request.method.to_owned())];
        if let Some(until) = banned.iter().filter_map(|scope| application.bans.get(scope)).max() {
            return Permit::Banned { for_: until.since(now) };
        }
        let (today, left) = day(now.0);
        if application.today.0 != today {
            application.today = (today, 0);
        }
        if self.limits.day_max(request.essential).is_some_and(|max| application.today.1 >= max) {
            return Permit::DaySpent { for_: left };
        }
        let window = self.limits.window_us();
        let mut wait = application.log.wait(self.limits.per_second, window, now.0);
        let method = (self.limits.per_method_per_second > 0)
            .then(|| application.methods.entry(request.method.to_owned()).or_default());
        if let Some(log) = method {
            wait = wait.max(log.wait(self.limits.per_method_per_second, window, now.0));
            if wait == 0 && take {
                log.take(self.limits.per_method_per_second, now.0);
            }
        }
        if wait > 0 {
            return Permit::Wait(Duration::from_micros(wait));
        }
        if take {
            application.log.take(self.limits.per_second, now.0);
            application.today.1 += 1;
        }
        Permit::Granted
    }
}

#[async_trait]
impl Budget for LocalBudget {
    async fn ask(&self, request: &Request<'_>) -> Result<Permit, BudgetError> {
        Ok(self.decide(request, true))
    }

    async fn look(&self, request: &Request<'_>) -> Result<Permit, BudgetError> {
        Ok(self.decide(request, false))
    }

    async fn ban(&self, app: &str, scope: BanScope<'_>, for_: Duration) -> Result<(), BudgetError> {
        let until = self.clock.now().plus(for_);
        let mut applications = self.applications.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let bans = &mut applications.entry(app.to_owned()).or_insert_with(|| self.application(now)).bans;
        let scope = match scope {
            BanScope::App => None,
            BanScope::Method(method) => Some(method.to_owned()),
        };
        let ban = bans.entry(scope).or_insert(until);
        *ban = until.max(*ban);
        Ok(())
    }

    async fn usage(&self, app: &str) -> Result<Usage, BudgetError> {
        let now = self.clock.now();
        let applications = self.applications.lock().unwrap_or_else(PoisonError::into_inner);
        let mut usage = Usage { per_second: self.limits.per_second, per_day: self.limits.per_day, ..Usage::default() };
        if let Some(application) = applications.get(app) {
            let recent = application.log.0.iter().filter(|at| now.0.saturating_sub(**at) < 1_000_000).count();
            usage.used_last_second = u32::try_from(recent).unwrap_or(u32::MAX);
            if application.today.0 == day(now.0).0 {
                usage.used_today = u32::try_from(application.today.1).unwrap_or(u32::MAX);
            }
            let lasting = application.bans.iter().filter(|(_, until)| **until > now);
            usage.bans = lasting
                .map(|(scope, until)| (scope.clone().unwrap_or_else(|| "app".into()), until.since(now)))
                .collect();
        }
        Ok(usage)
    }
}
