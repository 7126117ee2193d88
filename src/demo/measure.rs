//! How long changes took: each change is reached by the first application of its value, or of a later one, on AliExpress.

use std::collections::HashMap;

use hdrhistogram::Histogram;

use crate::domain::Lane;

/// When each value of a key was said, oldest first; and when AliExpress took which value.
#[derive(Debug, Default)]
pub struct Freshness {
    said: HashMap<(Lane, usize), Vec<(u64, String)>>,
}

impl Freshness {
    /// A change was said, in microseconds since the epoch.
    pub fn said(&mut self, lane: Lane, offer: usize, value: &str, at: u64) {
        self.said.entry((lane, offer)).or_default().push((at, value.to_owned()));
    }

    /// Microseconds from each change of a lane to AliExpress. `taken` is what AliExpress took of a key, oldest first.
    pub fn measure(&self, lane: Lane, taken: &HashMap<(Lane, usize), Vec<(u64, String)>>) -> Histogram<u64> {
        let mut histogram = Histogram::new(3).expect("three digits are within bounds");
        for (key, said) in self.said.iter().filter(|(key, _)| key.0 == lane) {
            let mut from = 0;
            for (at, value) in taken.get(key).into_iter().flatten() {
                // The newest change that this can be, of those said before it.
                let reached = (from..said.len()).rev().find(|&n| said[n].0 <= *at && said[n].1 == *value);
                let Some(reached) = reached else { continue };
                for (said_at, _) in &said[from..=reached] {
                    histogram.record(at.saturating_sub(*said_at)).expect("the histogram grows by itself");
                }
                from = reached + 1;
            }
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_reached_by_its_own_value_or_a_later_one() {
        let mut freshness = Freshness::default();
        for (at, value) in [(100, "1"), (200, "2"), (300, "1")] {
            freshness.said(Lane::Stock, 0, value, at);
        }
        let taken = HashMap::from([((Lane::Stock, 0), vec![(250, "2".to_owned()), (400, "1".to_owned())])]);
        let histogram = freshness.measure(Lane::Stock, &taken);
        assert_eq!(histogram.len(), 3);
        assert_eq!((histogram.min(), histogram.max()), (50, 150));
    }
}
