//! Long work that an operator started: durable, with progress and cancel. A job killed half-way goes on after the restart.
//!
//! A job is a document `job/<id>`; its cursor moves only when a step is done, so a step may be done twice and must be
//! harmless then. A job whose heartbeat is old has lost its process and is taken up by whoever sees it first.

mod import;
mod orders;
mod replay;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::ToSchema;

pub use import::ImportCursor;
pub use replay::preview;

use crate::aliexpress::Applications;
use crate::clock::{SharedClock, Timestamp};
use crate::domain::ShopId;
use crate::listings::StoreCurrencies;
use crate::orders::Orders;
use crate::queue::{Queue, QueueError, ReplayFilter};
use crate::store::{Documents, StoreError};

/// A running job whose heartbeat is older has lost its process.
const LOST_AFTER: Duration = Duration::from_secs(30);
/// How often jobs are looked after.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Ended jobs that are kept for a shop.
const KEPT_MAX: usize = 50;

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Makes kept states due again.
    Replay {
        /// Which.
        filter: ReplayFilter,
        /// Where the next step goes on.
        cursor: Option<String>,
    },
    /// Reads the shop's listings from AliExpress into the directory.
    ListingsImport {
        /// Where the next step goes on.
        cursor: ImportCursor,
    },
    /// Reads past orders from AliExpress and offers them to the shop.
    OrdersImport {
        /// Where the next step goes on.
        cursor: crate::orders::ImportCursor,
    },
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It goes on.
    Running,
    /// It came to its end.
    Done,
    /// It was stopped by a person.
    Cancelled,
    /// It cannot go on; the fault says why.
    Failed,
}

/// A job as it is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id, a ULID.
    pub id: String,
    /// How it stands.
    pub state: JobState,
    /// What it does.
    pub work: Work,
    /// Units done: entries of a replay, listings or orders of an import.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// When it started, milliseconds since the epoch.
    pub started_ms: u64,
    /// When it last moved, milliseconds since the epoch.
    pub moved_ms: u64,
    /// Why it failed, or what holds it up now.
    pub fault: Option<String>,
}

/// Why a step of a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// AliExpress, for now.
    #[error("AliExpress does not answer: {0}")]
    Marketplace(String),
    /// It can never be done.
    #[error("{0}")]
    Hopeless(String),
}

/// What jobs work with.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The queue.
    pub queue: Arc<dyn Queue>,
    /// Where jobs are kept.
    pub documents: Arc<dyn Documents>,
    /// Whom an import asks.
    pub applications: Arc<Applications>,
    /// What an import learns.
    pub currencies: StoreCurrencies,
    /// Whom an import of orders tells.
    pub orders: Arc<Orders>,
    /// For heartbeats.
    pub clock: SharedClock,
}

/// Starts, shows, cancels and takes up jobs.
#[derive(Debug, Clone)]
pub struct Jobs {
    tools: Tools,
    shops: Arc<[ShopId]>,
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// The jobs of these shops. `stop` ends their tasks; jobs stay to be taken up again.
    pub fn new(tools: Tools, shops: Vec<ShopId>, tracker: TaskTracker, stop: CancellationToken) -> Self {
        Self { tools, shops: shops.into(), running: Arc::default(), tracker, stop }
    }

    /// Starts a job; it is durable when this returns.
    ///
    /// # Errors
    /// `Away` where the store does not answer.
    pub async fn start(&self, shop: &ShopId, work: Work, total: Option<u64>) -> Result<Job, StoreError> {
        let now = self.tools.clock.now().as_millis();
        let id = ulid::Ulid::generate().to_string();
        let job =
            Job { id, state: JobState::Running, work, done: 0, total, started_ms: now, moved_ms: now, fault: None };
        self.keep(shop, &job).await?;
        self.prune(shop).await?;
        self.spawn(shop.clone(), job.clone());
        Ok(job)
    }

    /// A job as it stands.
    ///
    /// # Errors
    /// `Away` where the store does not answer.
    pub async fn get(&self, shop: &ShopId, id: &str) -> Result<Option<Job>, StoreError> {
        let text = self.tools.documents.get(shop, &name(id)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Stops a running job for good. `None`: there is no such job.
    ///
    /// # Errors
    /// `Away` where the store does not answer.
    pub async fn cancel(&self, shop: &ShopId, id: &str) -> Result<Option<Job>, StoreError> {
        // The task goes first, so that it cannot write its progress over the verdict.
        if let Some(token) = self.running.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            token.cancel();
        }
        while self.is_running_here(id) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let Some(mut job) = self.get(shop, id).await? else { return Ok(None) };
        if job.state == JobState::Running {
            job.state = JobState::Cancelled;
            self.keep(shop, &job).await?;
        }
        Ok(Some(job))
    }

    /// Takes up jobs that lost their process, until told to stop.
    pub async fn run(&self) {
        loop {
            if let Err(error) = self.take_up().await {
                tracing::warn!(%error, "jobs could not be looked after");
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn take_up(&self) -> Result<(), StoreError> {
        let now = self.tools.clock.now();
        for shop in self.shops.iter() {
            for name in self.tools.documents.names(shop, "job/").await? {
                let Some(job) = self.get(shop, name.trim_start_matches("job/")).await? else { continue };
                let here = self.is_running_here(&job.id);
                let lost = now.since(Timestamp::from_millis(job.moved_ms)) > LOST_AFTER;
                if job.state == JobState::Running && lost && !here {
                    tracing::info!(shop.id = %shop, job.id, "a job that lost its process goes on");
                    self.spawn(shop.clone(), job);
                }
            }
        }
        Ok(())
    }

    fn is_running_here(&self, id: &str) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    fn spawn(&self, shop: ShopId, job: Job) {
        let token = self.stop.child_token();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(job.id.clone(), token.clone());
        drop(running);
        let jobs = self.clone();
        self.tracker.spawn(async move {
            let id = job.id.clone();
            let go = jobs.go(&shop, job);
            if token.run_until_cancelled(go).await.is_none() {
                tracing::debug!(shop.id = %shop, job.id = id, "a job was interrupted");
            }
            jobs.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
    }

    /// Steps until the end. What fails for now is tried again; the job shows why it stands still.
    async fn go(&self, shop: &ShopId, mut job: Job) {
        let mut failures = 0u32;
        while job.state == JobState::Running {
            match self.step(shop, &mut job).await {
                Ok(()) => (job.fault, failures) = (None, 0),
                Err(JobError::Hopeless(why)) => (job.state, job.fault) = (JobState::Failed, Some(why)),
                Err(error) => {
                    job.fault = Some(error.to_string());
                    failures += 1;
                    tokio::time::sleep(Duration::from_millis(200 << failures.min(6))).await;
                }
            }
            job.moved_ms = self.tools.clock.now().as_millis();
            if let Err(error) = self.keep(shop, &job).await {
                tracing::warn!(shop.id = %shop, job.id, %error, "a job's progress was not kept; a step is done again");
            }
        }
        tracing::info!(shop.id = %shop, job.id, job.state = ?job.state, job.done, fault = job.fault, "a job ended");
    }

    async fn step(&self, shop: &ShopId, job: &mut Job) -> Result<(), JobError> {
        let ended = match &mut job.work {
            Work::Replay { filter, cursor } => replay::step(&self.tools, shop, filter, cursor, &mut job.done).await?,
            Work::ListingsImport { cursor } => {
                import::step(&self.tools, shop, cursor, &mut job.done, &mut job.total).await?
            }
            Work::OrdersImport { cursor } => {
                orders::step(&self.tools, shop, cursor, &mut job.done, &mut job.total).await?
            }
        };
        if ended {
            if matches!(job.work, Work::ListingsImport { .. }) {
                let at = job.started_ms.to_string();
                self.tools.documents.put(shop, crate::listings::IMPORTED_DOCUMENT, &at).await?;
            }
            job.state = JobState::Done;
        }
        Ok(())
    }

    async fn keep(&self, shop: &ShopId, job: &Job) -> Result<(), StoreError> {
        let text = serde_json::to_string(job).expect("a job is plain data");
        self.tools.documents.put(shop, &name(&job.id), &text).await
    }

    /// Forgets the oldest ended jobs beyond what is kept.
    async fn prune(&self, shop: &ShopId) -> Result<(), StoreError> {
        let names = self.tools.documents.names(shop, "job/").await?;
        for old in names.iter().take(names.len().saturating_sub(KEPT_MAX)) {
            let id = old.trim_start_matches("job/");
            if self.get(shop, id).await?.is_none_or(|job| job.state != JobState::Running) {
                self.tools.documents.remove(shop, old).await?;
            }
        }
        Ok(())
    }
}

fn name(id: &str) -> String {
    format!("job/{id}")
}
