//! Identifiers, each with its own limits, so that one cannot be passed for another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not the identifier that it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {why}")]
pub struct InvalidId {
    what: &'static str,
    why: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::check(&text)?;
                Ok(Self(text))
            }
        }
        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::try_from(text.to_owned())
            }
        }
    };
}

text_id! {
    /// A shop of the configuration: 1–64 characters of `a-z A-Z 0-9 _ - .`.
    ///
    /// The alphabet leaves out braces and colons, since the id is the hash tag of every Redis key of the shop.
    ShopId
}
text_id! {
    /// A seller's article: 1–50 characters, no control characters (AliExpress's `sku_code`).
    Sku
}
text_id! {
    /// A product's id in the shop: 1–50 characters, no control characters.
    ProductId
}

impl ShopId {
    fn check(text: &str) -> Result<(), InvalidId> {
        let err = |why| Err(InvalidId { what: "shop id", why });
        match text.len() {
            0 => return err("is empty"),
            1..=64 => {}
            _ => return err("is longer than 64 characters"),
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if text.chars().all(allowed) { Ok(()) } else { err("has characters other than a-z A-Z 0-9 _ - .") }
    }
}

impl Sku {
    fn check(text: &str) -> Result<(), InvalidId> {
        check_printable("sku", text)
    }
}

impl ProductId {
    fn check(text: &str) -> Result<(), InvalidId> {
        check_printable("product_id", text)
    }
}

fn check_printable(what: &'static str, text: &str) -> Result<(), InvalidId> {
    let err = |why| Err(InvalidId { what, why });
    match text.chars().take(51).count() {
        0 => err("is empty"),
        1..=50 if text.chars().any(char::is_control) => err("has a control character"),
        1..=50 => Ok(()),
        _ => err("is longer than 50 characters"),
    }
}

/// A product's id on AliExpress: 16 digits today, always below 2^63.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ListingId(pub u64);

impl fmt::Display for ListingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_id_cannot_break_a_redis_hash_tag() {
        for bad in ["", "a}b", "{a", "a:b", "a b", "магазин"] {
            assert!(bad.parse::<ShopId>().is_err(), "{bad:?}");
        }
        assert_eq!("main.shop_1-x".parse::<ShopId>().unwrap().as_str(), "main.shop_1-x");
    }

    #[test]
    fn a_sku_is_counted_in_characters_not_bytes() {
        assert!("Ж".repeat(50).parse::<Sku>().is_ok());
        assert!("Ж".repeat(51).parse::<Sku>().is_err());
        assert!("a\u{7}b".parse::<Sku>().is_err());
        assert!("".parse::<Sku>().is_err());
    }
}
