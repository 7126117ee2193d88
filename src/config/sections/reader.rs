//! Reads sections; their form is checked already, so a fault is a value that its type cannot hold.

use serde::Deserialize;
use toml::{Table, Value};

use crate::config::{ConfigFault, merge};

/// Reads a section; its form is checked already, so a fault is a value that its type cannot hold.
pub(super) struct Reader {
    pub(super) tree: Table,
    pub(super) faults: Vec<ConfigFault>,
}

impl Reader {
    pub(super) fn table(&self, path: &str) -> Table {
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
    pub(super) fn section<T: for<'de> Deserialize<'de>>(&mut self, path: &str) -> Option<T> {
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

    pub(super) fn parse<T: for<'de> Deserialize<'de>>(&mut self, key: &str, value: Value) -> Option<T> {
        value
            .try_into()
            .map_err(|error: toml::de::Error| self.faults.push(ConfigFault::new(key, error.message().to_owned())))
            .ok()
    }

    pub(super) fn value<T: for<'de> Deserialize<'de>>(&mut self, path: &str, key: &str) -> Option<T> {
        let value = self.table(path).get(key).cloned().unwrap_or(Value::String(String::new()));
        self.parse(&format!("{path}.{key}"), value)
    }

    /// A secret given as a value or as a file; empty when it is not given.
    pub(super) fn secret(&mut self, path: &str, key: &str) -> Option<String> {
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

    pub(super) fn lines(&mut self, path: &str, key: &str, file: &str) -> Option<Vec<String>> {
        match std::fs::read_to_string(file) {
            Ok(text) => Some(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()),
            Err(error) => {
                let detail = format!("{file} cannot be read: {error}");
                self.faults.push(ConfigFault::new(format!("{path}.{key}_file"), detail));
                None
            }
        }
    }
}
