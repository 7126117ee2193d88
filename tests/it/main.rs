//! Tests from outside the crate, each subject in a folder.

mod queue;
