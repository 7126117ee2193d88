//! Opening, locking and upgrading the file; calls and documents.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use rusqlite::Connection;

use super::*;
use crate::clock::ManualClock;
use crate::domain::ShopId;
use crate::store::{Documents, Inspect};

const KEY: [u8; 32] = [1; 32];
const NEW_KEY: [u8; 32] = [2; 32];

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("made/for it/store.db")
    }

    async fn open(&self, keys: &[[u8; 32]]) -> Result<SqliteStore, StoreError> {
        let clock = Arc::new(ManualClock::at(Timestamp(1_700_000_000_000_000)));
        SqliteStore::open(self.path(), clock, keys, Duration::from_secs(20)).await
    }

    /// A file as a program that knew only the first `steps` left it.
    fn made_by_step(&self, steps: usize) -> Connection {
        std::fs::create_dir_all(self.path().parent().unwrap()).unwrap();
        let conn = Connection::open(self.path()).unwrap();
        for step in &schema::STEPS[..steps] {
            conn.execute_batch(step).unwrap();
        }
        conn.pragma_update(None, "user_version", steps).unwrap();
        conn
    }
}

#[tokio::test]
async fn deliveries_that_an_older_program_took_are_remembered() {
    let place = Place::new();
    let old = place.made_by_step(3);
    old.execute("INSERT INTO deliveries VALUES (7, ?1, ?2, 258)", ([0u8; 16], [9u8; 32])).unwrap();
    drop(old);
    let store = place.open(&[KEY]).await.unwrap();
    let query = "SELECT nth, until, records FROM deliveries";
    let kept: (i64, u64, Vec<u8>) =
        store.call(|conn| Ok(conn.query_row(query, [], |row| row.try_into())?)).await.unwrap();
    assert_eq!(kept, (7, 258, [[0; 16].as_slice(), &[9; 32], &258u64.to_be_bytes()].concat()));
}

fn text<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    answer.unwrap_err().to_string()
}

#[tokio::test]
async fn a_second_program_is_refused_by_name_and_let_in_once_the_first_is_gone() {
    let place = Place::new();
    let first = place.open(&[KEY]).await.unwrap();
    let refusal = text(place.open(&[KEY]).await);
    assert!(
        refusal.starts_with(&format!("another aligate (pid {}) has this store open", std::process::id())),
        "{refusal}"
    );
    let generation = first.generation().to_owned();
    assert_eq!(generation.len(), 26);
    drop(first);
    assert_eq!(place.open(&[KEY]).await.unwrap().generation(), generation);
}

#[tokio::test]
async fn an_older_store_is_brought_up_to_date_and_keeps_what_it_holds() {
    let place = Place::new();
    let old = place.made_by_step(1);
    old.execute_batch(
        "INSERT INTO meta VALUES ('generation', 'OLD');
         INSERT INTO entries (shop, lane, key, place, urgent, version, payload, seal, cause, force, taken_at, first_at,
             attempts, expiries, alone, forgotten, lease, confirmed)
         VALUES ('s', 0, 'A', 0, 0, 7, '{}', x'00', 0, 0, 1, 1, 0, 0, 0, 0, 0, '{}');",
    )
    .unwrap();
    drop(old);
    let store = place.open(&[KEY]).await.unwrap();
    assert_eq!(store.generation(), "OLD");
    let (version, lines): (u32, u32) = store
        .call(|conn| Ok(conn.query_row("SELECT version, lines FROM entries", [], |r| r.try_into())?))
        .await
        .unwrap();
    assert_eq!((version, lines), (7, 0));
    let schema: u32 = store.call(|conn| Ok(conn.query_row("PRAGMA user_version", [], |r| r.get(0))?)).await.unwrap();
    assert_eq!(schema as usize, schema::STEPS.len());
}

#[tokio::test]
async fn a_newer_store_and_a_strangers_database_are_refused_and_left_alone() {
    let place = Place::new();
    let conn = place.made_by_step(2);
    conn.pragma_update(None, "user_version", 99).unwrap();
    let refusal = format!("the store has schema 99, this version of aligate knows {}", schema::STEPS.len());
    assert!(text(place.open(&[KEY]).await).starts_with(&refusal));
    conn.pragma_update(None, "user_version", 0).unwrap();
    assert!(text(place.open(&[KEY]).await).contains("another program"));
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_a_rotated_one_accepted() {
    let place = Place::new();
    drop(place.open(&[KEY]).await.unwrap());
    assert!(text(place.open(&[NEW_KEY]).await).contains("key file is not the one"));
    drop(place.open(&[NEW_KEY, KEY]).await.unwrap());
    drop(place.open(&[NEW_KEY]).await.unwrap());
    assert!(text(place.open(&[KEY]).await).contains("key file is not the one"));
}

#[tokio::test]
async fn every_commit_is_synced_before_it_is_answered() {
    let place = Place::new();
    let store = place.open(&[KEY]).await.unwrap();
    let pragma = async |sql: &'static str| {
        store.call(move |conn| Ok(conn.query_row(sql, [], |row| row.get::<_, u32>(0))?)).await.unwrap()
    };
    assert_eq!(pragma("PRAGMA synchronous").await, 2, "FULL");
    assert_eq!(pragma("PRAGMA foreign_keys").await, 1);
    assert_eq!(store.weaknesses().await.unwrap(), []);
}

#[tokio::test]
async fn a_damaged_file_is_named_as_such() {
    let place = Place::new();
    drop(place.open(&[KEY]).await.unwrap());
    std::fs::write(place.path(), vec![7_u8; 8192]).unwrap();
    let refusal = place.open(&[KEY]).await.unwrap_err();
    assert!(matches!(&refusal, StoreError::Unusable(text) if text.contains("damaged")), "{refusal}");
}

#[tokio::test]
async fn a_full_disk_takes_nothing_and_says_so() {
    let place = Place::new();
    let store = place.open(&[KEY]).await.unwrap();
    let full = store
        .call(|conn| {
            let pages: u32 = conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            conn.pragma_update(None, "max_page_count", pages)?;
            conn.execute("INSERT INTO documents VALUES ('s', 'n', ?1)", ["x".repeat(100_000)])?;
            Ok(())
        })
        .await;
    assert!(matches!(&full, Err(StoreError::Away(text)) if text.contains("disk is full")), "{full:?}");
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_panic_in_a_call_is_rolled_back_and_the_next_call_runs() {
    let place = Place::new();
    let store = place.open(&[KEY]).await.unwrap();
    let failed: Result<(), _> = store
        .call(|conn| {
            let tx = conn.transaction()?;
            tx.execute("INSERT INTO paused VALUES ('s', 1)", [])?;
            panic!("on purpose");
        })
        .await;
    assert!(matches!(failed, Err(StoreError::Away(_))));
    let left: u32 =
        store.call(|conn| Ok(conn.query_row("SELECT count(*) FROM paused", [], |r| r.get(0))?)).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn more_calls_than_may_wait_are_refused_at_once() {
    let place = Place::new();
    let store = Arc::new(place.open(&[KEY]).await.unwrap());
    let (release, gate) = std::sync::mpsc::channel::<()>();
    let (begun, started) = oneshot::channel();
    let busy = Arc::clone(&store);
    let busy = tokio::spawn(async move {
        busy.call(move |_| {
            begun.send(()).unwrap();
            gate.recv().unwrap();
            Ok(())
        })
        .await
    });
    started.await.unwrap();
    // Asked once and dropped: each has sent its call by then, and none of them is to run.
    for _ in 0..WAITING_MAX {
        let call = store.call(|conn| Ok(conn.execute("INSERT OR IGNORE INTO paused VALUES ('s', 1)", [])?));
        assert!(call.now_or_never().is_none());
    }
    assert!(matches!(store.ping().await, Err(StoreError::Away(text)) if text.contains("wait for it")));
    release.send(()).unwrap();
    busy.await.unwrap().unwrap();
    // Room comes as the dropped calls are passed over.
    let left = loop {
        let left =
            store.call(|conn| Ok(conn.query_row("SELECT count(*) FROM paused", [], |r| r.get::<_, u32>(0))?)).await;
        match left {
            Err(StoreError::Away(_)) => tokio::task::yield_now().await,
            left => break left.unwrap(),
        }
    };
    assert_eq!(left, 0, "a dropped call did something");
}

#[tokio::test]
async fn documents_are_kept_by_shop_and_named_by_prefix() {
    let place = Place::new();
    let store = place.open(&[KEY]).await.unwrap();
    let (shop, other): (ShopId, ShopId) = ("main".parse().unwrap(), "other".parse().unwrap());
    for name in ["job/2", "job/1", "jobs/1", "cursor/orders"] {
        store.put(&shop, name, "1").await.unwrap();
    }
    store.put(&shop, "job/1", "2").await.unwrap();
    assert_eq!(store.get(&shop, "job/1").await.unwrap().as_deref(), Some("2"));
    assert_eq!(store.get(&other, "job/1").await.unwrap(), None);
    assert_eq!(store.names(&shop, "job/").await.unwrap(), ["job/1", "job/2"]);
    store.remove(&shop, "job/1").await.unwrap();
    assert_eq!(store.names(&shop, "job/").await.unwrap(), ["job/2"]);
    assert!(store.put(&shop, "job/3", &"x".repeat(300_000)).await.is_err());
    assert_eq!(store.weaknesses().await.unwrap(), []);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_of_the_file_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let store = place.open(&[KEY]).await.unwrap();
    store.put(&"main".parse().unwrap(), "n", "x").await.unwrap();
    for suffix in ["", "-wal", ".lock"] {
        let file = format!("{}{suffix}", place.path().display());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}
