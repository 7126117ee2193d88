//! Seals of queue entries: HMAC-SHA256 over shop, lane, key, version and payload.
//!
//! Whoever can write to the store could otherwise set a shop's prices. Each part is preceded by its length, so that
//! no two entries share a signed text. Several keys verify, the first seals: a key is rotated by putting the new
//! one first and taking the old one away once the queue has turned over.

use std::fmt;

use secrecy::{ExposeSecret, SecretBox};

use super::{hmac_sha256, verify_hmac_sha256};
use crate::domain::{Lane, ShopId, Version};

/// A seal as it is kept beside its entry.
pub type Seal = [u8; 32];

/// Seals entries and verifies seals. `Debug` shows no key.
pub struct Sealer {
    keys: Vec<SecretBox<[u8; 32]>>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({} keys)", self.keys.len())
    }
}

impl Sealer {
    /// A sealer of the master keys, newest first; at least one.
    pub fn new<'k>(master_keys: impl IntoIterator<Item = &'k [u8]>) -> Self {
        let derive = |key: &[u8]| SecretBox::new(Box::new(hmac_sha256(key, &[b"aligate entry seal v1"])));
        let keys: Vec<_> = master_keys.into_iter().map(derive).collect();
        assert!(!keys.is_empty(), "a sealer needs a key");
        Self { keys }
    }

    /// The seal of an entry.
    pub fn seal(&self, shop: &ShopId, lane: Lane, key: &str, version: Version, payload: &str) -> Seal {
        with_parts(shop, lane, key, version, payload, |parts| hmac_sha256(self.keys[0].expose_secret(), parts))
    }

    /// Whether `seal` is an entry's seal under any of the keys, in constant time for each.
    pub fn verifies(&self, shop: &ShopId, lane: Lane, key: &str, version: Version, payload: &str, seal: &[u8]) -> bool {
        with_parts(shop, lane, key, version, payload, |parts| {
            self.keys.iter().any(|key| verify_hmac_sha256(key.expose_secret(), parts, seal))
        })
    }
}

fn with_parts<T>(
    shop: &ShopId,
    lane: Lane,
    key: &str,
    version: Version,
    payload: &str,
    act: impl FnOnce(&[&[u8]]) -> T,
) -> T {
    let length = |text: &str| u32::try_from(text.len()).expect("limits keep entries under 4 GiB").to_be_bytes();
    let (shop, lane) = (shop.as_str(), lane.as_str());
    act(&[
        &length(shop),
        shop.as_bytes(),
        &length(lane),
        lane.as_bytes(),
        &length(key),
        key.as_bytes(),
        &version.to_be_bytes(),
        payload.as_bytes(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_for_its_entry_alone_and_survives_rotation() {
        let shop: ShopId = "main".parse().unwrap();
        let old = Sealer::new([b"old key".as_slice()]);
        let seal = old.seal(&shop, Lane::Stock, "A", 7, "{}");
        let rotated = Sealer::new([b"new key".as_slice(), b"old key".as_slice()]);
        assert!(rotated.verifies(&shop, Lane::Stock, "A", 7, "{}", &seal));
        assert_ne!(rotated.seal(&shop, Lane::Stock, "A", 7, "{}"), seal);
        let other: ShopId = "other".parse().unwrap();
        assert!(!old.verifies(&other, Lane::Stock, "A", 7, "{}", &seal));
        assert!(!old.verifies(&shop, Lane::Price, "A", 7, "{}", &seal));
        assert!(!old.verifies(&shop, Lane::Stock, "B", 7, "{}", &seal));
        assert!(!old.verifies(&shop, Lane::Stock, "A", 8, "{}", &seal));
        assert!(!old.verifies(&shop, Lane::Stock, "A", 7, "{} ", &seal));
        assert!(!old.verifies(&shop, Lane::Stock, "A", 7, "{}", &seal[..31]));
        assert!(!format!("{old:?}").contains("key\""));
    }
}
