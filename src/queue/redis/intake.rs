//! Taking deliveries, and reading what is pending.

use sha2::{Digest, Sha256};

use super::RedisQueue;
use super::step::{Name, Step, Want};
use super::write::whole_secs;
use crate::domain::{Lane, ShopId};
use crate::queue::checks::over_limit;
use crate::queue::entry::Scene;
use crate::queue::{Answer, Change, Delivery, Offered, Ownership, Pending, Place, QueueError, Receipt, rules};
use crate::signing::entry::Sealer;

impl RedisQueue {
    /// Takes a shop's deliveries in one atomic step.
    pub(super) async fn offer_to(&self, shop: &ShopId, deliveries: &[Delivery]) -> Result<Offered, QueueError> {
        if let Some(refusal) = deliveries.iter().find_map(over_limit) {
            return Err(refusal);
        }
        let mut want = Want::default();
        for delivery in deliveries {
            want.names.entry(whole_secs(delivery.remember)).or_default().push(name(&delivery.id));
            delivery.changes.iter().for_each(|change| want.key(change.lane, &change.key));
            let guarded =
                delivery.changes.iter().filter(|change| change.guard.is_some()).map(|change| change.key.clone());
            want.owners.extend(guarded.chain(delivery.owners.iter().map(|claim| claim.sku.to_string())));
        }
        let take = |step: &mut Step| -> Result<Vec<Receipt>, QueueError> {
            Ok(deliveries.iter().map(|delivery| take(step, &self.sealer, shop, delivery)).collect())
        };
        let (receipts, generation) = self.step(shop, &want, take).await?;
        Ok(Offered { receipts, generation })
    }

    /// See [`Queue::pending`](crate::queue::Queue::pending).
    pub(super) async fn pending_of(
        &self,
        shop: &ShopId,
        lane: Lane,
        keys: &[String],
    ) -> Result<Vec<Option<Pending>>, QueueError> {
        let step = self.load(shop, &Want::keys(lane, keys.iter().map(String::as_str))).await?;
        Ok(keys.iter().map(|key| pending(&step, &self.sealer, shop, lane, key)).collect())
    }
}

/// A state whose seal does not verify is not pending: nothing may be laid over it.
fn pending(step: &Step, sealer: &Sealer, shop: &ShopId, lane: Lane, key: &str) -> Option<Pending> {
    let entry = step.entries.get(&(lane, key.to_owned()))?.entry.as_ref()?;
    let is_pending =
        entry.place != Place::Idle && sealer.verifies(shop, lane, key, entry.version, &entry.payload, &entry.seal);
    is_pending.then(|| Pending { version: entry.version, payload: entry.payload.clone() })
}

/// What a delivery's id is remembered by: short, since each is kept for minutes.
fn name(id: &str) -> Name {
    Sha256::digest(id).first_chunk().copied().expect("a digest has 32 bytes")
}

fn take(step: &mut Step, sealer: &Sealer, shop: &ShopId, delivery: &Delivery) -> Receipt {
    let name = name(&delivery.id);
    if let Some(digest) = step.seen.get(&name) {
        return if *digest == delivery.digest { Receipt::Duplicate } else { Receipt::Reused };
    }
    for change in &delivery.changes {
        if let Some(base) = change.base {
            let pending = pending(step, sealer, shop, change.lane, &change.key);
            if pending.map_or(0, |pending| pending.version) != base {
                return Receipt::Conflict;
            }
        }
    }
    // An id may come twice in one step.
    step.seen.insert(name, delivery.digest.to_vec());
    step.remember.push((name, delivery.digest, delivery.remember));
    delivery.owners.iter().for_each(|claim| own(step, claim));
    Receipt::Taken(delivery.changes.iter().map(|change| lay(step, sealer, shop, change)).collect())
}

fn own(step: &mut Step, claim: &Ownership) {
    let sku = claim.sku.to_string();
    if step.owners.get(&sku).is_none_or(|(_, version)| *version < claim.version) {
        step.owners.insert(sku.clone(), (claim.product.clone(), claim.version));
        step.owned.insert(sku);
    }
}

fn lay(step: &mut Step, sealer: &Sealer, shop: &ShopId, change: &Change) -> Answer {
    let (lane, key) = (change.lane, change.key.clone());
    let owner = step.owners.get(&key).map(|(product, _)| product);
    if change.guard.as_ref().is_some_and(|guard| owner.is_some_and(|owner| owner != guard)) {
        return Answer::NotOwner;
    }
    let seal = sealer.seal(shop, lane, &key, change.version, &change.payload);
    let listings = step.listings(lane, &key);
    let scene = Scene { now: step.now, lane, listings: &listings };
    let held = step.entries.get_mut(&(lane, key)).expect("every key of a delivery was read");
    rules::offer(&mut held.entry, change.clone(), seal, scene)
}
