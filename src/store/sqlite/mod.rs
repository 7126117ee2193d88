//! The embedded store: one SQLite file, one process, one thread that owns the connection.
//!
//! SQLite blocks, so it never runs on the runtime's threads: callers send closures over a bounded channel and wait for the
//! answer, not for longer than the timeout. Every commit is synced before it is answered (`synchronous = FULL`);
//! `checkpoint` carries the log into the file beside it.
//! The tables are in `schema`; what is queued in them is in `queue::sqlite`.

mod checkpoint;
mod documents;
mod schema;
#[cfg(test)]
mod tests;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension};
use tokio::sync::oneshot;

use self::checkpoint::Checkpointer;
use super::StoreError;
use crate::clock::{SharedClock, Timestamp};

/// Calls that may wait for the writer; one more is refused.
const WAITING_MAX: usize = 256;
/// Prepared statements that are kept; more than there are.
const STATEMENTS_MAX: usize = 128;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The embedded store. Dropping it waits for the call under way, closes the file and gives up its lock.
#[derive(Debug)]
pub struct SqliteStore {
    jobs: Option<SyncSender<Job>>,
    writer: Option<JoinHandle<()>>,
    clock: SharedClock,
    generation: String,
    timeout: Duration,
}

impl SqliteStore {
    /// Opens the file, making it and its folders when there are none, and takes it for this process alone.
    ///
    /// `key_checks` tell master keys without giving them away, the current one first: the store keeps the one it was made
    /// with, refuses others, and takes over the first when it knows one of the rest. `timeout` is the longest that a call waits.
    ///
    /// # Errors
    /// `Unusable` when another process has it, the key is wrong, a newer version made it, or the file is damaged or out of reach.
    pub async fn open(
        path: impl Into<PathBuf>,
        clock: SharedClock,
        key_checks: &[[u8; 32]],
        timeout: Duration,
    ) -> Result<Self, StoreError> {
        let (jobs, inbox) = sync_channel(WAITING_MAX);
        let (opened, answer) = oneshot::channel();
        let (path, key_checks, born) = (path.into(), key_checks.to_vec(), clock.now());
        let writer = std::thread::Builder::new()
            .name("aligate-store".to_owned())
            .spawn(move || match open_file(&path, &key_checks, born, timeout) {
                Ok(Opened { mut conn, checkpointer, lock, generation }) => {
                    if opened.send(Ok(generation)).is_ok() {
                        run(&mut conn, &inbox);
                    }
                    drop(checkpointer);
                    drop(conn);
                    drop(lock);
                }
                // The opener may be gone; nobody is left to tell.
                Err(error) => drop(opened.send(Err(error))),
            })
            .map_err(|e| StoreError::Unusable(format!("no thread for the store: {e}")))?;
        let generation = answer.await.map_err(|_| StoreError::Unusable("the store's thread ended".to_owned()))??;
        Ok(Self { jobs: Some(jobs), writer: Some(writer), clock, generation, timeout })
    }

    /// The name of this store's contents, a ULID made with the file.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// What tells the store's time.
    pub fn clock(&self) -> SharedClock {
        SharedClock::clone(&self.clock)
    }

    /// Runs `act` on the writer thread and gives back its answer. Calls run one at a time, in order.
    ///
    /// # Errors
    /// `Away` when too many calls wait or the answer does not come in time, else what `act` says.
    ///
    /// # Cancel safety
    /// A call that is dropped before its turn does nothing; one under way runs to its end.
    pub async fn call<T, F>(&self, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            if !sender.is_closed() {
                // The caller may have gone while it ran; the work stands.
                drop(sender.send(act(conn)));
            }
        });
        send(self.jobs(), job)?;
        match tokio::time::timeout(self.timeout, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(failed_inside()),
            Err(_) => Err(StoreError::Away(format!("no answer in {} ms", self.timeout.as_millis()))),
        }
    }

    /// Runs `act` on the writer thread, again and again as long as it says that there is more to do; the calls that wait each time have
    /// their turn first.
    ///
    /// # Errors
    /// `Away` when too many calls wait, or `act` panicked.
    ///
    /// # Cancel safety
    /// Dropped or not, it goes on to its end.
    pub async fn repeat(&self, act: impl FnMut(&mut Connection) -> bool + Send + 'static) -> Result<(), StoreError> {
        let (ended, end) = oneshot::channel();
        take_turns(self.jobs().clone(), Box::new(act), ended)?;
        end.await.map_err(|_| failed_inside())
    }

    fn jobs(&self) -> &SyncSender<Job> {
        self.jobs.as_ref().expect("the channel is closed by drop alone")
    }
}

fn send(jobs: &SyncSender<Job>, job: Job) -> Result<(), StoreError> {
    jobs.try_send(job).map_err(|refused| match refused {
        TrySendError::Full(_) => StoreError::Away(format!("{WAITING_MAX} calls wait for it already")),
        TrySendError::Disconnected(_) => StoreError::Away("its thread ended".to_owned()),
    })
}

fn take_turns(
    jobs: SyncSender<Job>,
    mut act: Box<dyn FnMut(&mut Connection) -> bool + Send>,
    ended: oneshot::Sender<()>,
) -> Result<(), StoreError> {
    // Not the store itself, which a job must not be the last to hold: it would wait for its own end.
    let again = jobs.clone();
    let job = move |conn: &mut Connection| match act(conn) {
        // Where it is refused its turn, whoever waits for the end hears of that.
        true => drop(take_turns(again, act, ended)),
        false => drop(ended.send(())),
    };
    send(&jobs, Box::new(job))
}

fn failed_inside() -> StoreError {
    StoreError::Away("the call failed inside aligate".to_owned())
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take() {
            // Whoever opens the file next must find it free. Callers are gone, so only a call under way is waited for.
            drop(writer.join());
        }
    }
}

fn run(conn: &mut Connection, inbox: &Receiver<Job>) {
    for job in inbox {
        // A panic unwinds through its transaction, which rolls it back; the connection stays good.
        if catch_unwind(AssertUnwindSafe(|| job(conn))).is_err() {
            tracing::error!("a call to the store panicked; nothing of it was kept");
        }
    }
}

/// An open file.
struct Opened {
    conn: Connection,
    checkpointer: Checkpointer,
    lock: File,
    generation: String,
}

fn open_file(path: &Path, key_checks: &[[u8; 32]], born: Timestamp, timeout: Duration) -> Result<Opened, StoreError> {
    let unusable = |what: &str, error: &dyn std::fmt::Display| {
        StoreError::Unusable(format!("{}: {what}: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| unusable("its folder cannot be made", &e))?;
    }
    let lock = take_lock(path)?;
    // Made here, since it holds what buyers order and nobody else has to read it. SQLite gives its other files the same mode.
    private(OpenOptions::new().append(true).create(true))
        .open(path)
        .map_err(|e| unusable("it cannot be opened", &e))?;
    let mut conn = Connection::open(path)?;
    conn.busy_timeout(timeout)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Else a statement is compiled anew for every lane, limit or count that is bound to it, as if its plan could become a better one.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let found = schema::version(&conn)?;
    conn.execute_batch(
        "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON;
         PRAGMA wal_autocheckpoint = 65536; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
    )?;
    if found > 0 {
        check_key(&conn, key_checks)?;
    }
    schema::migrate(&mut conn, found)?;
    let generation = name_contents(&conn, key_checks, born)?;
    Ok(Opened { checkpointer: Checkpointer::start(path)?, conn, lock, generation })
}

/// Holds `PATH.lock` for as long as the file lives; the system lets go of it when the process dies.
fn take_lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let failed = |e: std::io::Error| StoreError::Unusable(format!("{}: cannot be locked: {e}", name.display()));
    let mut file =
        private(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(&name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).map_err(failed)?;
            file.rewind().map_err(failed)?;
            write!(file, "{}", std::process::id()).map_err(failed)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            // Where a lock forbids reading, too, the sentence does without the number.
            let known = (&file).take(20).read_to_string(&mut pid).is_ok() && !pid.is_empty();
            let pid = if known { pid } else { "unknown".to_owned() };
            Err(StoreError::Unusable(format!("another aligate (pid {pid}) has this store open: {}", path.display())))
        }
        Err(TryLockError::Error(e)) => Err(failed(e)),
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn check_key(conn: &Connection, key_checks: &[[u8; 32]]) -> Result<(), StoreError> {
    let made_with: Option<Vec<u8>> =
        conn.query_row("SELECT value FROM meta WHERE name = 'key_check'", [], |row| row.get(0)).optional()?;
    if made_with.is_none_or(|kept| key_checks.iter().any(|check| check[..] == kept[..])) {
        return Ok(());
    }
    Err(StoreError::Unusable(
        "the key file is not the one this store was made with: give store.key_file the old key, too, or the right one"
            .to_owned(),
    ))
}

/// Names a new file's contents, notes the current key, and gives the name back.
fn name_contents(conn: &Connection, key_checks: &[[u8; 32]], born: Timestamp) -> Result<String, StoreError> {
    let name = ulid::Ulid::from_parts(born.as_millis(), rand::random::<u128>()).to_string();
    conn.execute("INSERT OR IGNORE INTO meta VALUES ('generation', ?1), ('token', 0)", [name.as_str()])?;
    if let Some(current) = key_checks.first() {
        conn.execute("INSERT OR REPLACE INTO meta VALUES ('key_check', ?1)", [&current[..]])?;
    }
    Ok(conn.query_row("SELECT value FROM meta WHERE name = 'generation'", [], |row| row.get(0))?)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match &error {
            E::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => StoreError::Away("the disk is full; nothing was taken".to_owned()),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Unusable(format!(
                    "the store's file is damaged ({error}): put a copy in its place, or move it away to begin anew"
                )),
                ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                    StoreError::Unusable(format!("the store's file cannot be written: {error}"))
                }
                _ => StoreError::Away(error.to_string()),
            },
            E::FromSqlConversionFailure(..)
            | E::InvalidColumnType(..)
            | E::IntegralValueOutOfRange(..)
            | E::Utf8Error(..) => StoreError::Unusable(format!("a row of the store cannot be read: {error}")),
            _ => StoreError::Away(error.to_string()),
        }
    }
}
