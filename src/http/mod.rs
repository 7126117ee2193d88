//! The two listeners: [`intake`] for shops (signed), and the admin listener for operators (bearer token).
//!
//! Both serve one [`api`]; who may call it is the only difference ([`auth`]). No rule of the trade lives here.

pub mod api;
pub mod auth;
pub mod catalog;
pub mod guard;
pub mod intake;
pub mod oauth;
mod openapi;
pub mod orders;
pub mod problem;
mod request_id;
mod status;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, middleware, web};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

pub use api::Api;
pub use auth::AdminAuth;
pub use intake::Intake;
pub use openapi::openapi_json;
pub use status::{AppStatus, ShopStatus};

/// The longest that a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Seconds that open requests have to end when the listener stops.
const STOP_SECS_MAX: u64 = 5;

/// The listener that shops reach.
///
/// # Errors
/// Where the socket cannot be used.
pub fn intake_server(
    listener: TcpListener,
    intake: web::Data<Intake>,
    api: web::Data<Api>,
    connections_max: usize,
    threads: usize,
) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .wrap(middleware::from_fn(problem::dress))
            .wrap(middleware::from_fn(request_id::assign))
            .app_data(web::QueryConfig::default().error_handler(problem::bad_query))
            .app_data(intake.clone())
            .app_data(api.clone())
            .route("/v1/shops/{shop}/events", web::post().to(intake::post_events))
            .configure(api::shop_routes)
            .route("/v1/apps/{app_key}/aliexpress", web::post().to(orders::post_push))
            .route(crate::oauth::CALLBACK_PATH, web::get().to(oauth::get_callback))
            .default_service(web::to(problem::no_route))
    });
    let server = server.workers(threads).max_connections(connections_max.div_ceil(threads).max(1));
    Ok(server
        .disable_signals()
        .shutdown_timeout(STOP_SECS_MAX)
        .client_request_timeout(HEAD_TIMEOUT)
        .listen(listener)?
        .run())
}

/// The listener of operators.
///
/// # Errors
/// Where the socket cannot be used.
pub fn admin_server(listener: TcpListener, auth: web::Data<AdminAuth>, api: web::Data<Api>) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .wrap(middleware::from_fn(problem::dress))
            .wrap(middleware::from_fn(request_id::assign))
            .app_data(web::QueryConfig::default().error_handler(problem::bad_query))
            .app_data(auth.clone())
            .app_data(api.clone())
            .configure(api::admin_routes)
            .configure(api::shop_routes)
            .default_service(web::to(problem::no_route))
    });
    let server = server.workers(1).max_connections(256);
    Ok(server
        .disable_signals()
        .shutdown_timeout(STOP_SECS_MAX)
        .client_request_timeout(HEAD_TIMEOUT)
        .listen(listener)?
        .run())
}

/// Binds an address, so that a taken port is found before anything else starts.
///
/// # Errors
/// Where the address cannot be had; the text names it.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .map_err(|error| std::io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
