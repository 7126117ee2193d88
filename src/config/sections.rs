//! What the keys mean: raw text resolved once into types. Values that the types cannot hold are faults here;
//! values that make no sense are faults in `validate`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::{ConfigFault, merge};
use crate::domain::{Currency, Lane, ShopId, StockRules};

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
    /// What is logged.
    pub log: LogConfig,
    /// Whose they are.
    pub shops: Vec<ShopConfig>,
}

/// `[intake]`
#[derive(Debug, Clone, Deserialize)]
pub struct IntakeConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where AliExpress redirects after consent.
    pub public_url: String,
    /// Bytes of a body after decompression.
    pub body_bytes_max: usize,
    /// Events of a request.
    pub events_per_request_max: usize,
    /// Seconds that a request may be old.
    pub timestamp_tolerance_secs: u64,
    /// Seconds that a sender's clock may be ahead.
    pub timestamp_future_secs: u64,
    /// Requests a second of one shop; 0 = no limit.
    pub requests_per_second_max: u32,
    /// Requests that wait for the store.
    pub queue_max: usize,
    /// Open connections.
    pub connections_max: usize,
}

/// `[admin]`
#[derive(Debug, Clone)]
pub struct AdminConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Whom to let in; empty: a token is made.
    pub tokens: Vec<AdminToken>,
}

/// A token of the admin API.
#[derive(Debug, Clone)]
pub struct AdminToken {
    /// Whose it is.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The token.
    pub token: SecretString,
}

/// What a token of the admin API may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look.
    Viewer,
    /// Look and act.
    Operator,
}

/// `[store]`
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Which store.
    pub url: StoreUrl,
    /// The master keys.
    pub key_file: PathBuf,
    /// Redis replicas that must have a write before it is acknowledged.
    pub wait_replicas: u32,
    /// The longest that one call may take.
    pub timeout: Duration,
}

impl StoreConfig {
    /// The file beside which others that belong to the store are made: its own, or the key file where it has none on this machine.
    pub fn beside(&self) -> &Path {
        match &self.url {
            StoreUrl::Sqlite(file) => file,
            StoreUrl::Redis(_) => &self.key_file,
        }
    }
}

/// Which store.
#[derive(Debug, Clone)]
pub enum StoreUrl {
    /// The embedded store, in this file.
    Sqlite(PathBuf),
    /// Redis: stand-alone, Sentinel or Cluster. The URL may hold a password.
    Redis(SecretString),
}

/// `[worker]`
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// Whether this replica sends.
    pub enabled: bool,
    /// Calls to AliExpress at one time, for an application key.
    pub requests_in_flight_max: usize,
    /// How long a stop waits for what is in flight.
    pub stop_max: Duration,
    /// The longest look-away when nothing is due.
    pub poll_max: Duration,
    lanes: [LaneConfig; 6],
}

impl WorkerConfig {
    /// The settings of a lane.
    pub fn lane(&self, lane: Lane) -> &LaneConfig {
        &self.lanes[lane as usize]
    }
}

/// `[worker.lanes.*]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct LaneConfig {
    window_ms: u64,
    lease_secs: u64,
    /// Failures that blame an entry before it is a dead letter.
    pub attempts_max: u32,
    age_max_secs: u64,
    backoff_ms_min: u64,
    backoff_ms_max: u64,
}

impl LaneConfig {
    /// How long a state may wait for a newer one.
    pub fn window(&self) -> Duration {
        Duration::from_millis(self.window_ms)
    }
    /// How long a worker holds an entry.
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_secs)
    }
    /// Unconfirmed for so long, an entry is a dead letter.
    pub fn age_max(&self) -> Duration {
        Duration::from_secs(self.age_max_secs)
    }
    /// The first retry comes within this.
    pub fn backoff_min(&self) -> Duration {
        Duration::from_millis(self.backoff_ms_min)
    }
    /// Later retries come within this.
    pub fn backoff_max(&self) -> Duration {
        Duration::from_millis(self.backoff_ms_max)
    }
}

/// `[aliexpress]`
#[derive(Debug, Clone, Deserialize)]
pub struct AliExpressConfig {
    /// Dialect `solution`.
    pub gateway_url: String,
    /// Dialect `local`.
    pub local_url: String,
    /// Requests a second for an application key.
    pub requests_per_second: u32,
    /// Requests a second for each method of an application key; 0 = no limit of its own.
    pub requests_per_second_method: u32,
    /// Requests a day for an application key; 0 = no quota.
    pub requests_per_day: u32,
    margin_ms: u64,
    connect_timeout_ms: u64,
    timeout_ms: u64,
    /// Products in one stock or price update.
    pub products_per_request_max: usize,
    /// SKUs of one product in it.
    pub skus_per_product_max: usize,
    /// Failures in a row after which calls pause.
    pub breaker_failures: u32,
    breaker_secs_max: u64,
    /// The method behind each call.
    pub methods: Methods,
}

impl AliExpressConfig {
    /// Room for network jitter between a permit and its 40th successor.
    pub fn margin(&self) -> Duration {
        Duration::from_millis(self.margin_ms)
    }
    /// Of a connection.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }
    /// Of one call, connecting included.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
    /// The longest pause between probes of an open breaker.
    pub fn breaker_max(&self) -> Duration {
        Duration::from_secs(self.breaker_secs_max)
    }
}

/// `[aliexpress.methods]`
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "each is the method of the call that it is named after")]
pub struct Methods {
    pub inventory_update: String,
    pub price_update: String,
    pub product_list: String,
    pub product_info: String,
    pub merchant_profile: String,
    pub image_upload: String,
    pub category_tree: String,
    pub category_attributes: String,
    pub category_suggest: String,
    pub product_schema: String,
    pub product_post: String,
    pub product_edit: String,
    pub schema_post: String,
    pub schema_update: String,
    pub product_online: String,
    pub product_offline: String,
    pub product_delete: String,
    pub product_status: String,
    pub order_list: String,
    pub order_receipt: String,
    pub order_info: String,
    pub order_fulfil: String,
    pub logistics_services: String,
}

/// `[catalog]`
#[derive(Debug, Clone, Deserialize)]
pub struct CatalogConfig {
    /// Which methods create and edit products.
    pub posting: Posting,
    /// What a deletion in the shop does on AliExpress.
    pub deleted: Deletion,
    tree_age_secs_max: u64,
    schema_age_secs_max: u64,
    import_age_secs_max: u64,
    image_timeout_ms: u64,
    audit_check_secs_min: u64,
    audit_check_secs_max: u64,
    repost_after_secs: u64,
    /// Limits of what leaves; a category's schema wins where it states one.
    #[serde(flatten)]
    pub limits: CatalogLimits,
}

impl CatalogConfig {
    /// The tree of categories is read again when it is older.
    pub fn tree_age_max(&self) -> Duration {
        Duration::from_secs(self.tree_age_secs_max)
    }
    /// A category's schema is read again when it is older.
    pub fn schema_age_max(&self) -> Duration {
        Duration::from_secs(self.schema_age_secs_max)
    }
    /// Within this, an import of listings says which SKUs are not on AliExpress.
    pub fn import_age_max(&self) -> Duration {
        Duration::from_secs(self.import_age_secs_max)
    }
    /// Of fetching a picture from the shop.
    pub fn image_timeout(&self) -> Duration {
        Duration::from_millis(self.image_timeout_ms)
    }
    /// The first look at an audit comes after this; each later one after twice the time.
    pub fn audit_check_min(&self) -> Duration {
        Duration::from_secs(self.audit_check_secs_min)
    }
    /// The longest time between two looks at an audit.
    pub fn audit_check_max(&self) -> Duration {
        Duration::from_secs(self.audit_check_secs_max)
    }
    /// A post whose answer was lost is repeated after this, if AliExpress does not show the product by then.
    pub fn repost_after(&self) -> Duration {
        Duration::from_secs(self.repost_after_secs)
    }
}

/// Limits of what leaves for AliExpress.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct CatalogLimits {
    /// Characters of a title.
    pub title_chars_max: usize,
    /// Characters of a description, as sanitised HTML.
    pub description_chars_max: usize,
    /// Main pictures.
    pub images_max: usize,
    /// Pixels of each side of a main picture.
    pub image_side_min: usize,
    /// Bytes of a picture.
    pub image_bytes_max: u64,
    /// Characters of a SKU.
    pub sku_chars_max: usize,
    /// SKUs of a product.
    pub skus_max: usize,
    /// Characters of the seller's own word for a value.
    pub custom_chars_max: usize,
    /// Characters of an attribute's text.
    pub value_chars_max: usize,
    /// Whole units of the store's currency.
    pub price_max: u64,
    /// Grams of a parcel.
    pub weight_grams_max: u64,
    /// Centimetres of each side of a parcel.
    pub side_cm_max: u32,
}

/// Which methods create and edit products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// `product.post` and `product.edit`.
    Post,
    /// The pair of schema methods.
    Schema,
}

/// What a deletion in the shop does on AliExpress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deletion {
    /// The listing is taken off and can come back.
    Offline,
    /// The listing is deleted for good.
    Delete,
}

/// `[bitrix]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct BitrixConfig {
    connect_timeout_ms: u64,
    timeout_ms: u64,
    /// Deliveries to one shop at one time, for each of its lanes.
    pub requests_in_flight_max: usize,
}

impl BitrixConfig {
    /// Of a connection.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }
    /// Of one delivery, connecting included.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

/// `[orders]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct OrdersConfig {
    poll_secs_min: u64,
    poll_secs_max: u64,
    overlap_secs: u64,
    deadline_near_hours: u64,
}

impl OrdersConfig {
    /// Between two looks while orders come in.
    pub fn poll_min(&self) -> Duration {
        Duration::from_secs(self.poll_secs_min)
    }
    /// Between two looks when none came for long.
    pub fn poll_max(&self) -> Duration {
        Duration::from_secs(self.poll_secs_max)
    }
    /// How far each look reaches back before the last.
    pub fn overlap(&self) -> Duration {
        Duration::from_secs(self.overlap_secs)
    }
    /// An order that must be sent within this is near its deadline.
    pub fn deadline_near(&self) -> Duration {
        Duration::from_secs(self.deadline_near_hours * 3600)
    }
}

/// `[log]`
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// A level or a filter of `tracing`.
    pub level: String,
    /// How lines look.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// One of `[[shops]]`
#[derive(Debug, Clone)]
pub struct ShopConfig {
    /// Names it in URLs.
    pub id: ShopId,
    /// Texts of its webhook secrets, checked.
    pub webhook_secrets: Vec<SecretString>,
    /// Which of AliExpress's APIs it speaks.
    pub dialect: Dialect,
    /// Of the application in AliExpress's console.
    pub app_key: String,
    /// Of the application.
    pub app_secret: SecretString,
    /// An access token.
    pub token: SecretString,
    /// The module's endpoint.
    pub bitrix_url: SecretString,
    /// Whether anything is sent.
    pub mode: Mode,
    /// Of the AliExpress store; none: read from it.
    pub currency: Option<Currency>,
    /// What AliExpress may sell.
    pub stock: StockRules,
    /// Whether AliExpress orders are brought to the shop.
    pub orders: bool,
    /// Rows of the table of carriers, checked.
    pub carriers: Vec<String>,
    /// Days after which buyers' data is erased.
    pub order_retention_days: u32,
    /// Hosts of its pictures that may have private addresses.
    pub image_hosts_private: Vec<String>,
}

/// Which of AliExpress's APIs a shop speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// The Open Platform's signed methods.
    Solution,
    /// AliExpress Russia's own API.
    Local,
}

/// Whether anything is sent to AliExpress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It is.
    Live,
    /// Everything is computed and shown, nothing is sent.
    Observe,
}

/// Reads a section; its form is checked already, so a fault is a value that its type cannot hold.
struct Reader {
    tree: Table,
    faults: Vec<ConfigFault>,
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
            log: log?,
            shops: shops?,
        })
    };
    (config(), reader.faults)
}

impl Reader {
    fn table(&self, path: &str) -> Table {
        let mut value = Value::Table(self.tree.clone());
        for key in path.split('.') {
            let below = match &value {
                Value::Array(items) => key.parse::<usize>().ok().and_then(|at| items.get(at)).cloned(),
                value => value.get(key).cloned(),
            };
            value = below.unwrap_or(Value::Table(Table::new()));
        }
        value.as_table().cloned().unwrap_or_default()
    }

    /// A section; where it cannot be read, each key at fault is found by itself.
    fn section<T: for<'de> Deserialize<'de>>(&mut self, path: &str) -> Option<T> {
        let given = self.table(path);
        let whole: Result<T, toml::de::Error> = Value::Table(given.clone()).try_into();
        let error = match whole {
            Ok(section) => return Some(section),
            Err(error) => error,
        };
        let known = self.faults.len();
        let defaults = Reader { tree: merge::defaults(), faults: Vec::new() }.table(path);
        for (key, value) in given {
            let mut alone = defaults.clone();
            alone.insert(key.clone(), value);
            self.parse::<T>(&format!("{path}.{key}"), Value::Table(alone));
        }
        if self.faults.len() == known {
            self.faults.push(ConfigFault::new(path, error.message().to_owned()));
        }
        None
    }

    fn parse<T: for<'de> Deserialize<'de>>(&mut self, key: &str, value: Value) -> Option<T> {
        value
            .try_into()
            .map_err(|error: toml::de::Error| self.faults.push(ConfigFault::new(key, error.message().to_owned())))
            .ok()
    }

    fn value<T: for<'de> Deserialize<'de>>(&mut self, path: &str, key: &str) -> Option<T> {
        let value = self.table(path).get(key).cloned().unwrap_or(Value::String(String::new()));
        self.parse(&format!("{path}.{key}"), value)
    }

    /// A secret given as a value or as a file; empty when it is not given.
    fn secret(&mut self, path: &str, key: &str) -> Option<String> {
        let (value, file): (String, String) = (self.value(path, key)?, self.value(path, &format!("{key}_file"))?);
        match (value.is_empty(), file.is_empty()) {
            (_, true) => Some(value),
            (false, false) => {
                self.faults
                    .push(ConfigFault::new(format!("{path}.{key}"), format!("is given, and {key}_file too: keep one")));
                None
            }
            (true, false) => self.lines(path, key, &file).map(|lines| lines.into_iter().next().unwrap_or_default()),
        }
    }

    fn lines(&mut self, path: &str, key: &str, file: &str) -> Option<Vec<String>> {
        match std::fs::read_to_string(file) {
            Ok(text) => Some(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()),
            Err(error) => {
                let detail = format!("{file} cannot be read: {error}");
                self.faults.push(ConfigFault::new(format!("{path}.{key}_file"), detail));
                None
            }
        }
    }

    fn admin(&mut self) -> Option<AdminConfig> {
        let listen = self.value("admin", "listen");
        let mut tokens = Vec::new();
        let token = self.secret("admin", "token")?;
        if !token.is_empty() {
            tokens.push(AdminToken { name: "operator".into(), role: Role::Operator, token: token.into() });
        }
        let named = self.table("admin").get("tokens").and_then(Value::as_array).map_or(0, Vec::len);
        for at in 0..named {
            let path = format!("admin.tokens.{at}");
            let (name, role, token) =
                (self.value(&path, "name"), self.value(&path, "role"), self.value(&path, "token"));
            let token: Option<String> = token;
            tokens.push(AdminToken { name: name?, role: role?, token: token?.into() });
        }
        Some(AdminConfig { listen: listen?, tokens })
    }

    fn store(&mut self) -> Option<StoreConfig> {
        let file: String = self.value("store", "url_file")?;
        let url = match file.is_empty() {
            true => self.value("store", "url")?,
            false => self.lines("store", "url", &file)?.into_iter().next().unwrap_or_default(),
        };
        let url = match url.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => StoreUrl::Sqlite(path.into()),
            Some(("redis" | "rediss" | "redis+sentinel" | "redis+cluster", rest)) if rest.starts_with("//") => {
                StoreUrl::Redis(url.into())
            }
            _ => {
                let shown = merge::without_password(&url);
                let detail = format!(
                    "is {shown:?}; it must start with sqlite:, redis://, rediss://, redis+sentinel:// or redis+cluster://"
                );
                self.faults.push(ConfigFault::new("store.url", detail));
                return None;
            }
        };
        let key_file: String = self.value("store", "key_file")?;
        let timeout = Duration::from_millis(self.value("store", "timeout_ms")?);
        Some(StoreConfig {
            url,
            key_file: key_file.into(),
            wait_replicas: self.value("store", "wait_replicas")?,
            timeout,
        })
    }

    fn worker(&mut self) -> Option<WorkerConfig> {
        let lanes = Lane::ALL.map(|lane| self.section(&format!("worker.lanes.{lane}")));
        let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)] = lanes else { return None };
        Some(WorkerConfig {
            enabled: self.value("worker", "enabled")?,
            requests_in_flight_max: self.value("worker", "requests_in_flight_max")?,
            stop_max: Duration::from_secs(self.value("worker", "stop_secs_max")?),
            poll_max: Duration::from_millis(self.value("worker", "poll_ms_max")?),
            lanes: [a, b, c, d, e, f],
        })
    }

    fn log(&mut self) -> Option<LogConfig> {
        let (level, format) = (self.value("log", "level"), self.value("log", "format"));
        Some(LogConfig { level: level?, format: format? })
    }

    fn shops(&mut self) -> Option<Vec<ShopConfig>> {
        let count = self.tree.get("shops").and_then(Value::as_array).map_or(0, Vec::len);
        // Every shop is read before the first that cannot be, so that the faults of all are found.
        let shops: Vec<_> = (0..count).map(|at| self.shop(&format!("shops.{at}"))).collect();
        shops.into_iter().collect()
    }

    fn shop(&mut self, path: &str) -> Option<ShopConfig> {
        let id = self.value(path, "id");
        let file: Option<String> = self.value(path, "webhook_secrets_file");
        let given: Option<Vec<String>> = self.value(path, "webhook_secrets");
        let webhook_secrets = match file.as_deref() {
            Some("") => given,
            Some(file) => self.lines(path, "webhook_secrets", file),
            None => None,
        };
        let (dialect, mode) = (self.value(path, "dialect"), self.value(path, "mode"));
        let (app_secret, token) = (self.secret(path, "app_secret"), self.secret(path, "token"));
        let bitrix_url = self.secret(path, "bitrix_url");
        let currency: Option<String> = self.value(path, "currency");
        let currency = match currency.as_deref() {
            Some("") => Some(None),
            Some(code) => self.parse(&format!("{path}.currency"), Value::String(code.to_owned())).map(Some),
            None => None,
        };
        Some(ShopConfig {
            id: id?,
            webhook_secrets: webhook_secrets?.into_iter().map(Into::into).collect(),
            dialect: dialect?,
            app_key: self.value(path, "app_key")?,
            app_secret: app_secret?.into(),
            token: token?.into(),
            bitrix_url: bitrix_url?.into(),
            mode: mode?,
            currency: currency?,
            stock: StockRules {
                reserve: self.value(path, "stock_reserve")?,
                zero_below: self.value(path, "stock_zero_below")?,
            },
            orders: self.value(path, "orders")?,
            carriers: self.value(path, "carriers")?,
            order_retention_days: self.value(path, "order_retention_days")?,
            image_hosts_private: self.value(path, "image_hosts_private")?,
        })
    }
}
