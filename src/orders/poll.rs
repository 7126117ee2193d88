//! Reads orders that changed, by a cursor over AliExpress's time.
//!
//! A pass covers a closed window: it begins before the cursor (AliExpress promises no order of its writes) and ends at AliExpress's present.
//! Orders only leave a closed window, when they change again, so pages are read from the last to the first: what moves, moves to pages that
//! are still to be read. One replica polls a shop at a time.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::take::{TakeError, Took};
use super::{BookError, Orders};
use crate::alerts::{self, Notice, Severity};
use crate::aliexpress::{Access, OrderFilter, OrderPage, Token};
use crate::clock::{SharedClock, Timestamp};
use crate::domain::ShopId;
use crate::store::lease;
use crate::telemetry::metric::Metric;

/// Orders on a page; sibling methods take no more.
const PAGE_SIZE: u32 = 50;
/// The longest window of one pass.
const SPAN_MAX: Duration = Duration::from_secs(86_400);
/// The shortest window that a pass is narrowed to.
const SPAN_MIN: Duration = Duration::from_secs(60);
/// How far a window's end stays behind AliExpress's present; its texts have whole seconds.
const SETTLED: Duration = Duration::from_secs(2);
/// How often a list is started anew when it grows while it is read.
const RESTARTS_MAX: usize = 4;
/// The most pages of one list; more is narrowed.
const PAGES_MAX: u64 = 400;
/// How often all open orders are listed.
const OPEN_EVERY: Duration = Duration::from_secs(86_400);
/// How long a replica has a shop's polling to itself after its last word: so long nobody polls when it was killed. It holds on while it
/// reads and while it rests.
const LEASE_MAX: Duration = Duration::from_secs(30);
const LEASE_MIN: Duration = Duration::from_secs(5);
/// How often a poller looks for hints that another replica took.
const HINT_EVERY: Duration = Duration::from_secs(5);
/// A pause after a pass that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

const CURSOR: &str = "orders/cursor";
const HINT: &str = "orders/hint";
const HOLDER: &str = "orders/poller";

/// How a shop is polled.
#[derive(Debug, Clone, Copy)]
pub struct PollSettings {
    /// The pause while orders come in.
    pub pause_min: Duration,
    /// The pause when none came for long.
    pub pause_max: Duration,
    /// How far before the cursor a window begins.
    pub overlap: Duration,
    /// An order that must be sent within this is near its deadline.
    pub deadline_near: Duration,
    /// Buyers' data of finished orders is erased after this.
    pub retention: Duration,
}

/// Where polling stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// Everything that changed before this is queued, AliExpress's time, microseconds since the epoch.
    to: u64,
    /// When all open orders were listed last, the store's time.
    open: u64,
}

/// Polls one shop.
#[derive(Debug)]
pub struct Poller {
    orders: Arc<Orders>,
    shop: ShopId,
    access: Arc<Access>,
    settings: PollSettings,
    clock: SharedClock,
    hints: Arc<Notify>,
    /// Names this process among replicas.
    holder: String,
    /// AliExpress's clock less ours, microseconds.
    skew: i64,
    span: Duration,
    pause: Duration,
    seen_hint: u64,
    /// The last pass was this process's turn.
    holds: bool,
    /// A hint came; what it hints at may lie in the seconds that a window leaves out, so that one more look follows soon.
    once_more: bool,
}

/// What a pass came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polled {
    /// What was read and changed.
    pub took: Took,
    /// The cursor is not at AliExpress's present yet.
    pub behind: bool,
}

impl Poller {
    /// A poller of a shop. `hints` wakes it.
    pub fn new(
        orders: Arc<Orders>,
        shop: ShopId,
        access: Arc<Access>,
        settings: PollSettings,
        clock: SharedClock,
        hints: Arc<Notify>,
    ) -> Self {
        let holder = ulid::Ulid::generate().to_string();
        let (span, pause) = (SPAN_MAX, settings.pause_min);
        Self {
            orders,
            shop,
            access,
            settings,
            clock,
            hints,
            holder,
            skew: 0,
            span,
            pause,
            seen_hint: 0,
            holds: false,
            once_more: false,
        }
    }

    /// Polls until told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let pause = tokio::select! {
                () = stop.cancelled() => break,
                pause = self.turn() => pause,
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.rest(pause) => {}
            }
        }
        // Another replica may go on at once; where this fails the lease runs out.
        drop(lease::give_up(self.orders.documents.as_ref(), &self.shop, HOLDER, &self.holder).await);
    }

    /// One pass, and how long to rest after it.
    async fn turn(&mut self) -> Duration {
        match self.run_once().await {
            Ok(Some(Polled { behind: true, .. })) => Duration::ZERO,
            Ok(Some(_)) if std::mem::take(&mut self.once_more) => SETTLED + Duration::from_secs(1),
            Ok(Some(polled)) if polled.took.changed > 0 => {
                self.pause = self.settings.pause_min;
                self.pause
            }
            Ok(Some(_)) => {
                self.pause = (self.pause * 2).min(self.settings.pause_max);
                self.pause
            }
            // Somebody else polls this shop, or its token is refused.
            Ok(None) => self.lease() / 4,
            Err(error) => {
                tracing::warn!(shop.id = %self.shop, %error, "orders could not be read; the cursor stays");
                AFTER_FAILURE
            }
        }
    }

    /// Rests, but not while AliExpress hints at something new.
    async fn rest(&mut self, pause: Duration) {
        let mut left = pause;
        while !left.is_zero() {
            let part = left.min(HINT_EVERY).min(self.lease() / 3);
            tokio::select! {
                () = self.hints.notified() => return,
                () = tokio::time::sleep(part) => left -= part,
            }
            // Where this fails another replica looks next, which serves as well.
            if self.holds && !left.is_zero() {
                drop(self.hold().await);
            }
            if matches!(hinted(&self.orders, &self.shop).await, Ok(at) if at > self.seen_hint) {
                return;
            }
        }
    }

    fn lease(&self) -> Duration {
        self.settings.pause_max.clamp(LEASE_MIN, LEASE_MAX)
    }

    /// Takes the shop's polling, or holds on to it.
    async fn hold(&self) -> Result<bool, BookError> {
        lease::take(self.orders.documents.as_ref(), &self.shop, HOLDER, &self.holder, self.lease()).await
    }

    /// One pass; `None` where it is not this process's turn.
    ///
    /// # Errors
    /// Where the store or AliExpress is away: the cursor has not moved, and the pass is made again.
    pub async fn run_once(&mut self) -> Result<Option<Polled>, TakeError> {
        if !self.access.can_send() {
            return Ok(None);
        }
        self.holds = self.hold().await?;
        if !self.holds {
            return Ok(None);
        }
        let documents = Arc::clone(&self.orders.documents);
        let hint = hinted(&self.orders, &self.shop).await?;
        self.once_more |= hint > std::mem::replace(&mut self.seen_hint, hint);
        let now = documents.now().await?;
        let text = documents.get(&self.shop, CURSOR).await?;
        let first = Cursor { to: self.theirs(now).0, open: 0 };
        let mut cursor: Cursor = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(first);
        let mut took = Took::default();
        self.orders.erase(&self.shop, now, self.settings.retention).await?;
        if now.since(Timestamp(cursor.open)) >= OPEN_EVERY || cursor.open > now.plus(OPEN_EVERY).0 {
            let open = self.walk(OrderFilter::Open, cursor.open > 0).await?;
            (took, cursor.open) = (open.0, now.0);
        }
        self.keep_services().await?;
        let from = Timestamp(cursor.to.min(self.theirs(now).0));
        let from = before(from, self.settings.overlap);
        // Not the present second: an order that changes in it would move within the window.
        let present = before(self.theirs(now), SETTLED);
        let wanted = present.min(from.plus(self.span + self.settings.overlap));
        let to = self.access.application.client.exact_before(wanted).max(from);
        let walked = self.walk(OrderFilter::Modified { from, to }, false).await;
        let (more, seen) = match walked {
            Ok(walked) => walked,
            Err(error) => {
                if matches!(error, TakeError::Moving) {
                    self.span = (self.span / 2).max(SPAN_MIN);
                }
                return Err(error);
            }
        };
        self.span = (self.span * 2).min(SPAN_MAX);
        if to < wanted {
            // What is newer is looked at as well as can be, and again by the first window that ends exactly: the cursor does not pass it.
            let from = before(to, self.settings.overlap);
            match self.walk(OrderFilter::Modified { from, to: wanted }, false).await {
                Ok((newer, _)) => (took.read, took.changed) = (took.read + newer.read, took.changed + newer.changed),
                Err(TakeError::Moving) => {}
                Err(error) => return Err(error),
            }
        }
        // Never past what AliExpress itself calls now, however far ahead our clock is.
        cursor.to = to.min(seen.unwrap_or(to)).0;
        let kept = serde_json::to_string(&cursor).expect("a cursor is plain data");
        documents.put(&self.shop, CURSOR, &kept).await?;
        self.orders.watch_deadlines(&self.shop, now, self.settings.deadline_near).await?;
        took.read += more.read;
        took.changed += more.changed;
        // What the last answer said of AliExpress's clock counts, too.
        let behind = wanted.plus(self.settings.overlap) < self.theirs(now);
        Ok(Some(Polled { took, behind }))
    }

    /// Reads AliExpress's logistics services where they are not kept: people choose from them before the first shipment.
    async fn keep_services(&self) -> Result<(), TakeError> {
        if self.orders.services(&self.shop).await?.is_some() {
            return Ok(());
        }
        let client = &self.access.application.client;
        let call = async |token: Token| client.logistics_services(&token).await;
        match self.access.call(&client.methods().logistics_services, false, call).await {
            Ok(services) => Ok(self.orders.keep_services(&self.shop, &services).await?),
            Err(error) => {
                tracing::info!(shop.id = %self.shop, %error, "AliExpress's logistics services could not be read; orders go on");
                Ok(())
            }
        }
    }

    /// AliExpress's time, given ours.
    fn theirs(&self, ours: Timestamp) -> Timestamp {
        Timestamp(ours.0.saturating_add_signed(self.skew))
    }

    /// Every page of a list, the last first; and AliExpress's time when the first answer was made.
    async fn walk(&mut self, filter: OrderFilter, again: bool) -> Result<(Took, Option<Timestamp>), TakeError> {
        let mut took = Took::default();
        for _ in 0..=RESTARTS_MAX {
            let (first, read_at) = self.page(filter, 1).await?;
            let (seen, total, pages) = (first.time, first.total, first.total_pages);
            if pages > PAGES_MAX && filter != OrderFilter::Open {
                return Err(TakeError::Moving);
            }
            let mut grew = false;
            for number in (2..=u32::try_from(pages).unwrap_or(u32::MAX)).rev() {
                let (page, read_at) = self.page(filter, number).await?;
                grew |= page.total > total;
                self.take(page, read_at, again, &mut took).await?;
            }
            match pages {
                0 | 1 => self.take(first, read_at, again, &mut took).await?,
                _ => {
                    let (page, read_at) = self.page(filter, 1).await?;
                    grew |= page.total > total;
                    self.take(page, read_at, again, &mut took).await?;
                }
            }
            if !grew {
                return Ok((took, seen));
            }
        }
        Err(TakeError::Moving)
    }

    async fn take(&self, page: OrderPage, read_at: Timestamp, again: bool, took: &mut Took) -> Result<(), TakeError> {
        if !page.unreadable.is_empty() {
            let detail = format!(
                "AliExpress sends orders that cannot be read; look at them there: {}",
                page.unreadable.join("; ")
            );
            tracing::warn!(shop.id = %self.shop, orders = page.unreadable.len(), "AliExpress sends orders that cannot be read");
            let notice = Notice::new("order_unreadable", Severity::Error, detail);
            alerts::report(self.orders.queue.as_ref(), &self.shop, notice.counting(page.unreadable.len() as u64))
                .await?;
        }
        let page = self.orders.take(&self.shop, &self.access, page.orders, read_at, again).await?;
        took.read += page.read;
        took.changed += page.changed;
        let labels = |what: &str| [("shop", self.shop.to_string()), ("result", what.to_owned())];
        Metric::Orders.add(page.changed, &labels("changed"));
        Metric::Orders.add(page.read - page.changed, &labels("unchanged"));
        Ok(())
    }

    /// One page, and the store's time before it was read: the version of what is on it.
    async fn page(&mut self, filter: OrderFilter, number: u32) -> Result<(OrderPage, Timestamp), TakeError> {
        // Somebody else may have taken over where a page took long: what both read is taken once.
        self.hold().await?;
        let read_at = self.orders.queue.now().await?;
        let page = read_page(&self.access, filter, number).await?;
        if let Some(theirs) = page.time {
            let ours = self.clock.now();
            self.skew = i64::try_from(i128::from(theirs.0) - i128::from(ours.0)).unwrap_or(0);
        }
        Ok((page, read_at))
    }
}

/// One page of orders, under a permit.
pub(super) async fn read_page(access: &Access, filter: OrderFilter, number: u32) -> Result<OrderPage, TakeError> {
    let _slot = access.application.slot().await;
    let client = &access.application.client;
    let call = async |token: Token| client.list_orders(&token, &filter, number, PAGE_SIZE).await;
    Ok(access.call(&client.methods().order_list, false, call).await?)
}

/// AliExpress hints that something changed. Durable when it returns, so that a hint outlives the process that took it.
///
/// # Errors
/// Where the store is away.
pub async fn hint(orders: &Orders, shop: &ShopId) -> Result<(), BookError> {
    let now = orders.documents.now().await?;
    orders.documents.put(shop, HINT, &now.0.to_string()).await
}

async fn hinted(orders: &Orders, shop: &ShopId) -> Result<u64, BookError> {
    Ok(orders.documents.get(shop, HINT).await?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn before(at: Timestamp, span: Duration) -> Timestamp {
    Timestamp(at.0.saturating_sub(micros(span)))
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
