//! Compares the two ledgers: what the shop said, and what AliExpress took.

use std::collections::{BTreeMap, HashMap};

use aligate::domain::Lane;
use aligate::simulator::{Ledger, Simulator};

use crate::shop::{Key, Shop, money};

/// Follows AliExpress's ledger.
#[derive(Debug, Default)]
pub struct Audit {
    /// Which of a key's states AliExpress has, by its place among those said.
    reached: HashMap<Key, usize>,
    last: u64,
    /// Values that came after newer ones of their key.
    pub backwards: Vec<String>,
    arrivals: Vec<u64>,
    stamps: Vec<u64>,
}

impl Audit {
    /// Reads on. The ledger keeps some hundred thousand lines, so long runs call this now and then.
    pub fn follow(&mut self, shop: &Shop, ledger: &Ledger) {
        let (calls, items) = (ledger.calls(), ledger.items());
        assert!(calls.first().is_none_or(|first| first.sequence <= self.last + 1), "the ledger lost calls unseen");
        let (said, last) = (shop.said(), self.last);
        for item in items.iter().filter(|item| item.sequence > last) {
            let sku = shop.number(&item.sku);
            if let Some(pieces) = item.stock {
                self.take(&said, (Lane::Stock, sku), pieces, item.sequence);
            }
            if let Some(price) = &item.price {
                assert_eq!(item.discount_price, None, "nobody said a discount of {}", item.sku);
                self.take(&said, (Lane::Price, sku), price.replace('.', "").parse().unwrap(), item.sequence);
            }
        }
        for call in calls.iter().filter(|call| call.sequence > self.last) {
            self.arrivals.push(call.at_us);
            self.stamps.push(call.stamped_ms * 1000);
        }
        self.last = calls.last().map_or(self.last, |call| call.sequence);
    }

    fn take(&mut self, said: &BTreeMap<Key, Vec<u64>>, key: Key, value: u64, sequence: u64) {
        let reached = self.reached.get(&key).copied();
        let of_key = said.get(&key).map(Vec::as_slice).unwrap_or_default();
        let from = reached.unwrap_or(0);
        match (from..of_key.len()).find(|&at| of_key[at] == value) {
            Some(at) => _ = self.reached.insert(key, at),
            None => {
                let had = reached.map(|at| of_key[at]);
                self.backwards.push(format!("call {sequence}: {key:?} went from {had:?} to {value}"));
            }
        }
    }

    /// Every key that the shop said has its newest state on AliExpress.
    pub fn assert_complete(shop: &Shop, simulator: &Simulator) {
        let mut has = HashMap::new();
        for sku in simulator.catalogue().products().into_iter().flat_map(|product| product.skus) {
            has.insert(sku.sku.clone(), sku);
        }
        let mut lost = Vec::new();
        let said = shop.said();
        for ((lane, sku), values) in &said {
            let (code, newest) = (shop.sku(*sku), *values.last().unwrap());
            let on_aliexpress = &has[&code];
            let same = match lane {
                Lane::Stock => on_aliexpress.stock == newest,
                _ => on_aliexpress.price == money(newest),
            };
            if !same {
                lost.push(format!("{lane} of {code}: {newest} was said, AliExpress has {on_aliexpress:?}"));
            }
        }
        assert!(lost.is_empty(), "{} of {} states are lost: {:#?}", lost.len(), said.len(), &lost[..lost.len().min(5)]);
    }

    /// Nothing went backwards.
    pub fn assert_forwards(&self) {
        let (count, some) = (self.backwards.len(), &self.backwards[..self.backwards.len().min(5)]);
        assert!(count == 0, "{count} states went backwards: {some:#?}");
    }

    /// No window of a second has more calls than this, by their arrival and by their own time; `except` are moments (µs) around which
    /// calls that were granted long before may have left: what was in flight when a process was stopped.
    pub fn assert_within(&mut self, limit: u64, except: &[u64]) {
        self.arrivals.sort_unstable();
        self.stamps.sort_unstable();
        for (what, times) in [("arrived", &self.arrivals), ("were made", &self.stamps)] {
            let near = |time: u64| except.iter().any(|moment| moment.abs_diff(time) < 1_500_000);
            let times: Vec<u64> = times.iter().copied().filter(|time| !near(*time)).collect();
            let mut from = 0;
            for (at, time) in times.iter().enumerate() {
                while time - times[from] >= 1_000_000 {
                    from += 1;
                }
                let count = (at - from + 1) as u64;
                assert!(count <= limit, "{count} calls {what} within a second; {limit} are allowed");
            }
        }
    }

    /// Calls so far.
    pub fn calls(&self) -> usize {
        self.arrivals.len()
    }
}
