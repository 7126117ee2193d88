//! `aligate guard`

use std::process::ExitCode;

use serde_json::{Value, json};

use super::gateway::GatewayArg;
use super::{ago, print_json};

/// What the avalanche guard holds: look at it, let it go, drop it.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Guard {
    /// Show what is held, and how near the guard is to holding.
    #[command(after_help = "Example: aligate guard show --shop main --kind zero_stock")]
    Show(Show),
    /// It was right: send it, and what else of the kind comes with it.
    #[command(after_help = "Example: aligate guard confirm --shop main")]
    Confirm(Act),
    /// It was wrong: AliExpress keeps what it has.
    #[command(after_help = "Example: aligate guard discard --shop main --kind price")]
    Discard(Act),
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The shop
    #[arg(long)]
    shop: String,
    /// One kind; all where it is left out
    #[arg(long, value_parser = kinds())]
    kind: Option<String>,
    /// The most changes to print of each kind
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

#[derive(Debug, clap::Args)]
pub(super) struct Act {
    /// The shop
    #[arg(long)]
    shop: String,
    /// One kind; all where it is left out
    #[arg(long, value_parser = kinds())]
    kind: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

/// The kinds, each with the lane that it is held in.
const KINDS: [(&str, &str); 3] = [("withdrawal", "product"), ("zero_stock", "stock"), ("price", "price")];

fn kinds() -> clap::builder::PossibleValuesParser {
    KINDS.map(|(kind, _)| kind).into()
}

impl Guard {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Guard::Show(show) => show.run().await,
            Guard::Confirm(act) => act.run("confirm").await,
            Guard::Discard(act) => act.run("discard").await,
        }
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let status = gateway.get(&format!("/v1/shops/{}/status", self.shop)).await?;
        let mut shown = json!({"held": status["guard"]["held"], "kinds": {}});
        for (kind, lane) in KINDS.iter().filter(|(kind, _)| self.kind.as_deref().is_none_or(|meant| meant == *kind)) {
            let mut stands = status["guard"]["kinds"][kind].clone();
            let mut changes: Vec<Value> = Vec::new();
            let mut cursor = String::new();
            while changes.len() < self.limit && stands["held"].as_u64().unwrap_or_default() > 0 {
                let limit = (self.limit - changes.len()).min(1000);
                let mut query = url::form_urlencoded::Serializer::new(format!("place=held&lane={lane}&limit={limit}"));
                if !cursor.is_empty() {
                    query.append_pair("cursor", &cursor);
                }
                let page = gateway.get(&format!("/v1/shops/{}/entries?{}", self.shop, query.finish())).await?;
                changes.extend(page["items"].as_array().cloned().unwrap_or_default());
                match page["next"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            stands["changes"] = changes.into();
            shown["kinds"][kind] = stands;
        }
        match self.json {
            true => print_json(&shown)?,
            false => print(&shown),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(shown: &Value) {
    for (kind, stands) in shown["kinds"].as_object().into_iter().flatten() {
        let number = |key: &str| stands[key].as_u64().unwrap_or_default();
        print!("{kind:<12}{} held; {} fell lately, {} may", number("held"), number("fallen"), number("limit"));
        match stands["let_secs"].as_u64() {
            Some(secs) => println!("; confirmed, all goes for {}", ago(secs * 1000)),
            None => println!(),
        }
        for change in stands["changes"].as_array().into_iter().flatten() {
            let text = |key: &str| change[key].as_str().unwrap_or("-").to_owned();
            println!("  {:<32}{:<10}{}", text("key"), text("cause"), text("detail"));
        }
    }
}

impl Act {
    async fn run(self, what: &str) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let body = self.kind.map_or(json!({}), |kind| json!({"kind": kind}));
        let answer = gateway.post(&format!("/v1/shops/{}/guard/{what}", self.shop), &body).await?;
        if self.json {
            print_json(&answer)?;
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} change(s): {what}", answer["count"]);
        Ok(ExitCode::SUCCESS)
    }
}
