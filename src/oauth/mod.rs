//! The seller's consent, taken once and cared for: consent links, the exchange of codes, tokens encrypted at rest and refreshed in time.
//!
//! `record` holds the rules (pure, in the store's time), `vault` keeps records (encrypted, exchanged only for what was read), `consent`
//! makes links and takes what comes back, `keeper` refreshes. A shop's configured token serves until a consent replaces it. Calls get
//! their tokens from [`Access`], which this room alone fills.
//!
//! No token is dropped while AliExpress takes it: only its refusal, never a clock, ends a consent. What a crash can cost is said in `keeper`.

mod consent;
mod keeper;
mod outcome;
mod record;
mod vault;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

pub use consent::{LastConsent, Link};
pub use keeper::KeepError;
pub use outcome::{Failure, Language, Outcome};
pub use record::OtherSeller;
pub use vault::VaultError;

use self::record::Record;
use self::vault::Vault;
use crate::alerts::{self, Notice, Severity};
use crate::aliexpress::solution::auth;
use crate::aliexpress::{Access, CallError, Class, Standing, TokenGrant};
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::queue::Queue;
use crate::store::cipher::Cipher;
use crate::store::{Documents, StoreError};
use crate::telemetry::health::{Condition, HealthBoard};

/// What the keys of the vault are derived for.
pub const CIPHER_PURPOSE: &str = "oauth tokens";
/// Where AliExpress sends the seller back to, under the gateway's public URL.
pub const CALLBACK_PATH: &str = "/oauth/callback";
/// Between two looks at every shop.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two looks at shops whose token is refused or being refreshed, which cost nothing while there are none.
const GLANCE_EVERY: Duration = Duration::from_millis(500);
/// Shops that are looked at at one time.
const LOOKS: usize = 8;
/// How often a code is exchanged where AliExpress could not be reached, or says later: well within the code's three minutes.
const EXCHANGES_MAX: u32 = 4;
/// The first pause between two of them; doubles.
const EXCHANGE_PAUSE: Duration = Duration::from_secs(1);
/// The longest code that is looked at.
const CODE_BYTES_MAX: usize = 512;

/// What the room works with.
#[derive(Debug)]
pub struct Parts {
    /// Where tokens and open links are kept.
    pub documents: Arc<dyn Documents>,
    /// Encrypts tokens; made for [`CIPHER_PURPOSE`].
    pub cipher: Cipher,
    /// How shops are told.
    pub queue: Arc<dyn Queue>,
    /// Where it is shown how tokens are.
    pub health: Arc<HealthBoard>,
    /// Where browsers reach the intake listener; empty: no consents.
    pub public_url: String,
    /// The shops that have an application, with the configured token.
    pub shops: Vec<(ShopId, Arc<Access>, SecretString)>,
}

/// A shop whose tokens are kept.
#[derive(Debug)]
struct Tended {
    shop: ShopId,
    access: Arc<Access>,
    configured: SecretString,
    unsaved: keeper::Unsaved,
    /// Looks and consents of one shop go one after the other in this process.
    one: tokio::sync::Mutex<()>,
}

impl Tended {
    /// Tells configured tokens apart; kept encrypted.
    fn configured_digest(&self) -> Option<String> {
        let token = self.configured.expose_secret();
        (!token.is_empty()).then(|| hex::encode(&Sha256::digest(token.as_bytes())[..8]))
    }
}

/// Consents and tokens of all shops.
#[derive(Debug)]
pub struct OAuth {
    vault: Vault,
    queue: Arc<dyn Queue>,
    health: Arc<HealthBoard>,
    public_url: String,
    shops: BTreeMap<ShopId, Tended>,
    /// Names this process in leases.
    holder: String,
    woken: Notify,
}

/// Why there is no link.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LinkError {
    /// The shop has no application that a seller could consent to.
    #[error("the shop has no app_key and app_secret of dialect `solution`: there is nothing to consent to")]
    NoApplication,
    /// Nobody knows where AliExpress should send the seller back to.
    #[error(
        "intake.public_url is empty: AliExpress could not send the seller back. Give the HTTPS address of the intake listener, and register its {CALLBACK_PATH} as the callback in AliExpress's console"
    )]
    NoPublicUrl,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a shop's token is, for people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenLife {
    /// `ok`, `missing`, `refreshing`, `refused`, `application_refused`, `ended` or `needs_consent`.
    pub state: &'static str,
    /// Since when it does not serve, milliseconds since the epoch.
    pub since_ms: Option<u64>,
    /// `consent`, `configuration` or null.
    pub source: Option<&'static str>,
    /// Seconds until the access token ends; null where that is unknown.
    pub access_secs_left: Option<u64>,
    /// Seconds until the seller must have consented anew; null where that is unknown.
    pub consent_secs_left: Option<u64>,
    /// The same in days, rounded up.
    pub consent_days_left: Option<u64>,
    /// The seller who consented.
    pub seller: Option<String>,
    /// Why only the seller can help, or why the last refresh failed.
    pub trouble: Option<String>,
    /// A consent by another seller waits for confirmation.
    pub unconfirmed_seller: Option<String>,
    /// How the last consent went.
    #[schema(value_type = Option<Object>)]
    pub last_consent: Option<LastConsent>,
}

impl TokenLife {
    /// There is none, and nothing is known of one.
    pub fn missing() -> Self {
        Self {
            state: Standing::Missing.as_str(),
            since_ms: None,
            source: None,
            access_secs_left: None,
            consent_secs_left: None,
            consent_days_left: None,
            seller: None,
            trouble: None,
            unconfirmed_seller: None,
            last_consent: None,
        }
    }
}

/// What a browser brings back from AliExpress. `Debug` shows none of it.
#[derive(Clone, Default)]
pub struct Callback {
    /// The state of the link.
    pub state: String,
    /// The code; empty where there is none.
    pub code: Option<SecretString>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback(for {:?})", consent::shop_of(&self.state))
    }
}

impl OAuth {
    /// The room for these shops.
    pub fn new(parts: Parts) -> Self {
        let tend = |(shop, access, configured): (ShopId, Arc<Access>, SecretString)| {
            let (unsaved, one) = (Mutex::new(None), tokio::sync::Mutex::new(()));
            (shop.clone(), Tended { shop, access, configured, unsaved, one })
        };
        Self {
            vault: Vault::new(parts.documents, parts.cipher),
            queue: parts.queue,
            health: parts.health,
            public_url: parts.public_url.trim_end_matches('/').to_owned(),
            shops: parts.shops.into_iter().map(tend).collect(),
            holder: ulid::Ulid::generate().to_string(),
            woken: Notify::new(),
        }
    }

    /// Hands out what the store has, and asks nobody: before anything is sent after a start.
    ///
    /// # Errors
    /// Where the store is away. Tokens that cannot be opened are shown by the looks.
    pub async fn load(&self) -> Result<(), StoreError> {
        let now = self.vault.documents.now().await?;
        for tended in self.shops.values() {
            match self.vault.load(&tended.shop).await {
                Ok(mut kept) => tended.take_up(&mut kept.record, now),
                Err(VaultError::Store(error)) => return Err(error),
                Err(error) => tracing::error!(shop.id = %tended.shop, %error, "the shop's tokens are not used"),
            }
        }
        Ok(())
    }

    /// Keeps every shop's tokens until told to stop.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let urgent =
            |tended: &Tended| matches!(tended.access.standing(), Standing::Refused { .. } | Standing::Refreshing);
        loop {
            let woken = self.woken.notified();
            self.look_at(|_| true).await;
            let mut rest = LOOK_EVERY;
            tokio::pin!(woken);
            while !rest.is_zero() {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = &mut woken => break,
                    () = tokio::time::sleep(GLANCE_EVERY) => rest = rest.saturating_sub(GLANCE_EVERY),
                }
                self.look_at(urgent).await;
            }
        }
    }

    /// Looks once at every shop.
    pub async fn run_once(&self) {
        self.look_at(|_| true).await;
    }

    async fn look_at(&self, which: impl Fn(&Tended) -> bool) {
        let chosen = self.shops.values().filter(|tended| which(tended));
        stream::iter(chosen)
            .for_each_concurrent(LOOKS, |tended| async move {
                if let Err(error) = self.look(tended).await {
                    let sealed = matches!(error, KeepError::Vault(VaultError::Sealed(_) | VaultError::Unreadable));
                    let state = if sealed { Condition::Down } else { Condition::Degraded };
                    self.health.set(&format!("token/{}", tended.shop), state, Some(error.to_string()));
                }
            })
            .await;
    }

    /// A consent link for a shop.
    ///
    /// # Errors
    /// Where there is nothing to consent to, no way back, or no store.
    pub async fn link(&self, shop: &ShopId) -> Result<Link, LinkError> {
        let tended = self.shops.get(shop).ok_or(LinkError::NoApplication)?;
        if self.public_url.is_empty() {
            return Err(LinkError::NoPublicUrl);
        }
        let (state, id, until) = consent::open(self.vault.documents.as_ref(), shop).await?;
        let redirect_uri = format!("{}{CALLBACK_PATH}", self.public_url);
        let url = tended.access.application.client.consent_url(&redirect_uri, &state);
        Ok(Link { url, id, until })
    }

    /// Takes what a browser brings back: the state is spent, the code exchanged, the tokens stored and handed out.
    pub async fn callback(&self, callback: Callback) -> Outcome {
        let invalid = Outcome::Failed(Failure::LinkInvalid);
        let Some(tended) = consent::shop_of(&callback.state).and_then(|shop| self.shops.get(&shop)) else {
            return invalid;
        };
        let documents = self.vault.documents.as_ref();
        let id = match consent::take(documents, &tended.shop, &callback.state).await {
            Ok(Some(id)) => id,
            Ok(None) => return invalid,
            Err(error) => return store_away(&tended.shop, &error),
        };
        let code = callback.code.filter(|code| (1..=CODE_BYTES_MAX).contains(&code.expose_secret().len()));
        let outcome = match code {
            None => Outcome::Failed(Failure::Denied),
            Some(code) => match exchange(&tended.access, &code).await {
                Ok(grant) => self.keep(tended, grant).await,
                Err(error) => {
                    tracing::warn!(shop.id = %tended.shop, %error, "the code of a consent was not exchanged");
                    Outcome::Failed(Failure::of(&error))
                }
            },
        };
        self.note(tended, id, &outcome).await;
        outcome
    }

    /// Stores the tokens of a consent and hands them out.
    async fn keep(&self, tended: &Tended, grant: TokenGrant) -> Outcome {
        let seller = grant.seller_name.clone();
        let change = |record: &mut Record, now| Some(record.consented(grant.clone(), now));
        match self.change(tended, change).await {
            Err(error) => store_away(&tended.shop, &error),
            Ok(Some(Err(sellers))) => {
                let OtherSeller { first, second } = &sellers;
                let detail = format!(
                    "seller {second} consented, the shop belongs to seller {first}: the access before goes on. If it is meant so: `aligate authorize --shop {} --confirm {second}`",
                    tended.shop
                );
                self.tell(tended, Notice::new("consent_other_seller", Severity::Warning, detail)).await;
                Outcome::Doubtful { shop: tended.shop.clone(), sellers }
            }
            Ok(Some(Ok(())) | None) => {
                tracing::info!(shop.id = %tended.shop, "the seller consented; the shop has new tokens");
                self.tell(tended, Notice::new("consent_given", Severity::Info, "the seller consented")).await;
                Outcome::Stored { shop: tended.shop.clone(), seller }
            }
        }
    }

    /// Takes the consent of another seller after all; `false` where none of that seller waits.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn confirm(&self, shop: &ShopId, seller_id: &str) -> Result<bool, VaultError> {
        let Some(tended) = self.shops.get(shop) else { return Ok(false) };
        let change = |record: &mut Record, _| record.confirm(seller_id).then_some(());
        let confirmed = self.change(tended, change).await?.is_some();
        if confirmed {
            tracing::info!(shop.id = %shop, "the consent of another seller was confirmed");
        }
        Ok(confirmed)
    }

    /// Changes a shop's record, unless `act` gives nothing, and hands out what it holds then.
    async fn change<T>(
        &self,
        tended: &Tended,
        mut act: impl FnMut(&mut Record, Timestamp) -> Option<T>,
    ) -> Result<Option<T>, VaultError> {
        let one = tended.one.lock().await;
        for _ in 0..keeper::TRIES_MAX {
            let now = self.vault.documents.now().await?;
            let kept = self.vault.load_to_replace(&tended.shop).await?;
            let mut record = kept.record.clone();
            // A store that was emptied starts anew, while calls still have a token of a later generation.
            record.generation = record.generation.max(tended.access.generation());
            let Some(answer) = act(&mut record, now) else { return Ok(None) };
            if self.vault.exchange(&tended.shop, &kept, &record).await? {
                drop(one);
                // The store has it: a look that fails is made again within seconds.
                if let Err(error) = self.look(tended).await {
                    tracing::warn!(shop.id = %tended.shop, %error, "new tokens are handed out at the next look");
                }
                self.woken.notify_one();
                return Ok(Some(answer));
            }
        }
        Err(StoreError::Away("others change the same document all the time".into()).into())
    }

    /// How a shop's token is; none for a shop without an application.
    ///
    /// # Errors
    /// Where the store is away or the tokens cannot be opened.
    pub async fn life(&self, shop: &ShopId) -> Result<Option<TokenLife>, VaultError> {
        let Some(tended) = self.shops.get(shop) else { return Ok(None) };
        let now = self.vault.documents.now().await?;
        let record = self.vault.load(shop).await?.record;
        let standing = tended.access.standing();
        let tokens = record.tokens.as_ref();
        let source = match (tokens, tended.configured.expose_secret().is_empty()) {
            (Some(_), _) => Some("consent"),
            (None, false) => Some("configuration"),
            (None, true) => None,
        };
        let consent_ends_at = tokens.and_then(|tokens| tokens.consent_ends_at());
        let consent_secs = consent_ends_at.map(|end| Timestamp(end).since(now).as_secs());
        Ok(Some(TokenLife {
            state: standing.as_str(),
            since_ms: standing.since().map(Timestamp::as_millis),
            source,
            access_secs_left: tokens.map(|tokens| tokens.left(now).as_secs()),
            consent_secs_left: consent_secs,
            consent_days_left: consent_secs.map(|secs| secs.div_ceil(86_400)),
            seller: tokens.map(|tokens| tokens.seller_id.clone()).filter(|seller| !seller.is_empty()),
            trouble: record.needs_consent.as_ref().map(|needs| needs.why.clone()).or(record.trouble),
            unconfirmed_seller: record.doubtful.map(|tokens| tokens.seller_id),
            last_consent: consent::last(self.vault.documents.as_ref(), shop).await?,
        }))
    }

    async fn note(&self, tended: &Tended, id: String, outcome: &Outcome) {
        let documents = self.vault.documents.as_ref();
        let at_ms = documents.now().await.map_or(0, Timestamp::as_millis);
        // The seller's name is for the page that the seller sees, and for nobody else.
        let named = match outcome {
            Outcome::Stored { shop, .. } => Outcome::Stored { shop: shop.clone(), seller: String::new() },
            outcome => outcome.clone(),
        };
        let (outcome, detail) = (named.code().to_owned(), named.words(Language::En));
        let last = LastConsent { id, at_ms, outcome, detail };
        if let Err(error) = consent::note(documents, &tended.shop, last).await {
            tracing::warn!(shop.id = %tended.shop, %error, "how a consent went could not be noted");
        }
    }

    /// Tells the shop; a notice that cannot be kept is logged, since what it tells of stands in the status, too.
    async fn tell(&self, tended: &Tended, notice: Notice) {
        let code = notice.code.clone();
        if let Err(error) = alerts::tell(self.queue.as_ref(), &tended.shop, notice).await {
            tracing::warn!(shop.id = %tended.shop, code, %error, "the shop could not be told");
        }
    }
}

fn store_away(shop: &ShopId, error: &dyn std::fmt::Display) -> Outcome {
    tracing::error!(shop.id = %shop, %error, "a consent could not be kept");
    Outcome::Failed(Failure::StoreAway)
}

/// Exchanges a code; tries again where it cannot have been used.
async fn exchange(access: &Access, code: &SecretString) -> Result<TokenGrant, CallError> {
    let application = &access.application;
    let (mut attempt, mut pause) = (1, EXCHANGE_PAUSE);
    loop {
        let permit = tokio::time::timeout(Duration::from_secs(20), application.permit(auth::CREATE, true)).await;
        if !matches!(permit, Ok(Ok(()))) {
            return Err(CallError::not_made("the request budget is spent, or its store is away"));
        }
        let answer = application.client.create_token(code).await;
        application.learn(auth::CREATE, answer.as_ref().err()).await;
        match answer {
            Err(error) if attempt < EXCHANGES_MAX && matches!(error.class(), Class::Transient) => {
                tokio::time::sleep(pause).await;
                (attempt, pause) = (attempt + 1, pause * 2);
            }
            answer => return answer,
        }
    }
}
