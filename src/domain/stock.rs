//! How many pieces leave for AliExpress, given what the shop has.

use serde::{Deserialize, Serialize};

/// The greatest quantity AliExpress takes.
pub const QUANTITY_MAX: u64 = 999_999;

/// A seller's rules for the pieces that AliExpress may sell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRules {
    /// Pieces held back from AliExpress.
    pub reserve: u64,
    /// Fewer pieces than this are sent as none.
    pub zero_below: u64,
}

impl StockRules {
    /// The pieces that AliExpress may sell: `quantity` less the reserve and less the pieces `in_orders` that
    /// AliExpress has sold and the shop has not taken yet; none when fewer than `zero_below` are left.
    pub fn sellable(self, quantity: u64, in_orders: u64) -> u64 {
        let left = quantity.saturating_sub(self.reserve).saturating_sub(in_orders);
        if left < self.zero_below { 0 } else { left.min(QUANTITY_MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sellable_stock_is_never_more_than_is_left_for_aliexpress() {
        let rules = StockRules { reserve: 2, zero_below: 3 };
        for (quantity, in_orders, sellable) in
            [(0, 0, 0), (1, 0, 0), (4, 0, 0), (5, 0, 3), (9, 4, 3), (9, 5, 0), (3, 99, 0)]
        {
            assert_eq!(rules.sellable(quantity, in_orders), sellable, "{quantity} {in_orders}");
        }
        assert_eq!(StockRules::default().sellable(u64::MAX, 0), QUANTITY_MAX);
    }
}
