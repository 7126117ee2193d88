//! What a fall is, how many are too many, and what becomes of one: pure.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::tally::Noted;
use crate::clock::Timestamp;
use crate::config::GuardConfig;
use crate::domain::{Cause, Discount, Lane, ListingId, Money};
use crate::queue::Confirmed;

/// More falls than this within the look are a burst, whatever their cause.
pub const HANDFUL: u64 = 10;

/// What falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Products leave AliExpress, or lose SKUs there; counted by product, against listings.
    Withdrawal,
    /// Stock falls to zero; counted by SKU, against SKUs that are listed.
    ZeroStock,
    /// Prices fall by too much; counted by SKU, against SKUs that are listed.
    Price,
}

/// The text names no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the kind is none of withdrawal, zero_stock, price")]
pub struct UnknownKind;

impl Kind {
    /// Every kind; the position of each is its number in stores and never changes.
    pub const ALL: [Kind; 3] = [Kind::Withdrawal, Kind::ZeroStock, Kind::Price];

    /// The kind's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Withdrawal => "withdrawal",
            Kind::ZeroStock => "zero_stock",
            Kind::Price => "price",
        }
    }

    /// The lane that its changes come by. Nothing else is held there.
    pub const fn lane(self) -> Lane {
        match self {
            Kind::Withdrawal => Lane::Product,
            Kind::ZeroStock => Lane::Stock,
            Kind::Price => Lane::Price,
        }
    }

    /// The kind of a lane.
    pub fn of_lane(lane: Lane) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.lane() == lane)
    }

    /// Of what is listed, as (SKUs, listings), what it is counted against.
    pub const fn total(self, (skus, listings): (u64, u64)) -> u64 {
        match self {
            Kind::Withdrawal => listings,
            Kind::ZeroStock | Kind::Price => skus,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}

/// A change that takes something from buyers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The SKU or product.
    pub key: String,
    /// What made the shop say it.
    pub cause: Cause,
    /// The key was held when this state came, and nobody has decided since.
    pub was_held: bool,
}

/// What becomes of a fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It goes.
    Pass,
    /// Others may come with it: it is looked at again after this long.
    Wait(Duration),
    /// A person decides; why, in words.
    Hold(String),
}

/// How many may fall in a window: one more, and all are held.
pub fn limit(config: &GuardConfig, total: u64) -> u64 {
    (total.saturating_mul(config.share_percent) / 100).max(config.count_min)
}

/// Whether so few are listed that they can never be too many.
pub fn is_small(config: &GuardConfig, total: u64) -> bool {
    total <= config.count_min
}

/// What becomes of a fall that was first seen at `first`, given what was counted with it.
pub fn verdict(config: &GuardConfig, fall: &Fall, first: Timestamp, noted: &Noted, limit: u64) -> Verdict {
    if fall.was_held {
        return Verdict::Hold("an older state of it is held".to_owned());
    }
    if noted.in_window > limit {
        let (counted, window) = (noted.in_window, config.window().as_secs());
        return Verdict::Hold(format!("{counted} within {window} s, more than {limit}"));
    }
    let grows = noted.in_look > HANDFUL;
    if !grows && !fall.cause.is_in_bulk() {
        return Verdict::Pass;
    }
    let until = first.plus(if grows { config.look_max() } else { config.look() });
    if noted.now >= until { Verdict::Pass } else { Verdict::Wait(until.since(noted.now).min(config.look())) }
}

/// Whether stock goes to zero at one of these listings: `own` is what the shop's number alone leaves to sell, since what AliExpress itself
/// has sold is never held.
pub fn is_zeroing(own: u64, targets: &[ListingId], confirmed: &Confirmed) -> bool {
    let has_some = |listing: &ListingId| confirmed.get(listing).is_none_or(|text| pieces(text) > 0);
    own == 0 && targets.iter().any(has_some)
}

/// The pieces of a stock as it was rendered: `7`, `4 of 7`. Where it cannot be read there are some.
pub fn pieces(rendered: &str) -> u64 {
    rendered.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// Whether a price, or what the buyer pays, falls by more than `percent` at one of these listings. Where nothing is confirmed nobody knows.
pub fn is_cheapening(
    percent: u64,
    (price, discount): (Money, Discount),
    targets: &[ListingId],
    confirmed: &Confirmed,
) -> bool {
    let pays = match discount {
        Discount::Set(discount) => discount.min(price),
        Discount::Keep | Discount::Erase => price,
    };
    let falls = |from: Money, to: Money| to.cents() * 100 < from.cents() * (100 - percent.min(100));
    targets.iter().filter_map(|listing| price_and_discount(confirmed.get(listing)?)).any(|(old, paid)| {
        // A kept discount stays below the price, or goes.
        falls(old, price) || (discount != Discount::Keep && falls(paid.unwrap_or(old), pays))
    })
}

/// A price as it was rendered: `1990.00/1490.00`, `1990.00/-`; of `1990.00/*` the discount is not known.
pub fn price_and_discount(rendered: &str) -> Option<(Money, Option<Money>)> {
    let (price, discount) = rendered.split_once('/')?;
    Some((price.parse().ok()?, discount.parse().ok()))
}

/// What is confirmed of several kinds of entries that were held or counted, by kind.
pub type ByKind<T> = BTreeMap<Kind, T>;

#[cfg(test)]
mod tests {
    use super::*;

    const SHIRT: ListingId = ListingId(1);
    const CAP: ListingId = ListingId(2);

    fn config() -> GuardConfig {
        crate::config::load(&crate::config::Sources::default()).unwrap().guard
    }

    fn fall(cause: Cause) -> Fall {
        Fall { key: "A".into(), cause, was_held: false }
    }

    fn noted(secs: u64, in_window: u64, in_look: u64) -> Noted {
        Noted { now: Timestamp(secs * 1_000_000), let_until: None, first: Vec::new(), in_window, in_look }
    }

    /// Of a fall first seen at second 100, where 60 may fall.
    fn judged(cause: Cause, noted: &Noted) -> Verdict {
        verdict(&config(), &fall(cause), Timestamp(100_000_000), noted, 60)
    }

    fn has(texts: &[(ListingId, &str)]) -> Confirmed {
        texts.iter().map(|(listing, text)| (*listing, (*text).to_owned())).collect()
    }

    #[test]
    fn a_fifth_of_what_is_listed_may_fall_and_never_fewer_than_fifty() {
        let limits = [0, 50, 250, 300, 100_000].map(|total| limit(&config(), total));
        assert_eq!(limits, [50, 50, 50, 60, 20_000]);
        assert_eq!([50, 51].map(|total| is_small(&config(), total)), [true, false]);
    }

    #[test]
    fn a_single_fall_by_hand_never_waits_and_one_of_an_exchange_waits_for_the_look() {
        assert_eq!(judged(Cause::Edit, &noted(100, 1, 1)), Verdict::Pass);
        let secs = Duration::from_secs;
        for (now, expected) in [(100, Verdict::Wait(secs(3))), (102, Verdict::Wait(secs(1))), (103, Verdict::Pass)] {
            assert_eq!(judged(Cause::Exchange, &noted(now, 1, 1)), expected, "at {now}");
        }
    }

    #[test]
    fn a_burst_that_grows_is_looked_at_longer_whatever_its_cause_and_not_for_ever() {
        let secs = Duration::from_secs;
        for cause in [Cause::Edit, Cause::Exchange] {
            assert_eq!(judged(cause, &noted(100, 11, 11)), Verdict::Wait(secs(3)));
            assert_eq!(judged(cause, &noted(113, 60, 11)), Verdict::Wait(secs(2)));
            assert_eq!(judged(cause, &noted(115, 60, 11)), Verdict::Pass);
            assert_eq!(judged(cause, &noted(103, 60, 10)), Verdict::Pass);
        }
    }

    #[test]
    fn one_more_than_may_fall_and_all_are_held() {
        assert!(matches!(judged(Cause::Edit, &noted(100, 61, 1)), Verdict::Hold(_)));
        assert!(matches!(judged(Cause::Exchange, &noted(500, 61, 0)), Verdict::Hold(_)));
        let again = Fall { was_held: true, ..fall(Cause::Edit) };
        assert!(matches!(verdict(&config(), &again, Timestamp(0), &noted(9_000, 1, 1), 60), Verdict::Hold(_)));
    }

    #[test]
    fn stock_falls_where_a_listing_has_some_or_nobody_knows() {
        let both = [SHIRT, CAP];
        for (own, confirmed, falls) in [
            (0, has(&[(SHIRT, "7"), (CAP, "0")]), true),
            (0, has(&[(SHIRT, "4 of 7"), (CAP, "0")]), true),
            (0, has(&[(SHIRT, "0"), (CAP, "0 of 3")]), false),
            (0, has(&[(SHIRT, "0")]), true),
            // What AliExpress has sold leaves nothing; the shop's own number does.
            (3, has(&[(SHIRT, "7"), (CAP, "7")]), false),
        ] {
            assert_eq!(is_zeroing(own, &both, &confirmed), falls, "{confirmed:?}");
        }
        assert!(!is_zeroing(0, &[CAP], &has(&[(SHIRT, "7"), (CAP, "0")])), "what is not sent does not fall");
    }

    #[test]
    fn a_price_falls_by_more_than_half_with_or_without_its_discount() {
        let money = |text: &str| text.parse::<Money>().unwrap();
        let set = |text: &str| Discount::Set(money(text));
        for (had, price, discount, falls) in [
            ("1000.00/-", "499.99", Discount::Erase, true),
            ("1000.00/-", "500.00", Discount::Erase, false),
            ("1000.00/-", "1000.00", set("400.00"), true),
            ("1000.00/400.00", "1000.00", set("300.00"), false),
            ("1000.00/400.00", "700.00", Discount::Erase, false),
            ("1000.00/*", "900.00", Discount::Keep, false),
            ("1000.00/*", "900.00", set("400.00"), true),
            ("nonsense", "1.00", Discount::Keep, false),
        ] {
            let found = is_cheapening(50, (money(price), discount), &[SHIRT], &has(&[(SHIRT, had)]));
            assert_eq!(found, falls, "{had} to {price}, {discount:?}");
        }
        assert!(!is_cheapening(50, (money("1.00"), Discount::Keep), &[CAP], &has(&[(SHIRT, "1000.00/-")])));
    }
}
