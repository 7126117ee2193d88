//! The contract suite of the queue: every test runs on every backend, each under the backend's name.
//!
//! A test is a function that gets a [`harness::Harness`], and `contract!` names it to the backends; a backend is a line in
//! `contract!` and a function that makes a harness. What only one backend has to show is in a file of its own (`embedded`, `colliding`).

/// Makes of each named function one test for each backend. A function that is not named here is dead code, which the lints refuse.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        on_backend!(sqlite, crate::queue::harness::sqlite, $($name),+);
        on_backend!(redis, crate::queue::redis_harness::redis, $($name),+);
    };
}

macro_rules! on_backend {
    ($backend:ident, $make:path, $($name:ident),+) => {
        mod $backend {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(&mut $make().await).await;
                }
            )+
        }
    };
}

mod attesting;
mod barring;
mod colliding;
mod directory;
mod embedded;
mod harness;
mod holding;
mod leasing;
mod looking;
mod model;
mod offering;
mod places;
mod redis_harness;
mod replaying;
mod suspicion;
mod telling;
mod unchanged;
