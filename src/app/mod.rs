//! The application as a value: [`App::build`] makes it of a configuration, [`App::run`] runs it until it is told to stop.
//!
//! One owner of start and stop. Stopping: no new leases and no new requests, what is in flight settles, what waits is
//! committed, then the end, all within `worker.stop_secs_max`. A part that ends by itself stops the process.

mod backend;
mod monitor;
mod parts;
pub mod signal;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use anyhow::{Context, anyhow};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::backend::Backend;
use self::monitor::Monitor;
use crate::aliexpress::Applications;
use crate::batching::BatchLimits;
use crate::clock::{SharedClock, SystemClock};
use crate::config::{AdminToken, Config, Role};
use crate::domain::{Lane, ShopId};
use crate::http::intake::commit::{self, Writer};
use crate::http::{self, AdminAuth, Api, Intake};
use crate::jobs::{Jobs, Tools};
use crate::listings::StoreCurrencies;
use crate::queue::{ParkReason, Queue, Which};
use crate::store::{Documents, keys};
use crate::telemetry::health::HealthBoard;
use crate::telemetry::metric;
use crate::worker::{self, Client, Desk, Probe};

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
    currencies: StoreCurrencies,
    clock: SharedClock,
    health: Arc<HealthBoard>,
}

impl App {
    /// Opens the store and the sockets.
    ///
    /// # Errors
    /// Whatever keeps the gateway from running, with what to do about it.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        let clock: SharedClock = Arc::new(SystemClock);
        metric::prometheus();
        let intake = http::bind(config.intake.listen).context("intake.listen")?;
        let admin = http::bind(config.admin.listen).context("admin.listen")?;
        let backend = Backend::open(&config, &clock).await?;
        let (admin_tokens, admin_token_file) = admin_tokens(&config)?;
        let applications = Arc::new(parts::applications(&config, &backend, &clock)?);
        let shops: Vec<_> = config.shops.iter().map(|shop| (shop.id.clone(), shop.currency)).collect();
        let currencies = StoreCurrencies::load(&shops, backend.documents.as_ref()).await?;
        let health = Arc::new(HealthBoard::new(Arc::clone(&clock)));
        let app = Self {
            config,
            intake,
            admin,
            admin_token_file,
            admin_tokens,
            backend,
            applications,
            currencies,
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

    /// Runs until `stop`, or until a part ends by itself.
    ///
    /// # Errors
    /// Where a part ended by itself.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let config = self.config;
        let (stopping, rounds, tasks) = (CancellationToken::new(), TaskTracker::new(), TaskTracker::new());
        let wake = Arc::new(Notify::new());
        let (queue, documents) = (Arc::clone(&self.backend.queue), Arc::clone(&self.backend.documents));
        let (committer, writer) =
            commit::writer(Arc::clone(&queue), config.intake.queue_max, config.store.timeout, Arc::clone(&wake));
        let limits = BatchLimits {
            products: config.aliexpress.products_per_request_max,
            skus_per_product: config.aliexpress.skus_per_product_max,
        };
        let shops: Vec<ShopId> = config.shops.iter().map(|shop| shop.id.clone()).collect();
        let tools = Tools {
            queue: Arc::clone(&queue),
            documents,
            applications: Arc::clone(&self.applications),
            currencies: self.currencies.clone(),
            clock: Arc::clone(&self.clock),
        };
        let jobs = Jobs::new(tools, shops, tasks.clone(), stopping.clone());
        let api = web::Data::new(Api {
            queue: Arc::clone(&queue),
            shops: config.shops.clone().into(),
            applications: Arc::clone(&self.applications),
            jobs: jobs.clone(),
            health: Arc::clone(&self.health),
            currencies: self.currencies.clone(),
            limits,
        });
        let intake =
            web::Data::new(Intake::new(&config, committer, self.currencies.clone(), Arc::clone(&self.clock)));
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let shops_server =
            http::intake_server(self.intake, intake, api.clone(), config.intake.connections_max, threads)?;
        let auth = web::Data::new(AdminAuth::new(self.admin_tokens));
        let admin_server = http::admin_server(self.admin, auth, api)?;
        let servers = [shops_server.handle(), admin_server.handle()];

        let desk = Arc::new(Desk {
            queue,
            currencies: self.currencies,
            clock: self.clock,
            limits,
            methods: config.aliexpress.methods.clone(),
            lanes: Lane::ALL.map(|lane| *config.worker.lane(lane)),
            poll_max: config.worker.poll_max,
            wake,
            rounds: rounds.clone(),
        });
        let writer_stop = CancellationToken::new();
        let mut parts: JoinSet<&'static str> = JoinSet::new();
        spawn(&mut parts, "the intake listener", shops_server);
        spawn(&mut parts, "the admin listener", admin_server);
        spawn(&mut parts, "the store's writer", Writer::run(writer, writer_stop.clone()));
        let monitor = Monitor { inspect: self.backend.inspect, health: Arc::clone(&self.health) };
        spawn(&mut parts, "the monitor", monitor.run(stopping.clone()));
        spawn(&mut parts, "the jobs", async move { jobs.run().await });
        if config.worker.enabled {
            let clients = parts::clients(&config, &self.applications);
            for application in self.applications.all() {
                let own = clients.iter().filter(|client| client.access.application.key() == application.key());
                let run = worker::run(Arc::clone(&desk), Arc::clone(application), own.cloned().collect(), stopping.clone());
                spawn(&mut parts, "a dispatcher", run);
            }
            let methods = config.aliexpress.methods.clone();
            let live: Vec<Client> = clients.into_iter().filter(|client| !client.observes()).collect();
            spawn(&mut parts, "the probe", Probe { clients: live, methods, health: self.health }.run(stopping.clone()));
        }

        let ended = tokio::select! {
            () = stop.cancelled() => None,
            part = parts.join_next() => part,
        };
        tracing::info!("stopping: what is in flight settles");
        stopping.cancel();
        let orderly = async {
            for server in &servers {
                server.stop(true).await;
            }
            writer_stop.cancel();
            rounds.close();
            rounds.wait().await;
            tasks.close();
            tasks.wait().await;
            while parts.join_next().await.is_some() {}
        };
        if tokio::time::timeout(config.worker.stop_max, orderly).await.is_err() {
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
        for lane in [Lane::Stock, Lane::Price] {
            for reason in reasons {
                while queue.release(&shop.id, lane, *reason).await? > 0 {}
            }
        }
        Ok(())
    }
}

fn spawn<F>(parts: &mut JoinSet<&'static str>, name: &'static str, part: F)
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    parts.spawn(async move {
        part.await;
        name
    });
}

fn local(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("a bound socket has an address")
}

fn admin_tokens(config: &Config) -> anyhow::Result<(Vec<AdminToken>, Option<PathBuf>)> {
    if !config.admin.tokens.is_empty() {
        return Ok((config.admin.tokens.clone(), None));
    }
    let (token, file) = keys::admin_token(&config.store.key_file)?;
    Ok((vec![AdminToken { name: "operator".into(), role: Role::Operator, token }], Some(file)))
}

/// The longest pause between two looks of the monitor.
pub(crate) const MONITOR_EVERY: Duration = Duration::from_secs(1);
