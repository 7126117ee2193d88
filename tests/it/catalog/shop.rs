//! A shop's pictures over HTTP, and an application that publishes.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::Method;
use serde_json::{Value, json};

use super::calls::png;
use super::materials::mapping;
use crate::app::{Store, TestApp};

/// Serves `/<anything>.png`: a picture whose content is that of its name.
pub struct Pictures {
    pub address: SocketAddr,
    pub asked: Arc<AtomicU64>,
    server: actix_web::dev::ServerHandle,
}

impl Pictures {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicU64::new(0));
        let (counter, (sender, handles)) = (Arc::clone(&asked), mpsc::channel());
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new().app_data(web::Data::from(Arc::clone(&counter))).default_service(web::to(answer))
                });
                let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
                sender.send(server.handle()).unwrap();
                drop(server.await);
            });
        });
        Self { address, asked, server: handles.recv().unwrap() }
    }

    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Hostile pictures by their names, good ones by all others.
async fn answer(request: HttpRequest, asked: web::Data<AtomicU64>) -> HttpResponse {
    asked.fetch_add(1, Ordering::Relaxed);
    let name = request.path().trim_start_matches('/').to_owned();
    match name.as_str() {
        "missing.png" => HttpResponse::NotFound().finish(),
        "private.png" => HttpResponse::Found().insert_header(("location", "http://169.254.169.254/meta.png")).finish(),
        "circle.png" => HttpResponse::Found().insert_header(("location", "/circle.png")).finish(),
        "gif.png" => HttpResponse::Ok().content_type("image/png").body(&b"GIF89a\x20\x03\x20\x03\x80\0\0"[..]),
        "html.png" => HttpResponse::Ok().content_type("image/png").body("<html><svg onload=alert(1)></html>"),
        // Two gigapixels in a header, nothing behind it.
        "bomb.png" => HttpResponse::Ok().body(png(60_000, 40_000, 1)),
        "small.png" => HttpResponse::Ok().body(png(799, 2_000, 1)),
        "endless.png" => {
            let chunk = || Ok::<_, std::io::Error>(web::Bytes::from(vec![b'x'; 65_536]));
            HttpResponse::Ok().streaming(futures_util::stream::repeat_with(chunk))
        }
        "slow.png" => {
            actix_web::rt::time::sleep(Duration::from_secs(30)).await;
            HttpResponse::Ok().finish()
        }
        name => {
            let mut bytes = png(1_000, 1_000, 0);
            bytes.extend(name.as_bytes());
            HttpResponse::Ok().content_type("image/png").body(bytes)
        }
    }
}

/// An application that publishes, with a mapping; nothing is on AliExpress yet.
pub async fn publishing(store: Store, settings: &[(&str, &str)]) -> TestApp {
    let setup = TestApp::on(store).simulator(|simulator| simulator.products = 0);
    let setup = setup.with("shops.0.image_hosts_private", "127.0.0.1").with("worker.lanes.product.lease_secs", 30);
    let setup = settings.iter().fold(setup, |setup, (key, value)| setup.with(key, value));
    let app = setup.start().await;
    // What the shop is told waits for lanes that tests do not deliver.
    app.post("/lanes/notice/pause", &json!({})).await.json(200);
    put_mapping(&app, 0, &mapping()).await;
    app
}

pub async fn put_mapping(app: &TestApp, version: u64, mapping: &Value) -> Value {
    let call = app.admin(Method::PUT, &format!("/v1/shops/{}/mapping", app.shop));
    call.json().body(json!({"version": version, "mapping": mapping}).to_string()).send().await.json(200)
}

/// `product.changed`.
pub fn changed(version: u64, data: &Value) -> Value {
    json!({"type": "product.changed", "version": version, "data": data})
}

/// Works until nothing is due and no audit is awaited. Time goes by in small steps: AliExpress's clock stays where it is.
pub async fn settled(app: &TestApp) {
    app.until("the end of publishing", async || {
        app.drained().await;
        let count = app.count().await;
        let waits = |place: &str| count.contains_key(&format!("product: {place}"));
        if waits("awaiting") && !waits("due") && !waits("leased") {
            app.advance(Duration::from_secs(61));
        }
        let busy = ["awaiting", "due", "leased"].into_iter().any(waits);
        (!busy).then_some(())
    })
    .await;
}

/// Takes what waits for the shop for granted at the end.
pub async fn end(mut app: TestApp, left: &[(&str, u64)]) {
    let notices = app.count().await.get("notice: due").copied().unwrap_or_default();
    let mut left = left.to_vec();
    if notices > 0 {
        left.push(("notice: due", notices));
    }
    app.leaves(&left);
}

/// How often each method was called.
pub fn calls(app: &TestApp) -> BTreeMap<String, u64> {
    let all = app.simulator().ledger().summary().by_method;
    let short = |method: String| method.rsplit("aliexpress.").next().unwrap_or_default().to_owned();
    all.into_iter().map(|(method, count)| (short(method), count)).collect()
}
