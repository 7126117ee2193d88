//! Whose turn it is: urgent work first, and every shop and lane with a backlog gets its share all the same.

use std::collections::HashMap;

use crate::domain::{Lane, ShopId};
use crate::queue::Class;

/// Work that could be done now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// Whose.
    pub shop: ShopId,
    /// Which.
    pub lane: Lane,
    /// Whether it is urgent.
    pub class: Class,
}

/// One that has waited for so many turns gets the next: a little more than every 20th, which is 5 % of the budget.
const PATIENCE: u64 = 18;

/// The most urgent turns in a row.
const URGENT_RUN_MAX: u64 = 3;

/// Remembers who had a turn. Pure: it counts turns, not time.
#[derive(Debug, Default)]
pub struct Fairness {
    turn: u64,
    last_rescue: u64,
    /// Urgent turns one after the other.
    urgent_run: u64,
    /// Since which turn a candidate waits.
    waits: HashMap<Candidate, u64>,
}

impl Fairness {
    /// Whose turn it is, of those with work now; nobody's when there is none. `urgent_requests`: how many it takes to send all urgent work.
    ///
    /// One that has waited for long goes before all, at most every second turn; else the urgent one that waits longest, else the one
    /// that waits longest. Urgent work yields every fourth turn, and every second where one request is enough for all of it: that costs
    /// it little, and sold-out SKUs, of which there are always some, do not take the budget from all others.
    /// Call [`Fairness::served`] when the turn was taken.
    pub fn pick<'c>(&mut self, candidates: &'c [Candidate], urgent_requests: u64) -> Option<&'c Candidate> {
        self.waits.retain(|known, _| candidates.contains(known));
        for candidate in candidates {
            self.waits.entry(candidate.clone()).or_insert(self.turn);
        }
        let since = |candidate: &Candidate| self.waits.get(candidate).copied().unwrap_or(self.turn);
        let longest = |class: Option<Class>| {
            let of_class = candidates.iter().filter(|candidate| class.is_none_or(|class| candidate.class == class));
            of_class.min_by_key(|candidate| since(candidate))
        };
        let starved = longest(Some(Class::Any)).filter(|candidate| self.turn >= since(candidate) + PATIENCE);
        match starved.filter(|_| self.turn > self.last_rescue + 1 || self.last_rescue == 0) {
            Some(starved) => Some(starved),
            None if self.urgent_run >= if urgent_requests <= 1 { 1 } else { URGENT_RUN_MAX } => {
                longest(Some(Class::Any))
            }
            None => longest(Some(Class::Urgent)),
        }
        .or_else(|| longest(None))
    }

    /// The turn was taken.
    pub fn served(&mut self, candidate: &Candidate) {
        let waited = self.waits.get(candidate).map_or(0, |since| self.turn - since);
        if candidate.class == Class::Any && waited >= PATIENCE {
            self.last_rescue = self.turn;
        }
        self.turn += 1;
        self.urgent_run = if candidate.class == Class::Urgent { self.urgent_run + 1 } else { 0 };
        self.waits.insert(candidate.clone(), self.turn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(shop: &str, lane: Lane, class: Class) -> Candidate {
        Candidate { shop: shop.parse().unwrap(), lane, class }
    }

    fn shares(candidates: &[Candidate], urgent_requests: u64, turns: usize) -> HashMap<Candidate, usize> {
        let (mut fairness, mut shares) = (Fairness::default(), HashMap::new());
        for _ in 0..turns {
            let picked = fairness.pick(candidates, urgent_requests).unwrap().clone();
            fairness.served(&picked);
            *shares.entry(picked).or_default() += 1;
        }
        shares
    }

    #[test]
    fn urgent_work_goes_first_and_everyone_else_gets_more_than_a_twentieth() {
        let urgent = candidate("a", Lane::Stock, Class::Urgent);
        let price = candidate("a", Lane::Price, Class::Any);
        let other = candidate("b", Lane::Stock, Class::Any);
        let shares = shares(&[urgent.clone(), price.clone(), other.clone()], 5, 1000);
        assert!((120..=130).contains(&shares[&price]), "{shares:?}");
        assert!((120..=130).contains(&shares[&other]), "{shares:?}");
        assert_eq!(shares[&urgent], 750);
    }

    #[test]
    fn a_trickle_of_urgent_work_leaves_every_second_turn_to_others() {
        let urgent = candidate("a", Lane::Stock, Class::Urgent);
        let rest = [candidate("a", Lane::Stock, Class::Any), candidate("a", Lane::Price, Class::Any)];
        let shares = shares(&[urgent.clone(), rest[0].clone(), rest[1].clone()], 1, 1000);
        assert_eq!(shares[&urgent], 500);
        assert!((240..=260).contains(&shares[&rest[1]]), "{shares:?}");
    }

    #[test]
    fn equals_take_turns() {
        let all: Vec<_> = ["a", "b", "c"].map(|shop| candidate(shop, Lane::Stock, Class::Any)).into();
        assert!(shares(&all, 0, 300).values().all(|&turns| turns == 100));
    }

    #[test]
    fn a_hundred_shops_with_a_backlog_do_not_starve_urgent_stock() {
        let mut all: Vec<_> = (0..100).map(|n| candidate(&format!("s{n}"), Lane::Stock, Class::Any)).collect();
        let urgent = candidate("u", Lane::Stock, Class::Urgent);
        all.push(urgent.clone());
        let shares = shares(&all, 5, 1000);
        assert!(shares[&urgent] >= 450, "{}", shares[&urgent]);
        assert!(all[..100].iter().all(|one| shares[one] >= 4));
    }

    #[test]
    fn nobody_waits_for_those_without_work() {
        let mut fairness = Fairness::default();
        assert_eq!(fairness.pick(&[], 0), None);
    }
}
