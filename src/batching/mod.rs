//! Reserved entries → requests: pure, knows nothing of HTTP or the queue, and says why each batch was closed.
//!
//! AliExpress takes a number of products in a request and a number of SKUs in each, so SKUs are packed by product
//! first. [`bisect()`] tells apart entries that were refused together.

mod bisect;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

pub use bisect::bisect;

use crate::domain::ListingId;
use crate::queue::Cohort;

/// How much fits into one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Products in a request.
    pub products: usize,
    /// SKUs of one product in it.
    pub skus_per_product: usize,
}

/// An entry with the listings that it still has to reach. The caller's slice gives entries their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packable {
    /// The listings.
    pub targets: Vec<ListingId>,
    /// Whom the entry was refused with.
    pub cohort: Option<Cohort>,
}

/// The SKUs of one product in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The product.
    pub listing: ListingId,
    /// Numbers of entries.
    pub entries: Vec<usize>,
}

/// Why a batch takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Closed {
    /// It has as many products as a request may have.
    Products,
    /// What is left belongs to products that it has already, each with as many SKUs as a request may have.
    Skus,
    /// Its entries were refused together and go alone.
    Cohort,
    /// Nothing is left.
    Drained,
}

impl Closed {
    /// The reason's name in metrics and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Closed::Products => "products",
            Closed::Skus => "skus",
            Closed::Cohort => "cohort",
            Closed::Drained => "drained",
        }
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its products, none twice.
    pub items: Vec<Item>,
    /// Why it takes no more.
    pub closed: Closed,
}

/// Packs entries into the fewest requests, in the order given.
///
/// Each entry is in one item for each of its targets; an entry without targets is in none. Entries of a cohort share an item
/// with nobody else, and a whole request where the cohort says so.
pub fn pack(entries: &[Packable], limits: BatchLimits) -> Vec<Batch> {
    let mut alone = Vec::new();
    let mut open: Vec<(Batch, HashSet<ListingId>)> = Vec::new();
    for (cohort, items) in items(entries, limits.skus_per_product.max(1)) {
        if cohort.is_some_and(|cohort| cohort.alone) {
            alone.extend(requests_of_cohort(items, limits.products.max(1)));
            continue;
        }
        for item in items {
            let fits = |(batch, listings): &&mut (Batch, HashSet<ListingId>)| {
                batch.items.len() < limits.products.max(1) && !listings.contains(&item.listing)
            };
            match open.iter_mut().find(fits) {
                Some((batch, listings)) => {
                    listings.insert(item.listing);
                    batch.items.push(item);
                }
                None => {
                    let listings = HashSet::from([item.listing]);
                    open.push((Batch { items: vec![item], closed: Closed::Drained }, listings));
                }
            }
        }
    }
    let last = open.len();
    let batches = open.into_iter().enumerate().map(|(at, (mut batch, _))| {
        batch.closed = match batch.items.len() >= limits.products.max(1) {
            true => Closed::Products,
            false if at + 1 < last => Closed::Skus,
            false => Closed::Drained,
        };
        batch
    });
    batches.chain(alone).collect()
}

/// Items by cohort in order of first appearance; within it first the first item of each listing, then the second.
fn items(entries: &[Packable], skus_max: usize) -> Vec<(Option<Cohort>, Vec<Item>)> {
    let mut order: Vec<(Option<Cohort>, Vec<Vec<Item>>)> = Vec::new();
    let mut place: HashMap<Option<Cohort>, usize> = HashMap::new();
    let mut rounds: HashMap<(Option<Cohort>, ListingId), (usize, usize)> = HashMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let group = *place.entry(entry.cohort).or_insert_with(|| {
            order.push((entry.cohort, Vec::new()));
            order.len() - 1
        });
        for &listing in &entry.targets {
            let groups = &mut order[group].1;
            let (round, at) = rounds.entry((entry.cohort, listing)).or_insert((0, usize::MAX));
            if *at != usize::MAX && groups[*round][*at].entries.len() >= skus_max {
                (*round, *at) = (*round + 1, usize::MAX);
            }
            if *at == usize::MAX {
                if groups.len() <= *round {
                    groups.push(Vec::new());
                }
                *at = groups[*round].len();
                groups[*round].push(Item { listing, entries: Vec::new() });
            }
            groups[*round][*at].entries.push(number);
        }
    }
    order.into_iter().map(|(cohort, rounds)| (cohort, rounds.into_iter().flatten().collect())).collect()
}

fn requests_of_cohort(items: Vec<Item>, products_max: usize) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for item in items {
        let fits = |batch: &&mut Batch| {
            batch.items.len() < products_max && batch.items.iter().all(|other| other.listing != item.listing)
        };
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.items.push(item),
            None => batches.push(Batch { items: vec![item], closed: Closed::Cohort }),
        }
    }
    batches
}
