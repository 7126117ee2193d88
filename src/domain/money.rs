//! Money as the contracts carry it: decimal text with a dot, above zero, at most two decimals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount in hundredths of the currency's unit; always above zero, at most 999 999 999.99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(u64);

/// Why a text is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoney {
    /// Not digits with at most one dot and two decimals.
    #[error("is not a decimal number with a dot and at most two decimals")]
    Form,
    /// Zero.
    #[error("is not above zero")]
    Zero,
    /// More than the greatest amount.
    #[error("is above 999999999.99")]
    TooLarge,
}

impl Money {
    /// The greatest amount, in hundredths.
    pub const MAX_CENTS: u64 = 99_999_999_999;

    /// The amount in hundredths.
    pub const fn cents(self) -> u64 {
        self.0
    }

    /// So many hundredths; none for zero and for what is above the greatest amount.
    pub const fn from_cents(cents: u64) -> Option<Self> {
        if cents == 0 || cents > Self::MAX_CENTS { None } else { Some(Self(cents)) }
    }
}

impl FromStr for Money {
    type Err = InvalidMoney;
    fn from_str(text: &str) -> Result<Self, InvalidMoney> {
        let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !part.is_none_or(|p| digits(p) && p.len() <= 2) {
            return Err(InvalidMoney::Form);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 9 {
            return Err(InvalidMoney::TooLarge);
        }
        let number = |s: &str| s.bytes().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
        let cents = match part {
            None => 0,
            Some(p) if p.len() == 1 => number(p) * 10,
            Some(p) => number(p),
        };
        match number(whole) * 100 + cents {
            0 => Err(InvalidMoney::Zero),
            amount if amount > Self::MAX_CENTS => Err(InvalidMoney::TooLarge),
            amount => Ok(Self(amount)),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
impl From<Money> for String {
    fn from(money: Money) -> String {
        money.to_string()
    }
}
impl TryFrom<String> for Money {
    type Error = InvalidMoney;
    fn try_from(text: String) -> Result<Self, InvalidMoney> {
        text.parse()
    }
}

/// A currency by its three-letter code (ISO 4217), upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text is not a three-letter currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a currency code of three capital letters")]
pub struct InvalidCurrency;

impl Currency {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}
impl FromStr for Currency {
    type Err = InvalidCurrency;
    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(InvalidCurrency),
        }
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.to_string()
    }
}
impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;
    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_exactly_or_refused() {
        for (text, shown) in [("1990", "1990.00"), ("1990.5", "1990.50"), ("0.01", "0.01"), ("007.10", "7.10")] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), shown);
        }
        for bad in ["", ".", "1.", ".5", "-1", "+1", "1,5", "1.005", "1e3", " 1", "١", "0x1"] {
            assert_eq!(bad.parse::<Money>(), Err(InvalidMoney::Form), "{bad:?}");
        }
        assert_eq!("0.00".parse::<Money>(), Err(InvalidMoney::Zero));
        assert_eq!("1000000000".parse::<Money>(), Err(InvalidMoney::TooLarge));
        assert!("999999999.99".parse::<Money>().is_ok());
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!("RUB".parse::<Currency>().unwrap().as_str(), "RUB");
        for bad in ["rub", "RU", "RUBL", "РУБ", ""] {
            assert!(bad.parse::<Currency>().is_err());
        }
    }
}
