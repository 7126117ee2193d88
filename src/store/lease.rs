//! One holder at a time, over all replicas: a document that says who holds it and until when, in the store's time.
//!
//! A lease keeps work from being done twice; it is no fence. What is written under it is written with [`Documents::put_if`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Documents, StoreError};
use crate::clock::Timestamp;
use crate::domain::ShopId;

#[derive(Debug, Serialize, Deserialize)]
struct Held {
    holder: String,
    until: u64,
}

/// Takes a lease for `span`, or holds on to it; `false` where somebody else has it.
///
/// An end that is further off than `span` was written by a clock that was wrong, and does not count.
///
/// # Errors
/// Where the store is away.
///
/// # Cancel safety
/// A dropped call may have taken the lease; it runs out.
pub async fn take(
    documents: &dyn Documents,
    shop: &ShopId,
    name: &str,
    holder: &str,
    span: Duration,
) -> Result<bool, StoreError> {
    let now = documents.now().await?;
    let text = documents.get(shop, name).await?;
    let held = text.as_deref().and_then(|text| serde_json::from_str::<Held>(text).ok());
    let of_another = |held: &Held| held.holder != holder && (now.0..=now.plus(span).0).contains(&held.until);
    if held.as_ref().is_some_and(of_another) {
        return Ok(false);
    }
    documents.put_if(shop, name, text.as_deref(), &written(holder, now.plus(span))).await
}

/// Gives a lease up, where it is still held.
///
/// # Errors
/// Where the store is away; the lease runs out.
pub async fn give_up(documents: &dyn Documents, shop: &ShopId, name: &str, holder: &str) -> Result<(), StoreError> {
    let Some(text) = documents.get(shop, name).await? else { return Ok(()) };
    let own = serde_json::from_str::<Held>(&text).is_ok_and(|held| held.holder == holder);
    if own {
        documents.put_if(shop, name, Some(&text), &written(holder, Timestamp(0))).await?;
    }
    Ok(())
}

fn written(holder: &str, until: Timestamp) -> String {
    serde_json::to_string(&Held { holder: holder.to_owned(), until: until.0 }).expect("a lease is plain data")
}
