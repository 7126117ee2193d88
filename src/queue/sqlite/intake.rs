//! Taking deliveries, and reading what is pending.

use std::collections::HashMap;

use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};

use super::known::{Desk, Tables};
use super::newer;
use super::remembered::{Name, Remembered, Taken};
use super::rows;
use crate::clock::Timestamp;
use crate::domain::{Lane, ShopId, Version};
use crate::queue::checks::over_limit;
use crate::queue::entry::Scene;
use crate::queue::rules;
use crate::queue::{Answer, Change, Delivery, Offered, Ownership, Pending, Place, QueueError, Receipt};
use crate::signing::entry::Sealer;
use crate::store::StoreError;

/// What one call may see and do for a shop.
struct Intake<'c> {
    conn: &'c Tables<'c>,
    sealer: &'c Sealer,
    remembered: &'c Remembered,
    shop: &'c ShopId,
    now: Timestamp,
    /// Digests of those that this call has taken, to know an id that comes twice in it.
    taken: HashMap<Name, [u8; 32]>,
    to_remember: Taken,
}

/// Takes the deliveries of all shops in one transaction: one wait for the disk. A shop whose deliveries cannot be
/// taken keeps the others from nothing.
pub(super) fn offer(
    desk: &mut Desk<'_>,
    remembered: &mut Remembered,
    (sealer, generation): (&Sealer, &str),
    now: Timestamp,
    batch: Vec<(ShopId, Vec<Delivery>)>,
) -> Result<Vec<Result<Offered, QueueError>>, StoreError> {
    desk.write(|conn| {
        remembered.keep_up(conn, now)?;
        // A savepoint keeps a copy of each page that is written after it: a shop that is alone does without.
        let alone = batch.len() == 1;
        let (mut answers, mut to_remember) = (Vec::with_capacity(batch.len()), Taken::default());
        for (shop, deliveries) in batch {
            if let Some(refusal) = deliveries.iter().find_map(over_limit) {
                answers.push(Err(refusal));
                continue;
            }
            let take = || -> Result<(Vec<Receipt>, Taken), StoreError> {
                let (taken, to_remember) = (HashMap::new(), Taken::default());
                let mut intake = Intake { conn, sealer, remembered, shop: &shop, now, taken, to_remember };
                let receipts = deliveries.into_iter().map(|one| intake.take(one)).collect::<Result<_, _>>()?;
                Ok((receipts, intake.to_remember))
            };
            match if alone { take() } else { conn.within_savepoint(take) } {
                Ok((receipts, taken)) => {
                    to_remember.append(taken);
                    answers.push(Ok(Offered { receipts, generation: generation.to_owned() }));
                }
                // Of this shop alone. Others are as good as the file is.
                Err(error @ StoreError::Unusable(_)) if !alone => {
                    answers.push(Err(super::in_words_of_the_queue(error)));
                }
                Err(error) => return Err(error),
            }
        }
        remembered.write(conn, to_remember)?;
        newer::make_room(conn)?;
        Ok(answers)
    })
}

impl Intake<'_> {
    fn take(&mut self, delivery: Delivery) -> Result<Receipt, StoreError> {
        let name = self.name(&delivery.id);
        let seen = match self.taken.get(&name) {
            Some(digest) => Some(*digest),
            None => self.remembered.seen(self.conn, &name, self.now)?,
        };
        if let Some(digest) = seen {
            return Ok(if digest == delivery.digest { Receipt::Duplicate } else { Receipt::Reused });
        }
        for change in &delivery.changes {
            if let Some(base) = change.base
                && base != self.pending_version(change)?
            {
                return Ok(Receipt::Conflict);
            }
        }
        self.taken.insert(name, delivery.digest);
        self.to_remember.add(&name, &delivery.digest, delivery.remember, self.now);
        for claim in delivery.owners {
            self.own(claim)?;
        }
        let answers = delivery.changes.into_iter().map(|change| self.lay(change));
        Ok(Receipt::Taken(answers.collect::<Result<_, _>>()?))
    }

    /// What a delivery's id is remembered by; `/` stands in no shop's id.
    fn name(&self, id: &str) -> Name {
        let digest = Sha256::new().chain_update(self.shop.as_str()).chain_update("/").chain_update(id).finalize();
        digest.first_chunk().copied().expect("a digest has 32 bytes")
    }

    fn pending_version(&self, change: &Change) -> Result<Version, StoreError> {
        let found = pending_one(self.conn, self.sealer, self.shop, change.lane, &change.key)?;
        Ok(found.map_or(0, |pending| pending.version))
    }

    fn own(&self, claim: Ownership) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO owners VALUES (?1, ?2, ?3, ?4) ON CONFLICT (shop, sku) DO UPDATE
                 SET product = excluded.product, version = excluded.version WHERE excluded.version > version",
            )?
            .execute((self.shop.as_str(), claim.sku.as_str(), claim.product.as_str(), claim.version))?;
        Ok(())
    }

    fn lay(&self, mut change: Change) -> Result<Answer, StoreError> {
        if let Some(product) = &change.guard {
            let mut query = self.conn.prepare_cached("SELECT product FROM owners WHERE shop = ?1 AND sku = ?2")?;
            let owner: Option<String> =
                query.query_row((self.shop.as_str(), &change.key), |row| row.get(0)).optional()?;
            if owner.is_some_and(|owner| owner != product.as_str()) {
                return Ok(Answer::NotOwner);
            }
        }
        let (lane, key) = (change.lane, std::mem::take(&mut change.key));
        let found = rows::find(self.conn, self.shop, lane, &key)?;
        let listings = rows::listings(self.conn, self.shop, lane, &key)?;
        let seal = self.sealer.seal(self.shop, lane, &key, change.version, &change.payload);
        let scene = Scene { now: self.now, lane, listings: &listings };
        if let Some(mut found) = found {
            let mut held = Some(found.entry);
            let answer = rules::offer(&mut held, change, seal, scene);
            found.entry = held.expect("an offer never removes an entry");
            match answer {
                Answer::Stale(_) => rows::leave(self.conn, self.shop, found),
                _ => rows::save(self.conn, self.shop, found, self.now)?,
            }
            return Ok(answer);
        }
        let mut made = None;
        let answer = rules::offer(&mut made, change, seal, scene);
        if let Some(entry) = made {
            rows::insert(self.conn, self.shop, lane, &key, entry, self.now)?;
        }
        Ok(answer)
    }
}

/// See [`Queue::pending`](crate::queue::Queue::pending).
pub(super) fn pending(
    conn: &Tables<'_>,
    sealer: &Sealer,
    shop: &ShopId,
    lane: Lane,
    keys: &[String],
) -> Result<Vec<Option<Pending>>, StoreError> {
    keys.iter().map(|key| pending_one(conn, sealer, shop, lane, key)).collect()
}

/// A state whose seal does not verify is not pending: nothing may be laid over it.
fn pending_one(
    conn: &Tables<'_>,
    sealer: &Sealer,
    shop: &ShopId,
    lane: Lane,
    key: &str,
) -> Result<Option<Pending>, StoreError> {
    let found = rows::read(conn, shop, lane, key)?.map(|kept| kept.entry).filter(|entry| {
        entry.place != Place::Idle && sealer.verifies(shop, lane, key, entry.version, &entry.payload, &entry.seal)
    });
    Ok(found.map(|entry| Pending { version: entry.version, payload: entry.payload }))
}
