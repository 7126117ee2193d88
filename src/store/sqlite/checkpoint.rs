//! Carries what was written from the log into the file, beside the writer: done by the writer itself it would make everybody
//! wait for tens of milliseconds now and then. The writer still does what is left when the log has become too long.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;

/// How often it looks: a page that was written a thousand times meanwhile is carried once. The log grows by some tens of megabytes in it
/// under the heaviest load.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A log that is shorter is left alone.
const LOG_BYTES_MIN: u64 = 4 << 20;

/// The thread beside the writer. Dropping it waits for the end of what it is doing.
#[derive(Debug)]
pub(super) struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts it for a file that is open already.
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let conn = Connection::open(path)?;
        // Nobody waits for it, and it waits for nobody.
        conn.busy_timeout(Duration::ZERO)?;
        conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA wal_autocheckpoint = 0;")?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new().name("aligate-log".to_owned()).spawn(move || {
            while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                if std::fs::metadata(&log).is_ok_and(|log| log.len() >= LOG_BYTES_MIN) {
                    carry(&conn);
                }
            }
        });
        let thread = thread.map_err(|e| StoreError::Unusable(format!("no thread for the store's log: {e}")))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

fn carry(conn: &Connection) {
    if let Err(error) = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        // What matters is said where the writer meets it.
        tracing::debug!(%error, "the store's log was not carried into its file");
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
