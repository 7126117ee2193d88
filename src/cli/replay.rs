//! `aligate replay`

use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;

use super::gateway::GatewayArg;
use super::print_json;

/// Send kept states again, although they were confirmed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate replay --shop main --lane stock --since 2h --dry-run")]
pub(super) struct Replay {
    /// The shop
    #[arg(long)]
    shop: String,
    /// One lane; stock and price where it is left out
    #[arg(long, value_parser = super::lanes())]
    lane: Option<String>,
    /// States changed since then: a time (2026-11-23T10:00:00Z) or a span back from now (90m, 2h, 1d)
    #[arg(long, value_name = "T", value_parser = time)]
    since: Option<jiff::Timestamp>,
    /// States changed before then
    #[arg(long, value_name = "T", value_parser = time)]
    until: Option<jiff::Timestamp>,
    /// These keys alone
    #[arg(long = "key", value_name = "K", num_args = 1..)]
    keys: Vec<String>,
    /// Only say how much it would be
    #[arg(long)]
    dry_run: bool,
    /// Print JSON, do not wait for the job
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Replay {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let mut body = json!({"keys": self.keys, "dry_run": self.dry_run});
        if let Some(lane) = self.lane {
            body["lane"] = lane.into();
        }
        for (name, given) in [("since", self.since), ("until", self.until)] {
            if let Some(given) = given {
                body[name] = given.to_string().into();
            }
        }
        let answer = gateway.post(&format!("/v1/shops/{}/replay", self.shop), &body).await?;
        if self.json {
            print_json(&answer)?;
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} state(s), about {} request(s)", answer["matched"], answer["requests"]);
        if !self.dry_run {
            let job = gateway.follow(&self.shop, &answer, false).await?;
            println!("{} state(s) are due again", job["done"]);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn time(text: &str) -> anyhow::Result<jiff::Timestamp> {
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    let span: jiff::Span = text.parse().ok().context("is neither a time nor a span such as 2h")?;
    let now = crate::clock::Clock::now(&crate::clock::SystemClock);
    let now = jiff::Timestamp::from_microsecond(i64::try_from(now.0)?)?;
    // A day has 24 hours here: what is meant is a span of real time.
    let span = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours())?;
    Ok(now.checked_sub(span)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_and_spans_are_both_understood() {
        assert_eq!(super::time("2026-11-23T10:00:00Z").unwrap().as_second(), 1_795_428_000);
        let (hour, day) = (super::time("1h").unwrap(), super::time("1d").unwrap());
        assert!((hour.as_second() - day.as_second() - 23 * 3600).abs() <= 2);
        assert!(super::time("yesterday").is_err());
    }
}
