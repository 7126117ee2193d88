//! Defaults, file and environment laid over each other as TOML trees, checked against the defaults for unknown keys
//! and wrong types. Knows no key by name but the shape of `shops` and `admin.tokens`.

use toml::{Table, Value};

use super::{ConfigFault, DEFAULT, ENVIRONMENT_PREFIX, Sources};

/// The merged tree (each shop already laid over `shop_defaults`) and every fault of form.
pub(super) fn merged(sources: &Sources) -> (Table, Vec<ConfigFault>) {
    let template = template();
    let mut tree = defaults();
    let mut faults = Vec::new();
    if let Some(file) = &sources.file {
        match std::fs::read_to_string(file) {
            Ok(text) => match text.parse::<Table>() {
                Ok(table) => lay_over(&mut tree, table, &template, "", &mut faults),
                Err(error) => faults.push(ConfigFault::new(file.display().to_string(), error.to_string().trim_end())),
            },
            Err(error) => faults.push(ConfigFault::new(file.display().to_string(), format!("cannot be read: {error}"))),
        }
    }
    for (name, text) in &sources.environment {
        if let Some(path) = name.strip_prefix(ENVIRONMENT_PREFIX) {
            let path: Vec<String> = path.split("__").map(str::to_lowercase).collect();
            set(&mut tree, &path, text, &template, name, &mut faults);
        }
    }
    let shop_defaults = tree.get("shop_defaults").and_then(Value::as_table).cloned().unwrap_or_default();
    if let Some(Value::Array(shops)) = tree.get_mut("shops") {
        for shop in shops {
            if let Value::Table(own) = std::mem::replace(shop, Value::Table(shop_defaults.clone()))
                && let Value::Table(shop) = shop
            {
                extend(shop, own);
            }
        }
    }
    (tree, faults)
}

/// Lays a shop's own values over the defaults, in its sections as well.
fn extend(shop: &mut Table, own: Table) {
    for (key, value) in own {
        match (shop.get_mut(&key), value) {
            (Some(Value::Table(section)), Value::Table(own)) => section.extend(own),
            (_, value) => _ = shop.insert(key, value),
        }
    }
}

pub(super) fn defaults() -> Table {
    let mut tree: Table = DEFAULT.parse().expect("config/default.toml is TOML");
    tree.insert("shops".into(), Value::Array(Vec::new()));
    tree
}

/// The defaults with one member in each list of tables, to compare with.
fn template() -> Table {
    let mut template = defaults();
    let shop = template["shop_defaults"].clone();
    template.insert("shops".into(), Value::Array(vec![shop]));
    let token = Table::from_iter(["name", "role", "token"].map(|key| (key.to_owned(), Value::String(String::new()))));
    template["admin"]["tokens"] = Value::Array(vec![Value::Table(token)]);
    template
}

fn lay_over(tree: &mut Table, over: Table, template: &Table, path: &str, faults: &mut Vec<ConfigFault>) {
    for (key, value) in over {
        let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let Some(expected) = template.get(&key) else {
            faults.push(unknown(here, &key, template));
            continue;
        };
        match (value, expected) {
            (Value::Table(value), Value::Table(expected)) => {
                if let Some(Value::Table(tree)) = tree.get_mut(&key) {
                    lay_over(tree, value, expected, &here, faults);
                }
            }
            (value, expected) => {
                if let Some(value) = checked(value, expected, &here, faults) {
                    tree.insert(key, value);
                }
            }
        }
    }
}

fn unknown(here: String, key: &str, template: &Table) -> ConfigFault {
    let near = template.keys().map(|known| (distance(known, key), known)).min().filter(|(distance, _)| *distance <= 3);
    let hint = near.map(|(_, known)| format!("; did you mean `{known}`?")).unwrap_or_default();
    ConfigFault::new(here, format!("is no key of aligate{hint}"))
}

/// The value if it has the type of the default, else a fault and nothing.
fn checked(value: Value, expected: &Value, here: &str, faults: &mut Vec<ConfigFault>) -> Option<Value> {
    match (value, expected) {
        (Value::Array(items), Value::Array(expected)) => match expected.first() {
            Some(Value::Table(member)) => Some(Value::Array(tables(items, member, here, faults))),
            _ => strings(items, here, faults),
        },
        (Value::Integer(number), Value::Integer(_)) if number < 0 => {
            faults.push(ConfigFault::new(here, format!("is {number}; it must be 0 or more")));
            None
        }
        (value, expected) if value.same_type(expected) => Some(value),
        (value, expected) => {
            let detail = format!("is {}; {} is expected", article(&value), article(expected));
            faults.push(ConfigFault::new(here, detail));
            None
        }
    }
}

fn tables(items: Vec<Value>, member: &Table, here: &str, faults: &mut Vec<ConfigFault>) -> Vec<Value> {
    let mut tables = Vec::new();
    for (at, item) in items.into_iter().enumerate() {
        let here = format!("{here}.{at}");
        match item {
            Value::Table(item) => tables.push(Value::Table(known(item, member, &here, faults))),
            _ => {
                faults.push(ConfigFault::new(here, "is not a table"));
                tables.push(Value::Table(Table::new()));
            }
        }
    }
    tables
}

/// What of a table is known and has the type that its member has.
fn known(table: Table, member: &Table, here: &str, faults: &mut Vec<ConfigFault>) -> Table {
    let mut kept = Table::new();
    for (key, value) in table {
        let here = format!("{here}.{key}");
        match (member.get(&key), value) {
            (None, _) => faults.push(unknown(here, &key, member)),
            (Some(Value::Table(section)), Value::Table(value)) => {
                kept.insert(key, Value::Table(known(value, section, &here, faults)));
            }
            (Some(expected), value) => kept.extend(checked(value, expected, &here, faults).map(|value| (key, value))),
        }
    }
    kept
}

fn strings(items: Vec<Value>, here: &str, faults: &mut Vec<ConfigFault>) -> Option<Value> {
    if let Some(at) = items.iter().position(|item| !item.is_str()) {
        faults.push(ConfigFault::new(format!("{here}.{at}"), "is not a string"));
        return None;
    }
    Some(Value::Array(items))
}

fn article(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a decimal number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}

/// Sets the value at a path from an environment variable; its text is read as the type of the default.
fn set(tree: &mut Table, path: &[String], text: &str, template: &Table, name: &str, faults: &mut Vec<ConfigFault>) {
    let [key, rest @ ..] = path else { return };
    let Some(expected) = template.get(key) else {
        faults.push(unknown(name.to_owned(), key, template));
        return;
    };
    match (expected, rest) {
        (Value::Table(expected), [_, ..]) => {
            if let Value::Table(tree) = tree.entry(key.clone()).or_insert_with(|| Value::Table(Table::new())) {
                set(tree, rest, text, expected, name, faults);
            }
        }
        (Value::Array(members), [at, rest @ ..]) => {
            let Some(Value::Table(member)) = members.first() else {
                faults.push(ConfigFault::new(name, "is a list: separate its members by commas"));
                return;
            };
            let Some(Value::Array(items)) = tree.get_mut(key) else { return };
            match at.parse::<usize>() {
                Ok(at) if at <= items.len() && !rest.is_empty() => {
                    if at == items.len() {
                        items.push(Value::Table(Table::new()));
                    }
                    if let Value::Table(item) = &mut items[at] {
                        set(item, rest, text, member, name, faults);
                    }
                }
                _ => faults
                    .push(ConfigFault::new(name, format!("names no member of `{key}`: there are {}", items.len()))),
            }
        }
        (expected, []) => match read(text, expected) {
            Some(value) => {
                if let Some(value) = checked(value, expected, name, faults) {
                    tree.insert(key.clone(), value);
                }
            }
            None => faults.push(ConfigFault::new(name, format!("is not {}", article(expected)))),
        },
        (_, [..]) => faults.push(ConfigFault::new(name, format!("`{key}` has no keys below it"))),
    }
}

fn read(text: &str, expected: &Value) -> Option<Value> {
    match expected {
        Value::String(_) => Some(Value::String(text.to_owned())),
        Value::Integer(_) => text.trim().parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.trim().parse().ok().map(Value::Boolean),
        Value::Array(members) if members.first().is_none_or(Value::is_str) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        _ => None,
    }
}

/// Masks every secret of the tree that is set.
pub(super) fn mask(tree: &mut Table) {
    for (key, value) in tree.iter_mut() {
        match value {
            Value::Table(table) if key == "rest" => mask_rest(table),
            Value::Table(table) => mask(table),
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::Table(table) => mask(table),
                        Value::String(text) if key == "webhook_secrets" => *text = "***".into(),
                        _ => {}
                    }
                }
            }
            Value::String(text) if !text.is_empty() => match key.as_str() {
                "token" | "app_secret" | "bitrix_url" => *text = "***".into(),
                "url" => *text = without_password(text),
                _ => {}
            },
            _ => {}
        }
    }
}

/// All of a webhook's URL is a secret.
fn mask_rest(table: &mut Table) {
    if let Some(Value::String(url)) = table.get_mut("url").filter(|url| url.as_str() != Some("")) {
        *url = "***".into();
    }
}

/// A URL with its user information masked.
pub(super) fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}***{}", &url[..scheme + 3], &url[at..]),
        _ => url.to_owned(),
    }
}

/// The edit distance of two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = if x == *y { corner } else { 1 + corner.min(row[j]).min(row[j + 1]) };
            corner = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}
