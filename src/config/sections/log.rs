//! `[log]`

use serde::Deserialize;

use super::reader::Reader;

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

impl Reader {
    pub(super) fn log(&mut self) -> Option<LogConfig> {
        let (level, format) = (self.value("log", "level"), self.value("log", "format"));
        Some(LogConfig { level: level?, format: format? })
    }
}
