//! The application as a value: [`App::build`] makes it of a configuration, [`App::run`] runs it until it is told to stop.
//!
//! One owner of start and stop. Stopping: no new leases and no new requests, what is in flight settles, what waits is
//! committed, then the end, all within `worker.stop_secs_max`. A part that ends by itself stops the process.

mod backend;
mod monitor;
mod orders;
mod parts;
mod running;
pub mod signal;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use tokio_util::sync::CancellationToken;

use self::backend::Backend;
use self::orders::OrderParts;
use self::running::Running;
use crate::aliexpress::Applications;
use crate::clock::{SharedClock, SystemClock};
use crate::config::{AdminToken, Config, Role};
use crate::domain::Lane;
use crate::guard::Guard;
use crate::http;
use crate::listings::{PriceRules, StoreCurrencies};
use crate::oauth::OAuth;
use crate::publishing::{Publisher, Tools};
use crate::queue::{ParkReason, Queue, Which};
use crate::store::Documents;
use crate::store::keys;
use crate::store::redis::RedisStore;
use crate::telemetry::health::HealthBoard;
use crate::telemetry::metric;

/// The document that keeps the rules by which a shop's stock was last rendered.
const RULES_DOCUMENT: &str = "shop/rules";

/// The whole gateway, ready to run: both sockets are open, the store is checked.
#[derive(Debug)]
pub struct App {
    config: Config,
    intake: TcpListener,
    admin: TcpListener,
    admin_token_file: Option<PathBuf>,
    admin_tokens: Vec<AdminToken>,
    backend: Backend,
    applications: Arc<Applications>,
    orders: OrderParts,
    oauth: Arc<OAuth>,
    currencies: StoreCurrencies,
    rules: PriceRules,
    publisher: Arc<Publisher>,
    guard: Arc<Guard>,
    clock: SharedClock,
    health: Arc<HealthBoard>,
}

impl App {
    /// Opens the store and the sockets.
    ///
    /// # Errors
    /// Whatever keeps the gateway from running, with what to do about it.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        Self::build_with(config, Arc::new(SystemClock)).await
    }

    /// As [`App::build`], with a clock of the caller's. Redis keeps its own time: [`App::redis`].
    ///
    /// # Errors
    /// As [`App::build`].
    pub async fn build_with(config: Config, clock: SharedClock) -> anyhow::Result<Self> {
        metric::prometheus();
        // The store first: of two gateways on one file the second is to hear of the file, not of a port.
        let backend = Backend::open(&config, &clock).await?;
        let intake = http::bind(config.intake.listen).context("intake.listen")?;
        let admin = http::bind(config.admin.listen).context("admin.listen")?;
        let (admin_tokens, admin_token_file) = admin_tokens(&config)?;
        let applications = Arc::new(parts::applications(&config, &backend, &clock)?);
        let orders = OrderParts::new(&config, &backend, &clock)?;
        let shops: Vec<_> = config.shops.iter().map(|shop| (shop.id.clone(), shop.currency)).collect();
        let currencies = StoreCurrencies::load(&shops, backend.documents.as_ref()).await?;
        let rules = PriceRules::new(Arc::clone(&backend.documents));
        let guard = Arc::new(Guard::new(config.guard, Arc::clone(&backend.tally), Arc::clone(&backend.queue)));
        let tools = Tools {
            queue: Arc::clone(&backend.queue),
            guard: Arc::clone(&guard),
            book: Arc::clone(&backend.book),
            documents: Arc::clone(&backend.documents),
            applications: Arc::clone(&applications),
            currencies: currencies.clone(),
            rules: rules.clone(),
        };
        let publisher = Arc::new(Publisher::new(&config, tools).context("the HTTP client for pictures")?);
        for shop in &config.shops {
            // Its price rules are known before the first price comes in.
            publisher.mappings.look_at_all(&shop.id).await.with_context(|| format!("shop {}", shop.id))?;
        }
        let health = Arc::new(HealthBoard::new(Arc::clone(&clock)));
        let oauth = parts::oauth(&config, &backend, &applications, &health);
        oauth.load().await?;
        let app = Self {
            config,
            intake,
            admin,
            admin_token_file,
            admin_tokens,
            backend,
            applications,
            orders,
            oauth,
            currencies,
            rules,
            publisher,
            guard,
            clock,
            health,
        };
        for shop in &app.config.shops {
            app.admit(shop).await.with_context(|| format!("shop {}", shop.id))?;
        }
        Ok(app)
    }

    /// Where shops send events.
    pub fn intake_addr(&self) -> SocketAddr {
        local(&self.intake)
    }

    /// Where operators look.
    pub fn admin_addr(&self) -> SocketAddr {
        local(&self.admin)
    }

    /// The file of the token that was made because none is configured.
    pub fn admin_token_file(&self) -> Option<&Path> {
        self.admin_token_file.as_deref()
    }

    /// The queue, for those who run the gateway in their own process.
    pub fn queue(&self) -> Arc<dyn Queue> {
        Arc::clone(&self.backend.queue)
    }

    /// Documents of shops, for those who run the gateway in their own process.
    pub fn documents(&self) -> Arc<dyn Documents> {
        Arc::clone(&self.backend.documents)
    }

    /// The shared store, for tests, which move its time; nothing where the store is embedded.
    pub fn redis(&self) -> Option<Arc<RedisStore>> {
        self.backend.redis.clone()
    }

    /// Runs until `stop`, or until a part ends by itself.
    ///
    /// # Errors
    /// Where a part ended by itself.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let stop_max = self.config.worker.stop_max;
        let mut running = Running::start(self)?;
        let ended = tokio::select! {
            () = stop.cancelled() => None,
            part = running.parts.join_next() => part,
        };
        tracing::info!("stopping: what is in flight settles");
        if tokio::time::timeout(stop_max, running.stop()).await.is_err() {
            tracing::warn!("the stop took too long; leases that are left run out by themselves");
        }
        match ended {
            None => Ok(()),
            Some(Ok(part)) => Err(anyhow!("{part} ended by itself")),
            Some(Err(error)) => Err(anyhow!("a part of the gateway failed: {error}")),
        }
    }

    /// Puts what the configuration changed since the last start into effect for a shop's kept states.
    async fn admit(&self, shop: &crate::config::ShopConfig) -> anyhow::Result<()> {
        let (queue, documents) = (&self.backend.queue, &self.backend.documents);
        let rules = serde_json::to_string(&shop.stock).expect("rules are plain data");
        let before = documents.get(&shop.id, RULES_DOCUMENT).await?;
        if before.as_deref() != Some(rules.as_str()) {
            if before.is_some() {
                tracing::info!(shop.id = %shop.id, "the stock rules changed; kept stock is sent again");
                queue.forget(&shop.id, Lane::Stock, &Which::All, true).await?;
            }
            documents.put(&shop.id, RULES_DOCUMENT, &rules).await?;
        }
        let reasons = match shop.mode {
            crate::config::Mode::Live => &[ParkReason::Observe, ParkReason::CurrencyMismatch][..],
            crate::config::Mode::Observe => &[ParkReason::CurrencyMismatch][..],
        };
        for lane in [Lane::Stock, Lane::Price, Lane::Product, Lane::Fulfilment] {
            for reason in reasons {
                while queue.release(&shop.id, lane, *reason).await? > 0 {}
            }
        }
        // The table of carriers may have changed, and shipments of older versions wait for a handler.
        while queue.release(&shop.id, Lane::Fulfilment, ParkReason::CarrierMissing).await? > 0 {}
        if self.orders.sinks.contains_key(&shop.id) {
            for lane in [Lane::Order, Lane::Notice] {
                while queue.release(&shop.id, lane, ParkReason::NoEndpoint).await? > 0 {}
            }
        }
        Ok(())
    }
}

fn local(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("a bound socket has an address")
}

fn admin_tokens(config: &Config) -> anyhow::Result<(Vec<AdminToken>, Option<PathBuf>)> {
    if !config.admin.tokens.is_empty() {
        return Ok((config.admin.tokens.clone(), None));
    }
    let (token, file) = keys::admin_token(config.store.beside())?;
    Ok((vec![AdminToken { name: "operator".into(), role: Role::Operator, token }], Some(file)))
}
