//! kill -9 at each step of a publication, and at random ones: each product ends up on AliExpress once, as the shop has it.
//!
//! AliExpress holds a call back — before it has its effect, or after — and the gateway dies while it waits for the answer.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use aligate::clock::{Clock, SystemClock};
use aligate::http_client;
use aligate::signing::standard_webhooks::Secret;
use aligate::simulator::publishing::Status;
use aligate::simulator::{Fault, Kind, Simulator, SimulatorOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::gateway::Gateway;
use crate::support::redis::RedisServer;
use crate::{between, rounds};

const TOKEN: &str = "operator-of-the-fault-tests";
const SHOP: &str = "/v1/shops/main";
/// The longest that everything may take to reach AliExpress.
const DRAIN_MAX: Duration = Duration::from_secs(120);
/// A call that is held back outlives the gateway.
const HELD_MS: u64 = 120_000;

const LOOK_UP: &str = "aliexpress.solution.product.list.get";
const SCHEMA: &str = "aliexpress.solution.product.schema.get";
const UPLOAD: &str = "aliexpress.photobank.redefining.uploadimageforsdk";
const POST: &str = "aliexpress.solution.product.post";
const EDIT: &str = "aliexpress.solution.product.edit";
const OFFLINE: &str = "aliexpress.postproduct.redefining.offlineaeproduct";
const AUDIT: &str = "aliexpress.postproduct.redefining.findaeproductstatusbyid";

/// Serves a picture of its own under each path.
fn pictures() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: std::net::TcpStream) {
    let mut head = [0; 2048];
    let length = stream.read(&mut head).unwrap_or_default();
    let path = String::from_utf8_lossy(&head[..length]).split(' ').nth(1).unwrap_or_default().to_owned();
    let mut body = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    body.extend([1000u32.to_be_bytes(), 1000u32.to_be_bytes()].concat());
    body.extend([8, 2, 0, 0, 0, 0]);
    body.extend(path.as_bytes());
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may have died meanwhile.
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)));
}

/// A gateway that publishes, AliExpress, and a shop.
struct Scene {
    simulator: Simulator,
    gateway: Gateway,
    client: reqwest::Client,
    secret: Secret,
    pictures: SocketAddr,
    version: u64,
    _redis: Option<RedisServer>,
    _dir: tempfile::TempDir,
}

impl Scene {
    /// On a file, or on a Redis with these settings.
    async fn set(redis: Option<&[&str]>) -> Self {
        let options = SimulatorOptions { products: 0, requests_per_second: 0, ..SimulatorOptions::default() };
        let simulator = Simulator::start(options.clone()).unwrap();
        let redis = redis.map(RedisServer::start);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().display();
        let (secret, url) =
            (Secret::generate(), redis.as_ref().map_or(format!("sqlite:{path}/store.db"), RedisServer::url));
        std::fs::write(dir.path().join("key"), "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=").unwrap();
        let lane = |lane: &str| {
            format!("[worker.lanes.{lane}]\nwindow_ms = 0\nlease_secs = 8\nbackoff_ms_min = 50\nbackoff_ms_max = 500\n")
        };
        let lanes = ["stock", "price", "product"].map(lane).concat();
        let config = format!(
            r#"
            intake.listen = "127.0.0.1:0"
            admin = {{ listen = "127.0.0.1:0", token = "{TOKEN}" }}
            store = {{ url = "{url}", key_file = "{path}/key" }}
            catalog = {{ audit_check_secs_min = 1, repost_after_secs = 2 }}
            {lanes}
            [aliexpress]
            gateway_url = "{gateway}"
            requests_per_second = 200
            timeout_ms = 3000
            breaker_secs_max = 1
            [[shops]]
            id = "main"
            webhook_secrets = ["{secret}"]
            app_key = "{key}"
            app_secret = "{app_secret}"
            token = "{token}"
            currency = "RUB"
            image_hosts_private = ["127.0.0.1"]
            "#,
            gateway = simulator.url(),
            key = options.app_key,
            app_secret = options.app_secret,
            token = options.tokens[0],
        );
        let file = dir.path().join("gateway.toml");
        std::fs::write(&file, config).unwrap();
        let client = http_client::build(Duration::from_secs(1), Duration::from_secs(10)).unwrap();
        let (gateway, secret) = (Gateway::new(&file), secret.parse().unwrap());
        let mut scene =
            Self { simulator, gateway, client, secret, pictures: pictures(), version: 0, _redis: redis, _dir: dir };
        scene.gateway.start().await;
        scene.ask(Method::PUT, "/mapping", Some(json!({"version": 0, "mapping": mapping()}))).await.unwrap();
        // A shop that takes no events: what it would be told waits.
        scene.ask(Method::POST, "/lanes/notice/pause", None).await.unwrap();
        scene
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let call = self.client.request(method, format!("{}{SHOP}{path}", self.gateway.admin)).bearer_auth(TOKEN);
        let call = match body {
            Some(body) => call.header("content-type", "application/json").body(body.to_string()),
            None => call,
        };
        let response = call.send().await.map_err(|error| error.to_string())?;
        let text = http_client::text(response).await.map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))
    }

    /// Tells the gateway, until it has taken it: it may be dying.
    async fn tell(&mut self, data: &[(&str, Value)]) {
        let mut events = Vec::new();
        for (kind, data) in data {
            self.version += 1;
            events.push(json!({"type": kind, "version": self.version, "data": data}));
        }
        let body = json!({ "events": events }).to_string();
        let (id, at) = (format!("evt_{:032x}", rand::random::<u128>()), SystemClock.now().as_secs());
        let signature = self.secret.sign(&id, at, body.as_bytes());
        let call = self.client.post(format!("{}{SHOP}/events", self.gateway.intake)).body(body);
        let call = call.header("webhook-id", id).header("webhook-timestamp", at.to_string());
        let call = call.header("webhook-signature", signature).header("content-type", "application/json");
        assert_eq!(call.send().await.unwrap().status(), 202);
    }

    fn shirt(&self, nth: usize, name: &str) -> Value {
        json!({"product_id": format!("P{nth}"), "name": name, "description_html": "<p>x</p>", "section": {"id": "77"}, "brand": "Acme",
            "images": [format!("http://{}/{nth}.png", self.pictures)], "properties": [{"code": "MATERIAL", "value": "Хлопок"}],
            "offers": [{"sku": format!("SKU-{nth}"), "offer_id": "1", "price": "10.00", "currency": "RUB", "quantity": 7}]})
    }

    /// The next call of a method is held back, before it has its effect or after.
    fn hold(&self, method: &str, has_effect: bool) {
        let kind = if has_effect { Kind::Latency { ms: HELD_MS } } else { Kind::Hang { ms: HELD_MS } };
        self.simulator.faults().add(Fault { method: Some(method.to_owned()), ..Fault::times(1, kind) });
    }

    /// Waits until every call that is to be held back is, kills the gateway, and starts it again.
    async fn die_there(&mut self) {
        let until = Instant::now() + DRAIN_MAX;
        while !self.simulator.faults().waiting().is_empty() {
            assert!(Instant::now() < until, "it never came to {:?}", self.simulator.faults().waiting());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.gateway.kill();
        self.gateway.start().await;
    }

    async fn drain(&self) {
        let until = Instant::now() + DRAIN_MAX;
        loop {
            let status = self.ask(Method::GET, "/status", None).await;
            let lanes = status.as_ref().ok().and_then(|status| status["lanes"].as_object());
            let quiet = |(name, lane): (&String, &Value)| {
                let none = |key: &str| lane[key].as_u64() == Some(0);
                name == "notice"
                    || (["depth", "leased", "awaiting", "dead"].into_iter().all(none) && lane["parked"] == json!({}))
            };
            if lanes.is_some_and(|lanes| lanes.iter().all(quiet)) {
                return;
            }
            assert!(Instant::now() < until, "it does not drain: {status:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Each of so many products stands there once, with its own SKU, in this state.
    fn assert_once(&self, products: usize, is: impl Fn(usize) -> (String, Status)) {
        let posted = self.simulator.publishing().posted();
        let sku = |content: &Value| content["sku_info_list"][0]["sku_code"].as_str().unwrap_or_default().to_owned();
        let skus: BTreeSet<String> = posted.iter().map(|posted| sku(&posted.content)).collect();
        assert_eq!((posted.len(), skus.len()), (products, products), "nothing twice, nothing missing");
        for posted in &posted {
            let nth: usize = sku(&posted.content).trim_start_matches("SKU-").parse().unwrap();
            assert_eq!((posted.title().to_owned(), posted.status), is(nth), "product {nth}");
        }
    }
}

fn mapping() -> Value {
    json!({"language": "ru",
        "defaults": {"lead_time_days": 3, "freight_template_id": 714_844_311, "service_template_id": 0,
            "weight_kg": "0.300", "length_cm": 30, "width_cm": 20, "height_cm": 3},
        "attributes": [{"attribute": 2, "brand": true}, {"attribute": 10, "property": "MATERIAL"}],
        "categories": [{"section": "77", "category": 348}]})
}

async fn dies_at_each_step(redis: Option<&[&str]>) {
    const PRODUCTS: usize = 6;
    let mut scene = Scene::set(redis).await;
    // Before anything is known of the category.
    scene.hold(SCHEMA, false);
    let first = scene.shirt(0, "Футболка 0");
    scene.tell(&[("product.changed", first)]).await;
    scene.die_there().await;
    scene.drain().await;
    scene.assert_once(1, |_| ("Футболка 0".into(), Status::OnSelling));
    // Before the look-up; at an upload without effect and with it; at a post without effect and with it.
    for (method, has_effect) in [(LOOK_UP, false), (UPLOAD, false), (UPLOAD, true), (POST, false), (POST, true)] {
        scene.hold(method, has_effect);
    }
    let more: Vec<(&str, Value)> =
        (1..PRODUCTS).map(|nth| ("product.changed", scene.shirt(nth, &format!("Футболка {nth}")))).collect();
    scene.tell(&more).await;
    scene.die_there().await;
    scene.drain().await;
    scene.assert_once(PRODUCTS, |nth| (format!("Футболка {nth}"), Status::OnSelling));
    let photos = scene.simulator.publishing().photos();
    assert_eq!(photos.distinct(), PRODUCTS);
    // Whose answer was lost, that picture came twice.
    assert!(photos.uploads() <= PRODUCTS as u64 + 1, "{} uploads", photos.uploads());
    // At an edit without effect and with it, at a withdrawal without effect and with it, while an audit is looked at, and with stock on its way.
    scene.simulator.publishing().set_audit(Duration::from_millis(1_500));
    for (method, has_effect) in [(EDIT, false), (EDIT, true), (OFFLINE, false), (OFFLINE, true), (AUDIT, false)] {
        scene.hold(method, has_effect);
    }
    let name = |nth: usize| if nth < 4 { format!("Рубашка {nth}") } else { format!("Футболка {nth}") };
    let mut events: Vec<(&str, Value)> = (0..4).map(|nth| ("product.changed", scene.shirt(nth, &name(nth)))).collect();
    for nth in 4..PRODUCTS {
        let mut gone = scene.shirt(nth, &name(nth));
        gone["active"] = json!(false);
        events.push(("product.changed", gone));
    }
    events.extend((0..PRODUCTS).map(|nth| ("stock.changed", json!({"sku": format!("SKU-{nth}"), "quantity": 3}))));
    scene.tell(&events).await;
    scene.die_there().await;
    scene.drain().await;
    let status = |nth: usize| if nth < 4 { Status::OnSelling } else { Status::Offline };
    scene.assert_once(PRODUCTS, |nth| (name(nth), status(nth)));
    for nth in 0..PRODUCTS {
        assert_eq!(scene.simulator.catalogue().sku(&format!("SKU-{nth}")).unwrap().stock, 3, "SKU-{nth}");
    }
    scene.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_may_die_at_each_step_of_a_publication_on_sqlite() {
    dies_at_each_step(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_may_die_at_each_step_of_a_publication_on_redis() {
    dies_at_each_step(Some(&["appendonly", "yes"])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_may_die_between_any_two_steps_of_publications() {
    const PRODUCTS: usize = 20;
    let mut scene = Scene::set(None).await;
    let rounds = rounds(3);
    for round in 0..=rounds {
        let events: Vec<(&str, Value)> = (0..PRODUCTS)
            .map(|nth| ("product.changed", scene.shirt(nth, &format!("Футболка {nth}/{round}"))))
            .collect();
        scene.tell(&events).await;
        if round < rounds {
            tokio::time::sleep(between(20, 400)).await;
            scene.gateway.kill();
            scene.gateway.start().await;
        }
    }
    scene.drain().await;
    scene.assert_once(PRODUCTS, |nth| (format!("Футболка {nth}/{rounds}"), Status::OnSelling));
    let photos = scene.simulator.publishing().photos();
    assert_eq!(photos.distinct(), PRODUCTS);
    scene.simulator.stop().await;
}
