//! `[store]`

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::reader::Reader;
use crate::config::{ConfigFault, merge};

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

impl Reader {
    pub(super) fn store(&mut self) -> Option<StoreConfig> {
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
}
