//! Entries that were refused together are split in two until the one at fault stands alone.

use crate::queue::Cohort;

/// Splits entries that were refused together, given as their groups (the products of a refused request; a single group for a
/// refused product). `None`: one entry was refused by itself and is the one at fault.
///
/// Whole groups stay together while there are several. `ids` are two different random numbers above 0; `alone` says that a whole request was
/// refused, so that each half must go in a request of its own.
pub fn bisect(groups: &[Vec<usize>], alone: bool, ids: [u32; 2]) -> Option<Vec<(usize, Cohort)>> {
    let total: usize = groups.iter().map(Vec::len).sum();
    if total <= 1 {
        return None;
    }
    let first: Vec<usize> = if groups.len() > 1 {
        groups[..groups.len() / 2].iter().flatten().copied().collect()
    } else {
        groups[0][..total / 2].to_vec()
    };
    let half = |number: &usize| Cohort { id: if first.contains(number) { ids[0] } else { ids[1] }, alone };
    Some(groups.iter().flatten().map(|number| (*number, half(number))).collect())
}
