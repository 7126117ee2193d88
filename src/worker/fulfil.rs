//! Lane `fulfilment`: a shop's whole list of an order's shipments → one call for each parcel that is not declared yet.
//!
//! A parcel is never declared twice for the loss of an answer: the order is read again first. Each declaration is kept before the next is
//! made. What a person has to mend is told to the shop, by name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::Client;
use super::deliver::store_away;
use super::handler::{Ending, Handler};
use crate::alerts::{self, Notice, Severity};
use crate::aliexpress::{Access, CallError, FulfilRefusal, LogisticsService, Token};
use crate::config::Methods;
use crate::domain::{OrderId, OrderStatus, ShopId, Stage};
use crate::orders::Orders;
use crate::orders::book::Declared;
use crate::orders::carriers::Carriers;
use crate::orders::fulfilment::{Declaration, Obstacle, Plan, Told, plan};
use crate::queue::{Confirmed, Fault, Leased, ParkReason, Queue};

/// When an order that cannot be sent yet is looked at again.
const NOT_YET: Duration = Duration::from_secs(600);
/// Orders in work at one time, for an application.
const AT_ONCE: usize = 8;

/// Declares shipments.
#[derive(Debug)]
pub struct Fulfil {
    orders: Arc<Orders>,
    queue: Arc<dyn Queue>,
    clients: BTreeMap<ShopId, (Client, Carriers)>,
    methods: Methods,
}

/// One order in work.
struct Case<'a> {
    shop: &'a ShopId,
    access: &'a Access,
    order: OrderId,
    declared: Vec<Declared>,
    whole: bool,
}

impl Fulfil {
    /// A handler for these shops, each with the carriers of its configuration.
    pub fn new(
        orders: Arc<Orders>,
        queue: Arc<dyn Queue>,
        clients: impl IntoIterator<Item = (Client, Carriers)>,
        methods: Methods,
    ) -> Self {
        let clients = clients.into_iter().map(|(client, carriers)| (client.shop.clone(), (client, carriers))).collect();
        Self { orders, queue, clients, methods }
    }

    async fn declare(&self, shop: &ShopId, leased: &Leased) -> Result<Ending, Ending> {
        let (client, configured) = self.clients.get(shop).ok_or(Ending::Again)?;
        let order: OrderId = leased.lease.key.parse().map_err(|_| refused("unreadable", "its key is no order"))?;
        let told: Told = serde_json::from_str(&leased.payload)
            .map_err(|error| refused("unreadable", &format!("the shop's word cannot be read: {error}")))?;
        if !matches!(told.status.as_str(), "shipped" | "delivered") {
            return self.cancelled(shop, &order, &told).await;
        }
        let kept = self.orders.kept(shop, &order).await.map_err(store_away)?;
        let declared = kept.as_ref().map(|kept| kept.declared.clone()).unwrap_or_default();
        let whole = declared.iter().any(|parcel| parcel.last);
        let mut case = Case { shop, access: &client.access, order, declared, whole };
        if client.observes() {
            let detail = format!("would declare {} parcels", told.shipments.len());
            return Ok(Ending::Parked { reason: ParkReason::Observe, detail });
        }
        if kept.is_none() || leased.suspect {
            self.read_again(&mut case).await?;
        }
        let services = self.services(&case).await?;
        let carriers = configured.clone().under(self.orders.carriers(shop).await.map_err(store_away)?);
        let planned = plan(&told, &case.declared, case.whole, &carriers, &services);
        let Plan { declarations, renumbered, unnumbered } = match planned {
            Ok(plan) => plan,
            Err(obstacle) => return self.obstacle(&case, obstacle).await,
        };
        for declaration in declarations {
            self.send(&mut case, declaration).await?;
        }
        for (shipment, before, now) in renumbered {
            let detail = format!(
                "order {}: shipment {shipment} was declared as {before} and is {now} now. AliExpress keeps both: correct it there",
                case.order
            );
            self.tell(shop, Notice::new("tracking_number_changed", Severity::Warning, detail)).await?;
        }
        if !unnumbered.is_empty() && told.complete {
            tracing::info!(shop.id = %shop, order.id = %case.order, parcels = unnumbered.len(), "parcels without a tracking number wait for one");
        }
        Ok(Ending::Done(Confirmed::new()))
    }

    /// The shop gave the order up: AliExpress has no call for that, so a person has to do it there.
    async fn cancelled(&self, shop: &ShopId, order: &OrderId, told: &Told) -> Result<Ending, Ending> {
        let detail =
            format!("order {order} is {} in the shop; cancel it, or answer the buyer, on AliExpress", told.status);
        self.tell(shop, Notice::new("order_cancelled_in_shop", Severity::Warning, detail)).await?;
        Ok(Ending::Done(Confirmed::new()))
    }

    async fn send(&self, case: &mut Case<'_>, declaration: Declaration) -> Result<(), Ending> {
        let client = &case.access.application.client;
        let (Declaration { shipment, parcel, last }, order) = (declaration, case.order.clone());
        let call = async |token: Token| client.fulfil(&token, &order, &parcel, last).await;
        let answer = case.access.call(&self.methods.order_fulfil, true, call).await;
        if let Err(error) = answer {
            let Some(refusal) = FulfilRefusal::of(&error) else { return Err(Ending::from(&error)) };
            let status = self.read_again(case).await?;
            let known = case.declared.iter().any(|known| known.number == parcel.number);
            if !known {
                return Err(self.refusal(case, refusal, &error, status).await?);
            }
            if last && !case.whole {
                let detail = format!(
                    "order {}: every parcel is declared, but AliExpress waits for more; close it there",
                    case.order
                );
                self.tell(case.shop, Notice::new("order_not_whole", Severity::Warning, detail)).await?;
            }
        }
        let declared = Declared { shipment, number: parcel.number, service: parcel.service, last };
        self.keep(case, declared).await
    }

    /// Keeps that a parcel was declared; one that is known by its number gets the shop's own words.
    async fn keep(&self, case: &mut Case<'_>, declared: Declared) -> Result<(), Ending> {
        case.declared.retain(|known| known.number != declared.number);
        case.whole |= declared.last;
        case.declared.push(declared);
        self.write(case).await
    }

    async fn write(&self, case: &Case<'_>) -> Result<(), Ending> {
        let written = self.orders.set_declared(case.shop, &case.order, &case.declared, case.whole).await;
        written.map_err(store_away)
    }

    /// Reads what AliExpress has of the order's parcels.
    async fn read_again(&self, case: &mut Case<'_>) -> Result<OrderStatus, Ending> {
        let (client, order) = (&case.access.application.client, case.order.clone());
        let call = async |token: Token| client.parcels(&token, &order).await;
        let parcels =
            case.access.call(&self.methods.order_info, true, call).await.map_err(|error| Ending::from(&error))?;
        let stage = parcels.status.stage();
        case.whole = matches!(stage, Stage::Sent | Stage::Closed);
        for number in parcels.numbers {
            if !case.declared.iter().any(|known| known.number == number) {
                let (shipment, service) = (String::new(), String::new());
                case.declared.push(Declared { shipment, number, service, last: false });
            }
        }
        self.orders.ensure(case.shop, &case.order, parcels.status).await.map_err(store_away)?;
        self.write(case).await?;
        Ok(parcels.status)
    }

    async fn services(&self, case: &Case<'_>) -> Result<Vec<LogisticsService>, Ending> {
        if let Some(kept) = self.orders.services(case.shop).await.map_err(store_away)? {
            return Ok(kept);
        }
        let client = &case.access.application.client;
        let call = async |token: Token| client.logistics_services(&token).await;
        let read = case.access.call(&self.methods.logistics_services, true, call).await;
        let read = read.map_err(|error| Ending::from(&error))?;
        self.orders.keep_services(case.shop, &read).await.map_err(store_away)?;
        Ok(read)
    }

    /// AliExpress refuses a parcel that it does not have.
    async fn refusal(
        &self,
        case: &Case<'_>,
        refusal: FulfilRefusal,
        error: &CallError,
        status: OrderStatus,
    ) -> Result<Ending, Ending> {
        let order = &case.order;
        if matches!(status.stage(), Stage::Placed) {
            let detail = format!("the order is {status} and cannot be sent yet");
            return Ok(Ending::Down { after: Some(NOT_YET), fault: Fault { code: "not_to_send".into(), detail } });
        }
        let (code, words) = match refusal {
            FulfilRefusal::AlreadyDeclared => {
                ("declared_otherwise", "it was declared there with another number".to_owned())
            }
            FulfilRefusal::NumberInvalid => ("tracking_number_refused", "the tracking number is refused".to_owned()),
            FulfilRefusal::WrongOrder => ("order_unknown", "it is no order of this seller".to_owned()),
            FulfilRefusal::WrongState => ("order_state", format!("it is {status} there and takes no shipment")),
        };
        let detail = format!("order {order} could not be declared as sent: {words}. {error}");
        self.tell(case.shop, Notice::new(code, Severity::Error, detail.clone())).await?;
        Ok(Ending::Refused(Fault { code: code.into(), detail }))
    }

    /// A parcel cannot be declared, and a person has to mend it.
    async fn obstacle(&self, case: &Case<'_>, obstacle: Obstacle) -> Result<Ending, Ending> {
        let order = &case.order;
        let (code, detail) = match obstacle {
            Obstacle::CarrierMissing { carrier, suggestions } => {
                let detail = format!(
                    "order {order}: the carrier {carrier:?} has no service on AliExpress; set one of: {}",
                    suggestions.join(", ")
                );
                self.tell(case.shop, Notice::new("carrier_missing", Severity::Error, detail.clone())).await?;
                return Ok(Ending::Parked { reason: ParkReason::CarrierMissing, detail });
            }
            Obstacle::TrackingUrlMissing { service } => {
                let detail =
                    format!("order {order}: the service {service} wants a tracking URL; set one for the carrier");
                self.tell(case.shop, Notice::new("carrier_missing", Severity::Error, detail.clone())).await?;
                return Ok(Ending::Parked { reason: ParkReason::CarrierMissing, detail });
            }
            Obstacle::NumberInvalid { service, pattern, number } => (
                "tracking_number_invalid",
                format!("order {order}: {service} takes no tracking number {number:?}; it has to look like {pattern}"),
            ),
        };
        self.tell(case.shop, Notice::new(code, Severity::Error, detail.clone())).await?;
        Ok(Ending::Refused(Fault { code: code.into(), detail }))
    }

    async fn tell(&self, shop: &ShopId, notice: Notice) -> Result<(), Ending> {
        alerts::tell(self.queue.as_ref(), shop, notice).await.map_err(|error| Ending::Down {
            after: Some(Duration::from_secs(1)),
            fault: Fault { code: "store_away".into(), detail: error.to_string() },
        })
    }
}

#[async_trait]
impl Handler for Fulfil {
    async fn work(&self, shop: &ShopId, leased: &Leased) -> Ending {
        self.declare(shop, leased).await.unwrap_or_else(|ending| ending)
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn method(&self) -> Option<&str> {
        Some(&self.methods.order_fulfil)
    }
}

fn refused(code: &str, detail: &str) -> Ending {
    Ending::Refused(Fault { code: code.into(), detail: detail.into() })
}
