//! The budget of all replicas together, counted in Redis and in Redis' time.
//!
//! Keys, all of an application in one hash slot: `aligate:budget:{app}:log` (LIST of grant times, µs) ·
//! `…:log:<method>` · `…:day:<number>` (counter) · `…:bans` (HASH scope → until, µs) · `…:marker` (its absence shows that
//! the store was emptied).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis::{self, Value};

use super::{BanScope, Budget, BudgetError, Limits, Permit, Request, Usage, day};
use crate::clock::{Clock, SystemClock};
use crate::store::redis::{RedisStore, Script};

static ASK: Script = Script::new(|| redis::Script::new(include_str!("ask.lua")));
static BAN: Script = Script::new(|| redis::Script::new(include_str!("ban.lua")));
static USAGE: Script = Script::new(|| redis::Script::new(include_str!("usage.lua")));

fn flatten(value: Value, texts: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| flatten(item, texts)),
        Value::Int(number) => texts.push(number.to_string()),
        Value::BulkString(bytes) => texts.push(String::from_utf8_lossy(&bytes).into_owned()),
        Value::SimpleString(text) => texts.push(text),
        _ => texts.push(String::new()),
    }
}

/// Counts in Redis.
#[derive(Debug)]
pub struct RedisBudget {
    limits: Limits,
    store: Arc<RedisStore>,
}

impl RedisBudget {
    /// A budget counted by this store.
    pub fn new(limits: Limits, store: Arc<RedisStore>) -> Self {
        Self { limits, store }
    }

    /// A script's answer, flattened to texts in order; all its keys are in one hash slot.
    async fn eval(&self, script: &Script, keys: &[String], args: Vec<String>) -> Result<Vec<String>, BudgetError> {
        let args: Vec<Vec<u8>> = args.into_iter().map(String::into_bytes).collect();
        let answer: Value =
            self.store.run_on(script, keys, &args).await.map_err(|error| BudgetError(error.to_string()))?;
        let mut texts = Vec::new();
        flatten(answer, &mut texts);
        Ok(texts)
    }

    async fn decide(&self, request: &Request<'_>, take: bool) -> Result<Permit, BudgetError> {
        let key = |rest: &str| key(request.app, rest);
        // The day is told by this machine's clock: an hour's skew moves a quota's midnight, never a window of a second.
        let (today, left) = day(SystemClock.now().0);
        let keys = [
            key("log"),
            key(&format!("log:{}", request.method)),
            key(&format!("day:{today}")),
            key("bans"),
            key("marker"),
        ];
        let args = vec![
            u8::from(take).to_string(),
            self.limits.per_second.max(1).to_string(),
            self.limits.window_us().to_string(),
            self.limits.per_method_per_second.to_string(),
            self.limits.day_max(request.essential).unwrap_or(0).to_string(),
            request.method.to_owned(),
            "172800".to_owned(),
            self.store.ahead_us().to_string(),
        ];
        let answer = self.eval(&ASK, &keys, args).await?;
        let number = |at: usize| answer.get(at).and_then(|text| text.parse::<u64>().ok());
        let for_ = Duration::from_micros(number(1).unwrap_or_default());
        match number(0) {
            Some(0) => Ok(Permit::Granted),
            Some(1) => Ok(Permit::Wait(for_)),
            Some(2) => Ok(Permit::Banned { for_ }),
            Some(3) => Ok(Permit::DaySpent { for_: left }),
            _ => Err(BudgetError("the script gave no answer".into())),
        }
    }
}

fn key(app: &str, rest: &str) -> String {
    format!("aligate:budget:{{{app}}}:{rest}")
}

#[async_trait]
impl Budget for RedisBudget {
    async fn ask(&self, request: &Request<'_>) -> Result<Permit, BudgetError> {
        self.decide(request, true).await
    }

    async fn look(&self, request: &Request<'_>) -> Result<Permit, BudgetError> {
        self.decide(request, false).await
    }

    async fn ban(&self, app: &str, scope: BanScope<'_>, for_: Duration) -> Result<(), BudgetError> {
        let scope = match scope {
            BanScope::App => "app",
            BanScope::Method(method) => method,
        };
        let args = vec![scope.to_owned(), for_.as_micros().to_string(), self.store.ahead_us().to_string()];
        self.eval(&BAN, &[key(app, "bans")], args).await?;
        Ok(())
    }

    async fn usage(&self, app: &str) -> Result<Usage, BudgetError> {
        let (today, _) = day(SystemClock.now().0);
        let keys = [key(app, "log"), key(app, &format!("day:{today}")), key(app, "bans")];
        let answer = self.eval(&USAGE, &keys, vec![self.store.ahead_us().to_string()]).await?;
        let number = |text: Option<&String>| text.and_then(|text| text.parse().ok()).unwrap_or_default();
        let bans = answer.get(2..).unwrap_or_default().chunks_exact(2);
        Ok(Usage {
            used_last_second: number(answer.first()),
            per_second: self.limits.per_second,
            used_today: number(answer.get(1)),
            per_day: self.limits.per_day,
            bans: bans.map(|ban| (ban[0].clone(), Duration::from_micros(ban[1].parse().unwrap_or_default()))).collect(),
        })
    }
}
