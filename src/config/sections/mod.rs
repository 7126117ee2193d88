//! What the keys mean: raw text resolved once into types. Values that the types cannot hold are faults here;
//! values that make no sense are faults in `validate`. One file a section.

mod admin;
mod aliexpress;
mod bitrix;
mod catalog;
mod guard;
mod intake;
mod log;
mod orders;
mod reader;
mod rest;
mod shops;
mod store;
mod worker;

use toml::Table;

pub use self::admin::{AdminConfig, AdminToken, Role};
pub use self::aliexpress::{AliExpressConfig, Methods};
pub use self::bitrix::BitrixConfig;
pub use self::catalog::{CatalogConfig, CatalogLimits, Deletion, Posting};
pub use self::guard::GuardConfig;
pub use self::intake::IntakeConfig;
pub use self::log::{LogConfig, LogFormat};
pub use self::orders::OrdersConfig;
use self::reader::Reader;
pub use self::rest::{BuyerPart, RestConfig, SkuField, UnknownSku};
pub use self::shops::{Dialect, Mode, ShopConfig};
pub use self::store::{StoreConfig, StoreUrl};
pub use self::worker::{LaneConfig, WorkerConfig};
use super::ConfigFault;

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The listener that shops reach.
    pub intake: IntakeConfig,
    /// The listener of operators.
    pub admin: AdminConfig,
    /// Where states are kept.
    pub store: StoreConfig,
    /// How they are sent.
    pub worker: WorkerConfig,
    /// Whom they are sent to.
    pub aliexpress: AliExpressConfig,
    /// How shops are delivered to.
    pub bitrix: BitrixConfig,
    /// How orders are read.
    pub orders: OrdersConfig,
    /// Products on their way to AliExpress.
    pub catalog: CatalogConfig,
    /// What is held for a person to decide.
    pub guard: GuardConfig,
    /// What is logged.
    pub log: LogConfig,
    /// Whose they are.
    pub shops: Vec<ShopConfig>,
}

/// Resolves a merged tree; nothing where a section cannot be read at all.
pub(super) fn resolve(tree: Table) -> (Option<Config>, Vec<ConfigFault>) {
    let mut reader = Reader { tree, faults: Vec::new() };
    let intake = reader.section("intake");
    let admin = reader.admin();
    let store = reader.store();
    let worker = reader.worker();
    let aliexpress = reader.section("aliexpress");
    let bitrix = reader.section("bitrix");
    let orders = reader.section("orders");
    let catalog = reader.section("catalog");
    let guard = reader.section("guard");
    let log = reader.log();
    let shops = reader.shops();
    let config = || {
        Some(Config {
            intake: intake?,
            admin: admin?,
            store: store?,
            worker: worker?,
            aliexpress: aliexpress?,
            bitrix: bitrix?,
            orders: orders?,
            catalog: catalog?,
            guard: guard?,
            log: log?,
            shops: shops?,
        })
    };
    (config(), reader.faults)
}
