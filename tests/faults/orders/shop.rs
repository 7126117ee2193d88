//! A shop's module as the gateway sees it: signed events come in, each order is kept by its newest state, and everything is counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aligate::signing::standard_webhooks::{self, Secret};
use serde_json::{Value, json};

/// What the shop has of an order.
#[derive(Debug, Default)]
pub struct Taken {
    /// Times that it was made; every other time it was there.
    pub made: u32,
    /// The newest event of it.
    pub newest: Value,
    /// Ids under which each version came.
    pub ids: BTreeMap<u64, Vec<String>>,
}

#[derive(Debug, Default)]
pub struct ShopState {
    pub orders: BTreeMap<u64, Taken>,
    pub notices: Vec<Value>,
    pub unsigned: u32,
    /// Events older than what the shop has.
    pub backwards: u32,
    /// Waits so long after it has taken an order.
    pub answers_after: Duration,
    /// The order is refused with these words.
    pub refuses: Option<(u64, String)>,
    /// Orders in these are not taken now.
    pub later: Vec<u64>,
}

pub struct OrderShop {
    pub url: String,
    state: Arc<Mutex<ShopState>>,
    server: actix_web::dev::ServerHandle,
}

struct Shared {
    state: Arc<Mutex<ShopState>>,
    secret: Secret,
}

impl OrderShop {
    pub fn start(secret: Secret) -> Self {
        let state = Arc::new(Mutex::new(ShopState::default()));
        let data = web::Data::new(Shared { state: Arc::clone(&state), secret });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/module", listener.local_addr().unwrap());
        let (sender, handles) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || App::new().app_data(data.clone()).route("/module", web::post().to(take));
                let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { url, state, server: handles.recv().unwrap() }
    }

    pub fn state(&self) -> MutexGuard<'_, ShopState> {
        self.state.lock().unwrap()
    }
}

impl Drop for OrderShop {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn take(request: HttpRequest, body: web::Bytes, shared: web::Data<Shared>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, signature) = (header("webhook-id"), header("webhook-signature"));
    let secrets = [shared.secret.clone()];
    let signed = standard_webhooks::verify(&secrets, id, header("webhook-timestamp"), &body, signature);
    let event: Value = serde_json::from_slice(&body).unwrap();
    let (answer, wait) = {
        let mut state = shared.state.lock().unwrap();
        if !signed {
            state.unsigned += 1;
            return HttpResponse::Unauthorized().finish();
        }
        if event["type"] != "order.changed" {
            state.notices.push(event);
            return HttpResponse::Ok().json(json!({}));
        }
        let order: u64 = event["data"]["aliexpress_order_id"].as_str().unwrap().parse().unwrap();
        if let Some((_, words)) = state.refuses.as_ref().filter(|(refused, _)| *refused == order) {
            return HttpResponse::UnprocessableEntity().json(json!({"code": "refused_here", "detail": words}));
        }
        if state.later.contains(&order) {
            return HttpResponse::InternalServerError().json(json!({"detail": event["data"]["buyer"]["name"]}));
        }
        (json!({"order_id": format!("S{order}"), "created": state.keep(order, id, event)}), state.answers_after)
    };
    tokio::time::sleep(wait).await;
    HttpResponse::Ok().json(answer)
}

impl ShopState {
    /// Keeps an event; whether the order was made by it.
    fn keep(&mut self, order: u64, id: &str, event: Value) -> bool {
        let version = |event: &Value| event["version"].as_u64().unwrap_or_default();
        let taken = self.orders.entry(order).or_default();
        taken.ids.entry(version(&event)).or_default().push(id.to_owned());
        let is_new = taken.made == 0;
        taken.made += u32::from(is_new);
        if version(&event) < version(&taken.newest) {
            self.backwards += 1;
        } else {
            taken.newest = event;
        }
        is_new
    }
}
