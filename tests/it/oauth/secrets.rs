//! Planted secrets are looked for wherever a person, a log or a thief of the store may look.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use aligate::domain::ShopId;
use aligate::simulator::{Fault, Kind};
use aligate::store::Documents;
use secrecy::ExposeSecret;
use tracing_subscriber::fmt::MakeWriter;

use super::world::{SECONDS, World};

/// Keeps every log line.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

async fn stored(documents: &dyn Documents, shop: &ShopId) -> String {
    let mut all = String::new();
    for name in documents.names(shop, "").await.unwrap() {
        all += &documents.get(shop, &name).await.unwrap().unwrap_or_default();
    }
    all
}

async fn no_secret_is_logged_shown_told_or_stored_in_the_clear(world: World) {
    let lines = Lines::default();
    let logged = tracing_subscriber::fmt().with_writer(lines.clone()).with_max_level(tracing::Level::TRACE);
    let _guard = tracing::subscriber::set_default(logged.finish());
    let replica = world.replica_with_token("planted-configured-token");
    let mut secrets = vec!["planted-configured-token".to_owned(), "planted-app-secret".to_owned()];
    let mut shown = String::new();

    // A configured token that is refused; consents that fail in every way; one that succeeds; refreshes that fail and succeed.
    replica.send().await;
    replica.look().await;
    for kind in [
        Some(Kind::Error {
            code: "InvalidCode".into(),
            message: "Invalid Code {code}".into(),
            sub_code: String::new(),
        }),
        Some(Kind::Html),
        Some(Kind::Truncate),
        Some(Kind::AnswerLost),
        None,
    ] {
        let callback = replica.browsed(&world.shop).await;
        let code = callback.code.as_ref().unwrap().expose_secret().to_owned();
        if let Some(kind) = kind {
            let kind = match kind {
                Kind::Error { code: of, message, sub_code } => {
                    Kind::Error { code: of, message: message.replace("{code}", &code), sub_code }
                }
                kind => kind,
            };
            world.simulator.faults().add(Fault { method: Some("/auth/token/create".into()), ..Fault::times(1, kind) });
        }
        shown += &format!("{callback:?}");
        secrets.extend([code, callback.state.split_once('.').unwrap().0.to_owned()]);
        let outcome = replica.oauth.callback(callback).await;
        shown += &format!("{outcome:?} {}", outcome.words(aligate::oauth::Language::En));
        secrets.extend(world.simulator.oauth().access_tokens());
    }
    assert!(replica.send().await);
    for kind in [None, Some(Kind::Truncate)] {
        if let Some(kind) = kind {
            world.simulator.faults().add(Fault { method: Some("/auth/token/refresh".into()), ..Fault::times(1, kind) });
        }
        world.simulator.oauth().revoke(false);
        replica.send().await;
        for _ in 0..4 {
            replica.look().await;
            secrets.extend(world.simulator.oauth().access_tokens());
            secrets.extend(world.simulator.oauth().refresh_tokens());
            world.advance(SECONDS);
        }
    }
    let life = replica.oauth.life(&world.shop).await.unwrap().unwrap();
    shown += &format!("{life:?} {} {:?}", serde_json::to_string(&life).unwrap(), replica.access);
    shown += &format!("{:?} {:?} {:?}", replica.oauth, replica.access.token(), replica.health.components());
    shown += &format!("{:?}", world.notices().await);
    let kept = stored(world.documents.as_ref(), &world.shop).await;
    let logged = String::from_utf8(lines.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap();
    let own: String = logged.lines().filter(|line| line.contains("aligate")).collect();
    assert!(own.len() > 500, "the logs were caught: {logged}");
    for secret in secrets {
        assert!(secret.len() >= 16);
        for (place, text) in [("shown", &shown), ("stored", &kept), ("logged", &own)] {
            // Half of a secret is one, too.
            assert!(!text.contains(&secret[..16.max(secret.len() / 2)]), "{secret} is {place}: {text}");
        }
    }
}

on_each_store!(no_secret_is_logged_shown_told_or_stored_in_the_clear);
