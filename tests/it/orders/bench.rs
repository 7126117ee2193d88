//! The gateway's parts for orders between a simulator and a fake shop, all turned by hand: clock, polls, deliveries, sends.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aligate::aliexpress::solution::{ClientOptions, SolutionClient};
use aligate::aliexpress::{Access, Application};
use aligate::batching::BatchLimits;
use aligate::bitrix::{ModuleClient, RestSink, Sink};
use aligate::clock::{Clock, ManualClock, SharedClock, Timestamp};
use aligate::config::{self, Config, RestConfig, Sources};
use aligate::domain::{Cause, Lane, OrderId, ShopId};
use aligate::guard::Guard;
use aligate::guard::tally::Tally;
use aligate::listings::StoreCurrencies;
use aligate::orders::carriers::Carriers;
use aligate::orders::poll::{PollSettings, Polled, Poller};
use aligate::orders::{Book, Kept, Orders};
use aligate::queue::sqlite::SqliteQueue;
use aligate::queue::{Change, Delivery, EntryView, Place, Queue, Relisting};
use aligate::rate_limit::breaker::Breaker;
use aligate::rate_limit::{Limits, LocalBudget};
use aligate::signing::standard_webhooks::{self, Secret};
use aligate::simulator::{PlacedLine, Receiver, Simulator, SimulatorOptions};
use aligate::store::Documents;
use aligate::store::keys::MasterKeys;
use aligate::store::sqlite::SqliteStore;
use aligate::worker::{Client, Courier, Deliver, Desk, Dispatcher, Fulfil, Handlers, Pass};
use serde_json::{Value, json};
use tokio_util::task::TaskTracker;

pub const SHOP: &str = "main";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the fake shop has and what it is to answer.
#[derive(Debug, Default)]
pub struct ShopState {
    /// The secret that events are signed with.
    pub secret: String,
    /// Orders, each as the newest event that it took says.
    pub orders: BTreeMap<String, Value>,
    /// Times that each order was told.
    pub told: BTreeMap<String, u32>,
    /// Events that are no orders.
    pub notices: Vec<Value>,
    /// Statuses to answer first, instead of taking the event.
    pub answers: VecDeque<u16>,
    /// Takes nothing.
    pub down: bool,
    /// Takes an event and fails before it answers, so often.
    pub lose_answers: u32,
    /// Events whose version is not above the one that the shop has.
    pub regressions: u32,
    /// Events that were not signed.
    pub unsigned: u32,
}

pub type SharedShop = Arc<Mutex<ShopState>>;

async fn endpoint(request: HttpRequest, body: web::Bytes, shop: web::Data<SharedShop>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let secret: Secret = shop.lock().unwrap().secret.parse().unwrap();
    let signature = header("webhook-signature");
    let signed =
        standard_webhooks::verify(&[secret], header("webhook-id"), header("webhook-timestamp"), &body, signature);
    let mut shop = shop.lock().unwrap();
    if !signed {
        shop.unsigned += 1;
        return HttpResponse::Unauthorized().finish();
    }
    if shop.down {
        return HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "1")).finish();
    }
    if let Some(status) = shop.answers.pop_front() {
        let status = actix_web::http::StatusCode::from_u16(status).unwrap();
        return HttpResponse::build(status).json(json!({"code": "told_to", "detail": "as the test says"}));
    }
    let event: Value = serde_json::from_slice(&body).unwrap();
    if event["type"] != "order.changed" {
        shop.notices.push(event);
        return HttpResponse::Ok().json(json!({}));
    }
    let id = event["data"]["aliexpress_order_id"].as_str().unwrap().to_owned();
    *shop.told.entry(id.clone()).or_default() += 1;
    let held = shop.orders.get(&id).and_then(|held| held["version"].as_u64());
    let created = held.is_none();
    match held {
        Some(held) if event["version"].as_u64().unwrap() < held => shop.regressions += 1,
        _ => drop(shop.orders.insert(id.clone(), event)),
    }
    if shop.lose_answers > 0 {
        shop.lose_answers -= 1;
        return HttpResponse::InternalServerError().finish();
    }
    HttpResponse::Ok().json(json!({"order_id": format!("S{id}"), "created": created}))
}

pub struct Bench {
    pub dir: tempfile::TempDir,
    pub clock: ManualClock,
    pub simulator: Simulator,
    pub shop: SharedShop,
    pub orders: Arc<Orders>,
    pub poller: Poller,
    pub desk: Arc<Desk>,
    pub access: Arc<Access>,
    courier: Courier,
    dispatcher: Dispatcher,
    server: actix_web::dev::ServerHandle,
    offers: u64,
}

/// A fake shop on a port of its own.
pub fn start_shop() -> (SharedShop, String, actix_web::dev::ServerHandle) {
    let shop = SharedShop::new(Mutex::new(ShopState { secret: SECRET.into(), ..ShopState::default() }));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/module", listener.local_addr().unwrap());
    let data = web::Data::new(Arc::clone(&shop));
    let (sender, handles) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = move || App::new().app_data(data.clone()).route("/module", web::post().to(endpoint));
            let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
            sender.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    (shop, url, handles.recv().unwrap())
}

impl Bench {
    /// At a time, with AliExpress's clock on the same.
    pub async fn at(utc: &str) -> Self {
        Self::with(utc, None).await
    }

    /// The same; where the webhook of a shop without the module is given, orders go there.
    pub async fn with(utc: &str, rest: Option<&str>) -> Self {
        let instant: jiff::Timestamp = utc.parse().unwrap();
        let now = Timestamp(u64::try_from(instant.as_microsecond()).unwrap());
        let clock = ManualClock::at(now);
        let simulator = Simulator::start(SimulatorOptions {
            tokens: vec!["token".into()],
            requests_per_second: 0,
            products: 5,
            skus: 4,
            ..SimulatorOptions::default()
        })
        .unwrap();
        simulator.orders().set_clock(now.0);
        let (shop, url, server) = start_shop();
        let dir = tempfile::tempdir().unwrap();
        let shared: SharedClock = Arc::new(clock.clone());
        let keys = MasterKeys::random();
        let path = dir.path().join("store.db");
        let timeout = Duration::from_secs(30);
        let store = SqliteStore::open(path, Arc::clone(&shared), &keys.checks(), timeout).await.unwrap();
        let store = Arc::new(store);
        let queue: Arc<dyn Queue> = Arc::new(SqliteQueue::new(Arc::clone(&store), Arc::new(keys.sealer())));
        let orders = Arc::new(Orders {
            queue: Arc::clone(&queue),
            book: Arc::clone(&store) as Arc<dyn Book>,
            documents: Arc::clone(&store) as Arc<dyn Documents>,
            cipher: keys.cipher("buyers"),
        });
        let config = config::load(&Sources::default()).unwrap();
        let access = access(&config, &simulator, &shared);
        let id: ShopId = SHOP.parse().unwrap();
        let sink = sink(rest, url, &store, &shared);
        let sinks = BTreeMap::from([(id.clone(), sink)]);
        let client = client(&config, &access);
        let carriers =
            Carriers::parse(&["post=RUSSIAN_POST".into(), "own=OTHER_RU_LOCAL https://t.example/{number}".into()]);
        let methods = config.aliexpress.methods.clone();
        let fulfil = Fulfil::new(
            Arc::clone(&orders),
            Arc::clone(&queue),
            [(client.clone(), carriers.unwrap())],
            methods.clone(),
        );
        let deliver = Arc::new(Deliver::new(sinks, Arc::clone(&orders), 4));
        let handlers = Handlers::default()
            .with(Lane::Order, Arc::clone(&deliver) as _)
            .with(Lane::Notice, deliver)
            .with(Lane::Fulfilment, Arc::new(fulfil));
        let tally = Arc::clone(&store) as Arc<dyn Tally>;
        let desk = Arc::new(Desk {
            guard: Arc::new(Guard::new(config.guard, tally, Arc::clone(&queue))),
            queue,
            book: store,
            currencies: StoreCurrencies::default(),
            rules: aligate::listings::PriceRules::default(),
            clock: Arc::clone(&shared),
            limits: BatchLimits { products: 20, skus_per_product: 200 },
            methods,
            lanes: Lane::ALL.map(|lane| *config.worker.lane(lane)),
            poll_max: Duration::from_secs(1),
            wake: Arc::default(),
            rounds: TaskTracker::new(),
            handlers,
        });
        let courier = Courier::new(Arc::clone(&desk), [id], &shared);
        let dispatcher = Dispatcher::new(Arc::clone(&desk), Arc::clone(&access.application), vec![client]);
        let poller = poller(&orders, &access, &shared);
        Self { dir, clock, simulator, shop, orders, poller, desk, access, courier, dispatcher, server, offers: 0 }
    }

    pub fn id(&self) -> ShopId {
        SHOP.parse().unwrap()
    }

    /// Both clocks go on.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
        self.simulator.orders().set_clock(self.clock.now().0);
    }

    /// A buyer orders and pays.
    pub fn paid_order(&self, lines: &[(&str, u64)]) -> u64 {
        let line = |(sku, quantity): &(&str, u64)| PlacedLine {
            sku: (*sku).into(),
            quantity: *quantity,
            price: "1000.00".into(),
            status: None,
        };
        let lines: Vec<PlacedLine> = lines.iter().map(line).collect();
        for line in &lines {
            self.simulator.catalogue().sell(&line.sku, line.quantity);
        }
        let id = self.simulator.orders().place(lines, Receiver::default());
        self.simulator.orders().pay(id);
        id
    }

    /// Polls until AliExpress's present is reached.
    pub async fn poll(&mut self) -> Polled {
        loop {
            let polled = self.poller.run_once().await.unwrap().unwrap();
            if !polled.behind {
                return polled;
            }
        }
    }

    /// A poller of another process.
    pub fn another_poller(&self) -> Poller {
        let shared: SharedClock = Arc::new(self.clock.clone());
        poller(&self.orders, &self.access, &shared)
    }

    /// The process that polled is gone; another one polls from here on.
    pub fn restart_poller(&mut self) {
        self.poller = self.another_poller();
        self.advance(Duration::from_secs(301));
    }

    /// Delivers and sends whatever is due.
    pub async fn drain(&mut self) {
        loop {
            let carried = self.courier.run_once().await;
            let sent = self.dispatcher.run_once().await;
            self.desk.rounds.close();
            self.desk.rounds.wait().await;
            self.desk.rounds.reopen();
            if carried != Pass::Worked && sent != Pass::Worked {
                return;
            }
        }
    }

    /// The shop says something.
    pub async fn offer(&mut self, lane: Lane, key: &str, payload: Value, rendered: Option<String>) {
        self.offers += 1;
        let version = self.clock.now().0 + self.offers;
        let change = Change {
            lane,
            key: key.to_owned(),
            version,
            payload: payload.to_string(),
            cause: Cause::Edit,
            force: false,
            urgent: false,
            window: Duration::ZERO,
            rendered,
            park: None,
            guard: None,
            base: None,
        };
        let id = format!("offer-{}", self.offers);
        let remember = Duration::from_secs(60);
        let delivery = Delivery { id, digest: [0; 32], changes: vec![change], owners: Vec::new(), remember };
        for offered in self.desk.queue.offer(vec![(self.id(), vec![delivery])]).await {
            offered.unwrap();
        }
    }

    /// The shop says how many pieces it has.
    pub async fn stock(&mut self, sku: &str, pieces: u64) {
        self.advance(Duration::from_millis(1));
        self.offer(Lane::Stock, sku, json!({"q": pieces}), Some(pieces.to_string())).await;
    }

    /// Puts the simulator's catalogue into the directory.
    pub async fn list(&self) {
        for product in self.simulator.catalogue().products() {
            for sku in product.skus {
                let listings = vec![aligate::domain::ListingId(product.id)];
                let relisting = Relisting { sku: sku.sku.parse().unwrap(), listings };
                self.desk.queue.relist(&self.id(), &[relisting]).await.unwrap();
            }
        }
    }

    pub async fn kept(&self, order: u64) -> Option<Kept> {
        let id: OrderId = order.to_string().parse().unwrap();
        self.orders.kept(&self.id(), &id).await.unwrap()
    }

    pub async fn in_place(&self, lane: Lane, place: Place) -> Vec<EntryView> {
        self.desk.queue.list(&self.id(), lane, place, None, 1000).await.unwrap().items
    }

    /// The order as the shop has it.
    pub fn in_shop(&self, order: u64) -> Option<Value> {
        self.shop.lock().unwrap().orders.get(&order.to_string()).map(|event| event["data"].clone())
    }

    /// Codes of the notices that the shop was told.
    pub fn notices(&self) -> Vec<String> {
        let shop = self.shop.lock().unwrap();
        shop.notices.iter().map(|event| event["data"]["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Calls of a method that the simulator has had.
    pub fn calls(&self, method: &str) -> u64 {
        self.simulator.ledger().summary().by_method.get(method).copied().unwrap_or(0)
    }

    pub async fn stop(self) {
        self.server.stop(false).await;
        self.simulator.stop().await;
    }
}

/// The way to the shop: the module at `url`, or REST.
fn sink(rest: Option<&str>, url: String, store: &Arc<SqliteStore>, clock: &SharedClock) -> Arc<dyn Sink> {
    let timeout = Duration::from_secs(30);
    let http = aligate::http_client::build_guarded(timeout, timeout).unwrap();
    let (id, clock): (ShopId, _) = (SHOP.parse().unwrap(), Arc::clone(clock));
    match rest {
        None => Arc::new(ModuleClient::new(id, url.into(), SECRET.parse().unwrap(), http, clock)),
        Some(url) => {
            let documents = Arc::clone(store) as Arc<dyn Documents>;
            Arc::new(RestSink::new(id, rest_settings(url, &[]), documents, (http, timeout), clock))
        }
    }
}

/// Settings of a shop without the module.
pub fn rest_settings(url: &str, more: &[(&str, &str)]) -> RestConfig {
    let mut keys = vec![
        ("ID", SHOP),
        ("WEBHOOK_SECRETS", SECRET),
        ("REST__URL", url),
        ("REST__PERSON_TYPE", "1"),
        ("REST__DELIVERY", "2"),
        ("REST__PAY_SYSTEM", "3"),
        ("REST__CATALOGS", "24"),
        ("REST__REQUESTS_PER_SECOND", "0"),
    ];
    keys.extend(more);
    let environment = keys.into_iter().map(|(key, value)| (format!("ALIGATE__SHOPS__0__{key}"), value.to_owned()));
    let sources = Sources { environment: environment.collect(), ..Sources::default() };
    config::load(&sources).unwrap().shops.remove(0).rest.unwrap()
}

fn access(config: &Config, simulator: &Simulator, clock: &SharedClock) -> Arc<Access> {
    let defaults = SimulatorOptions::default();
    let options = ClientOptions {
        gateway_url: simulator.url(),
        app_key: defaults.app_key.clone(),
        app_secret: defaults.app_secret.into(),
        methods: config.aliexpress.methods.clone(),
    };
    let timeout = Duration::from_secs(30);
    let http = aligate::http_client::build(timeout, timeout).unwrap();
    let client = SolutionClient::new(options, http, Arc::clone(clock));
    // The clock stands still while a test goes on: no limit may wait for it.
    let limits = Limits {
        per_second: 100_000,
        per_method_per_second: 0,
        per_day: 0,
        margin: Duration::ZERO,
        day_reserve_percent: 0,
    };
    let budget = Arc::new(LocalBudget::new(limits, Arc::clone(clock), false));
    let breaker = Breaker::new(1000, Duration::from_secs(1), Arc::clone(clock));
    let application = Arc::new(Application::new(defaults.app_key, client, budget, breaker, 16));
    Arc::new(Access::new(application, "token".to_owned().into(), Arc::clone(clock)))
}

fn client(config: &Config, access: &Arc<Access>) -> Client {
    let environment = [("ID", SHOP), ("WEBHOOK_SECRETS", SECRET)];
    let environment = environment.map(|(key, value)| (format!("ALIGATE__SHOPS__0__{key}"), value.to_owned()));
    let sources = Sources { environment: environment.into(), ..Sources::default() };
    let shop = config::load(&sources).unwrap().shops.remove(0);
    assert!(config.shops.is_empty());
    Client { shop: shop.id.clone(), config: Arc::new(shop), access: Arc::clone(access) }
}

fn poller(orders: &Arc<Orders>, access: &Arc<Access>, clock: &SharedClock) -> Poller {
    let settings = PollSettings {
        pause_min: Duration::from_secs(10),
        pause_max: Duration::from_secs(120),
        overlap: Duration::from_secs(900),
        deadline_near: Duration::from_secs(86_400),
        retention: Duration::from_secs(30 * 86_400),
    };
    let shop = SHOP.parse().unwrap();
    Poller::new(Arc::clone(orders), shop, Arc::clone(access), settings, Arc::clone(clock), Arc::default())
}
