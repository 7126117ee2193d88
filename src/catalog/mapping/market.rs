//! Which of a shop's mappings: the main one, or that of a market of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest key.
const CHARS_MAX: usize = 20;
/// What stands between a product and a market in the key of an entry.
const AT: char = '@';

/// The key of a mapping: 1–20 of `a-z 0-9 _ -`. Each makes listings of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Market(String);

/// The text is no key of a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a market is named by 1 to 20 of a-z 0-9 _ -")]
pub struct InvalidMarket;

impl Default for Market {
    fn default() -> Self {
        Self("main".to_owned())
    }
}

impl FromStr for Market {
    type Err = InvalidMarket;
    fn from_str(text: &str) -> Result<Self, InvalidMarket> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        let fits = (1..=CHARS_MAX).contains(&text.len()) && text.bytes().all(allowed);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidMarket) }
    }
}

impl TryFrom<String> for Market {
    type Error = InvalidMarket;
    fn try_from(text: String) -> Result<Self, InvalidMarket> {
        text.parse()
    }
}

impl From<Market> for String {
    fn from(market: Market) -> String {
        market.0
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Market {
    /// Whether it is the shop's main mapping.
    pub fn is_main(&self) -> bool {
        self.0 == "main"
    }

    /// The key of a product's entry, record and notice for this market: the product's id, and for another than the main one `id@market`.
    pub fn key(&self, product: &str) -> String {
        if self.is_main() { product.to_owned() } else { format!("{product}{AT}{self}") }
    }

    /// The market that a key of this product is for; none where it is no key of it.
    pub fn of_key(key: &str, product: &str) -> Option<Self> {
        match key.strip_prefix(product)? {
            "" => Some(Self::default()),
            rest => rest.strip_prefix(AT)?.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_product_and_market() {
        let spain: Market = "es".parse().unwrap();
        for market in [Market::default(), spain.clone()] {
            assert_eq!(Market::of_key(&market.key("a@b"), "a@b"), Some(market));
        }
        assert_eq!(spain.key("1205"), "1205@es");
        assert_eq!((Market::of_key("1206", "1205"), Market::of_key("1205@", "1205")), (None, None));
        for bad in ["", "ES", "e s", "a@b", "aaaaaaaaaaaaaaaaaaaaa"] {
            assert!(bad.parse::<Market>().is_err(), "{bad}");
        }
    }
}
