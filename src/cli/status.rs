//! `aligate status`

use std::process::ExitCode;

use serde_json::Value;

use super::gateway::GatewayArg;
use super::{ago, print_json};

/// Lanes, depth, oldest age, dead letters, token, limits.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate status --shop main --json | jq .lanes.stock.oldest_age_ms")]
pub(super) struct Status {
    /// One shop; all where it is left out
    #[arg(long)]
    shop: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Status {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let answer = match &self.shop {
            Some(shop) => gateway.get(&format!("/v1/shops/{shop}/status")).await?,
            None => gateway.get("/v1/shops").await?,
        };
        if self.json {
            print_json(&answer)?;
            return Ok(ExitCode::SUCCESS);
        }
        match answer["shops"].as_array() {
            Some(shops) => shops.iter().for_each(print),
            None => print(&answer),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// How a token is, in a line.
pub(super) fn token(token: &Value) -> String {
    let mut line = token["state"].as_str().unwrap_or("?").to_owned();
    if let Some(source) = token["source"].as_str() {
        line += &format!(", by {source}");
    }
    for (what, secs) in [("access", &token["access_secs_left"]), ("consent", &token["consent_secs_left"])] {
        if let Some(secs) = secs.as_u64() {
            line += &format!(", {what} ends in {}", ago(secs.saturating_mul(1000)));
        }
    }
    for (what, words) in
        [("trouble", &token["trouble"]), ("a consent waits for confirmation, seller", &token["unconfirmed_seller"])]
    {
        if let Some(words) = words.as_str() {
            line += &format!("; {what}: {words}");
        }
    }
    line
}

fn print(shop: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let currency = shop["currency"].as_str().unwrap_or("currency unknown");
    println!("{}  {}  {}  {currency}", text(&shop["shop"]), text(&shop["mode"]), text(&shop["dialect"]));
    println!("  listings   {} SKUs in {}", shop["listings"]["skus"], shop["listings"]["listings"]);
    println!("  token      {}", token(&shop["token"]));
    if let Some(limits) = shop["limits"].as_object() {
        print!(
            "  budget     {} of {} requests in the last second",
            limits["used_last_second"], limits["requests_per_second"]
        );
        if limits["requests_per_day"].as_u64().unwrap_or_default() > 0 {
            print!(", {} of {} today", limits["used_today"], limits["requests_per_day"]);
        }
        for (what, secs) in limits["bans"].as_object().into_iter().flatten() {
            print!("; {what} banned for {secs} s");
        }
        println!();
    }
    if let Some(held) = shop["guard"]["held"].as_u64().filter(|held| *held > 0) {
        let shop = text(&shop["shop"]);
        println!("  guard      {held} change(s) wait for a decision: aligate guard show --shop {shop}");
    }
    let waiting = |stats: &Value| {
        let number = |key: &str| stats[key].as_u64().unwrap_or_default();
        let parked = stats["parked"].as_object().is_some_and(|parked| !parked.is_empty());
        ["depth", "leased", "awaiting", "held", "dead"].iter().any(|key| number(key) > 0)
            || parked
            || stats["paused"] == true
    };
    if !shop["lanes"].as_object().into_iter().flatten().any(|(_, stats)| waiting(stats)) {
        return println!("  nothing waits");
    }
    println!(
        "  {:<11}{:>8}{:>8}{:>9}{:>8}{:>6}{:>6}  oldest",
        "lane", "due", "leased", "awaiting", "parked", "held", "dead"
    );
    for (lane, stats) in shop["lanes"].as_object().into_iter().flatten() {
        let number = |key: &str| stats[key].as_u64().unwrap_or_default();
        let parked: u64 =
            stats["parked"].as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum();
        if !waiting(stats) {
            continue;
        }
        let paused = stats["paused"] == true;
        let oldest = if number("oldest_age_ms") > 0 { ago(number("oldest_age_ms")) } else { "-".into() };
        println!(
            "  {lane:<11}{:>8}{:>8}{:>9}{parked:>8}{:>6}{:>6}  {oldest}{}",
            number("depth"),
            number("leased"),
            number("awaiting"),
            number("held"),
            number("dead"),
            if paused { "  PAUSED" } else { "" },
        );
        for (reason, count) in stats["parked"].as_object().into_iter().flatten() {
            println!("             parked {reason}: {count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_tokens_line_says_its_life_and_what_is_wrong() {
        let life = json!({"state": "ok", "source": "consent", "access_secs_left": 2_592_000, "consent_secs_left": 5_184_000,
            "trouble": null, "unconfirmed_seller": null});
        assert_eq!(super::token(&life), "ok, by consent, access ends in 30 d, consent ends in 60 d");
        let life = json!({"state": "needs_consent", "trouble": "it ended", "unconfirmed_seller": "999"});
        let line = "needs_consent; trouble: it ended; a consent waits for confirmation, seller: 999";
        assert_eq!(super::token(&life), line);
        assert_eq!(super::token(&json!({"state": "missing"})), "missing");
    }
}
