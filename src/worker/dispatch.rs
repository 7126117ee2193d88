//! One pass of a dispatcher: whose turn, is the budget open, what is due, off it goes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::fairness::{Candidate, Fairness};
use super::judge::judge;
use super::render::{Rendered, Sendable, render};
use super::round::Round;
use super::scar::Scar;
use super::single::{self, Single};
use super::{Client, Desk};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::aliexpress::{Application, Opening};
use crate::batching::{Batch, Packable, pack};
use crate::domain::{Lane, ShopId, Sku};
use crate::orders::{BookError, Claim};
use crate::queue::{Ask, Class, LeaseRef, Leased, Outcome, QueueError, RESERVE_MAX, Ready};
use crate::rate_limit::BudgetError;
use crate::telemetry::metric::Metric;

/// Lanes whose entries are packed into requests.
const PACKED: [Lane; 2] = [Lane::Stock, Lane::Price];
/// Lanes to AliExpress whose entries are worked one at a time, where the desk has a handler for them.
const SINGLE: [Lane; 2] = [Lane::Fulfilment, Lane::Product];
/// Entries are gathered so long before the budget opens, so that a permit never waits for the store; they miss as much coalescing.
const GATHER_AHEAD: Duration = Duration::from_millis(12);
/// The most entries that one pass holds: 20 products of 200 SKUs.
const CLAIM_MAX: usize = 4_000;

/// What a pass came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Something was done; look again at once.
    Worked,
    /// Nothing can be done before this long from now.
    Idle(Duration),
}

/// The dispatcher of one application key.
#[derive(Debug)]
pub struct Dispatcher {
    desk: Arc<Desk>,
    application: Arc<Application>,
    clients: HashMap<ShopId, Client>,
    shops: Vec<ShopId>,
    fairness: Fairness,
    scars: Arc<Scar>,
    /// Entries that may be in work at one time, by lane.
    singles: BTreeMap<Lane, Arc<Semaphore>>,
}

/// Why a pass failed.
#[derive(Debug, thiserror::Error)]
enum PassError {
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Book(#[from] BookError),
    #[error(transparent)]
    Budget(#[from] BudgetError),
}

impl Dispatcher {
    /// The dispatcher of an application and its shops.
    pub fn new(desk: Arc<Desk>, application: Arc<Application>, clients: Vec<Client>) -> Self {
        let shops = clients.iter().map(|client| client.shop.clone()).collect();
        let clients = clients.into_iter().map(|client| (client.shop.clone(), client)).collect();
        let single = |lane| Some((lane, Arc::new(Semaphore::new(desk.handlers.of(lane)?.at_once()))));
        let singles = SINGLE.into_iter().filter_map(single).collect();
        let scars = Arc::new(Scar::new(Arc::clone(&desk.clock)));
        Self { desk, application, clients, shops, fairness: Fairness::default(), scars, singles }
    }

    /// One pass. It waits for a free slot and a permit, never for work.
    pub async fn run_once(&mut self) -> Pass {
        match self.pass().await {
            Ok(pass) => pass,
            Err(error) => {
                Metric::StoreFailures.add(1, &[]);
                tracing::warn!(app = self.application.key(), %error, "a pass of the dispatcher failed; the next one comes in a second");
                Pass::Idle(Duration::from_secs(1))
            }
        }
    }

    async fn pass(&mut self) -> Result<Pass, PassError> {
        let shops: Vec<ShopId> = self.shops.iter().filter(|shop| self.may_send(shop)).cloned().collect();
        if shops.is_empty() {
            return Ok(Pass::Idle(self.desk.poll_max));
        }
        let ready = self.desk.queue.ready(&shops).await?;
        let (candidates, wait) = self.candidates(&shops, &ready).await?;
        let in_one = self.desk.limits.products as u64;
        let requests = |(lane, ready): (&Lane, &Ready)| match lane {
            Lane::Fulfilment => ready.urgent + ready.normal,
            _ => ready.urgent.div_ceil(in_one),
        };
        let urgent_requests = ready.iter().flatten().map(requests).sum();
        let Some(candidate) = self.fairness.pick(&candidates, urgent_requests).cloned() else {
            return Ok(Pass::Idle(wait));
        };
        if SINGLE.contains(&candidate.lane) {
            return self.hand_out(&candidate).await;
        }
        let slot = self.application.slot().await;
        let Some((sendables, batches)) = self.gather(&candidate).await? else {
            // What is only looked at takes a turn too: a burst that waits keeps nobody from theirs.
            self.fairness.served(&candidate);
            return Ok(Pass::Worked);
        };
        let client = self.clients[&candidate.shop].clone();
        let essential = is_essential(candidate.lane);
        let held = Instant::now();
        self.application.permit(self.desk.method(candidate.lane), essential).await?;
        self.fairness.served(&candidate);
        let round = Round {
            desk: Arc::clone(&self.desk),
            client,
            lane: candidate.lane,
            sendables,
            held,
            scars: Arc::clone(&self.scars),
        };
        let wake = Arc::clone(&self.desk.wake);
        self.desk.rounds.spawn(async move {
            round.run(batches).await;
            drop(slot);
            wake.notify_waiters();
        });
        Ok(Pass::Worked)
    }

    /// Gives one entry to its lane's handler, which takes a permit for each of its calls.
    async fn hand_out(&mut self, candidate: &Candidate) -> Result<Pass, PassError> {
        let (Some(handler), Some(turn)) = (self.desk.handlers.of(candidate.lane), self.turn(candidate.lane)) else {
            return Ok(Pass::Worked);
        };
        let handler = Arc::clone(handler);
        let slot = self.application.slot().await;
        let since = Instant::now();
        let Some(leased) = single::reserve(&self.desk, &candidate.shop, candidate.lane, 1).await?.pop() else {
            return Ok(Pass::Worked);
        };
        self.fairness.served(candidate);
        let (desk, scars, shop) = (Arc::clone(&self.desk), Arc::clone(&self.scars), candidate.shop.clone());
        let wake = Arc::clone(&self.desk.wake);
        self.desk.rounds.spawn(async move {
            Single { desk, scars, handler, shop, leased, since }.run().await;
            drop((slot, turn));
            wake.notify_waiters();
        });
        Ok(Pass::Worked)
    }

    fn turn(&self, lane: Lane) -> Option<OwnedSemaphorePermit> {
        Arc::clone(self.singles.get(&lane)?).try_acquire_owned().ok()
    }

    fn may_send(&self, shop: &ShopId) -> bool {
        self.clients.get(shop).is_some_and(|client| client.observes() || client.access.can_send())
    }

    /// Work that could be done now, and how long until there may be more.
    async fn candidates(
        &self,
        shops: &[ShopId],
        ready: &[BTreeMap<Lane, Ready>],
    ) -> Result<(Vec<Candidate>, Duration), PassError> {
        let mut wait = self.desk.poll_max;
        let mut open = BTreeMap::new();
        let mut candidates = Vec::new();
        for (shop, lanes) in shops.iter().zip(ready) {
            for lane in PACKED.into_iter().chain(SINGLE) {
                let handler = self.desk.handlers.of(lane);
                if SINGLE.contains(&lane) && (handler.is_none() || self.singles[&lane].available_permits() == 0) {
                    continue;
                }
                let Some(ready) = lanes.get(&lane).filter(|ready| !ready.paused) else { continue };
                if let Some(next) = ready.next_in {
                    wait = wait.min(next.max(Duration::from_millis(1)));
                }
                if ready.urgent + ready.normal == 0 || self.scars.resting(shop, lane) {
                    continue;
                }
                // A method's budget is looked at once in a pass, and not at all for those that send nothing.
                let opening = match (self.clients[shop].observes(), open.get(&lane)) {
                    (true, _) => Opening::Now,
                    (false, Some(opening)) => *opening,
                    (false, None) => {
                        let method = handler.and_then(|handler| handler.method()).unwrap_or(self.desk.method(lane));
                        let opening = self.application.opening(method, is_essential(lane)).await?;
                        open.insert(lane, opening);
                        opening
                    }
                };
                match opening {
                    Opening::Wait(until) if until > GATHER_AHEAD => wait = wait.min(until.saturating_sub(GATHER_AHEAD)),
                    Opening::Wait(_) | Opening::Now => {
                        let candidate = |class| Candidate { shop: shop.clone(), lane, class };
                        // Shipments go first, all of them: a late one is fined.
                        let urgent = if lane == Lane::Fulfilment { ready.urgent + ready.normal } else { ready.urgent };
                        candidates.extend((urgent > 0).then(|| candidate(Class::Urgent)));
                        candidates.extend((ready.normal > 0 && urgent == ready.urgent).then(|| candidate(Class::Any)));
                    }
                }
            }
        }
        Ok((candidates, wait))
    }

    /// Reserves entries for one request and renders them; ends those that need none. `None`: nothing is left to send.
    async fn gather(&self, candidate: &Candidate) -> Result<Option<(Vec<Sendable>, Vec<Batch>)>, PassError> {
        let client = &self.clients[&candidate.shop];
        let (mut sendables, mut ends) = (Vec::new(), Vec::new());
        let mut listings = std::collections::HashSet::new();
        let (currency, rule) = (self.desk.currencies.of(&candidate.shop), self.desk.rules.of(&candidate.shop));
        while listings.len() < self.desk.limits.products && sendables.len() < CLAIM_MAX {
            let ask = Ask {
                // A request that leaves with urgent entries takes along what else is due.
                class: if listings.is_empty() { candidate.class } else { Class::Any },
                entries: RESERVE_MAX.min(CLAIM_MAX - sendables.len()),
                listings: self.desk.limits.products - listings.len(),
                lease: self.desk.lane(candidate.lane).lease(),
            };
            let reserved = match self.desk.queue.reserve(&candidate.shop, candidate.lane, ask).await {
                Ok(reserved) => reserved,
                // What was reserved before is let go; the rest of the lease would hold it for nothing.
                Err(error) => {
                    self.release(&candidate.shop, leases(sendables).collect()).await;
                    return Err(error.into());
                }
            };
            if reserved.is_empty() {
                break;
            }
            let held = match self.in_orders(candidate, &reserved).await {
                Ok(held) => held,
                Err(error) => {
                    let reserved = reserved.into_iter().map(|leased| leased.lease);
                    self.release(&candidate.shop, leases(sendables).chain(reserved).collect()).await;
                    return Err(error.into());
                }
            };
            let taken: Vec<LeaseRef> = reserved.iter().map(|leased| leased.lease.clone()).collect();
            let mut rendered = Vec::with_capacity(taken.len());
            for (leased, in_orders) in reserved.into_iter().zip(held) {
                listings.extend(leased.listings.first().copied());
                match render(leased, &client.config, (currency, rule), in_orders, client.observes()) {
                    Rendered::Send(sendable) => rendered.push(*sendable),
                    Rendered::End(lease, outcome) => ends.push((lease, outcome)),
                }
            }
            match judge(&self.desk, &client.config, candidate.lane, rendered).await {
                Ok((go, held)) => {
                    sendables.extend(go);
                    ends.extend(held);
                }
                Err(error) => {
                    self.release(&candidate.shop, leases(sendables).chain(taken).collect()).await;
                    return Err(error.into());
                }
            }
        }
        for page in ends.chunks(crate::queue::PAGE_MAX) {
            self.desk.queue.settle(&candidate.shop, page.to_vec()).await?;
        }
        if sendables.is_empty() {
            return Ok(None);
        }
        let packable =
            |sendable: &Sendable| Packable { targets: sendable.targets.clone(), cohort: sendable.leased.cohort };
        let batches = pack(&sendables.iter().map(packable).collect::<Vec<_>>(), self.desk.limits);
        for batch in &batches {
            let labels = [("lane", candidate.lane.to_string()), ("reason", batch.closed.as_str().to_owned())];
            Metric::BatchesClosed.add(1, &labels);
        }
        Ok(Some((sendables, batches)))
    }

    /// Pieces of each entry's SKU in orders that the shop's state does not know of. Read after the entries were reserved: an order that
    /// comes later forgets what was confirmed, and the SKU is sent once more.
    async fn in_orders(&self, candidate: &Candidate, reserved: &[Leased]) -> Result<Vec<u64>, BookError> {
        if candidate.lane != Lane::Stock {
            return Ok(vec![0; reserved.len()]);
        }
        let skus: Vec<Sku> = reserved.iter().filter_map(|leased| leased.lease.key.parse().ok()).collect();
        let claims = self.desk.book.claims(&candidate.shop, &skus).await?;
        let mut held: HashMap<Sku, Vec<Claim>> = skus.into_iter().zip(claims).collect();
        let of = |leased: &Leased| {
            let claims = leased.lease.key.parse().ok().and_then(|sku: Sku| held.remove(&sku)).unwrap_or_default();
            claims.into_iter().map(|claim| claim.against(leased.taken_at)).sum()
        };
        Ok(reserved.iter().map(of).collect())
    }

    async fn release(&self, shop: &ShopId, leases: Vec<LeaseRef>) {
        let ends: Vec<(LeaseRef, Outcome)> = leases.into_iter().map(|lease| (lease, Outcome::Released)).collect();
        for page in ends.chunks(crate::queue::PAGE_MAX) {
            if let Err(error) = self.desk.queue.settle(shop, page.to_vec()).await {
                tracing::debug!(shop.id = %shop, %error, "entries were not released; their leases will run out");
            }
        }
    }
}

fn leases(sendables: Vec<Sendable>) -> impl Iterator<Item = LeaseRef> {
    sendables.into_iter().map(|sendable| sendable.leased.lease)
}

/// Whether a lane may use the share of a day's requests that is kept for what cannot wait.
const fn is_essential(lane: Lane) -> bool {
    matches!(lane, Lane::Stock | Lane::Fulfilment)
}
