//! Orders and shipments while a real gateway is killed at each step, and what it lets be known of buyers meanwhile.

mod kills;
mod privacy;
mod shop;

use std::time::{Duration, Instant};

use aligate::clock::{Clock, SystemClock};
use aligate::http_client;
use aligate::signing::standard_webhooks::Secret;
use aligate::simulator::{PlacedLine, Receiver, Simulator, SimulatorOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::shop::OrderShop;
use crate::gateway::Gateway;
use crate::support::redis::RedisServer;

const TOKEN: &str = "operator-of-the-order-tests";
/// The longest that anything may take here.
const PATIENCE: Duration = Duration::from_secs(90);

/// A gateway between AliExpress and a shop that takes orders.
struct Stage {
    simulator: Simulator,
    shop: OrderShop,
    gateway: Gateway,
    redis: Option<RedisServer>,
    secret: Secret,
    client: reqwest::Client,
    told: u64,
    dir: tempfile::TempDir,
}

impl Stage {
    /// Everything runs, and AliExpress's orders are looked at every second.
    async fn set(redis: bool, log: &str) -> Self {
        let simulator = Simulator::start(SimulatorOptions { requests_per_second: 0, ..SimulatorOptions::default() });
        let (simulator, dir) = (simulator.unwrap(), tempfile::tempdir().unwrap());
        let redis = redis.then(|| RedisServer::start(&["appendonly", "yes", "appendfsync", "always"]));
        let secret = Secret::generate();
        std::fs::write(dir.path().join("secret"), &secret).unwrap();
        std::fs::write(dir.path().join("key"), "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=").unwrap();
        let secret: Secret = secret.parse().unwrap();
        let shop = OrderShop::start(secret.clone());
        let path = dir.path().display();
        let store = redis.as_ref().map_or_else(|| format!("sqlite:{path}/store.db"), RedisServer::url);
        let (url, defaults) = (simulator.url(), SimulatorOptions::default());
        let lanes = ["order", "notice", "fulfilment"].map(|lane| {
            format!(
                "[worker.lanes.{lane}]\nwindow_ms = 0\nlease_secs = 6\nbackoff_ms_min = 100\nbackoff_ms_max = 500\n"
            )
        });
        let config = format!(
            r#"
            [intake]
            listen = "127.0.0.1:0"
            [admin]
            listen = "127.0.0.1:0"
            token = "{TOKEN}"
            [store]
            url = "{store}"
            key_file = "{path}/key"
            [worker]
            poll_ms_max = 100
            {lanes}
            [aliexpress]
            gateway_url = "{url}"
            timeout_ms = 1000
            connect_timeout_ms = 500
            requests_per_second = 1000
            [orders]
            poll_secs_min = 1
            poll_secs_max = 1
            [log]
            level = "{log}"
            [[shops]]
            id = "main"
            webhook_secrets_file = "{path}/secret"
            app_key = "{key}"
            app_secret = "{app_secret}"
            token = "{token}"
            bitrix_url = "{shop}"
            currency = "RUB"
            carriers = ["post=RUSSIAN_POST"]
            "#,
            lanes = lanes.concat(),
            key = defaults.app_key,
            app_secret = defaults.app_secret,
            token = defaults.tokens[0],
            shop = shop.url,
        );
        let file = dir.path().join("gateway.toml");
        std::fs::write(&file, config).unwrap();
        let mut gateway = Gateway::new(&file);
        gateway.start().await;
        let client = http_client::build(Duration::from_secs(1), Duration::from_secs(10)).unwrap();
        Self { simulator, shop, gateway, redis, secret, client, told: 0, dir }
    }

    /// A buyer orders and pays.
    fn order(&self, receiver: &Receiver) -> u64 {
        let line = PlacedLine { sku: "SKU-00001-01".into(), quantity: 1, price: "10.00".into(), status: None };
        let id = self.simulator.orders().place(vec![line], receiver.clone());
        self.simulator.orders().pay(id);
        id
    }

    /// Calls of a method so far.
    fn calls(&self, method: &str) -> u64 {
        self.simulator.ledger().summary().by_method.get(method).copied().unwrap_or(0)
    }

    /// Until it is so; looked at every few milliseconds.
    async fn until(&self, what: &str, is: impl Fn(&Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is(self) {
            assert!(Instant::now() < until, "it never comes: {what}\n{}", self.gateway.log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// kill -9, and another start.
    async fn kill(&mut self) {
        self.gateway.kill();
        self.gateway.start().await;
    }

    /// The shop tells of all parcels of an order until the gateway has it.
    async fn ship(&mut self, order: u64, numbers: &[&str]) {
        self.told += 1;
        let shipment =
            |(at, number): (usize, &&str)| json!({"id": at.to_string(), "tracking_number": number, "carrier": "post"});
        let shipments: Vec<Value> = numbers.iter().enumerate().map(shipment).collect();
        let data = json!({"aliexpress_order_id": order.to_string(), "status": "shipped", "complete": true, "shipments": shipments});
        let event = json!({"type": "order.status_changed", "version": SystemClock.now().0 + self.told, "data": data});
        let body = json!({"events": [event]}).to_string();
        let id = hex::encode(Sha256::digest(&body));
        let timestamp = SystemClock.now().as_secs();
        let request = self.client.post(format!("{}/v1/shops/main/events", self.gateway.intake));
        let request = request.header("content-type", "application/json").header("webhook-id", &id);
        let request = request.header("webhook-timestamp", timestamp);
        let request = request.header("webhook-signature", self.secret.sign(&id, timestamp, body.as_bytes()));
        assert_eq!(request.body(body).send().await.unwrap().status().as_u16(), 202);
    }

    /// What the gateway answers an operator.
    async fn ask(&self, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.gateway.admin)).bearer_auth(TOKEN);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        http_client::text(response).await.unwrap()
    }

    /// Until nothing of orders or shipments waits.
    async fn drain(&self) {
        let until = Instant::now() + PATIENCE;
        loop {
            let status: Value = serde_json::from_str(&self.ask("/v1/shops/main/status").await).unwrap();
            let waits = |lane: &str| ["depth", "leased", "awaiting"].iter().any(|of| status["lanes"][lane][of] != 0);
            if !["order", "fulfilment", "notice"].into_iter().any(waits) {
                return;
            }
            assert!(Instant::now() < until, "it does not drain: {status}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
