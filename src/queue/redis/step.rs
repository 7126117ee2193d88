//! A step: read, apply rules, commit (what it writes is in `write`); again where somebody was faster.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{LazyLock, PoisonError};
use std::time::Duration;

use deadpool_redis::redis;

use super::RedisQueue;
use super::record::decode;
use super::write::Arguments;
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ProductId, ShopId, Version};
use crate::queue::checks::in_words_of_the_queue;
use crate::queue::entry::{Entry, Scene};
use crate::queue::{ParkReason, Place, QueueError};
use crate::store::redis::{Script, prefix};

/// How often a step is done again when others were faster; each replica's writes are few at a time.
const TRIES: u32 = 30;

static LOAD: Script = LazyLock::new(|| redis::Script::new(include_str!("load.lua")));
static COMMIT: Script = LazyLock::new(|| redis::Script::new(include_str!("commit.lua")));

/// What a delivery is remembered by.
pub(super) type Name = [u8; 16];

/// What a step wants to know.
#[derive(Debug, Default, Clone)]
pub(super) struct Want {
    /// Names of deliveries, by the whole seconds for which they are remembered.
    pub(super) names: BTreeMap<u64, Vec<Name>>,
    /// SKUs whose listings matter beside those of the keys.
    pub(super) skus: BTreeSet<String>,
    /// SKUs whose owners matter.
    pub(super) owners: BTreeSet<String>,
    /// Entries.
    pub(super) keys: BTreeMap<Lane, BTreeSet<String>>,
}

impl Want {
    /// Wants the entries of these keys, and where they stand.
    pub(super) fn keys<'k>(lane: Lane, keys: impl IntoIterator<Item = &'k str>) -> Self {
        let mut want = Self::default();
        for key in keys {
            want.key(lane, key);
        }
        want
    }

    /// Wants an entry too.
    pub(super) fn key(&mut self, lane: Lane, key: &str) {
        self.keys.entry(lane).or_default().insert(key.to_owned());
    }
}

/// An entry as it was read.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) revision: Option<u32>,
    /// As it was read; none where the key is new.
    pub(super) before: Option<Entry>,
    pub(super) entry: Option<Entry>,
}

impl Held {
    pub(super) fn read(record: Option<&[u8]>) -> Result<Self, QueueError> {
        let Some(record) = record else { return Ok(Self { revision: None, before: None, entry: None }) };
        let (revision, entry) = decode(record).map_err(|error| QueueError::Unreadable(error.to_string()))?;
        Ok(Self { revision: Some(revision), before: Some(entry.clone()), entry: Some(entry) })
    }

    /// The revision that was read, as a commit names it; zeros where the key is new.
    pub(super) fn revision(&self) -> [u8; 4] {
        self.revision.unwrap_or(0).to_be_bytes()
    }
}

/// A change of the directory.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) sku: String,
    pub(super) listings: Vec<ListingId>,
    pub(super) gone: Vec<ListingId>,
    pub(super) gained: Vec<ListingId>,
}

/// What was read, what the rules made of it, and what is to be written.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) now: Timestamp,
    pub(super) generation: String,
    /// Digests of deliveries seen before.
    pub(super) seen: HashMap<Name, Vec<u8>>,
    /// Deliveries to remember: digest, and for how long.
    pub(super) remember: Vec<(Name, [u8; 32], Duration)>,
    pub(super) listings: HashMap<String, Vec<ListingId>>,
    pub(super) owners: HashMap<String, (ProductId, Version)>,
    pub(super) owned: BTreeSet<String>,
    pub(super) moved: Vec<Moved>,
    pub(super) entries: HashMap<(Lane, String), Held>,
}

impl Step {
    /// A step at a time, in a generation, that knows nothing yet.
    pub(super) fn at(now: Timestamp, generation: String) -> Self {
        Self {
            now,
            generation,
            seen: HashMap::new(),
            remember: Vec::new(),
            listings: HashMap::new(),
            owners: HashMap::new(),
            owned: BTreeSet::new(),
            moved: Vec::new(),
            entries: HashMap::new(),
        }
    }

    /// Where a key stands; nowhere in lanes that need no listing.
    pub(super) fn listings(&self, lane: Lane, key: &str) -> Vec<ListingId> {
        let of = self.listings.get(key).filter(|_| lane.needs_listing());
        of.cloned().unwrap_or_default()
    }

    /// Applies a rule to the entry of a key, if there is one.
    pub(super) fn apply<T>(
        &mut self,
        lane: Lane,
        key: &str,
        rule: impl FnOnce(&mut Entry, Scene<'_>) -> T,
    ) -> Option<T> {
        let listings = self.listings(lane, key);
        let scene = Scene { now: self.now, lane, listings: &listings };
        let entry = self.entries.get_mut(&(lane, key.to_owned()))?.entry.as_mut()?;
        Some(rule(entry, scene))
    }
}

/// The line in which an entry stands; none when it is idle.
pub(super) fn line(entry: &Entry) -> String {
    match entry.place {
        Place::Idle => String::new(),
        Place::Due if entry.urgent => "urgent".into(),
        Place::Due => "due".into(),
        Place::Leased => "leased".into(),
        Place::Awaiting => "awaiting".into(),
        Place::Parked => parked(entry.park.unwrap_or(ParkReason::NoListing)),
        Place::Held => "held".into(),
        Place::Dead => "dead".into(),
    }
}

/// The line of entries that are parked for a reason.
pub(super) fn parked(reason: ParkReason) -> String {
    format!("parked-{}", reason.as_str())
}

/// What `load.lua` answers.
type Loaded = (String, String, Vec<Bytes>, Vec<Text>, Vec<Text>, Vec<Vec<Bytes>>, Vec<Vec<Text>>);
type Bytes = Option<Vec<u8>>;
type Text = Option<String>;

/// The listings that a text names.
pub(super) fn listing_ids(text: Option<&str>) -> Vec<ListingId> {
    text.unwrap_or_default().split(',').filter_map(|id| id.parse().ok()).map(ListingId).collect()
}

/// The owner that a text names.
pub(super) fn owner(text: &str) -> Option<(ProductId, Version)> {
    let (version, product) = text.split_once(' ')?;
    Some((product.parse().ok()?, version.parse().ok()?))
}

impl RedisQueue {
    /// Looks at a shop's keys before they are used on a connection for the first time, or after they were emptied.
    pub(super) async fn admit(&self, shop: &ShopId, emptied: bool) -> Result<(), QueueError> {
        let epoch = self.store.epoch();
        let seen = self.admitted.lock().unwrap_or_else(PoisonError::into_inner).get(shop).copied();
        if !emptied && seen == Some(epoch) {
            return Ok(());
        }
        self.store.admit(std::slice::from_ref(shop)).await.map_err(in_words_of_the_queue)?;
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), self.store.epoch());
        Ok(())
    }

    /// The arguments of a load.
    fn questions(&self, want: &Want) -> Vec<Vec<u8>> {
        let mut args = Arguments::default();
        args.number(self.store.ahead_us());
        args.number(want.names.len() as u64);
        for (secs, names) in &want.names {
            args.number(*secs);
            args.list(names);
        }
        args.list(&want.skus);
        args.list(&want.owners);
        args.number(want.keys.len() as u64);
        for (lane, keys) in &want.keys {
            args.add(lane.as_str());
            args.number(u64::from(lane.needs_listing()));
            args.list(keys);
        }
        args.0
    }

    /// Reads what a step wants.
    pub(super) async fn load(&self, shop: &ShopId, want: &Want) -> Result<Step, QueueError> {
        let args = self.questions(want);
        self.admit(shop, false).await?;
        for _ in 0..TRIES {
            let (now, generation, digests, listings, owners, records, listings_of): Loaded =
                self.store.run_on(&LOAD, &[prefix(shop)], &args).await.map_err(in_words_of_the_queue)?;
            if generation.is_empty() {
                self.admit(shop, true).await?;
                continue;
            }
            let now = now.parse().map_err(|_| QueueError::Unreadable("the server's time".into()))?;
            let mut step = Step::at(Timestamp(now), generation);
            let names = want.names.values().flatten().copied();
            step.seen = names.zip(digests).filter_map(|(name, digest)| Some((name, digest?))).collect();
            let listed = |(sku, text): (&String, Text)| (sku.clone(), listing_ids(text.as_deref()));
            step.listings = want.skus.iter().zip(listings).map(listed).collect();
            let owned = |(sku, text): (&String, Text)| Some((sku.clone(), owner(&text?)?));
            step.owners = want.owners.iter().zip(owners).filter_map(owned).collect();
            for (((lane, keys), records), listings) in want.keys.iter().zip(records).zip(listings_of) {
                step.listings.extend(keys.iter().zip(listings).map(listed));
                for (key, record) in keys.iter().zip(records) {
                    step.entries.insert((*lane, key.clone()), Held::read(record.as_deref())?);
                }
            }
            return Ok(step);
        }
        Err(QueueError::Away("its keys vanish again and again".into()))
    }

    /// Writes what a step came to. `false`: somebody was faster, nothing was written.
    pub(super) async fn commit(&self, shop: &ShopId, step: &Step) -> Result<bool, QueueError> {
        let Some(args) = step.arguments(self.store.ahead_us()) else { return Ok(true) };
        let written: u8 = self.store.run(&COMMIT, &prefix(shop), args).await.map_err(in_words_of_the_queue)?;
        if written == 1 && self.store.wait_replicas() > 0 {
            self.store.await_replicas().await.map_err(in_words_of_the_queue)?;
        }
        Ok(written == 1)
    }

    /// Reads, lets `act` apply rules, commits; again where somebody was faster.
    pub(super) async fn step<T>(
        &self,
        shop: &ShopId,
        want: &Want,
        mut act: impl FnMut(&mut Step) -> Result<T, QueueError> + Send,
    ) -> Result<(T, String), QueueError> {
        for attempt in 0..TRIES {
            let mut step = self.load(shop, want).await?;
            let answer = act(&mut step)?;
            if self.commit(shop, &step).await? {
                return Ok((answer, step.generation));
            }
            pause(attempt).await;
        }
        Err(QueueError::Away("others changed the same keys again and again".into()))
    }
}

/// A short, growing, random pause before a step is done again.
pub(super) async fn pause(attempt: u32) {
    if attempt > 1 {
        tokio::time::sleep(Duration::from_micros(u64::from(rand::random::<u16>() % 500) * u64::from(attempt))).await;
    }
}
