//! Keeps tokens fresh: one task in each replica looks at every shop, and of all replicas one refreshes.
//!
//! What a crash can cost: AliExpress answers a refresh with tokens that replace the old ones, and the process dies before they are
//! stored. The next process refreshes with the old refresh token. If AliExpress still takes it, nothing is lost; if not, the seller must
//! consent anew. Nothing else is lost: events are taken on and wait. The time between the answer and the store's commit is one write; where
//! the store is away, the process keeps the tokens, sends with them and tries to store them until it can.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::record::{Reason, Record, Step};
use super::vault::{Kept, VaultError};
use super::{OAuth, Tended};
use crate::alerts::{self, Notice, Severity};
use crate::aliexpress::solution::auth;
use crate::aliexpress::{CallError, Opening, Standing, TokenGrant};
use crate::clock::Timestamp;
use crate::store::lease;
use crate::telemetry::health::Condition;
use crate::telemetry::metric::Metric;

/// The lease under which one replica refreshes.
const LEASE: &str = "oauth/lease";
/// How long it holds: far longer than the call may take.
const LEASE_SPAN: Duration = Duration::from_secs(120);
/// The longest wait for a permit of the request budget.
const PERMIT_WAIT_MAX: Duration = Duration::from_secs(5);
/// How often a record is exchanged anew when another replica changed it meanwhile.
pub(super) const TRIES_MAX: usize = 8;
/// Failed attempts after which the shop is told.
const TELL_AFTER: u32 = 5;
/// A consent that ends sooner shows on the health board.
const SOON: Duration = Duration::from_secs(7 * 86_400);

/// Tokens of a refresh that the store does not have yet.
#[derive(Debug, Clone)]
pub(super) struct Gain {
    /// The generation that was refreshed.
    base: u64,
    grant: TokenGrant,
    reason: Reason,
    at: Timestamp,
}

/// What keeps a look from ending well.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The tokens' store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The shop could not be told.
    #[error(transparent)]
    Queue(#[from] crate::queue::QueueError),
}

impl From<crate::store::StoreError> for KeepError {
    fn from(error: crate::store::StoreError) -> Self {
        KeepError::Vault(error.into())
    }
}

impl OAuth {
    /// Looks at one shop: hands out what the store has, and does what is due.
    ///
    /// # Errors
    /// Where the store is away or the tokens cannot be opened; the next look tries again.
    pub(super) async fn look(&self, tended: &Tended) -> Result<(), KeepError> {
        let _one = tended.one.lock().await;
        let now = self.vault.documents.now().await?;
        self.save_unsaved(tended).await?;
        let mut kept = self.vault.load(&tended.shop).await?;
        if kept.by_older_key {
            self.vault.exchange(&tended.shop, &kept, &kept.record).await?;
            kept = self.vault.load(&tended.shop).await?;
        }
        tended.take_up(&mut kept.record, now);
        if self.note_proof(tended, &kept).await? {
            kept = self.vault.load(&tended.shop).await?;
            tended.take_up(&mut kept.record, now);
        }
        let refused = tended.access.token_refused().is_some();
        match kept.record.step(now, refused) {
            Step::Rest => {}
            Step::Plan => self.plan(tended, &kept, now).await?,
            Step::Refresh(_) => self.refresh(tended).await?,
            Step::AskSeller(why) => self.ask_seller(tended, kept, why, now).await?,
            Step::Announce(days) => self.announce(tended, kept, days, now).await?,
        }
        self.show(tended, now).await
    }

    /// Notes that AliExpress took the present token: what it replaced is forgotten, a need of consent is over. Says whether it did.
    async fn note_proof(&self, tended: &Tended, kept: &Kept) -> Result<bool, KeepError> {
        let (mut record, access) = (kept.record.clone(), &tended.access);
        let counts = record.tokens.is_some() || record.needs_consent.is_some();
        let is_present = access.generation() == record.generation;
        if !(counts && is_present && access.was_taken() && record.prove(access.is_proved())) {
            return Ok(false);
        }
        // Somebody else may have changed the record: then the next look notes it.
        self.vault.exchange(&tended.shop, kept, &record).await?;
        Ok(true)
    }

    async fn ask_seller(&self, tended: &Tended, kept: Kept, why: &str, now: Timestamp) -> Result<(), KeepError> {
        let detail = format!(
            "{why}. Nothing is sent to AliExpress until the seller consents anew: `aligate authorize --shop {}`",
            tended.shop
        );
        let id = format!("oauth:needed:{}:{}", kept.record.generation, now.as_secs() / 86_400);
        let notice = Notice::new("consent_needed", Severity::Error, detail);
        alerts::once(self.queue.as_ref(), &tended.shop, &id, notice).await?;
        let mut record = kept.record.clone();
        record.ask_seller(why, tended.configured_digest(), now);
        if self.vault.exchange(&tended.shop, &kept, &record).await? {
            tracing::error!(shop.id = %tended.shop, why, "only the seller's consent can help the shop; its lanes wait");
            tended.access.set_needs_consent(Some(now));
        }
        Ok(())
    }

    async fn announce(&self, tended: &Tended, kept: Kept, days: u32, now: Timestamp) -> Result<(), KeepError> {
        let mut record = kept.record.clone();
        let left = record.tokens.as_ref().and_then(|tokens| tokens.consent_ends_at());
        let left = left.map_or(Duration::ZERO, |end| Timestamp(end).since(now)).as_secs().div_ceil(86_400);
        let detail = format!(
            "the seller's consent ends within {left} day(s); then nothing more is sent to AliExpress. Consent anew: `aligate authorize --shop {}`",
            tended.shop
        );
        let severity = if days <= 3 { Severity::Error } else { Severity::Warning };
        let id = format!("oauth:ending:{}:{days}", record.generation);
        alerts::once(self.queue.as_ref(), &tended.shop, &id, Notice::new("consent_ending", severity, detail)).await?;
        record.announced = Some(days);
        if self.vault.exchange(&tended.shop, &kept, &record).await? {
            tracing::warn!(shop.id = %tended.shop, days = left, "the seller's consent ends soon");
        }
        Ok(())
    }

    /// Plans a refresh, so that every replica lets the shop rest while it is made: the present token may be dead before its successor is known.
    async fn plan(&self, tended: &Tended, kept: &Kept, now: Timestamp) -> Result<(), KeepError> {
        let mut record = kept.record.clone();
        record.plan(now);
        if self.vault.exchange(&tended.shop, kept, &record).await? {
            tended.access.rest_during(record.rest(now));
        }
        Ok(())
    }

    /// Refreshes a shop's tokens, if no other replica does.
    async fn refresh(&self, tended: &Tended) -> Result<(), KeepError> {
        let application = &tended.access.application;
        // A look that would wait for the budget is left to a later look; a permit that is waited for is not waited for long.
        let open = application.opening(auth::REFRESH, true).await;
        if !matches!(open, Ok(Opening::Now)) {
            return Ok(());
        }
        let documents = self.vault.documents.as_ref();
        if !lease::take(documents, &tended.shop, LEASE, &self.holder, LEASE_SPAN).await? {
            return Ok(());
        }
        let done = self.refresh_leased(tended).await;
        lease::give_up(documents, &tended.shop, LEASE, &self.holder).await?;
        done
    }

    async fn refresh_leased(&self, tended: &Tended) -> Result<(), KeepError> {
        let application = &tended.access.application;
        let now = self.vault.documents.now().await?;
        // The record is read again: whoever had the lease before may have refreshed.
        let kept = self.vault.load(&tended.shop).await?;
        let refused = tended.access.token_refused().is_some() && tended.access.generation() == kept.record.generation;
        let Step::Refresh(reason) = kept.record.step(now, refused) else { return Ok(()) };
        let Some(refresh) = kept.record.tokens.as_ref().and_then(|tokens| tokens.refresh.clone()) else {
            return Ok(());
        };
        let mut record = kept.record.clone();
        record.attempt(now, reason, rand::random());
        if !self.vault.exchange(&tended.shop, &kept, &record).await? {
            return Ok(());
        }
        let permit = tokio::time::timeout(PERMIT_WAIT_MAX, application.permit(auth::REFRESH, true)).await;
        if !matches!(permit, Ok(Ok(()))) {
            return Ok(());
        }
        let answer = application.client.refresh_token(&refresh.0).await;
        application.learn(auth::REFRESH, answer.as_ref().err()).await;
        match answer {
            Ok(grant) => {
                let at = self.vault.documents.now().await.unwrap_or(now);
                tended.set_unsaved(Some(Gain { base: record.generation, grant, reason, at }));
                self.save_unsaved(tended).await
            }
            Err(error) => self.refresh_failed(tended, &record, &error).await,
        }
    }

    /// Stores the tokens of a refresh that the store does not have yet, and hands them out in any case.
    async fn save_unsaved(&self, tended: &Tended) -> Result<(), KeepError> {
        let Some(gain) = tended.unsaved() else { return Ok(()) };
        let left =
            gain.grant.expires_in.saturating_sub(self.vault.documents.now().await.unwrap_or(gain.at).since(gain.at));
        if tended.access.generation() <= gain.base {
            tended.access.hand_out(&gain.grant.access_token, gain.base + 1, Some(left));
        }
        for _ in 0..TRIES_MAX {
            let kept = self.vault.load(&tended.shop).await?;
            if kept.record.generation != gain.base {
                // A consent came meanwhile, or this was stored though the store did not say so.
                tended.set_unsaved(None);
                return Ok(());
            }
            let mut record = kept.record.clone();
            record.refreshed(gain.grant.clone(), gain.reason, gain.at);
            if self.vault.exchange(&tended.shop, &kept, &record).await? {
                tracing::info!(shop.id = %tended.shop, reason = ?gain.reason, "the shop's access token was refreshed");
                tended.set_unsaved(None);
                return Ok(());
            }
        }
        Ok(())
    }

    async fn refresh_failed(&self, tended: &Tended, attempted: &Record, error: &CallError) -> Result<(), KeepError> {
        let lost = matches!(error.code(), "IllegalRefreshToken" | "InvalidRefreshToken");
        tracing::warn!(shop.id = %tended.shop, %error, attempt = attempted.attempts, "a refresh of the shop's access token failed");
        if attempted.attempts == TELL_AFTER && !lost {
            let detail = format!(
                "the access token could not be refreshed {TELL_AFTER} times; it is tried again. The last reason: {error}"
            );
            let id = format!("oauth:failing:{}", attempted.generation);
            let notice = Notice::new("token_refresh_failing", Severity::Warning, detail);
            alerts::once(self.queue.as_ref(), &tended.shop, &id, notice).await?;
        }
        for _ in 0..TRIES_MAX {
            let kept = self.vault.load(&tended.shop).await?;
            if kept.record.generation != attempted.generation {
                return Ok(());
            }
            let mut record = kept.record.clone();
            record.trouble = Some(error.to_string());
            record.refresh_at = 0;
            let gone = lost && !record.refresh_refused(error.to_string());
            if gone {
                self.tell_of_lost_refresh(tended, &record).await?;
            }
            if self.vault.exchange(&tended.shop, &kept, &record).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn tell_of_lost_refresh(&self, tended: &Tended, record: &Record) -> Result<(), KeepError> {
        let detail = format!(
            "AliExpress no longer takes the refresh token. The access token serves to its end or until it is refused; the seller must consent anew before: `aligate authorize --shop {}`",
            tended.shop
        );
        let id = format!("oauth:lost:{}", record.generation);
        let notice = Notice::new("consent_ending", Severity::Error, detail);
        Ok(alerts::once(self.queue.as_ref(), &tended.shop, &id, notice).await?)
    }

    /// Shows how a shop's token is: health board and metrics.
    async fn show(&self, tended: &Tended, now: Timestamp) -> Result<(), KeepError> {
        let record = self.vault.load(&tended.shop).await?.record;
        let shop = ("shop", tended.shop.to_string());
        let tokens = record.tokens.as_ref();
        let consent = tokens.and_then(|tokens| tokens.consent_ends_at()).map(|end| Timestamp(end).since(now));
        for (of, left) in [("access", tokens.map(|tokens| tokens.left(now))), ("consent", consent)] {
            if let Some(left) = left {
                Metric::TokenSecondsLeft.set(left.as_secs_f64(), &[shop.clone(), ("of", of.to_owned())]);
            }
        }
        let (state, why) = tended.condition(&record, consent);
        self.health.set(&format!("token/{}", tended.shop), state, why);
        Ok(())
    }
}

impl Tended {
    /// How the token is, and why it is not well.
    fn condition(&self, record: &Record, consent: Option<Duration>) -> (Condition, Option<String>) {
        let trouble = record.trouble.as_deref().unwrap_or_default();
        match self.access.standing() {
            Standing::Missing => {
                (Condition::Degraded, Some("there is no access token yet: the seller must consent".into()))
            }
            Standing::Refreshing => (Condition::Ok, None),
            Standing::Good if record.attempts > 1 => {
                (Condition::Degraded, Some(format!("the last {} refreshes failed: {trouble}", record.attempts)))
            }
            Standing::Good => match consent.filter(|left| *left <= SOON) {
                Some(left) => (Condition::Degraded, Some(format!("the consent ends in {} h", left.as_secs() / 3600))),
                None => (Condition::Ok, None),
            },
            Standing::ApplicationRefused { .. } => (
                Condition::Down,
                Some("AliExpress refuses the application: app_key, app_secret or its permissions".into()),
            ),
            Standing::Refused { .. } => (
                Condition::Down,
                Some(format!("AliExpress refuses the access token; a new one is asked for. {trouble}")),
            ),
            Standing::Ended { .. } => (Condition::Down, Some(format!("the access token has ended. {trouble}"))),
            Standing::NeedsConsent { .. } => {
                let why = record.needs_consent.as_ref().map_or("it is refused", |needs| &needs.why);
                (Condition::Down, Some(format!("the seller must consent: {why}")))
            }
        }
    }

    /// Brings what calls use in line with the record.
    pub(super) fn take_up(&self, record: &mut Record, now: Timestamp) {
        if record.tokens.is_none() {
            let of_another = |needs: &super::record::NeedsConsent| needs.configured != self.configured_digest();
            // The configuration has another token than the one that was refused.
            record.needs_consent.take_if(|needs| of_another(needs));
        }
        if let Some(tokens) = &record.tokens
            && self.unsaved().is_none()
        {
            self.access.hand_out(&tokens.access.0, record.generation, Some(tokens.left(now)));
            self.access.rest_during(record.rest(now));
        }
        // A success that came after the record was written is newer than its need.
        if record.generation == self.access.generation() && !self.access.is_proved() {
            self.access.set_needs_consent(record.needs_consent.as_ref().map(|needs| Timestamp(needs.since)));
        }
    }

    fn unsaved(&self) -> Option<Gain> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_unsaved(&self, gain: Option<Gain>) {
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = gain;
    }
}

/// Tokens on their way to the store.
pub(super) type Unsaved = Mutex<Option<Gain>>;
