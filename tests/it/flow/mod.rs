//! From a shop's event to AliExpress, with everything that may go wrong on the way; each ends with AliExpress as the shop is.

mod php;
