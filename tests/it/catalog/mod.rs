//! From a product of the shop to a listing on AliExpress.

mod calls;
mod faults;
mod flow;
mod golden;
pub mod materials;
pub mod shop;
