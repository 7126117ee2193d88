//! `[admin]`

use std::net::SocketAddr;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use toml::Value;

use super::reader::Reader;

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

impl Reader {
    pub(super) fn admin(&mut self) -> Option<AdminConfig> {
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
}
