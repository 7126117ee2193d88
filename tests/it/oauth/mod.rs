//! The seller's consent and the vault, against the simulator, on every store: links and codes, refreshes of several replicas, crashes.

/// Makes of each named function one test for each store.
macro_rules! on_each_store {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $name() { super::$name(crate::oauth::world::World::sqlite().await).await; })+
        }
        mod redis {
            $(#[tokio::test] async fn $name() { super::$name(crate::oauth::world::World::redis().await).await; })+
        }
    };
}

mod consents;
mod crashes;
mod refreshes;
mod secrets;
mod served;
pub mod world;
