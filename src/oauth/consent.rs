//! Consent links and what comes back by them: a `state` that nobody can guess, bound to its shop, taken once, in time.
//!
//! The store keeps a digest of each open state, so that whoever reads the store cannot complete a consent.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::{Documents, StoreError};

/// The document that keeps a shop's open states.
const DOCUMENT: &str = "oauth/consents";
/// How long a link serves: the seller has to choose a country and log in.
pub(super) const LINK_LIFE: Duration = Duration::from_secs(1_800);
/// Links of a shop that are open at one time; older ones are closed.
const LINKS_MAX: usize = 20;
/// How often a document is exchanged anew when another replica changed it meanwhile.
const TRIES_MAX: usize = 8;
/// The longest state that is looked at.
const STATE_BYTES_MAX: usize = 200;

/// A consent link. `Debug` shows its id alone.
#[derive(Clone)]
pub struct Link {
    /// Where the seller goes.
    pub url: String,
    /// Names the consent in the status; tells nothing of the link.
    pub id: String,
    /// Until when it serves.
    pub until: Timestamp,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({})", self.id)
    }
}

/// How the last consent of a shop went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastConsent {
    /// The link's id.
    pub id: String,
    /// When the seller came back, milliseconds since the epoch.
    pub at_ms: u64,
    /// `stored`, `other_seller`, or a code of what went wrong.
    pub outcome: String,
    /// For people.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    digest: String,
    until: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Consents {
    #[serde(default)]
    open: Vec<Open>,
    #[serde(default)]
    last: Option<LastConsent>,
}

/// A new state for a shop, and the id of its consent.
pub(super) async fn open(documents: &dyn Documents, shop: &ShopId) -> Result<(String, String, Timestamp), StoreError> {
    let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
    let now = documents.now().await?;
    let (digest, until) = (digest(&secret), now.plus(LINK_LIFE));
    let id = id(&digest);
    change(documents, shop, |consents| {
        consents.open.retain(|open| serves(open, now));
        let excess = (consents.open.len() + 1).saturating_sub(LINKS_MAX);
        consents.open.drain(..excess);
        consents.open.push(Open { digest: digest.clone(), until: until.0 });
    })
    .await?;
    Ok((format!("{secret}.{shop}"), id, until))
}

/// The shop that a state names; whether the state is a true one is another question.
pub(super) fn shop_of(state: &str) -> Option<ShopId> {
    let (_, shop) = state.split_once('.').filter(|_| state.len() <= STATE_BYTES_MAX)?;
    shop.parse().ok()
}

/// Takes an open state, once; gives its consent's id. `None`: it was never open, was taken before, or its time has passed.
pub(super) async fn take(documents: &dyn Documents, shop: &ShopId, state: &str) -> Result<Option<String>, StoreError> {
    let Some((secret, _)) = state.split_once('.') else { return Ok(None) };
    let (now, digest) = (documents.now().await?, digest(secret));
    let taken = change(documents, shop, |consents| {
        let before = consents.open.len();
        let mut in_time = false;
        consents.open.retain(|open| {
            in_time |= open.digest == digest && serves(open, now);
            open.digest != digest
        });
        in_time && consents.open.len() < before
    });
    Ok(taken.await?.then(|| id(&digest)))
}

/// Notes how a consent went, for whoever waits for it.
pub(super) async fn note(documents: &dyn Documents, shop: &ShopId, last: LastConsent) -> Result<(), StoreError> {
    change(documents, shop, |consents| consents.last = Some(last.clone())).await
}

/// How the last consent went.
pub(super) async fn last(documents: &dyn Documents, shop: &ShopId) -> Result<Option<LastConsent>, StoreError> {
    Ok(read(documents.get(shop, DOCUMENT).await?.as_deref()).last)
}

/// A link whose end is further off than any link's was made by a clock that was ahead.
fn serves(open: &Open, now: Timestamp) -> bool {
    (now.0..=now.plus(LINK_LIFE).0).contains(&open.until)
}

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn id(digest: &str) -> String {
    digest.chars().take(16).collect()
}

fn read(text: Option<&str>) -> Consents {
    // What cannot be read holds no link that anybody could use.
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

async fn change<T>(
    documents: &dyn Documents,
    shop: &ShopId,
    mut act: impl FnMut(&mut Consents) -> T,
) -> Result<T, StoreError> {
    for _ in 0..TRIES_MAX {
        let before = documents.get(shop, DOCUMENT).await?;
        let known = read(before.as_deref());
        let mut consents = known.clone();
        let answer = act(&mut consents);
        // Whoever may call without a signature makes no writes by guessing.
        if consents == known {
            return Ok(answer);
        }
        let after = serde_json::to_string(&consents).expect("consents are plain data");
        if documents.put_if(shop, DOCUMENT, before.as_deref(), &after).await? {
            return Ok(answer);
        }
    }
    Err(StoreError::Away("others change the same document all the time".into()))
}
