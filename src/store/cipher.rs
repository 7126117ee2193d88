//! Encryption of what the store may hold but nobody may read there: tokens, buyers' data. XChaCha20-Poly1305 with random nonces.
//!
//! A cipher serves one purpose: its keys derive from the master keys and the purpose. A text is bound to its context (the shop, the
//! document), so that it cannot be moved to another. The first key encrypts, all decrypt: a key is rotated by putting the new one first;
//! what an older one opened says so ([`Opened::by_older_key`]) and is encrypted anew by whoever keeps it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::signing::hmac_sha256;

/// What a text starts with, for a later form.
const FORM: &str = "v1.";
/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;

/// Encrypts and decrypts for one purpose. `Debug` shows no key.
pub struct Cipher {
    keys: Vec<SecretBox<[u8; 32]>>,
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cipher({} keys)", self.keys.len())
    }
}

/// A text that was decrypted.
#[derive(Debug)]
pub struct Opened {
    /// What it says.
    pub text: SecretString,
    /// Another key than the first opened it: it is to be encrypted anew.
    pub by_older_key: bool,
}

/// None of the keys opens the text, or it was changed, or it belongs to another context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("none of the keys of store.key_file opens it: the key that it was written with is missing, or it was changed")]
pub struct Sealed;

impl Cipher {
    /// A cipher of the master keys, newest first; at least one.
    pub fn new<'k>(master_keys: impl IntoIterator<Item = &'k [u8]>, purpose: &str) -> Self {
        let derive =
            |key: &[u8]| SecretBox::new(Box::new(hmac_sha256(key, &[b"aligate cipher v1 ", purpose.as_bytes()])));
        let keys: Vec<_> = master_keys.into_iter().map(derive).collect();
        assert!(!keys.is_empty(), "a cipher needs a key");
        Self { keys }
    }

    /// Encrypts a text for a context.
    pub fn seal(&self, context: &str, text: &SecretString) -> String {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: text.expose_secret().as_bytes(), aad: context.as_bytes() };
        let sealed = aead(&self.keys[0]).encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("documents are far below the cipher's limit");
        format!("{FORM}{}", STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Decrypts what was encrypted for this context.
    ///
    /// # Errors
    /// Where no key opens it.
    pub fn open(&self, context: &str, sealed: &str) -> Result<Opened, Sealed> {
        let bytes = sealed.strip_prefix(FORM).and_then(|text| STANDARD_NO_PAD.decode(text).ok()).ok_or(Sealed)?;
        let (nonce, msg) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(Sealed)?;
        for (at, key) in self.keys.iter().enumerate() {
            let opened = aead(key).decrypt(&XNonce::from(*nonce), Payload { msg, aad: context.as_bytes() });
            if let Ok(text) = opened.map_err(drop).and_then(|bytes| String::from_utf8(bytes).map_err(drop)) {
                return Ok(Opened { text: text.into(), by_older_key: at > 0 });
            }
        }
        Err(Sealed)
    }
}

fn aead(key: &SecretBox<[u8; 32]>) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose_secret().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_in_its_context_alone_and_shows_nothing() {
        let cipher = Cipher::new([b"master".as_slice()], "tokens");
        let sealed = cipher.seal("main/oauth", &"planted-secret".to_owned().into());
        assert_ne!(sealed, cipher.seal("main/oauth", &"planted-secret".to_owned().into()), "the nonce is random");
        assert_eq!(cipher.open("main/oauth", &sealed).unwrap().text.expose_secret(), "planted-secret");
        assert_eq!(cipher.open("other/oauth", &sealed).unwrap_err(), Sealed);
        assert_eq!(Cipher::new([b"master".as_slice()], "buyers").open("main/oauth", &sealed).unwrap_err(), Sealed);
        let shown = format!("{cipher:?} {:?} {sealed}", cipher.open("main/oauth", &sealed));
        assert!(!shown.contains("planted"), "{shown}");
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let cipher = Cipher::new([b"master".as_slice()], "tokens");
        let sealed = cipher.seal("c", &"text".to_owned().into());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(cipher.open("c", std::str::from_utf8(&changed).unwrap()).is_err(), "character {at}");
        }
        for short in ["", "v1.", "v1.AAAA", "v2.", &sealed[..sealed.len() - 4]] {
            assert!(cipher.open("c", short).is_err(), "{short:?}");
        }
    }

    #[test]
    fn an_older_key_opens_and_says_so() {
        let old = Cipher::new([b"old".as_slice()], "tokens");
        let both = Cipher::new([b"new".as_slice(), b"old".as_slice()], "tokens");
        let sealed = old.seal("c", &"text".to_owned().into());
        assert!(!old.open("c", &sealed).unwrap().by_older_key);
        assert!(both.open("c", &sealed).unwrap().by_older_key);
        let anew = both.seal("c", &"text".to_owned().into());
        assert!(!both.open("c", &anew).unwrap().by_older_key);
        assert_eq!(old.open("c", &anew).unwrap_err(), Sealed);
    }
}
