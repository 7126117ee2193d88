//! The simulator alone, for a person: says how to reach it, runs until stopped.

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Simulator, SimulatorOptions};

/// What a person may choose.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Address and port.
    pub listen: SocketAddr,
    /// Products.
    pub products: usize,
    /// SKUs of each.
    pub skus: usize,
    /// The application key.
    pub app_key: String,
    /// Its secret.
    pub app_secret: String,
    /// The access token.
    pub token: String,
    /// Requests a second before it bans; 0 = any number.
    pub requests_per_second: u32,
    /// Milliseconds before each answer.
    pub latency_ms: u64,
    /// The store's currency.
    pub currency: String,
}

impl Default for RunOptions {
    fn default() -> Self {
        let SimulatorOptions { products, skus, app_key, app_secret, tokens, currency, requests_per_second, .. } =
            SimulatorOptions::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8090)),
            products,
            skus,
            app_key,
            app_secret,
            token: tokens.into_iter().next().unwrap_or_default(),
            requests_per_second,
            latency_ms: 0,
            currency,
        }
    }
}

/// Runs until `stop`.
///
/// # Errors
/// Where the address cannot be had.
pub async fn run(options: RunOptions, stop: CancellationToken) -> std::io::Result<()> {
    let simulator = Simulator::start(SimulatorOptions {
        listen: options.listen,
        app_key: options.app_key.clone(),
        app_secret: options.app_secret.clone(),
        tokens: vec![options.token.clone()],
        products: options.products,
        skus: options.skus,
        currency: options.currency.clone(),
        requests_per_second: options.requests_per_second,
        latency: Duration::from_millis(options.latency_ms),
        ..SimulatorOptions::default()
    })?;
    let (url, products, skus) = (simulator.url(), options.products, options.skus);
    println!(
        "AliExpress is played at {url}: {products} products of {skus} SKUs (SKU-00001-01 …), {} requests a second",
        options.requests_per_second
    );
    println!("look at it: {url}/_simulator/summary  /catalogue  /ledger; break it: POST {url}/_simulator/faults");
    println!(
        "sellers consent at {url}/oauth/authorize at once (intake.public_url = \"http://127.0.0.1:8080\"); /_simulator/oauth changes who, when, and what is taken back"
    );
    println!(
        "\n[aliexpress]\ngateway_url = \"{url}\"\n\n[[shops]]\nid = \"main\"\nwebhook_secrets = [\"…\"]   # aligate secret\napp_key = \"{}\"\napp_secret = \"{}\"\ntoken = \"{}\"\ncurrency = \"{}\"",
        options.app_key, options.app_secret, options.token, options.currency
    );
    stop.cancelled().await;
    simulator.stop().await;
    Ok(())
}
