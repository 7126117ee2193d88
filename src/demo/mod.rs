//! The whole on one machine: a shop emits events, a real gateway on the embedded store takes them over HTTP, a
//! simulated AliExpress gets the newest states; at the end both sides are compared, state by state.

pub mod commerceml;
mod emit;
mod measure;
mod shop;
mod summary;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

pub use summary::Summary;

use self::emit::Emitter;
use self::shop::{Changes, Offer, Product, Shop};
use crate::app::App;
use crate::clock::{Clock, SystemClock};
use crate::config;
use crate::domain::Lane;
use crate::http_client;
use crate::signing::standard_webhooks::Secret;
use crate::simulator::{CatalogueProduct, CatalogueSku, Simulator, SimulatorOptions};

/// The shop of the demo.
const SHOP: &str = "demo";
/// The longest wait for AliExpress to have everything, after the last change.
const DRAIN_MAX: Duration = Duration::from_secs(120);

/// What to show.
#[derive(Debug, Clone)]
pub struct Options {
    /// Changes to emit.
    pub changes: usize,
    /// Products of the invented shop.
    pub products: usize,
    /// SKUs of each.
    pub skus: usize,
    /// Over how many seconds.
    pub seconds: u64,
    /// A 1C export to take the shop from.
    pub commerceml: Option<PathBuf>,
    /// Keep running afterwards.
    pub serve: bool,
    /// No progress bars.
    pub quiet: bool,
}

/// The parts of a running demo.
struct Stage {
    simulator: Simulator,
    intake: String,
    admin: String,
    token: SecretString,
    secret: Secret,
    stop: CancellationToken,
    app: tokio::task::JoinHandle<anyhow::Result<()>>,
    client: reqwest::Client,
    _dir: TempDir,
}

/// Runs the demo; `show` gets the summary before `--serve` keeps everything running.
///
/// # Errors
/// Where a part does not start, or AliExpress has not everything in time.
pub async fn run(
    options: Options,
    stop: CancellationToken,
    show: impl FnOnce(&Summary) -> anyhow::Result<()>,
) -> anyhow::Result<Summary> {
    let (shop, warnings) = shop(&options)?;
    for warning in warnings.iter().take(10) {
        eprintln!("note: {warning}");
    }
    let stage = Stage::set(&shop).await?;
    if !options.quiet {
        eprintln!(
            "a shop of {} SKUs in {} products; AliExpress allows 40 requests a second",
            shop.offers(),
            shop.products.len()
        );
    }
    let played = tokio::select! {
        summary = play(&stage, &shop, &options) => summary,
        () = stop.cancelled() => Err(anyhow::anyhow!("interrupted")),
    };
    if let Ok(summary) = &played {
        show(summary)?;
        if options.serve {
            println!(
                "\ngateway   {}\noperators {}  (Authorization: Bearer {})\nAliExpress {}/_simulator/summary\nstop with Ctrl-C",
                stage.intake,
                stage.admin,
                stage.token.expose_secret(),
                stage.simulator.url()
            );
            stop.cancelled().await;
        }
    }
    stage.strike().await?;
    played
}

fn shop(options: &Options) -> anyhow::Result<(Shop, Vec<String>)> {
    let Some(dir) = &options.commerceml else {
        return Ok((Shop::invented(options.products, options.skus), Vec::new()));
    };
    let loaded = commerceml::load(dir)?;
    let mut currency = None;
    let mut products = Vec::new();
    for product in loaded.shop.products {
        let offers: Vec<Offer> = product
            .offers
            .into_iter()
            .filter_map(|offer| {
                currency = currency.or(offer.currency);
                Some(Offer { sku: offer.sku, quantity: offer.quantity, price: offer.price? })
            })
            .collect();
        if !offers.is_empty() {
            products.push(Product { offers });
        }
    }
    if products.is_empty() {
        bail!("{} holds no product with a price", dir.display());
    }
    let currency = currency.map_or_else(|| "RUB".parse(), Ok)?;
    Ok((Shop { products, currency }, loaded.warnings))
}

impl Stage {
    /// Starts AliExpress and the gateway, and lets the gateway read the listings.
    async fn set(shop: &Shop) -> anyhow::Result<Self> {
        let dir = TempDir::new()?;
        let simulator = Simulator::start(SimulatorOptions {
            products: 0,
            currency: shop.currency.to_string(),
            requests_per_second: 40,
            latency: Duration::from_millis(50),
            ..SimulatorOptions::default()
        })?;
        simulator.catalogue().replace(catalogue(shop));
        let secret_text = Secret::generate();
        let text = format!(
            r#"
            [intake]
            listen = "127.0.0.1:0"
            [admin]
            listen = "127.0.0.1:0"
            [store]
            url = "sqlite:{dir}/demo.db"
            key_file = "{dir}/demo.key"
            [aliexpress]
            gateway_url = "{url}"
            [[shops]]
            id = "{SHOP}"
            webhook_secrets = ["{secret_text}"]
            app_key = "{key}"
            app_secret = "{secret}"
            token = "{token}"
            currency = "{currency}"
            "#,
            dir = dir.0.display(),
            url = simulator.url(),
            key = SimulatorOptions::default().app_key,
            secret = SimulatorOptions::default().app_secret,
            token = SimulatorOptions::default().tokens[0],
            currency = shop.currency,
        );
        let file = dir.0.join("demo.toml");
        std::fs::write(&file, text)?;
        let config = config::load(&config::Sources { file: Some(file), environment: Vec::new() })?;
        let app = App::build(config).await?;
        let (intake, admin) = (format!("http://{}", app.intake_addr()), format!("http://{}", app.admin_addr()));
        let token = std::fs::read_to_string(app.admin_token_file().context("the demo makes its own token")?)?;
        let stop = CancellationToken::new();
        let app = tokio::spawn(app.run(stop.clone()));
        let client = http_client::build(Duration::from_secs(3), Duration::from_secs(30))?;
        let secret = secret_text.parse().context("a generated secret is one")?;
        Ok(Self {
            simulator,
            intake,
            admin,
            token: token.trim().to_owned().into(),
            secret,
            stop,
            app,
            client,
            _dir: dir,
        })
    }

    async fn strike(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.app.await??;
        self.simulator.stop().await;
        Ok(())
    }

    async fn ask(&self, method: reqwest::Method, path: &str) -> anyhow::Result<Value> {
        let request = self.client.request(method, format!("{}{path}", self.admin));
        let response = request.bearer_auth(self.token.expose_secret()).send().await?.error_for_status()?;
        Ok(serde_json::from_str(&http_client::text(response).await?)?)
    }

    /// Lets the gateway read the listings, as a seller does once.
    async fn import(&self, bar: &ProgressBar) -> anyhow::Result<()> {
        let job = self.ask(reqwest::Method::POST, &format!("/v1/shops/{SHOP}/listings/import")).await?;
        let id = job["job"].as_str().context("the import has an id")?.to_owned();
        loop {
            let job = self.ask(reqwest::Method::GET, &format!("/v1/shops/{SHOP}/jobs/{id}")).await?;
            bar.set_length(job["total"].as_u64().unwrap_or_default());
            bar.set_position(job["done"].as_u64().unwrap_or_default());
            match job["state"].as_str() {
                Some("running") => tokio::time::sleep(Duration::from_millis(50)).await,
                Some("done") => {
                    bar.finish();
                    return Ok(());
                }
                _ => bail!("the import of listings failed: {job}"),
            }
        }
    }

    /// States that AliExpress does not have yet.
    async fn pending(&self) -> anyhow::Result<u64> {
        let status = self.ask(reqwest::Method::GET, &format!("/v1/shops/{SHOP}/status")).await?;
        let lanes = status["lanes"].as_object().context("a status has lanes")?;
        let count =
            |lane: &Value| ["depth", "leased", "dead"].iter().filter_map(|key| lane[*key].as_u64()).sum::<u64>();
        Ok(lanes.values().map(count).sum())
    }
}

async fn play(stage: &Stage, shop: &Shop, options: &Options) -> anyhow::Result<Summary> {
    let bars = Bars { quiet: options.quiet };
    stage.import(&bars.bar(0, "listings read")).await?;
    let before = stage.simulator.ledger().summary();
    let changes = Changes::new(shop, 2);
    let emitter = Emitter {
        url: format!("{}/v1/shops/{SHOP}/events", stage.intake),
        secret: stage.secret.clone(),
        client: stage.client.clone(),
        clock: Arc::new(SystemClock),
    };
    let started = Instant::now();
    let bar = bars.bar(options.changes as u64, "changes emitted");
    let emitted = emitter.emit(changes, options.changes, Duration::from_secs(options.seconds), &bar).await?;
    bar.finish();
    let emitting = started.elapsed();

    let bar = bars.bar(0, "states on AliExpress");
    let deadline = Instant::now() + DRAIN_MAX;
    let mut most = 0;
    loop {
        let pending = stage.pending().await?;
        most = most.max(pending);
        bar.set_length(most);
        bar.set_position(most - pending);
        if pending == 0 {
            break;
        }
        if Instant::now() > deadline {
            bail!("{pending} states did not reach AliExpress within {} s", DRAIN_MAX.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bar.finish();
    let whole = started.elapsed();
    Ok(Summary::of(stage.simulator.ledger(), &before, stage.simulator.catalogue(), &emitted, emitting, whole))
}

fn catalogue(shop: &Shop) -> Vec<CatalogueProduct> {
    let sku = |offer: &Offer| CatalogueSku {
        sku: offer.sku.to_string(),
        stock: offer.quantity,
        price: offer.price.to_string(),
        discount_price: None,
    };
    let product = |(at, product): (usize, &Product)| CatalogueProduct {
        id: 1_005_000_000_000_001 + at as u64,
        skus: product.offers.iter().map(sku).collect(),
    };
    shop.products.iter().enumerate().map(product).collect()
}

/// Progress bars on a terminal, nothing in a pipe.
struct Bars {
    quiet: bool,
}

impl Bars {
    fn bar(&self, length: u64, what: &'static str) -> ProgressBar {
        if self.quiet {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{bar:40.cyan} {pos:>7}/{len:7} {msg} {elapsed}");
        ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
    }
}

/// A folder that goes when the demo does.
#[derive(Debug)]
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> std::io::Result<Self> {
        let dir = std::env::temp_dir().join(format!("aligate-demo-{}", ulid::Ulid::generate()));
        std::fs::create_dir_all(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::debug!(%error, dir = %self.0.display(), "the demo's folder was not removed");
        }
    }
}

/// What AliExpress took of each key, oldest first.
type Taken = HashMap<(Lane, usize), Vec<(u64, String)>>;

/// The time now, microseconds since the epoch.
fn now(clock: &dyn Clock) -> u64 {
    clock.now().0
}

/// A body of events.
fn body(events: &[Value]) -> Vec<u8> {
    json!({ "events": events }).to_string().into_bytes()
}
