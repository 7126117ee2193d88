//! The demo's shop: what it sells and what it has, and a day's worth of changes in a few seconds.
//!
//! Changes come as in a real shop: most touch anything, some a few hot sellers, some are a burst over a whole product.

use std::collections::HashMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::domain::{Currency, Lane, Money, Sku};

/// An offer as the shop has it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its SKU.
    pub sku: Sku,
    /// Pieces.
    pub quantity: u64,
    /// Its price.
    pub price: Money,
}

/// A product and its offers.
#[derive(Debug, Clone)]
pub struct Product {
    /// Its offers.
    pub offers: Vec<Offer>,
}

/// A shop.
#[derive(Debug, Clone)]
pub struct Shop {
    /// What it sells.
    pub products: Vec<Product>,
    /// The currency of its prices.
    pub currency: Currency,
}

impl Shop {
    /// An invented shop.
    pub fn invented(products: usize, skus: usize) -> Self {
        let mut dice = StdRng::seed_from_u64(1);
        let offer = |product: usize, variant: usize, dice: &mut StdRng| Offer {
            sku: format!("SHIRT-{product:04}-{variant:02}").parse().expect("an invented SKU is one"),
            quantity: dice.random_range(0..200),
            price: money(dice.random_range(10_000..500_000)),
        };
        let product = |at: usize| Product { offers: (0..skus).map(|variant| offer(at, variant, &mut dice)).collect() };
        Self { products: (0..products).map(product).collect(), currency: "RUB".parse().expect("RUB is a currency") }
    }

    /// The number of offers.
    pub fn offers(&self) -> usize {
        self.products.iter().map(|product| product.offers.len()).sum()
    }
}

/// A change as the shop reports it.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which lane it is for.
    pub lane: Lane,
    /// Its SKU's place among all offers.
    pub offer: usize,
    /// The value as AliExpress shows it.
    pub value: String,
}

/// Makes changes and remembers what the shop has now.
#[derive(Debug)]
pub struct Changes {
    dice: StdRng,
    skus: Vec<Sku>,
    /// What each SKU cost at first; its price stays near it, as prices do.
    prices: Vec<Money>,
    products: Vec<std::ops::Range<usize>>,
    currency: Currency,
    /// The shop's truth: the newest value by lane and SKU.
    truth: HashMap<(Lane, usize), String>,
    burst: std::ops::Range<usize>,
}

impl Changes {
    /// Changes of a shop; the same seed makes the same.
    pub fn new(shop: &Shop, seed: u64) -> Self {
        let skus = shop.products.iter().flat_map(|p| p.offers.iter().map(|offer| offer.sku.clone())).collect();
        let mut from = 0;
        let products = shop.products.iter().map(|product| {
            let range = from..from + product.offers.len();
            from = range.end;
            range
        });
        Self {
            dice: StdRng::seed_from_u64(seed),
            skus,
            prices: shop.products.iter().flat_map(|product| product.offers.iter().map(|offer| offer.price)).collect(),
            products: products.collect(),
            currency: shop.currency,
            truth: HashMap::new(),
            burst: 0..0,
        }
    }

    /// The next change.
    pub fn next(&mut self) -> Change {
        let offer = self.offer();
        let (lane, value) = match self.dice.random_range(0..10) {
            0..7 => (Lane::Stock, self.quantity().to_string()),
            _ => {
                let cents = self.prices[offer].cents() * self.dice.random_range(80..=120) / 100;
                (Lane::Price, money(cents.max(1)).to_string())
            }
        };
        self.truth.insert((lane, offer), value.clone());
        Change { lane, offer, value }
    }

    fn offer(&mut self) -> usize {
        if let Some(next) = self.burst.next() {
            return next;
        }
        match self.dice.random_range(0..100) {
            // A few sell all the time.
            0..30 => self.dice.random_range(0..self.skus.len().div_ceil(100)),
            // A whole product is counted or repriced.
            30..32 => {
                let product = self.dice.random_range(0..self.products.len());
                self.burst = self.products[product].clone();
                self.burst.next().unwrap_or(0)
            }
            _ => self.dice.random_range(0..self.skus.len()),
        }
    }

    fn quantity(&mut self) -> u64 {
        if self.dice.random_range(0..20) == 0 { 0 } else { self.dice.random_range(1..200) }
    }

    /// A change as an event of the contract.
    pub fn event(&self, change: &Change, version: u64) -> Value {
        let sku = &self.skus[change.offer];
        match change.lane {
            Lane::Price => json!({"type": "price.changed", "version": version, "cause": "edit",
                "data": {"sku": sku, "price": change.value, "discount_price": null, "currency": self.currency}}),
            _ => json!({"type": "stock.changed", "version": version, "cause": "order",
                "data": {"sku": sku, "quantity": change.value.parse::<u64>().unwrap_or_default()}}),
        }
    }

    /// The SKU of an offer.
    pub fn sku(&self, offer: usize) -> &Sku {
        &self.skus[offer]
    }

    /// What the shop has now, of everything that changed.
    pub fn truth(&self) -> impl Iterator<Item = (Lane, usize, &str)> {
        self.truth.iter().map(|((lane, offer), value)| (*lane, *offer, value.as_str()))
    }
}

fn money(cents: u64) -> Money {
    format!("{}.{:02}", cents / 100, cents % 100).parse().expect("an invented price is money")
}
