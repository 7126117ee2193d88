//! A shop and its application as they stand, for the API and the gauges.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::api::Api;
use super::guard::GuardStatus;
use super::problem::Problem;
use crate::aliexpress::Application;
use crate::config::{Dialect, Mode, ShopConfig};
use crate::domain::Lane;
use crate::guard::Kind;
use crate::oauth::{TokenLife, VaultError};
use crate::queue::{LaneStats, ParkReason};
use crate::telemetry::metric::Metric;

/// The store's name on the health board.
pub const STORE: &str = "store";

/// A shop as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopStatus {
    /// Its id.
    pub shop: String,
    /// The gateway's version.
    pub version: &'static str,
    /// What this gateway does for a shop.
    pub capabilities: Vec<&'static str>,
    /// `live` or `observe`.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// `solution` or `local`.
    #[schema(value_type = String)]
    pub dialect: Dialect,
    /// The AliExpress store's currency, where it is known.
    pub currency: Option<String>,
    /// Each lane.
    #[schema(value_type = BTreeMap<String, Object>)]
    pub lanes: BTreeMap<Lane, LaneStats>,
    /// What the avalanche guard holds.
    pub guard: GuardStatus,
    /// The directory of listings.
    pub listings: Directory,
    /// The access token and the seller's consent.
    pub token: TokenLife,
    /// The application's limits.
    pub limits: Option<AppStatus>,
}

/// The directory of listings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Directory {
    /// SKUs with a listing.
    pub skus: u64,
    /// Listings.
    pub listings: u64,
}

/// An application as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppStatus {
    /// Its key.
    pub app_key: String,
    /// Requests allowed in a second.
    pub requests_per_second: u32,
    /// Requests in the last second.
    pub used_last_second: u32,
    /// Requests allowed in a day; 0 = no quota.
    pub requests_per_day: u32,
    /// Requests today.
    pub used_today: u32,
    /// What AliExpress bans and for how many seconds still; `app` or a method.
    pub bans: BTreeMap<String, u64>,
    /// Milliseconds for which calls still pause after failures; 0 = they do not.
    pub paused_ms: u64,
}

/// The status of a shop.
///
/// # Errors
/// Where the store is away.
pub async fn of_shop(api: &Api, shop: &ShopConfig) -> Result<ShopStatus, Problem> {
    let lanes = api.queue.stats(&shop.id).await?;
    let (skus, listings) = api.queue.directory_size(&shop.id).await?;
    let guard = api.guard.stands(&shop.id, &lanes, (skus, listings)).await?.into();
    let access = api.applications.of_shop(&shop.id);
    let token = match api.oauth.life(&shop.id).await {
        Ok(Some(life)) => life,
        Ok(None) => TokenLife::missing(),
        Err(VaultError::Store(error)) => return Err(error.into()),
        // The rest of the status is wanted all the more.
        Err(error) => TokenLife { trouble: Some(error.to_string()), ..TokenLife::missing() },
    };
    Ok(ShopStatus {
        shop: shop.id.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        capabilities: vec!["stock", "price", "trace", "replay", "dead_letters", "listings_import", "oauth", "guard"],
        mode: shop.mode,
        dialect: shop.dialect,
        currency: api.currencies.of(&shop.id).map(|currency| currency.to_string()),
        lanes,
        guard,
        listings: Directory { skus, listings },
        token,
        limits: match access {
            Some(access) => of_application(&access.application).await,
            None => None,
        },
    })
}

/// The status of every application.
pub async fn of_applications(api: &Api) -> Vec<AppStatus> {
    let mut all = Vec::new();
    for application in api.applications.all() {
        all.extend(of_application(application).await);
    }
    all
}

async fn of_application(application: &Application) -> Option<AppStatus> {
    let usage = application.usage().await.ok()?;
    Some(AppStatus {
        app_key: application.key().to_owned(),
        requests_per_second: usage.per_second,
        used_last_second: usage.used_last_second,
        requests_per_day: usage.per_day,
        used_today: usage.used_today,
        bans: usage.bans.into_iter().map(|(what, left)| (what, left.as_secs())).collect(),
        paused_ms: application.pauses().map_or(0, |left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
    })
}

/// Sets the gauges that are read, not counted.
///
/// # Errors
/// Where the store is away.
#[expect(clippy::cast_precision_loss, reason = "gauges are floating-point")]
pub async fn gauge(api: &Api) -> Result<(), Problem> {
    for shop in api.shops.iter() {
        for (lane, stats) in api.queue.stats(&shop.id).await? {
            let labels = [("shop", shop.id.to_string()), ("lane", lane.to_string())];
            if let Some(kind) = Kind::of_lane(lane) {
                let labels = [("shop", shop.id.to_string()), ("kind", kind.to_string())];
                Metric::GuardHeld.set(stats.held as f64, &labels);
            }
            Metric::OldestAge.set(stats.oldest_age_ms as f64 / 1000.0, &labels);
            let parked = |reason: ParkReason| stats.parked.get(&reason).copied().unwrap_or_default();
            let places = [
                ("due", stats.depth),
                ("leased", stats.leased),
                ("awaiting", stats.awaiting),
                ("parked", ParkReason::ALL.into_iter().map(parked).sum()),
                ("held", stats.held),
                ("dead", stats.dead),
            ];
            for (place, count) in places {
                let labels = [labels[0].clone(), labels[1].clone(), ("place", place.to_owned())];
                Metric::Entries.set(count as f64, &labels);
            }
        }
        let refused = api.applications.of_shop(&shop.id).is_some_and(|access| access.refused_since().is_some());
        Metric::Unauthorized.set(f64::from(u8::from(refused)), &[("shop", shop.id.to_string())]);
    }
    for app in of_applications(api).await {
        let label = ("app", app.app_key.clone());
        let used = f64::from(app.used_last_second) / f64::from(app.requests_per_second.max(1));
        Metric::BudgetUsed.set(used, std::slice::from_ref(&label));
        Metric::BreakerOpen.set(f64::from(u8::from(app.paused_ms > 0)), std::slice::from_ref(&label));
        for (what, secs) in app.bans {
            Metric::Banned.set(secs as f64, &[label.clone(), ("scope", what)]);
        }
    }
    Ok(())
}
