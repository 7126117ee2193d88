//! From a shop's event to AliExpress, with everything that may go wrong on the way; each ends with AliExpress as the shop is.
//!
//! `delivery` what leaves and when, `upset` AliExpress fails, `poison` one entry's fault, `listings` where SKUs stand, `rules` the shop's
//! own settings, `guard` avalanches, `php` events from real PHP.

mod delivery;
mod guard;
mod listings;
mod php;
mod poison;
mod rules;
mod upset;
