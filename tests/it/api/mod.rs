//! The contracts of HTTP, asked from outside: `intake` what shops send, `refused` every bad input and its problem, `catalogue` what pages ask of publishing, `shop` the signed
//! API of shops, `operators` what operators see and do, `commit` what is answered while the store fails, `shapes` the names of what is answered, `openapi` that they are told.

mod catalogue;
mod commit;
mod intake;
mod openapi;
mod operators;
mod refused;
mod shapes;
mod shop;
