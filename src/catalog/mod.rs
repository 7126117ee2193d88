//! From a product of the shop to a listing on AliExpress: the pure part.
//!
//! [`product`] + [`mapping`] + [`schema`] → [`check`] → [`draft`] (what leaves), or every [`faults`] at once.

pub mod check;
pub mod draft;
pub mod faults;
mod gtin;
pub mod html;
pub mod languages;
pub mod mapping;
pub mod product;
pub mod schema;
pub mod suggest;
mod template;
mod words;
