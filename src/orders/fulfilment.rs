//! What is to be declared of an order's shipments: the difference between the shop's whole list and what was declared. Pure.

use serde::Deserialize;

use super::book::Declared;
use super::carriers::{self, Carriers};
use crate::aliexpress::{LogisticsService, Parcel};

/// A shop's word on an order's shipments, as the queue keeps it: `order.status_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Told {
    /// `shipped`, `delivered`, `cancel_requested` or `cancelled`.
    pub status: String,
    /// No parcels are to come.
    #[serde(default)]
    pub complete: bool,
    /// Every parcel so far.
    #[serde(default)]
    pub shipments: Vec<Shipment>,
}

/// A parcel as the shop tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shipment {
    /// The shop's id of it.
    pub id: String,
    /// Empty or absent until the shop knows it.
    #[serde(default)]
    pub tracking_number: Option<String>,
    /// The shop's delivery service.
    #[serde(default)]
    pub carrier: Option<String>,
    /// Where the number can be followed.
    #[serde(default)]
    pub tracking_url: Option<String>,
}

impl Shipment {
    fn number(&self) -> &str {
        self.tracking_number.as_deref().unwrap_or_default().trim()
    }

    /// The shop's delivery service.
    pub fn carrier(&self) -> &str {
        self.carrier.as_deref().unwrap_or_default().trim()
    }
}

/// A parcel to be declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The shop's id of it.
    pub shipment: String,
    /// The parcel.
    pub parcel: Parcel,
    /// The order is sent whole with it.
    pub last: bool,
}

/// What the list comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is to be declared now, in this order.
    pub declarations: Vec<Declaration>,
    /// Parcels whose number differs from the one declared: shipment, declared, told. AliExpress takes no other number for a parcel over this
    /// interface; people have to correct it there.
    pub renumbered: Vec<(String, String, String)>,
    /// Parcels that have no number yet.
    pub unnumbered: Vec<String>,
}

/// Why a parcel cannot be declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The carrier has no service on AliExpress.
    CarrierMissing {
        /// The shop's delivery service.
        carrier: String,
        /// Services that it may be.
        suggestions: Vec<String>,
    },
    /// The service takes no such number.
    NumberInvalid {
        /// The service.
        service: String,
        /// What its numbers look like.
        pattern: String,
        /// The number.
        number: String,
    },
    /// The service wants to know where its numbers can be followed.
    TrackingUrlMissing {
        /// The service.
        service: String,
    },
}

/// The difference between what the shop tells and what was declared.
///
/// A parcel is known by its shipment or by its number: one that was declared by hand on AliExpress is declared all the same. `whole`:
/// AliExpress already counts the order as sent.
///
/// # Errors
/// The first parcel that cannot be declared; those before it are declared all the same by [`Plan::declarations`] of a shorter list.
pub fn plan(
    told: &Told,
    declared: &[Declared],
    whole: bool,
    carriers: &Carriers,
    services: &[LogisticsService],
) -> Result<Plan, Obstacle> {
    let mut plan = Plan { declarations: Vec::new(), renumbered: Vec::new(), unnumbered: Vec::new() };
    let mut seen: Vec<&str> = Vec::new();
    for shipment in &told.shipments {
        let number = shipment.number();
        if number.is_empty() {
            plan.unnumbered.push(shipment.id.clone());
            continue;
        }
        if seen.contains(&number) || declared.iter().any(|parcel| parcel.number == number) {
            continue;
        }
        seen.push(number);
        if let Some(before) = declared.iter().rev().find(|parcel| parcel.shipment == shipment.id) {
            plan.renumbered.push((shipment.id.clone(), before.number.clone(), number.to_owned()));
            if whole {
                continue;
            }
        }
        if whole {
            continue;
        }
        let parcel = parcel(shipment, number, carriers, services)?;
        plan.declarations.push(Declaration { shipment: shipment.id.clone(), parcel, last: false });
    }
    let ready = told.complete && plan.unnumbered.is_empty() && !whole;
    if ready && let Some(last) = plan.declarations.last_mut() {
        last.last = true;
    } else if ready && let Some(last) = declared.last().filter(|last| !last.last) {
        // Everything was declared as a part before the shop knew that there was no more to come.
        let url = told.shipments.iter().find(|shipment| shipment.number() == last.number);
        let url = url.and_then(|shipment| {
            let carrier = carriers.find(shipment.carrier(), services)?;
            carriers::tracking_url(&carrier, shipment.tracking_url.as_deref(), &last.number)
        });
        let parcel = Parcel { service: last.service.clone(), number: last.number.clone(), tracking_url: url };
        plan.declarations.push(Declaration { shipment: last.shipment.clone(), parcel, last: true });
    }
    Ok(plan)
}

fn parcel(
    shipment: &Shipment,
    number: &str,
    carriers: &Carriers,
    services: &[LogisticsService],
) -> Result<Parcel, Obstacle> {
    let Some(carrier) = carriers.find(shipment.carrier(), services) else {
        let suggestions = carriers::suggestions(shipment.carrier(), services);
        let suggestions = suggestions.into_iter().map(|service| service.name.clone()).collect();
        return Err(Obstacle::CarrierMissing { carrier: shipment.carrier().to_owned(), suggestions });
    };
    if let Some(service) = services.iter().find(|service| service.name == carrier.service)
        && !carriers::takes(service, number)
    {
        let pattern = service.pattern.clone().unwrap_or_default();
        return Err(Obstacle::NumberInvalid { service: carrier.service, pattern, number: number.to_owned() });
    }
    let tracking_url = carriers::tracking_url(&carrier, shipment.tracking_url.as_deref(), number);
    if carriers::needs_tracking_url(&carrier.service) && tracking_url.is_none() {
        return Err(Obstacle::TrackingUrlMissing { service: carrier.service });
    }
    Ok(Parcel { service: carrier.service, number: number.to_owned(), tracking_url })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services() -> Vec<LogisticsService> {
        let service = |name: &str, pattern: &str| LogisticsService {
            name: name.into(),
            title: name.into(),
            company: String::new(),
            pattern: Some(pattern.into()),
        };
        vec![service("POST", "^[A-Z]{2}[0-9]{3}$"), service("OTHER_RU_LOCAL", "^.{2,50}$")]
    }

    fn told(complete: bool, shipments: &[(&str, &str)]) -> Told {
        let shipment = |(id, number): &(&str, &str)| Shipment {
            id: (*id).into(),
            tracking_number: Some((*number).into()),
            carrier: Some("POST".into()),
            tracking_url: None,
        };
        Told { status: "shipped".into(), complete, shipments: shipments.iter().map(shipment).collect() }
    }

    fn declared(parcels: &[(&str, &str, bool)]) -> Vec<Declared> {
        let parcel = |(shipment, number, last): &(&str, &str, bool)| Declared {
            shipment: (*shipment).into(),
            number: (*number).into(),
            service: "POST".into(),
            last: *last,
        };
        parcels.iter().map(parcel).collect()
    }

    fn planned(told: &Told, before: &[Declared], whole: bool) -> Vec<(String, bool)> {
        let plan = plan(told, before, whole, &Carriers::default(), &services()).unwrap();
        plan.declarations.into_iter().map(|one| (one.parcel.number, one.last)).collect()
    }

    #[test]
    fn parts_go_one_by_one_and_the_last_says_all() {
        let part = |number: &str| (number.to_owned(), false);
        let all = |number: &str| (number.to_owned(), true);
        assert_eq!(planned(&told(false, &[("1", "AA001")]), &[], false), [part("AA001")]);
        assert_eq!(planned(&told(true, &[("1", "AA001")]), &[], false), [all("AA001")]);
        assert_eq!(planned(&told(true, &[("1", "AA001"), ("2", "AA002")]), &[], false), [part("AA001"), all("AA002")]);
        let one = declared(&[("1", "AA001", false)]);
        assert_eq!(planned(&told(true, &[("1", "AA001"), ("2", "AA002")]), &one, false), [all("AA002")]);
        assert_eq!(planned(&told(false, &[("1", "AA001")]), &one, false), []);
        assert_eq!(planned(&told(true, &[("1", "AA001")]), &one, false), [all("AA001")], "there was no more to come");
        assert_eq!(planned(&told(true, &[("1", "AA001")]), &declared(&[("1", "AA001", true)]), true), []);
    }

    #[test]
    fn a_parcel_without_a_number_waits_and_keeps_the_order_open() {
        let list = told(true, &[("1", "AA001"), ("2", " ")]);
        let plan = plan(&list, &[], false, &Carriers::default(), &services()).unwrap();
        assert_eq!(plan.unnumbered, ["2"]);
        assert!(!plan.declarations[0].last);
    }

    #[test]
    fn a_changed_number_is_one_parcel_more_until_the_order_is_whole() {
        let before = declared(&[("1", "AA001", false)]);
        let list = told(false, &[("1", "AA009")]);
        let first = plan(&list, &before, false, &Carriers::default(), &services()).unwrap();
        assert_eq!(first.renumbered, [("1".to_owned(), "AA001".to_owned(), "AA009".to_owned())]);
        assert_eq!(first.declarations.len(), 1);
        let whole = plan(&list, &before, true, &Carriers::default(), &services()).unwrap();
        assert_eq!((whole.renumbered.len(), whole.declarations.len()), (1, 0));
    }

    #[test]
    fn what_keeps_a_parcel_from_being_declared_is_said() {
        let fail = |carrier: &str, number: &str| {
            let mut list = told(true, &[("1", number)]);
            list.shipments[0].carrier = Some(carrier.into());
            plan(&list, &[], false, &Carriers::default(), &services()).unwrap_err()
        };
        assert!(
            matches!(fail("Boxberry", "AA001"), Obstacle::CarrierMissing { suggestions, .. } if suggestions == ["OTHER_RU_LOCAL"])
        );
        assert!(matches!(fail("POST", "12"), Obstacle::NumberInvalid { .. }));
        assert!(matches!(fail("OTHER_RU_LOCAL", "AA001"), Obstacle::TrackingUrlMissing { .. }));
    }
}
