//! Standard Webhooks (standardwebhooks.com): `v1,<base64 HMAC-SHA256>` over `id.timestamp.body`.
//!
//! The published libraries of the standard interoperate without change. Time windows are the caller's: a signature is
//! first valid, then in time, so that only the holder of a secret learns that its clock is wrong.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretSlice};

use super::{hmac_sha256, verify_hmac_sha256};

/// The prefix of a secret's text.
pub const SECRET_PREFIX: &str = "whsec_";
/// The most signatures that a header may carry; more are not looked at.
const SIGNATURES_MAX: usize = 8;

/// A signing secret. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(SecretSlice<u8>);

/// Why a text is no webhook secret. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// The rest after `whsec_` is not base64.
    #[error("is not `whsec_` and base64")]
    Form,
    /// Fewer than 24 or more than 64 bytes.
    #[error("does not hold 24 to 64 bytes")]
    Length,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl std::str::FromStr for Secret {
    type Err = InvalidSecret;
    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(InvalidSecret::Form)?;
        let bytes = STANDARD_NO_PAD.decode(encoded.trim_end_matches('=')).map_err(|_| InvalidSecret::Form)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(InvalidSecret::Length);
        }
        Ok(Self(bytes.into()))
    }
}

impl Secret {
    /// The text of a new secret made of 32 random bytes.
    pub fn generate() -> String {
        format!("{SECRET_PREFIX}{}", STANDARD.encode(rand::random::<[u8; 32]>()))
    }

    /// The header `webhook-signature` for a message.
    pub fn sign(&self, id: &str, timestamp: u64, body: &[u8]) -> String {
        let timestamp = timestamp.to_string();
        let tag = hmac_sha256(self.0.expose_secret(), &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body]);
        format!("v1,{}", STANDARD.encode(tag))
    }
}

/// Whether any of the signatures in the header is that of the message under any of the secrets.
///
/// `timestamp` is the header's own text, since that is what was signed. The work is the same whichever secret matches.
pub fn verify(secrets: &[Secret], id: &str, timestamp: &str, body: &[u8], header: &str) -> bool {
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let given: Vec<Vec<u8>> = header
        .split(' ')
        .filter_map(|signature| signature.strip_prefix("v1,"))
        .take(SIGNATURES_MAX)
        .filter_map(|encoded| STANDARD.decode(encoded).ok())
        .collect();
    let mut valid = false;
    for secret in secrets {
        for tag in &given {
            valid |= verify_hmac_sha256(secret.0.expose_secret(), &parts, tag);
        }
    }
    valid
}

#[cfg(test)]
mod tests {
    use super::*;

    // The vector that the published libraries of the standard carry in their own tests.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_published_vector_is_met_both_ways() {
        let secret: Secret = SECRET.parse().unwrap();
        assert_eq!(secret.sign(ID, 1_614_265_330, BODY), SIGNATURE);
        assert!(verify(&[secret], ID, "1614265330", BODY, SIGNATURE));
    }

    #[test]
    fn any_secret_and_any_signature_may_match_but_nothing_else_does() {
        let other: Secret = Secret::generate().parse().unwrap();
        let ours: Secret = SECRET.parse().unwrap();
        let both = [other.clone(), ours.clone()];
        assert!(verify(&both, ID, "1614265330", BODY, &format!("v1,AAAA v1a,xx {SIGNATURE}")));
        assert!(!verify(&[other], ID, "1614265330", BODY, SIGNATURE));
        for (id, at, body, header) in [
            ("msg_x", "1614265330", BODY, SIGNATURE),
            (ID, "1614265331", BODY, SIGNATURE),
            (ID, "1614265330", b"{}".as_slice(), SIGNATURE),
            (ID, "1614265330", BODY, ""),
            (ID, "1614265330", BODY, "v1,"),
            (ID, "1614265330", BODY, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ] {
            assert!(!verify(std::slice::from_ref(&ours), id, at, body, header), "{id} {at} {header}");
        }
    }

    #[test]
    fn a_secret_is_checked_and_never_shown() {
        assert_eq!("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse::<Secret>().unwrap_err(), InvalidSecret::Form);
        assert_eq!("whsec_!".parse::<Secret>().unwrap_err(), InvalidSecret::Form);
        assert_eq!("whsec_AAAA".parse::<Secret>().unwrap_err(), InvalidSecret::Length);
        let made = Secret::generate();
        assert!(!format!("{:?}", made.parse::<Secret>().unwrap()).contains(&made[6..20]));
    }
}
