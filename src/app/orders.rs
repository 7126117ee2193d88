//! What brings orders to shops and shipments back, made of a checked configuration.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use secrecy::ExposeSecret;
use tokio::sync::Notify;

use super::backend::Backend;
use crate::aliexpress::Applications;
use crate::bitrix::{ModuleClient, RestSink, Sink};
use crate::clock::SharedClock;
use crate::config::{Config, ShopConfig};
use crate::domain::{Lane, ShopId};
use crate::http_client;
use crate::orders::Orders;
use crate::orders::carriers::Carriers;
use crate::orders::poll::{PollSettings, Poller};
use crate::store::Documents;
use crate::worker::{Client, Deliver, Fulfil, Handler, Handlers};

/// What buyers' data is encrypted for.
const BUYERS: &str = "buyers";

/// Orders, and the ways to the shops.
#[derive(Debug, Clone)]
pub(super) struct OrderParts {
    pub(super) orders: Arc<Orders>,
    pub(super) sinks: BTreeMap<ShopId, Arc<dyn Sink>>,
    carriers: BTreeMap<ShopId, Carriers>,
    /// Wakes the poller of a shop.
    pub(super) hints: BTreeMap<ShopId, Arc<Notify>>,
}

impl OrderParts {
    /// The parts of a configuration.
    ///
    /// # Errors
    /// What keeps shops from being delivered to, with what to do.
    pub(super) fn new(config: &Config, backend: &Backend, clock: &SharedClock) -> anyhow::Result<Self> {
        let orders = Arc::new(Orders {
            queue: Arc::clone(&backend.queue),
            book: Arc::clone(&backend.book),
            documents: Arc::clone(&backend.documents),
            cipher: backend.keys.cipher(BUYERS),
        });
        let http = http_client::build_guarded(config.bitrix.connect_timeout(), config.bitrix.timeout());
        let http = http.context("the HTTP client")?;
        let (mut sinks, mut carriers, mut hints) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for shop in &config.shops {
            let table = Carriers::parse(&shop.carriers).map_err(|row| anyhow::anyhow!("{row}"));
            let table = table.with_context(|| format!("carriers of shop {}", shop.id))?;
            if let Some(fault) = table.fault() {
                bail!("carriers of shop {}: {fault}", shop.id);
            }
            carriers.insert(shop.id.clone(), table);
            hints.insert(shop.id.clone(), Arc::new(Notify::new()));
            let to_shop = (http.clone(), config.bitrix.timeout());
            if let Some(sink) = sink(shop, to_shop, &backend.documents, clock)? {
                sinks.insert(shop.id.clone(), sink);
            }
        }
        Ok(Self { orders, sinks, carriers, hints })
    }

    /// Who works the lanes that are worked one entry at a time.
    pub(super) fn handlers(&self, config: &Config, clients: &[Client]) -> Handlers {
        let at_once = config.bitrix.requests_in_flight_max;
        let deliver: Arc<dyn Handler> = Arc::new(Deliver::new(self.sinks.clone(), Arc::clone(&self.orders), at_once));
        let carriers = |client: &Client| self.carriers.get(&client.shop).cloned().unwrap_or_default();
        let clients = clients.iter().map(|client| (client.clone(), carriers(client)));
        let (queue, methods) = (Arc::clone(&self.orders.queue), config.aliexpress.methods.clone());
        let fulfil = Arc::new(Fulfil::new(Arc::clone(&self.orders), queue, clients, methods));
        Handlers::default()
            .with(Lane::Order, Arc::clone(&deliver))
            .with(Lane::Notice, deliver)
            .with(Lane::Fulfilment, fulfil)
    }

    /// The pollers of shops that take orders.
    pub(super) fn pollers(&self, config: &Config, applications: &Applications, clock: &SharedClock) -> Vec<Poller> {
        let wanted = config.shops.iter().filter(|shop| shop.orders && self.sinks.contains_key(&shop.id));
        let poller = |shop: &ShopConfig| {
            let access = Arc::clone(applications.of_shop(&shop.id)?);
            let settings = PollSettings {
                pause_min: config.orders.poll_min(),
                pause_max: config.orders.poll_max(),
                overlap: config.orders.overlap(),
                deadline_near: config.orders.deadline_near(),
                retention: Duration::from_secs(u64::from(shop.order_retention_days) * 86_400),
            };
            let hints = Arc::clone(&self.hints[&shop.id]);
            let (orders, clock) = (Arc::clone(&self.orders), Arc::clone(clock));
            Some(Poller::new(orders, shop.id.clone(), access, settings, clock, hints))
        };
        wanted.filter_map(poller).collect()
    }
}

/// The way to a shop: the module's endpoint, or Bitrix's own REST; none where neither is given.
fn sink(
    shop: &ShopConfig,
    http: (reqwest::Client, Duration),
    documents: &Arc<dyn Documents>,
    clock: &SharedClock,
) -> anyhow::Result<Option<Arc<dyn Sink>>> {
    let (id, clock) = (shop.id.clone(), Arc::clone(clock));
    if let Some(settings) = &shop.rest {
        called(settings.url.expose_secret(), "rest.url", shop)?;
        return Ok(Some(Arc::new(RestSink::new(id, settings.clone(), Arc::clone(documents), http, clock))));
    }
    let text = shop.bitrix_url.expose_secret();
    if text.is_empty() {
        return Ok(None);
    }
    called(text, "bitrix_url", shop)?;
    let secret = shop.webhook_secrets.first().context("a shop has a webhook secret")?;
    let secret = secret.expose_secret().parse().context("a shop's first webhook secret")?;
    Ok(Some(Arc::new(ModuleClient::new(id, shop.bitrix_url.clone(), secret, http.0, clock))))
}

/// A URL that may be called, as far as it says itself; names are looked at when they are resolved.
fn called(text: &str, key: &str, shop: &ShopConfig) -> anyhow::Result<()> {
    let url = url::Url::parse(text).with_context(|| format!("{key} of shop {}", shop.id))?;
    let literal = match url.host() {
        Some(url::Host::Ipv4(address)) => Some(address.into()),
        Some(url::Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    if literal.is_some_and(|address| !http_client::may_be_called(address)) {
        bail!("{key} of shop {} is an address that is never called: give the shop's own", shop.id);
    }
    Ok(())
}
