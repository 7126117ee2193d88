//! Tests from outside the crate, each subject in a folder.

// Said once more, since the lints know helpers of tests by this attribute alone.
#[cfg(test)]
mod alerts;
#[cfg(test)]
mod api;
#[cfg(test)]
mod app;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod catalog;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod queue;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
