//! Orders in, shipments out, and the lanes that carry them.

mod handlers;
