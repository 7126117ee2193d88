//! Orders in, shipments out: what the gateway keeps of each order ([`book`]), how orders are read from AliExpress and offered to the
//! shop, and how shipments are declared.
//!
//! The lane `order` carries ids; what the shop gets is in the book, encrypted, and always the newest.

pub mod book;

pub use book::{Book, BookError, Claim, Kept, Taking};
