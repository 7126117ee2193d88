//! aligate: an event-driven gateway between 1C-Bitrix shops and AliExpress.

pub mod domain;

pub mod clock;

pub mod config;

pub mod signing;

pub mod telemetry;

pub mod store;

pub mod queue;

pub mod batching;

pub mod http_client;

pub mod rate_limit;

pub mod aliexpress;

pub mod simulator;

pub mod demo;
