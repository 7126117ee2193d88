//! A shop's way to AliExpress: through which application, and with which token, which may change while calls are under way.
//!
//! Whoever calls takes the token once, calls with it, and tells how the call ended with [`Access::learn`]: a refusal counts only if the
//! call carried the present token. Who keeps the token fresh is the room `oauth`; nobody else hands tokens out.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::application::Application;
use super::error::{CallError, Class};
use crate::clock::{SharedClock, Timestamp};
use crate::telemetry::metric::Metric;

/// An access token for one call; derefs to its text. `Debug` shows none of it.
#[derive(Debug, Clone)]
pub struct Token {
    text: SecretString,
    /// Counts the tokens that were handed out.
    serial: u64,
}

impl Deref for Token {
    type Target = str;
    fn deref(&self) -> &str {
        self.text.expose_secret()
    }
}

/// How a shop's token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is none yet.
    Missing,
    /// It serves, as far as is known.
    Good,
    /// It is being exchanged for its successor: for some seconds nothing is sent.
    Refreshing,
    /// AliExpress refuses it; a refresh is on its way where there can be one.
    Refused {
        /// Since when.
        since: Timestamp,
    },
    /// AliExpress refuses the application, whatever the token.
    ApplicationRefused {
        /// Since when.
        since: Timestamp,
    },
    /// Its life is over and no refresh has come.
    Ended {
        /// Since when.
        since: Timestamp,
    },
    /// It is refused and cannot be refreshed: the seller must consent anew.
    NeedsConsent {
        /// Since when.
        since: Timestamp,
    },
}

impl Standing {
    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Missing => "missing",
            Standing::Good => "ok",
            Standing::Refreshing => "refreshing",
            Standing::Refused { .. } => "refused",
            Standing::ApplicationRefused { .. } => "application_refused",
            Standing::Ended { .. } => "ended",
            Standing::NeedsConsent { .. } => "needs_consent",
        }
    }

    /// Since when it does not serve.
    pub const fn since(self) -> Option<Timestamp> {
        match self {
            Standing::Missing | Standing::Good | Standing::Refreshing => None,
            Standing::Refused { since }
            | Standing::ApplicationRefused { since }
            | Standing::Ended { since }
            | Standing::NeedsConsent { since } => Some(since),
        }
    }
}

#[derive(Debug)]
struct Held {
    token: Token,
    generation: u64,
    /// When its life is over, by this machine's clock; corrected at each [`Access::hand_out`].
    ends_at: Option<Timestamp>,
    /// From when until when it is exchanged, by this machine's clock.
    rest: Option<(Timestamp, Timestamp)>,
    refused: Option<Timestamp>,
    application_refused: Option<Timestamp>,
    needs_consent: Option<Timestamp>,
    /// AliExpress took a call with it.
    proved: bool,
}

/// A shop's way to AliExpress.
#[derive(Debug)]
pub struct Access {
    /// Through whom.
    pub application: Arc<Application>,
    held: Mutex<Held>,
    clock: SharedClock,
}

impl Access {
    /// A shop's way through an application, with an access token; an empty one is none yet.
    pub fn new(application: Arc<Application>, token: SecretString, clock: SharedClock) -> Self {
        let held = Held {
            token: Token { text: token, serial: 0 },
            generation: 0,
            ends_at: None,
            rest: None,
            refused: None,
            application_refused: None,
            needs_consent: None,
            proved: false,
        };
        Self { application, held: Mutex::new(held), clock }
    }

    /// The present token, for one call. Without one it is empty, and the client refuses to call.
    pub fn token(&self) -> Token {
        self.held().token.clone()
    }

    /// Whether a token is the present one still.
    pub fn is_present(&self, token: &Token) -> bool {
        self.held().token.serial == token.serial
    }

    /// Learns from how a call of a method with that token ended; see also [`Application::learn`].
    pub async fn learn(&self, token: &Token, method: &str, error: Option<&CallError>) {
        self.application.learn(method, error).await;
        match error {
            None => self.took(token),
            Some(error) if error.blames_application() => self.refused_application(),
            Some(error) if error.class() == Class::Unauthorized => self.refuse(token),
            Some(_) => {}
        }
    }

    /// One call with the present token: waits for its permit, makes it, learns from how it ended.
    ///
    /// # Errors
    /// As the call; `NotMade` where the budget's store is away.
    pub async fn call<T>(
        &self,
        method: &str,
        essential: bool,
        call: impl AsyncFnOnce(Token) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let permit = self.application.permit(method, essential).await;
        permit.map_err(|error| CallError::not_made(error.to_string()))?;
        // The token is taken last: it may have been exchanged, or have ended, while the permit was waited for.
        if !self.can_ask() {
            return Err(CallError::not_made("the shop has no access token that serves now"));
        }
        let (started, token) = (self.clock.now(), self.token());
        let answer = call(token.clone()).await;
        let seconds = self.clock.now().since(started).as_secs_f64();
        Metric::RequestSeconds.observe(seconds, &[("method", method.to_owned())]);
        self.learn(&token, method, answer.as_ref().err()).await;
        answer
    }

    fn took(&self, token: &Token) {
        let mut held = self.held();
        held.application_refused = None;
        if held.token.serial == token.serial {
            (held.refused, held.needs_consent, held.proved) = (None, None, true);
        }
    }

    fn refused_application(&self) {
        let now = self.clock.now();
        self.held().application_refused.get_or_insert(now);
    }

    /// AliExpress refuses a token; counts only if it is the present one.
    fn refuse(&self, token: &Token) {
        let now = self.clock.now();
        let mut held = self.held();
        if held.token.serial != token.serial {
            return;
        }
        if held.refused.is_none() {
            tracing::warn!(app = self.application.key(), "AliExpress refuses a shop's access token; its lanes wait");
        }
        held.refused.get_or_insert(now);
    }

    /// Whether calls may be made for the shop now.
    pub fn can_send(&self) -> bool {
        self.standing() == Standing::Good
    }

    /// Whether there is a token that AliExpress may take: its life is not over and it is not being exchanged; it may be refused.
    pub fn can_ask(&self) -> bool {
        !matches!(self.standing(), Standing::Missing | Standing::Ended { .. } | Standing::Refreshing)
    }

    /// How the token stands.
    pub fn standing(&self) -> Standing {
        let now = self.clock.now();
        let held = self.held();
        if held.token.is_empty() {
            return Standing::Missing;
        }
        let ended = held.ends_at.filter(|ends_at| *ends_at <= now);
        match (held.needs_consent, ended, held.refused, held.application_refused) {
            (_, Some(since), ..) => Standing::Ended { since },
            (Some(since), ..) => Standing::NeedsConsent { since },
            (_, _, Some(since), _) => Standing::Refused { since },
            (.., Some(since)) => Standing::ApplicationRefused { since },
            _ if held.rest.is_some_and(|(from, until)| (from..until).contains(&now)) => Standing::Refreshing,
            _ => Standing::Good,
        }
    }

    /// Since when nothing can be sent, though there is a token.
    pub fn refused_since(&self) -> Option<Timestamp> {
        self.standing().since()
    }

    /// Gives calls this token from now on, with `left` of its life (none: unknown). What was known of another one is forgotten; the
    /// present one handed out again only has its end corrected. `generation` is its number in the store.
    pub fn hand_out(&self, text: &SecretString, generation: u64, left: Option<Duration>) {
        let ends_at = left.map(|left| self.clock.now().plus(left));
        let mut held = self.held();
        (held.ends_at, held.generation) = (ends_at, generation);
        if held.token.text.expose_secret() != text.expose_secret() {
            held.token = Token { text: text.clone(), serial: held.token.serial + 1 };
            (held.refused, held.needs_consent, held.proved, held.rest) = (None, None, false, None);
        }
    }

    /// Sends nothing from when until when, counted from now, or until another token is handed out: the present one is exchanged meanwhile.
    pub fn rest_during(&self, rest: Option<(Duration, Duration)>) {
        let now = self.clock.now();
        self.held().rest = rest.map(|(from, until)| (now.plus(from), now.plus(until)));
    }

    /// The number of the present token in the store; 0 = the configured one.
    pub fn generation(&self) -> u64 {
        self.held().generation
    }

    /// Since when the present token is refused.
    pub fn token_refused(&self) -> Option<Timestamp> {
        self.held().refused
    }

    /// AliExpress took a call with the present token since it was handed out; it may have refused it since.
    pub fn was_taken(&self) -> bool {
        self.held().proved
    }

    /// AliExpress took a call with the present token since it was handed out, and has not refused it since.
    pub fn is_proved(&self) -> bool {
        let held = self.held();
        held.proved && held.refused.is_none()
    }

    /// Says that only the seller can help, or no longer.
    pub fn set_needs_consent(&self, since: Option<Timestamp>) {
        self.held().needs_consent = since;
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliexpress::Refusal;
    use crate::aliexpress::solution::{ClientOptions, SolutionClient};
    use crate::clock::ManualClock;
    use crate::rate_limit::breaker::Breaker;
    use crate::rate_limit::{Limits, LocalBudget};

    fn access(token: &str) -> (Access, ManualClock) {
        let manual = ManualClock::at(Timestamp(1_700_000_000_000_000));
        let clock: SharedClock = Arc::new(manual.clone());
        let config = crate::config::load(&crate::config::Sources::default()).unwrap().aliexpress;
        let options = ClientOptions {
            gateway_url: "http://127.0.0.1:9".into(),
            app_key: "1".into(),
            app_secret: "s".to_owned().into(),
            methods: config.methods,
        };
        let http = crate::http_client::build(Duration::from_secs(1), Duration::from_secs(1)).unwrap();
        let client = SolutionClient::new(options, http, Arc::clone(&clock));
        let limits = Limits {
            per_second: 40,
            per_day: 0,
            per_method_per_second: 0,
            margin: Duration::ZERO,
            day_reserve_percent: 0,
        };
        let budget = Arc::new(LocalBudget::new(limits, Arc::clone(&clock), false));
        let breaker = Breaker::new(5, Duration::from_secs(1), Arc::clone(&clock));
        let application = Arc::new(Application::new("1".into(), client, budget, breaker, 1));
        (Access::new(application, token.to_owned().into(), clock), manual)
    }

    fn refusal(code: &str) -> CallError {
        CallError::Refused(Refusal::new(code, "", "", ""))
    }

    #[tokio::test]
    async fn a_refusal_counts_only_if_its_call_carried_the_present_token() {
        let (access, _) = access("old");
        let old = access.token();
        access.hand_out(&"new".to_owned().into(), 1, None);
        access.learn(&old, "m", Some(&refusal("IllegalAccessToken"))).await;
        assert_eq!(access.standing(), Standing::Good);
        let new = access.token();
        assert_eq!(&*new, "new");
        access.learn(&new, "m", Some(&refusal("IllegalAccessToken"))).await;
        assert!(matches!(access.standing(), Standing::Refused { .. }) && !access.can_send());
        // A success of the old token heals nothing, one of the present token does.
        access.learn(&old, "m", None).await;
        assert!(!access.can_send() && !access.is_proved());
        access.learn(&new, "m", None).await;
        assert!(access.can_send() && access.is_proved());
        assert!(!format!("{access:?} {new:?}").contains("\"new\""));
    }

    #[tokio::test]
    async fn a_fault_of_the_application_is_no_fault_of_the_token() {
        let (access, _) = access("token");
        access.learn(&access.token(), "m", Some(&refusal("IncompleteSignature"))).await;
        assert!(matches!(access.standing(), Standing::ApplicationRefused { .. }) && !access.can_send());
        assert_eq!(access.token_refused(), None);
        access.learn(&access.token(), "m", None).await;
        assert!(access.can_send());
    }

    #[tokio::test]
    async fn a_token_ends_with_its_life_and_a_missing_one_calls_nobody() {
        let (access, clock) = access("");
        assert_eq!((access.standing(), access.can_ask()), (Standing::Missing, false));
        let error = access.application.client.merchant_profile(&access.token()).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unauthorized, "IllegalAccessToken"));
        access.hand_out(&"token".to_owned().into(), 1, Some(Duration::from_secs(60)));
        assert!(access.can_send());
        clock.advance(Duration::from_secs(60));
        assert!(matches!(access.standing(), Standing::Ended { .. }) && !access.can_ask());
        // The same token, and it lives longer than this clock thought.
        access.hand_out(&"token".to_owned().into(), 1, Some(Duration::from_secs(5)));
        assert!(access.can_send());
        access.set_needs_consent(Some(Timestamp(1)));
        assert!(!access.can_send() && access.can_ask());
    }
}
