//! Carries what is for the shops: lanes `order` and `notice`. No budget of AliExpress is spent here; each shop has its own
//! number of calls at one time and its own breaker, so that one shop that is down holds up no other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::dispatch::Pass;
use super::scar::Scar;
use super::single::{self, Single};
use super::{Desk, idle};
use crate::clock::SharedClock;
use crate::domain::{Lane, ShopId};
use crate::queue::{QueueError, Ready};
use crate::rate_limit::breaker::{Breaker, Pass as Gate};
use crate::telemetry::metric::Metric;

/// Lanes to the shop, the first first.
const LANES: [Lane; 2] = [Lane::Order, Lane::Notice];
/// Failures in a row after which calls to a shop pause.
const FAILURES_MAX: u32 = 3;
/// The longest pause between two looks whether a shop works again.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// The way to one shop.
#[derive(Debug)]
struct Door {
    slots: BTreeMap<Lane, Arc<Semaphore>>,
    breaker: Mutex<Breaker>,
}

/// Serves every shop that takes anything.
#[derive(Debug)]
pub struct Courier {
    desk: Arc<Desk>,
    doors: BTreeMap<ShopId, Arc<Door>>,
    scars: Arc<Scar>,
    first: usize,
}

impl Door {
    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Courier {
    /// A courier to these shops; what each lane needs is done by the desk's handlers.
    pub fn new(desk: Arc<Desk>, shops: impl IntoIterator<Item = ShopId>, clock: &SharedClock) -> Self {
        let slots = |lane| Some((lane, Arc::new(Semaphore::new(desk.handlers.of(lane)?.at_once()))));
        let door = |shop| {
            let breaker = Mutex::new(Breaker::new(FAILURES_MAX, PAUSE_MAX, Arc::clone(clock)));
            (shop, Arc::new(Door { slots: LANES.into_iter().filter_map(slots).collect(), breaker }))
        };
        let doors = shops.into_iter().map(door).collect();
        let scars = Arc::new(Scar::new(Arc::clone(clock)));
        Self { desk, doors, scars, first: 0 }
    }

    /// Carries until told to stop; a pass that fails is logged and tried again.
    pub async fn run(mut self, stop: CancellationToken) {
        let desk = Arc::clone(&self.desk);
        while !stop.is_cancelled() {
            let wake = desk.wake.notified();
            let pass = tokio::select! {
                () = stop.cancelled() => return,
                pass = self.run_once() => pass,
            };
            idle(pass, wake, &stop).await;
        }
    }

    /// One pass: hands out what is due and fits. It never waits for work.
    pub async fn run_once(&mut self) -> Pass {
        match self.pass().await {
            Ok(pass) => pass,
            Err(error) => {
                Metric::StoreFailures.add(1, &[]);
                tracing::warn!(%error, "a pass of the courier failed; the next one comes in a second");
                Pass::Idle(Duration::from_secs(1))
            }
        }
    }

    async fn pass(&mut self) -> Result<Pass, QueueError> {
        let mut wait = self.desk.poll_max;
        let mut shops: Vec<ShopId> = self.doors.keys().cloned().collect();
        if shops.is_empty() {
            return Ok(Pass::Idle(wait));
        }
        // Another shop is the first each time, so that none is always served last.
        self.first = (self.first + 1) % shops.len();
        shops.rotate_left(self.first);
        let ready = self.desk.queue.ready(&shops).await?;
        let mut worked = false;
        for (shop, lanes) in shops.iter().zip(&ready) {
            for lane in LANES {
                let Some(ready) = lanes.get(&lane).filter(|ready| !ready.paused) else { continue };
                if let Some(next) = ready.next_in {
                    wait = wait.min(next.max(Duration::from_millis(1)));
                }
                worked |= self.serve(shop, lane, ready).await?;
            }
        }
        Ok(if worked { Pass::Worked } else { Pass::Idle(wait) })
    }

    /// Hands out entries of one lane of a shop; whether there were any.
    async fn serve(&self, shop: &ShopId, lane: Lane, ready: &Ready) -> Result<bool, QueueError> {
        let due = ready.urgent + ready.normal;
        let (Some(handler), Some(door)) = (self.desk.handlers.of(lane), self.doors.get(shop)) else { return Ok(false) };
        if due == 0 || self.scars.resting(shop, lane) {
            return Ok(false);
        }
        let mut slots = Vec::new();
        while slots.len() < usize::try_from(due).unwrap_or(usize::MAX)
            && let Ok(slot) = Arc::clone(&door.slots[&lane]).try_acquire_owned()
        {
            slots.push(slot);
        }
        if slots.is_empty() {
            return Ok(false);
        }
        match door.breaker().try_pass() {
            Gate::Go => {}
            Gate::Probe => slots.truncate(1),
            Gate::Wait(_) => return Ok(false),
        }
        let since = Instant::now();
        let reserved = single::reserve(&self.desk, shop, lane, slots.len()).await?;
        let any = !reserved.is_empty();
        for (leased, slot) in reserved.into_iter().zip(slots) {
            let (desk, scars, handler) = (Arc::clone(&self.desk), Arc::clone(&self.scars), Arc::clone(handler));
            let single = Single { desk, scars, handler, shop: shop.clone(), leased, since };
            self.spawn(single, Arc::clone(door), slot);
        }
        Ok(any)
    }

    fn spawn(&self, single: Single, door: Arc<Door>, slot: OwnedSemaphorePermit) {
        let (wake, shop) = (Arc::clone(&self.desk.wake), single.shop.clone());
        self.desk.rounds.spawn(async move {
            let works = single.run().await;
            if let Some(works) = works
                && door.breaker().report(works)
            {
                tracing::warn!(shop.id = %shop, "calls to the shop pause: several failed in a row");
            }
            drop(slot);
            wake.notify_waiters();
        });
    }
}
