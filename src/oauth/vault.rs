//! Where records are kept: encrypted, one document a shop, exchanged only for the record that was read.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::record::Record;
use crate::domain::ShopId;
use crate::store::cipher::{Cipher, Sealed};
use crate::store::{Documents, StoreError};

/// The document that keeps a shop's tokens.
const DOCUMENT: &str = "oauth/tokens";

/// Why a record could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No key opens it.
    #[error("the shop's tokens cannot be opened: {0}")]
    Sealed(#[from] Sealed),
    /// A newer version wrote it, or nobody's.
    #[error("the shop's tokens cannot be read: another version of aligate wrote them")]
    Unreadable,
}

/// Keeps records.
#[derive(Debug, Clone)]
pub(super) struct Vault {
    pub(super) documents: Arc<dyn Documents>,
    cipher: Arc<Cipher>,
}

/// A record as it was read.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) record: Record,
    /// Another key than the first opened it.
    pub(super) by_older_key: bool,
    /// The document; none where there is none.
    sealed: Option<String>,
}

impl Vault {
    pub(super) fn new(documents: Arc<dyn Documents>, cipher: Cipher) -> Self {
        Self { documents, cipher: Arc::new(cipher) }
    }

    /// A shop's record; an empty one where there is none.
    pub(super) async fn load(&self, shop: &ShopId) -> Result<Kept, VaultError> {
        let sealed = self.documents.get(shop, DOCUMENT).await?;
        let Some(text) = &sealed else {
            return Ok(Kept { record: Record::default(), by_older_key: false, sealed });
        };
        let opened = self.cipher.open(&context(shop), text)?;
        let record = serde_json::from_str(opened.text.expose_secret()).map_err(|_| VaultError::Unreadable)?;
        Ok(Kept { record, by_older_key: opened.by_older_key, sealed })
    }

    /// As [`Vault::load`], but what cannot be opened or read counts as none: a consent may replace it, since nobody can use it.
    pub(super) async fn load_to_replace(&self, shop: &ShopId) -> Result<Kept, VaultError> {
        match self.load(shop).await {
            Err(VaultError::Sealed(_) | VaultError::Unreadable) => {
                let sealed = self.documents.get(shop, DOCUMENT).await?;
                Ok(Kept { record: Record::default(), by_older_key: false, sealed })
            }
            loaded => loaded,
        }
    }

    /// Writes a record in the place of the one that was read; `false` where that one is no longer there. Durable when it returns.
    pub(super) async fn exchange(&self, shop: &ShopId, kept: &Kept, record: &Record) -> Result<bool, VaultError> {
        let text: SecretString = serde_json::to_string(record).expect("a record is plain data").into();
        let sealed = self.cipher.seal(&context(shop), &text);
        Ok(self.documents.put_if(shop, DOCUMENT, kept.sealed.as_deref(), &sealed).await?)
    }
}

fn context(shop: &ShopId) -> String {
    format!("{shop}/{DOCUMENT}")
}
