//! aligate: an event-driven gateway between 1C-Bitrix shops and AliExpress.

pub mod domain;

pub mod clock;

pub mod signing;

pub mod config;

pub mod telemetry;

pub mod http_client;

pub mod store;

pub mod queue;

pub mod batching;

pub mod rate_limit;

pub mod listings;

pub mod aliexpress;

pub mod jobs;

pub mod worker;

pub mod http;

pub mod simulator;

pub mod app;

pub mod demo;

pub mod cli;
