//! A seller's rule for prices on AliExpress: the shop's price × factor, rounded, never below a floor, with or without discount.

use serde::{Deserialize, Serialize};

use super::{Discount, Money, PriceState};

/// Parts of a factor's unit.
const UNIT: u64 = 10_000;

/// A factor with at most four decimals, from 0.0001 to 1000; text such as `1.15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Factor(u64);

/// The text is no factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a decimal number from 0.0001 to 1000 with at most four decimals")]
pub struct InvalidFactor;

impl Default for Factor {
    fn default() -> Self {
        Self(UNIT)
    }
}

impl TryFrom<String> for Factor {
    type Error = InvalidFactor;
    fn try_from(text: String) -> Result<Self, InvalidFactor> {
        let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
        let digits = |s: &str, max: usize| (1..=max).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole, 4) || !digits(part, 4) {
            return Err(InvalidFactor);
        }
        let number = |s: &str| s.parse::<u64>().map_err(|_| InvalidFactor);
        let parts = number(whole)? * UNIT + number(&format!("{part:0<4}"))?;
        if (1..=1000 * UNIT).contains(&parts) { Ok(Self(parts)) } else { Err(InvalidFactor) }
    }
}

impl From<Factor> for String {
    fn from(Factor(parts): Factor) -> String {
        format!("{}.{:04}", parts / UNIT, parts % UNIT)
    }
}

/// To which side amounts are rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest step, halves up.
    #[default]
    Nearest,
    /// To the step above.
    Up,
    /// To the step below, but to one step at least.
    Down,
}

/// Where the discount price comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountRule {
    /// From the shop.
    #[default]
    Shop,
    /// There is none on AliExpress.
    None,
    /// So many per cent below the price (1–99), whatever the shop says.
    Percent(u8),
}

/// How the shop's prices become those of AliExpress.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRule {
    /// The shop's amounts are multiplied by it.
    #[serde(default)]
    pub factor: Factor,
    /// To which side the product is rounded.
    #[serde(default)]
    pub rounding: Rounding,
    /// Amounts are multiples of this; none: of a hundredth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Money>,
    /// No amount is below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Money>,
    /// The discount price.
    #[serde(default)]
    pub discount: DiscountRule,
}

impl PriceRule {
    /// The price as AliExpress gets it. A discount that is not below the price is none.
    #[must_use]
    pub fn apply(&self, state: PriceState) -> PriceState {
        let price = self.amount(state.price);
        let below = |discount: Money| if discount < price { Discount::Set(discount) } else { Discount::Erase };
        let discount = match (self.discount, state.discount) {
            (DiscountRule::None, _) => Discount::Erase,
            (DiscountRule::Percent(percent), _) => {
                let left = u64::from(100 - percent.min(99));
                let cents = price.cents() * left / 100;
                Money::from_cents(cents.max(1)).map_or(Discount::Erase, |cut| below(self.rounded(cut)))
            }
            (DiscountRule::Shop, Discount::Set(discount)) => below(self.amount(discount)),
            (DiscountRule::Shop, kept) => kept,
        };
        PriceState { price, discount, ..state }
    }

    fn amount(&self, amount: Money) -> Money {
        // At most 10^11 hundredths × 10^7 parts: fits.
        let parts = amount.cents() * self.factor.0;
        let step = self.step.map_or(1, Money::cents) * UNIT;
        let steps = match self.rounding {
            Rounding::Nearest => (parts + step / 2) / step,
            Rounding::Up => parts.div_ceil(step),
            Rounding::Down => parts / step,
        };
        self.bounded(steps.max(1) * step / UNIT)
    }

    fn rounded(&self, amount: Money) -> Money {
        PriceRule { factor: Factor::default(), ..*self }.amount(amount)
    }

    fn bounded(&self, cents: u64) -> Money {
        let amount = Money::from_cents(cents.clamp(1, Money::MAX_CENTS)).expect("the amount was bounded");
        self.floor.map_or(amount, |floor| amount.max(floor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(price: &str, discount: Discount) -> PriceState {
        PriceState { price: price.parse().unwrap(), discount, currency: "RUB".parse().unwrap() }
    }

    #[test]
    fn prices_follow_factor_step_side_and_floor() {
        let rule = |text: &str| serde_json::from_str::<PriceRule>(text).unwrap();
        for (text, price, becomes) in [
            ("{}", "19.99", "19.99"),
            (r#"{"factor":"1.15"}"#, "100", "115.00"),
            (r#"{"factor":"1.15","step":"10"}"#, "100", "120.00"),
            (r#"{"factor":"1.15","step":"10","rounding":"down"}"#, "100", "110.00"),
            (r#"{"factor":"0.0001","rounding":"down"}"#, "0.01", "0.01"),
            (r#"{"factor":"1.001","step":"1","rounding":"up"}"#, "100", "101.00"),
            (r#"{"floor":"50"}"#, "10", "50.00"),
            (r#"{"factor":"1000"}"#, "999999999", "999999999.99"),
        ] {
            assert_eq!(rule(text).apply(state(price, Discount::Keep)).price.to_string(), becomes, "{text} {price}");
        }
        for bad in ["0", "1.23456", "-1", "1001", "1e3", ""] {
            assert!(Factor::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_discount_stays_below_the_price_or_is_none() {
        let rule = |text: &str| serde_json::from_str::<PriceRule>(text).unwrap();
        let set = |text: &str| Discount::Set(text.parse().unwrap());
        for (text, given, becomes) in [
            ("{}", set("80"), set("80")),
            ("{}", Discount::Keep, Discount::Keep),
            (r#"{"step":"100"}"#, set("80"), Discount::Erase),
            (r#"{"discount":"none"}"#, set("80"), Discount::Erase),
            (r#"{"discount":{"percent":25}}"#, Discount::Keep, set("75")),
            (r#"{"discount":{"percent":25},"floor":"100"}"#, Discount::Keep, Discount::Erase),
        ] {
            assert_eq!(rule(text).apply(state("100", given)).discount, becomes, "{text}");
        }
    }
}
