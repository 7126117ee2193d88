//! `aligate trace`

use std::process::ExitCode;

use serde_json::Value;

use super::gateway::{Gateway, GatewayArg};
use super::print_json;

/// The history of one SKU, to AliExpress's verdict.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: aligate trace --shop main TSHIRT-RED-M")]
pub(super) struct Trace {
    /// The shop
    #[arg(long)]
    shop: String,
    /// The SKU (or a product id, or an order id)
    sku: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

/// What is known of a key.
pub(super) async fn fetch(gateway: &Gateway, shop: &str, key: &str) -> anyhow::Result<Value> {
    let query: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    gateway.get(&format!("/v1/shops/{shop}/trace?sku={query}")).await
}

impl Trace {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let trace = fetch(&self.gateway.open()?, &self.shop, &self.sku).await?;
        if self.json {
            print_json(&trace)?;
            return Ok(ExitCode::SUCCESS);
        }
        println!("{}", self.sku);
        for listing in trace["listings"].as_array().into_iter().flatten() {
            println!("  on AliExpress in {listing}");
        }
        trace["lanes"].as_array().into_iter().flatten().for_each(print_lane);
        Ok(ExitCode::SUCCESS)
    }
}

/// What is known of a key in one lane, for people.
pub(super) fn print_lane(lane: &Value) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let time = |value: &Value| {
        let at = value.as_i64().and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
        at.map_or_else(|| "-".into(), |at| at.to_string())
    };
    let entry = &lane["entry"];
    println!("{} {} version {} {}", text(&entry["lane"]), text(&entry["place"]), entry["version"], entry["state"]);
    for (listing, value) in lane["confirmed"].as_object().into_iter().flatten() {
        println!("  {listing} has {}", text(value));
    }
    if let Some(reason) = entry["reason"].as_str() {
        println!("  {reason}: {}", text(&entry["detail"]));
    }
    for line in lane["history"].as_array().into_iter().flatten() {
        let (what, detail) = (text(&line["what"]), text(&line["detail"]));
        println!("  {}  {what:<14} {}  {detail}", time(&line["at_ms"]), line["version"]);
    }
}
