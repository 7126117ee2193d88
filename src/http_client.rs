//! The only maker of `reqwest::Client`.
