//! What a step writes, as the arguments of `commit.lua`: by lane and by line, so that each command of Redis takes many.

use std::collections::{BTreeMap, BTreeSet};

use super::record::encode;
use super::step::{Held, Name, Step, line};
use crate::clock::Timestamp;
use crate::domain::Lane;
use crate::queue::entry::{Entry, Note};
use crate::queue::{ParkReason, Place};

/// Arguments of a script.
#[derive(Debug, Default)]
pub(super) struct Arguments(pub(super) Vec<Vec<u8>>);

impl Arguments {
    pub(super) fn add(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.push(bytes.as_ref().to_vec());
    }

    pub(super) fn number(&mut self, number: u64) {
        self.0.push(number.to_string().into_bytes());
    }

    /// How many there are, then each.
    pub(super) fn list<T: AsRef<[u8]>>(&mut self, items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>) {
        let items = items.into_iter();
        self.number(items.len() as u64);
        items.for_each(|item| self.add(item));
    }
}

/// The seconds for which Redis keeps what is remembered for this long: whole ones, so that few spans are in use.
pub(super) fn whole_secs(span: std::time::Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0 || span.is_zero())
}

/// What entries of a step come to.
#[derive(Debug, Default)]
struct Lines<'s> {
    left: BTreeMap<String, Vec<&'s str>>,
    joined: BTreeMap<String, Vec<(u64, &'s str)>>,
    notes: Vec<(Lane, &'s str, String)>,
}

/// A lane's entries: the revisions that were read, keys, records.
#[derive(Debug, Default)]
struct Records<'s> {
    revisions: Vec<u8>,
    keys: Vec<&'s str>,
    records: Vec<Vec<u8>>,
}

impl Step {
    /// The arguments of a commit; none where nothing is to be written.
    pub(super) fn arguments(&self, ahead_us: u64) -> Option<Vec<Vec<u8>>> {
        let (mut lanes, mut lines): (BTreeMap<Lane, Records<'_>>, _) = (BTreeMap::new(), Lines::default());
        for ((lane, key), held) in &self.entries {
            if let Some(entry) = held.entry.as_ref().filter(|_| held.entry != held.before) {
                lanes.entry(*lane).or_default().add(key, held, entry);
                lines.add(*lane, key, held.before.as_ref(), entry, self.now);
            }
        }
        if self.remember.is_empty() && self.owned.is_empty() && self.moved.is_empty() && lanes.is_empty() {
            return None;
        }
        let mut args = Arguments::default();
        args.add(&self.generation);
        args.number(ahead_us);
        self.deliveries(&mut args);
        args.number(self.owned.len() as u64);
        for sku in &self.owned {
            let (product, version) = &self.owners[sku];
            args.add(sku);
            args.add(format!("{version} {product}"));
        }
        self.directory(&mut args);
        args.number(lanes.len() as u64);
        for (lane, of_lane) in lanes {
            args.add(lane.as_str());
            args.0.push(of_lane.revisions);
            args.list(of_lane.keys);
            args.0.extend(of_lane.records);
        }
        args.list(self.unlisted());
        lines.write(&mut args);
        Some(args.0)
    }

    /// SKUs that are parked because they stand nowhere, which is read and not written here.
    fn unlisted(&self) -> Vec<&str> {
        let is_unlisted = |held: &Held| {
            held.entry.as_ref().is_some_and(|entry| {
                held.before.as_ref() != Some(entry)
                    && entry.place == Place::Parked
                    && entry.park == Some(ParkReason::NoListing)
            })
        };
        let parked = self.entries.iter().filter(|(_, held)| is_unlisted(held)).map(|((_, sku), _)| sku.as_str());
        let moved: BTreeSet<&str> = self.moved.iter().map(|moved| moved.sku.as_str()).collect();
        parked.filter(|sku| !moved.contains(sku)).collect()
    }

    fn deliveries(&self, args: &mut Arguments) {
        let mut spans: BTreeMap<u64, Vec<(&Name, Vec<u8>)>> = BTreeMap::new();
        for (name, digest, span) in &self.remember {
            let value = [digest.as_slice(), self.now.plus(*span).0.to_string().as_bytes()].concat();
            spans.entry(whole_secs(*span)).or_default().push((name, value));
        }
        args.number(spans.len() as u64);
        for (secs, deliveries) in spans {
            args.number(secs);
            args.list(deliveries.iter().map(|(name, _)| name));
            args.0.extend(deliveries.into_iter().map(|(_, value)| value));
        }
    }

    fn directory(&self, args: &mut Arguments) {
        args.number(self.moved.len() as u64);
        for moved in &self.moved {
            args.add(&moved.sku);
            args.add(moved.listings.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
            args.list(moved.gone.iter().map(ToString::to_string).collect::<Vec<_>>());
            args.list(moved.gained.iter().map(ToString::to_string).collect::<Vec<_>>());
            let read = |lane: Lane| Some((lane, self.entries.get(&(lane, moved.sku.clone()))?.revision()));
            let read: Vec<(Lane, [u8; 4])> = Lane::ALL.into_iter().filter_map(read).collect();
            args.number(read.len() as u64);
            for (lane, revision) in read {
                args.add(lane.as_str());
                args.add(revision);
            }
        }
    }
}

impl<'s> Records<'s> {
    fn add(&mut self, key: &'s str, held: &Held, entry: &Entry) {
        self.revisions.extend_from_slice(&held.revision());
        self.keys.push(key);
        // Zero says that there is none.
        self.records.push(encode(entry, held.revision.unwrap_or(0).checked_add(1).unwrap_or(1)));
    }
}

impl<'s> Lines<'s> {
    fn add(&mut self, lane: Lane, key: &'s str, before: Option<&Entry>, entry: &Entry, now: Timestamp) {
        if !entry.notes.is_empty() {
            self.notes.push((lane, key, notes(entry, now)));
        }
        let (left, joined) = (before.map(line).unwrap_or_default(), line(entry));
        if left == joined && before.is_some_and(|before| before.at == entry.at) {
            // The line keeps the key where it is.
            return;
        }
        if !left.is_empty() && left != joined {
            self.left.entry(format!("{left}:{lane}")).or_default().push(key);
        }
        if !joined.is_empty() {
            let score = entry.at.map_or(0, |at| at.0);
            self.joined.entry(format!("{joined}:{lane}")).or_default().push((score, key));
        }
    }

    fn write(self, args: &mut Arguments) {
        args.number(self.left.len() as u64);
        for (line, keys) in self.left {
            args.add(line);
            args.list(keys);
        }
        args.number(self.joined.len() as u64);
        for (line, keys) in self.joined {
            args.add(line);
            args.number(keys.len() as u64);
            for (score, key) in keys {
                args.number(score);
                args.add(key);
            }
        }
        args.number(self.notes.len() as u64);
        for (lane, key, notes) in self.notes {
            args.add(lane.as_str());
            args.add(key);
            args.add(notes);
        }
    }
}

fn notes(entry: &Entry, now: Timestamp) -> String {
    let plain = |text: &str| text.replace(['\n', '\t', '\r'], " ");
    let line = |note: &Note| format!("{}\t{}\t{}\t{}\n", now.as_millis(), note.version, note.what, plain(&note.detail));
    entry.notes.iter().rev().map(line).collect()
}
