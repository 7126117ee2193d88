//! The gateway while it runs: its parts, and the order in which they stop.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::monitor::Monitor;
use super::{App, parts};
use crate::alerts::dead_letters::DeadLetters;
use crate::batching::BatchLimits;
use crate::domain::Lane;
use crate::guard::watch::Watch;
use crate::http::intake::commit::{self, Committer, Writer};
use crate::http::{self, AdminAuth, Api, Intake};
use crate::jobs::{Jobs, Tools};
use crate::worker::{self, Client, Courier, Desk, Handler, Probe};

/// The running parts.
pub(super) struct Running {
    /// Each ends with its name.
    pub(super) parts: JoinSet<&'static str>,
    servers: [ServerHandle; 2],
    /// Stops everything but the writer.
    stopping: CancellationToken,
    writer: CancellationToken,
    rounds: TaskTracker,
    tasks: TaskTracker,
}

impl Running {
    /// Starts every part.
    pub(super) fn start(app: App) -> std::io::Result<Self> {
        let (stopping, writer_stop) = (CancellationToken::new(), CancellationToken::new());
        let (rounds, tasks, wake) = (TaskTracker::new(), TaskTracker::new(), Arc::new(Notify::new()));
        let (config, queue) = (&app.config, Arc::clone(&app.backend.queue));
        let (committer, writer) =
            commit::writer(queue, config.intake.queue_max, config.store.timeout, Arc::clone(&wake));
        let jobs = jobs(&app, &tasks, &stopping);
        let mut parts = JoinSet::new();
        spawn(&mut parts, "the store's writer", Writer::run(writer, writer_stop.clone()));
        let monitor = Monitor {
            inspect: Arc::clone(&app.backend.inspect),
            health: Arc::clone(&app.health),
            queue: Arc::clone(&app.backend.queue),
            applications: Arc::clone(&app.applications),
            shops: app.config.shops.iter().map(|shop| shop.id.clone()).collect(),
            jobs: jobs.clone(),
        };
        spawn(&mut parts, "the monitor", monitor.run(stopping.clone()));
        let shops = app.config.shops.iter().map(|shop| shop.id.clone()).collect();
        let dead_letters = DeadLetters::new(Arc::clone(&app.backend.queue), Arc::clone(&app.backend.documents), shops);
        spawn(&mut parts, "the watch over dead letters", dead_letters.run(stopping.clone()));
        let shops = app.config.shops.iter().map(|shop| shop.id.clone()).collect();
        let watch = Watch::new(Arc::clone(&app.guard), Arc::clone(&app.backend.documents), shops);
        spawn(&mut parts, "the watch over what is held", watch.run(stopping.clone()));
        spawn(&mut parts, "the keeper of tokens", Arc::clone(&app.oauth).run(stopping.clone()));
        if config.worker.enabled {
            spawn_workers(&mut parts, &app, desk(&app, wake, rounds.clone()), &stopping);
        }
        let servers = spawn_servers(&mut parts, app, committer, jobs.clone(), tasks.clone())?;
        spawn(&mut parts, "the jobs", async move { jobs.run().await });
        Ok(Self { parts, servers, stopping, writer: writer_stop, rounds, tasks })
    }

    /// No new work; what is in flight settles, what waits is committed, then the end.
    pub(super) async fn stop(&mut self) {
        self.stopping.cancel();
        for server in &self.servers {
            server.stop(true).await;
        }
        self.writer.cancel();
        self.rounds.close();
        self.rounds.wait().await;
        self.tasks.close();
        self.tasks.wait().await;
        while self.parts.join_next().await.is_some() {}
    }
}

fn limits(app: &App) -> BatchLimits {
    let aliexpress = &app.config.aliexpress;
    BatchLimits { products: aliexpress.products_per_request_max, skus_per_product: aliexpress.skus_per_product_max }
}

fn jobs(app: &App, tasks: &TaskTracker, stopping: &CancellationToken) -> Jobs {
    let tools = Tools {
        queue: Arc::clone(&app.backend.queue),
        documents: Arc::clone(&app.backend.documents),
        applications: Arc::clone(&app.applications),
        currencies: app.currencies.clone(),
        orders: Arc::clone(&app.orders.orders),
        clock: Arc::clone(&app.clock),
    };
    let shops = app.config.shops.iter().map(|shop| shop.id.clone()).collect();
    Jobs::new(tools, shops, tasks.clone(), stopping.clone())
}

fn desk(app: &App, wake: Arc<Notify>, rounds: TaskTracker) -> Arc<Desk> {
    let clients = parts::clients(&app.config, &app.applications);
    Arc::new(Desk {
        queue: Arc::clone(&app.backend.queue),
        book: Arc::clone(&app.backend.book),
        guard: Arc::clone(&app.guard),
        currencies: app.currencies.clone(),
        rules: app.rules.clone(),
        clock: Arc::clone(&app.clock),
        limits: limits(app),
        methods: app.config.aliexpress.methods.clone(),
        lanes: Lane::ALL.map(|lane| *app.config.worker.lane(lane)),
        poll_max: app.config.worker.poll_max,
        wake,
        rounds,
        handlers: app
            .orders
            .handlers(&app.config, &clients)
            .with(Lane::Product, Arc::clone(&app.publisher) as Arc<dyn Handler>),
    })
}

fn spawn_workers(parts: &mut JoinSet<&'static str>, app: &App, desk: Arc<Desk>, stopping: &CancellationToken) {
    let clients = parts::clients(&app.config, &app.applications);
    for application in app.applications.all() {
        let own = clients.iter().filter(|client| client.access.application.key() == application.key());
        let run = worker::run(Arc::clone(&desk), Arc::clone(application), own.cloned().collect(), stopping.clone());
        spawn(parts, "a dispatcher", run);
    }
    let shops = app.config.shops.iter().map(|shop| shop.id.clone());
    spawn(parts, "the courier", Courier::new(desk, shops, &app.clock).run(stopping.clone()));
    for poller in app.orders.pollers(&app.config, &app.applications, &app.clock) {
        spawn(parts, "a poller of orders", poller.run(stopping.clone()));
    }
    let live: Vec<Client> = clients.into_iter().filter(|client| !client.observes()).collect();
    let probe =
        Probe { clients: live, methods: app.config.aliexpress.methods.clone(), health: Arc::clone(&app.health) };
    spawn(parts, "the probe", probe.run(stopping.clone()));
    spawn(parts, "the publisher", Arc::clone(&app.publisher).run(stopping.clone()));
}

fn spawn_servers(
    parts: &mut JoinSet<&'static str>,
    app: App,
    committer: Committer,
    jobs: Jobs,
    tasks: TaskTracker,
) -> std::io::Result<[ServerHandle; 2]> {
    let api = web::Data::new(Api {
        queue: Arc::clone(&app.backend.queue),
        shops: app.config.shops.clone().into(),
        applications: Arc::clone(&app.applications),
        jobs,
        oauth: Arc::clone(&app.oauth),
        orders: Arc::clone(&app.orders.orders),
        hints: app.orders.hints.clone(),
        deadline_near: app.config.orders.deadline_near(),
        health: Arc::clone(&app.health),
        currencies: app.currencies.clone(),
        limits: limits(&app),
        publisher: Arc::clone(&app.publisher),
        guard: Arc::clone(&app.guard),
        tasks,
    });
    let intake =
        Intake::new(&app.config, committer, (app.currencies.clone(), app.rules.clone()), Arc::clone(&app.clock));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let connections = app.config.intake.connections_max;
    let shops = http::intake_server(app.intake, web::Data::new(intake), api.clone(), connections, threads)?;
    let operators = http::admin_server(app.admin, web::Data::new(AdminAuth::new(app.admin_tokens)), api)?;
    let handles = [shops.handle(), operators.handle()];
    spawn(parts, "the intake listener", shops);
    spawn(parts, "the admin listener", operators);
    Ok(handles)
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
