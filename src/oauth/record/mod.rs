//! What is kept of a shop's consent, and the rules over it: pure, in the store's time.
//!
//! AliExpress decides, not the clock: a token that seems to be over is not sent with, but a refresh is still tried, and only
//! AliExpress's refusal ends a consent. So a clock that was wrong costs a pause, never a consent.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::aliexpress::TokenGrant;
use crate::clock::Timestamp;

/// Days before the end of a consent at which the shop is told.
const ANNOUNCED_DAYS: [u32; 4] = [14, 7, 3, 1];
const DAY: Duration = Duration::from_secs(86_400);
/// A token is refreshed when a tenth of its life is left, at least and at most so long before its end.
const AHEAD_MIN: Duration = Duration::from_secs(1_800);
const AHEAD_MAX: Duration = DAY;
/// Between the first and the second attempt of a refresh; doubles.
const BACKOFF_MIN: Duration = Duration::from_secs(5);
/// The longest pause between two attempts.
const BACKOFF_MAX: Duration = Duration::from_secs(1_800);
/// The longest while the shop's lanes wait for it.
const BACKOFF_MAX_WAITING: Duration = Duration::from_secs(120);

/// Between the plan of a refresh and the refresh: every replica looks at the record meanwhile.
const PLAN_AHEAD: Duration = Duration::from_secs(8);
/// How long before a planned refresh the shop rests: calls under way arrive.
const REST_BEFORE: Duration = Duration::from_secs(2);
/// How long after it the shop rests at most: longer than the call may take.
const REST_AFTER: Duration = Duration::from_secs(30);
/// A plan that is older has lost whoever made it.
const PLAN_LIFE: Duration = Duration::from_secs(60);

/// How long a token that was got after a refusal must have been out before its refusal counts as the second: until then another
/// replica may know that AliExpress took it.
const PROOF_AFTER: Duration = Duration::from_secs(15);

/// A secret that is written into what is encrypted and shown nowhere else.
#[derive(Debug, Clone)]
pub(super) struct Hidden(pub(super) SecretString);

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.expose_secret().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(from)?.into()))
    }
}

/// Tokens of one consent, and whose store they are for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) access: Hidden,
    /// None: it cannot be refreshed, or no longer.
    pub(super) refresh: Option<Hidden>,
    pub(super) obtained_at: u64,
    pub(super) ends_at: u64,
    /// When the refreshes of this consent end; none: unknown or never.
    pub(super) refresh_ends_at: Option<u64>,
    pub(super) seller_id: String,
    pub(super) seller_name: String,
}

impl Tokens {
    /// Tokens as AliExpress gives them, laid over those that they were refreshed from.
    pub(super) fn of(grant: TokenGrant, before: Option<&Tokens>, now: Timestamp) -> Self {
        let until = |span: Duration| now.plus(span).0;
        let named =
            |new: String, old: Option<&String>| if new.is_empty() { old.cloned().unwrap_or_default() } else { new };
        let refreshable = grant.refresh_expires_in.is_none_or(|left| !left.is_zero());
        let refresh = grant.refresh_token.map(Hidden).or_else(|| before.and_then(|before| before.refresh.clone()));
        Self {
            access: Hidden(grant.access_token),
            refresh: refresh.filter(|_| refreshable),
            obtained_at: now.0,
            ends_at: until(grant.expires_in),
            refresh_ends_at: match grant.refresh_expires_in {
                Some(left) => Some(until(left)).filter(|_| refreshable),
                None => before.and_then(|before| before.refresh_ends_at),
            },
            seller_id: named(grant.seller_id, before.map(|before| &before.seller_id)),
            seller_name: named(grant.seller_name, before.map(|before| &before.seller_name)),
        }
    }

    fn life(&self) -> Duration {
        Duration::from_micros(self.ends_at.saturating_sub(self.obtained_at))
    }

    /// How long before an end a refresh is due.
    fn ahead(&self) -> Duration {
        (self.life() / 10).clamp(AHEAD_MIN, AHEAD_MAX).min(self.life() / 2)
    }

    /// What is left of the access token's life; a clock that went back adds nothing to it.
    pub(super) fn left(&self, now: Timestamp) -> Duration {
        Timestamp(self.ends_at).since(now).min(self.life())
    }

    /// Until when the shop can go on without the seller.
    pub(super) fn consent_ends_at(&self) -> Option<u64> {
        match &self.refresh {
            Some(_) => self.refresh_ends_at,
            None => Some(self.ends_at),
        }
    }
}

/// Why only the seller can help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NeedsConsent {
    pub(super) since: u64,
    pub(super) why: String,
    /// Which configured token it is about, where it is about one.
    #[serde(default)]
    pub(super) configured: Option<String>,
}

/// What is kept of a shop's consent. Encrypted; members may only be added.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// Grows with every access token; 0 = the configured one.
    pub(super) generation: u64,
    #[serde(default)]
    pub(super) tokens: Option<Tokens>,
    /// What the present tokens were refreshed from, until AliExpress took a call with them.
    #[serde(default)]
    pub(super) previous: Option<Tokens>,
    /// AliExpress took a call with the present access token.
    #[serde(default)]
    pub(super) proved: bool,
    /// The present access token replaced one that AliExpress refused.
    #[serde(default)]
    pub(super) after_refusal: bool,
    #[serde(default)]
    pub(super) needs_consent: Option<NeedsConsent>,
    /// Attempts to refresh the present tokens; each is written down before it is made.
    #[serde(default)]
    pub(super) attempts: u32,
    /// When the refresh that is planned is made; 0 = none is.
    #[serde(default)]
    pub(super) refresh_at: u64,
    /// No attempt before this.
    #[serde(default)]
    pub(super) next_at: u64,
    /// Why the last attempt failed.
    #[serde(default)]
    pub(super) trouble: Option<String>,
    /// The smallest number of days for which the end was announced.
    #[serde(default)]
    pub(super) announced: Option<u32>,
    /// A consent by another seller, which waits for a person's word.
    #[serde(default)]
    pub(super) doubtful: Option<Tokens>,
}

/// Why a refresh is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The access token ends soon, or the refreshes of the consent do.
    Ahead,
    /// AliExpress refuses the access token.
    Refused,
}

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Rest,
    /// Plan a refresh.
    Plan,
    /// Refresh the tokens.
    Refresh(Reason),
    /// Only the seller can help; why.
    AskSeller(&'static str),
    /// Tell the shop that the consent ends within so many days.
    Announce(u32),
}

impl Record {
    /// What is to be done. `refused`: AliExpress refuses the present access token.
    pub(super) fn step(&self, now: Timestamp, refused: bool) -> Step {
        let Some(tokens) = &self.tokens else {
            return match refused && self.needs_consent.is_none() {
                true => Step::AskSeller("AliExpress refuses the configured token"),
                false => Step::Rest,
            };
        };
        if self.needs_consent.is_some() {
            return Step::Rest;
        }
        let over = tokens.left(now).is_zero();
        if refused && self.after_refusal && !self.proved {
            if now < Timestamp(tokens.obtained_at).plus(PROOF_AFTER) && now.0 >= tokens.obtained_at {
                return Step::Rest;
            }
            return Step::AskSeller("AliExpress refuses the access token, and the one that a refresh gave, too");
        }
        match (&tokens.refresh, refused, over) {
            (None, true, _) => {
                return Step::AskSeller("AliExpress refuses the access token, and it cannot be refreshed");
            }
            (None, _, true) => return Step::AskSeller("the access token has ended, and it cannot be refreshed"),
            (None, ..) => {}
            (Some(_), ..) => match self.refresh_due(tokens, now, refused) {
                None => {}
                Some(Reason::Ahead) if !over && !self.is_planned(now) => return Step::Plan,
                Some(Reason::Ahead) if !over && now.0 < self.refresh_at => {}
                Some(reason) => return Step::Refresh(reason),
            },
        }
        self.announcement(tokens, now).map_or(Step::Rest, Step::Announce)
    }

    fn refresh_due(&self, tokens: &Tokens, now: Timestamp, refused: bool) -> Option<Reason> {
        // A next attempt that is further off than any pause was written by a clock that was ahead.
        if now.0 < self.next_at && self.next_at <= now.plus(BACKOFF_MAX).0 {
            return None;
        }
        let ahead = tokens.ahead();
        let near = |end: u64| Timestamp(end).since(now) <= ahead;
        // The last refresh of a consent gives the longest time in which the seller may consent anew.
        let last = tokens.refresh_ends_at.is_some_and(|end| {
            let late = end.saturating_sub(u64::try_from(ahead.as_micros()).unwrap_or(u64::MAX));
            near(end) && tokens.obtained_at < late
        });
        if refused {
            return Some(Reason::Refused);
        }
        (tokens.left(now) <= ahead || last).then_some(Reason::Ahead)
    }

    /// Whether a plan stands that a clock gone wrong has not made.
    fn is_planned(&self, now: Timestamp) -> bool {
        self.refresh_at <= now.plus(PLAN_AHEAD).0 && Timestamp(self.refresh_at).plus(PLAN_LIFE) > now
    }

    /// Plans a refresh.
    pub(super) fn plan(&mut self, now: Timestamp) {
        self.refresh_at = now.plus(PLAN_AHEAD).0;
    }

    /// From when until when, counted from now, nothing is sent because of a planned refresh.
    pub(super) fn rest(&self, now: Timestamp) -> Option<(Duration, Duration)> {
        let at = Timestamp(self.refresh_at);
        self.is_planned(now).then(|| (at.since(now).saturating_sub(REST_BEFORE), at.plus(REST_AFTER).since(now)))
    }

    /// The days of an announcement that is due.
    fn announcement(&self, tokens: &Tokens, now: Timestamp) -> Option<u32> {
        let left = Timestamp(tokens.consent_ends_at()?).since(now);
        let passed = ANNOUNCED_DAYS.into_iter().filter(|days| left <= DAY * *days).min()?;
        self.announced.is_none_or(|announced| passed < announced).then_some(passed)
    }

    /// Writes an attempt down, before it is made. `dice` is within 0..1.
    pub(super) fn attempt(&mut self, now: Timestamp, reason: Reason, dice: f64) {
        let over = self.tokens.as_ref().is_none_or(|tokens| tokens.left(now).is_zero());
        let longest = if reason == Reason::Refused || over { BACKOFF_MAX_WAITING } else { BACKOFF_MAX };
        let pause = BACKOFF_MIN.saturating_mul(1 << self.attempts.min(20)).min(longest);
        self.next_at = now.plus(pause.mul_f64(0.5 + dice / 2.0)).0;
        self.attempts = self.attempts.saturating_add(1);
    }

    /// Takes the tokens of a refresh; those that they replace are kept until the new ones are proved.
    pub(super) fn refreshed(&mut self, grant: TokenGrant, reason: Reason, now: Timestamp) {
        let before = self.tokens.take();
        let tokens = Tokens::of(grant, before.as_ref(), now);
        // AliExpress counts in seconds from its own now, so that the same end moves a little with each answer.
        let end_before = before.as_ref().and_then(Tokens::consent_ends_at).unwrap_or(0);
        let longer = tokens.consent_ends_at().is_none_or(|end| end > Timestamp(end_before).plus(DAY).0);
        *self = Self {
            generation: self.generation + 1,
            announced: self.announced.filter(|_| !longer),
            doubtful: self.doubtful.take(),
            previous: before,
            after_refusal: reason == Reason::Refused,
            tokens: Some(tokens),
            ..Self::default()
        };
    }

    /// AliExpress refused the refresh token. Says whether another one is left to try: that of the tokens before, whose successors never
    /// proved themselves.
    pub(super) fn refresh_refused(&mut self, why: String) -> bool {
        let other = self.previous.take().and_then(|previous| previous.refresh);
        let present = self.tokens.as_ref().and_then(|tokens| tokens.refresh.as_ref());
        let same = |a: &Hidden, b: &Hidden| a.0.expose_secret() == b.0.expose_secret();
        let other = other.filter(|other| !present.is_some_and(|present| same(present, other)));
        let left = other.is_some();
        self.trouble = Some(why);
        if let Some(tokens) = &mut self.tokens {
            tokens.refresh = other;
        }
        if left {
            (self.attempts, self.next_at) = (0, 0);
        }
        left
    }

    /// Only the seller can help. `configured`: the digest of the configured token, where that is the present one.
    pub(super) fn ask_seller(&mut self, why: &str, configured: Option<String>, now: Timestamp) {
        let configured = configured.filter(|_| self.tokens.is_none());
        self.needs_consent = Some(NeedsConsent { since: now.0, why: why.to_owned(), configured });
    }

    /// Takes the tokens of a consent.
    ///
    /// # Errors
    /// Where another seller consented before: the tokens are kept aside until a person confirms them.
    pub(super) fn consented(&mut self, grant: TokenGrant, now: Timestamp) -> Result<(), OtherSeller> {
        let tokens = Tokens::of(grant, None, now);
        let first = self.tokens.as_ref().map(|tokens| &tokens.seller_id).filter(|first| !first.is_empty());
        if let Some(first) = first.filter(|first| !tokens.seller_id.is_empty() && **first != tokens.seller_id) {
            let other = OtherSeller { first: first.clone(), second: tokens.seller_id.clone() };
            self.doubtful = Some(tokens);
            return Err(other);
        }
        *self = Self { generation: self.generation + 1, tokens: Some(tokens), ..Self::default() };
        Ok(())
    }

    /// Takes the consent of another seller after all; `false` where none of that seller waits.
    pub(super) fn confirm(&mut self, seller_id: &str) -> bool {
        let Some(tokens) = self.doubtful.take_if(|tokens| tokens.seller_id == seller_id) else { return false };
        *self = Self { generation: self.generation + 1, tokens: Some(tokens), ..Self::default() };
        true
    }

    /// AliExpress took a call with the present access token, and with `still` has not refused it since; says whether that is news.
    pub(super) fn prove(&mut self, still: bool) -> bool {
        let mended = still && self.needs_consent.take().is_some();
        let news = !self.proved || self.previous.is_some();
        (self.proved, self.after_refusal, self.previous) = (true, false, None);
        news || mended
    }
}

/// Another seller than the first consented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSeller {
    /// Whose tokens the shop has.
    pub first: String,
    /// Who consented now.
    pub second: String,
}

#[cfg(test)]
mod tests;
