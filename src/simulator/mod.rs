//! A program that plays AliExpress over HTTP, dialect `solution`: the gateway's checks in the gateway's order, the methods of
//! stock, prices and listings with their documented limits, faults on demand, and a ledger of everything that arrived.
//!
//! It imports `signing` alone: request structs shared with the gateway would repeat one misreading on both sides.
//! `gateway` checks a call, `methods` and `publishing` answer it, `oauth` gives tokens to applications that sellers consent to, `inspect` shows and sets things under `/_simulator/`.

mod catalogue;
mod fault;
mod gateway;
mod inspect;
mod ledger;
mod methods;
mod oauth;
mod order_methods;
mod orders;
pub mod publishing;
mod run;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use actix_web::{App, HttpServer, web};

pub use catalogue::{Catalogue, CatalogueProduct, CatalogueSku};
pub use fault::{Fault, Faults, Kind};
pub use ledger::{Applied, Call, Ledger, LedgerSummary};
pub use oauth::{OAuth, OAuthCounts, OAuthOptions};
pub use orders::{BuyersOrder, BuyersOrders, DeclaredParcel, PlacedLine, Receiver};
pub use run::{RunOptions, run};

/// How the simulator is to be.
#[derive(Debug, Clone)]
pub struct SimulatorOptions {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The application key that it knows.
    pub app_key: String,
    /// Its secret.
    pub app_secret: String,
    /// The access tokens that it takes.
    pub tokens: Vec<String>,
    /// The seller, as push messages name it.
    pub seller_id: String,
    /// Products of the first catalogue.
    pub products: usize,
    /// SKUs of each.
    pub skus: usize,
    /// The store's currency.
    pub currency: String,
    /// Requests in any second before it bans; 0 = any number.
    pub requests_per_second: u32,
    /// Before each answer.
    pub latency: Duration,
    /// Lists are bare arrays instead of wrapped ones.
    pub bare_lists: bool,
    /// Ids are texts instead of numbers.
    pub ids_as_text: bool,
    /// How sellers consent, and for how long.
    pub oauth: OAuthOptions,
}

impl Default for SimulatorOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            app_key: "33505222".into(),
            app_secret: "simulator-secret-of-nobody".into(),
            tokens: vec!["simulator-token-of-nobody".into()],
            seller_id: "2200000000001".into(),
            products: 100,
            skus: 10,
            currency: "RUB".into(),
            requests_per_second: 40,
            latency: Duration::ZERO,
            bare_lists: false,
            ids_as_text: false,
            oauth: OAuthOptions::default(),
        }
    }
}

/// Everything that a call may see or change.
#[derive(Debug)]
struct World {
    options: SimulatorOptions,
    catalogue: Catalogue,
    publishing: publishing::Publishing,
    ledger: Ledger,
    orders: BuyersOrders,
    faults: Faults,
    oauth: OAuth,
    revoked: Mutex<bool>,
    /// Microseconds that its clock is ahead of the machine's.
    ahead: Arc<AtomicI64>,
    arrivals: Mutex<(VecDeque<u64>, u64)>,
}

impl World {
    /// AliExpress's time.
    fn now_us(&self) -> u64 {
        now_us().saturating_add_signed(self.ahead.load(Ordering::Relaxed))
    }
}

/// A running simulator.
#[derive(Debug)]
pub struct Simulator {
    world: Arc<World>,
    address: SocketAddr,
    server: actix_web::dev::ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// The machine's clock, microseconds since the epoch. The other side of the wire has a clock of its own.
#[expect(clippy::disallowed_methods, reason = "AliExpress's clock is not the gateway's")]
fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

impl Simulator {
    /// Starts it on threads of its own.
    ///
    /// # Errors
    /// Where the address cannot be had.
    pub fn start(options: SimulatorOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let catalogue = Catalogue::invented(options.products, options.skus);
        let oauth = OAuth::new(options.oauth.clone());
        let ahead = Arc::default();
        let world = Arc::new(World {
            options,
            oauth,
            orders: BuyersOrders::new(Arc::clone(&ahead)),
            ahead,
            catalogue,
            publishing: publishing::Publishing::default(),
            ledger: Ledger::default(),
            faults: Faults::default(),
            revoked: Mutex::new(false),
            arrivals: Mutex::default(),
        });
        let data = web::Data::from(Arc::clone(&world));
        let (sender, handles) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("simulator".into()).spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(data.clone())
                        .app_data(web::PayloadConfig::new(16 << 20))
                        .route("/sync", web::route().to(gateway::sync))
                        .route("/oauth/authorize", web::get().to(oauth::authorize))
                        .route("/rest/auth/token/{what}", web::route().to(oauth::token))
                        .configure(inspect::routes)
                });
                let server = server.workers(1).disable_signals().shutdown_timeout(1).listen(listener);
                let server = server.map(HttpServer::run);
                match server {
                    Err(error) => drop(sender.send(Err(error))),
                    Ok(server) => {
                        drop(sender.send(Ok(server.handle())));
                        drop(server.await);
                    }
                }
            });
        })?;
        let server = handles.recv().map_err(|_| std::io::Error::other("the simulator's thread ended"))??;
        Ok(Self { world, address, server, thread: Some(thread) })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Its URL, without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The application key that it knows.
    pub fn app_key(&self) -> &str {
        &self.world.options.app_key
    }

    /// What AliExpress sells.
    pub fn catalogue(&self) -> &Catalogue {
        &self.world.catalogue
    }

    /// What was published.
    pub fn publishing(&self) -> &publishing::Publishing {
        &self.world.publishing
    }

    /// What arrived.
    pub fn ledger(&self) -> &Ledger {
        &self.world.ledger
    }

    /// What buyers order, and AliExpress's clock.
    pub fn orders(&self) -> &BuyersOrders {
        &self.world.orders
    }

    /// A push message on an order, as AliExpress sends it: the header `Authorization`, and the body.
    pub fn push_message(&self, order: u64) -> (String, String) {
        inspect::push_message(&self.world, order)
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.world.faults
    }

    /// Consents and tokens.
    pub fn oauth(&self) -> &OAuth {
        &self.world.oauth
    }

    /// Moves AliExpress's clock ahead: codes and tokens age.
    pub fn advance(&self, span: Duration) {
        let span = i64::try_from(span.as_micros()).unwrap_or(0);
        self.world.ahead.fetch_add(span, Ordering::Relaxed);
    }

    /// Refuses every token, or takes them again.
    pub fn revoke_tokens(&self, revoked: bool) {
        *self.world.revoked.lock().unwrap_or_else(PoisonError::into_inner) = revoked;
    }

    /// Stops it and waits for its end.
    pub async fn stop(mut self) {
        self.server.stop(false).await;
        if let Some(thread) = self.thread.take() {
            drop(tokio::task::spawn_blocking(move || thread.join()).await);
        }
    }
}
