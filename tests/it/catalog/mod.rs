//! From a product of the shop to a listing on AliExpress.

mod calls;
mod faults;
mod flow;
mod golden;
mod markets;
pub mod materials;
pub mod shop;
mod variants;
mod waiting;
