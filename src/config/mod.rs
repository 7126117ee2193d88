//! Configuration as plain data: loaded, merged, checked whole. Imports no live type of any other room but `domain`.
//!
//! `config/default.toml` (built in, the manual) ← a file ← the environment. [`load`] finds every fault at once,
//! each with its key; what it returns is valid. `sections` says what each key means to the program.

mod merge;
mod sections;
#[cfg(test)]
mod tests;
mod validate;

use std::path::{Path, PathBuf};

pub use sections::{
    AdminConfig, AdminToken, AliExpressConfig, BitrixConfig, BuyerPart, CatalogConfig, CatalogLimits, Config, Deletion,
    Dialect, GuardConfig, IntakeConfig, LaneConfig, LogConfig, LogFormat, Methods, Mode, OrdersConfig, Posting,
    RestConfig, Role, ShopConfig, SkuField, StoreConfig, StoreUrl, UnknownSku, WorkerConfig,
};

/// The built-in defaults, which are also the manual.
pub const DEFAULT: &str = include_str!("../../config/default.toml");
/// A starting point for a small shop.
pub const EXAMPLE: &str = include_str!("../../config/example.toml");
/// What environment variables of the program start with.
pub const ENVIRONMENT_PREFIX: &str = "ALIGATE__";

/// One thing wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct ConfigFault {
    /// Where: `shops.0.app_key`.
    pub key: String,
    /// What, and what to do. Repeats no secret.
    pub detail: String,
}

impl ConfigFault {
    fn new(key: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { key: key.into(), detail: detail.into() }
    }
}

impl std::fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.detail)
    }
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFaults(pub Vec<ConfigFault>);

impl std::error::Error for ConfigFaults {}

impl std::fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&faults.join("\n"))
    }
}

/// Where configuration comes from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A file over the defaults.
    pub file: Option<PathBuf>,
    /// Variables over both; others than those of the program are ignored.
    pub environment: Vec<(String, String)>,
}

impl Sources {
    /// The file given, else the one that `ALIGATE_CONFIG` names, and the process's environment.
    pub fn of_process(file: Option<&Path>) -> Self {
        let mut environment: Vec<(String, String)> =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect();
        environment.sort();
        let named = || environment.iter().find(|(key, _)| key == "ALIGATE_CONFIG").map(|(_, file)| PathBuf::from(file));
        Self { file: file.map(Path::to_path_buf).or_else(named), environment }
    }
}

/// Loads, merges and checks.
///
/// # Errors
/// All faults at once.
pub fn load(sources: &Sources) -> Result<Config, ConfigFaults> {
    let (tree, mut faults) = merge::merged(sources);
    let (config, more) = sections::resolve(tree);
    faults.extend(more);
    if let Some(config) = &config {
        faults.extend(validate::faults(config));
    }
    faults.sort();
    faults.dedup();
    match config {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(ConfigFaults(faults)),
    }
}

/// The merged configuration as TOML, secrets masked.
///
/// # Errors
/// All faults at once, as [`load`].
pub fn show(sources: &Sources) -> Result<String, ConfigFaults> {
    shown(sources).map(|tree| tree.to_string())
}

/// The merged configuration as a tree, secrets masked.
///
/// # Errors
/// All faults at once, as [`load`].
pub fn shown(sources: &Sources) -> Result<toml::Table, ConfigFaults> {
    load(sources)?;
    let (mut tree, _) = merge::merged(sources);
    merge::mask(&mut tree);
    Ok(tree)
}
