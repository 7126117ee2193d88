//! The master keys: a file with one key a line (32 bytes as base64), newest first.
//!
//! Everything secret at rest derives from them: seals of entries, encryption of tokens and of buyers' data. A check
//! value in the store makes a wrong key refuse to start instead of quarantining every entry.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::StoreError;
use super::cipher::Cipher;
use crate::signing;

/// The master keys, newest first. `Debug` shows none.
pub struct MasterKeys(Vec<SecretBox<[u8; 32]>>);

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKeys({})", self.0.len())
    }
}

impl MasterKeys {
    /// Reads the key file; makes one (mode 0600) where there is none and `generate` allows it.
    ///
    /// # Errors
    /// `Unusable`, with what to do: no file, no key in it, a line that is no key.
    pub fn load(file: &Path, generate: bool) -> Result<Self, StoreError> {
        let unusable = |why: String| StoreError::Unusable(format!("store.key_file {}: {why}", file.display()));
        if generate && !file.exists() {
            write_private(file, &format!("{}\n", STANDARD.encode(rand::random::<[u8; 32]>())))
                .map_err(|error| unusable(format!("cannot be made: {error}")))?;
        }
        let text = fs::read_to_string(file).map_err(|error| {
            unusable(format!(
                "cannot be read: {error}. A Redis store needs it given: `head -c 32 /dev/urandom | base64`"
            ))
        })?;
        let mut keys = Vec::new();
        for (at, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
            let bytes = STANDARD.decode(line).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            let key = bytes.ok_or_else(|| unusable(format!("line {} is not 32 bytes in base64", at + 1)))?;
            keys.push(SecretBox::new(Box::new(key)));
        }
        if keys.is_empty() {
            return Err(unusable("holds no key".into()));
        }
        Ok(Self(keys))
    }

    /// Keys of their own for tests and the demo.
    pub fn random() -> Self {
        Self(vec![SecretBox::new(Box::new(rand::random()))])
    }

    /// A sealer of queue entries.
    pub fn sealer(&self) -> signing::entry::Sealer {
        signing::entry::Sealer::new(self.0.iter().map(|key| key.expose_secret().as_slice()))
    }

    /// A cipher for one purpose; what one purpose encrypts no other opens.
    pub fn cipher(&self, purpose: &str) -> Cipher {
        Cipher::new(self.0.iter().map(|key| key.expose_secret().as_slice()), purpose)
    }

    /// What the store remembers of the keys, newest first; tells nothing about them.
    pub fn checks(&self) -> Vec<[u8; 32]> {
        let check = |key: &SecretBox<[u8; 32]>| signing::hmac_sha256(key.expose_secret(), &[b"aligate key check v1"]);
        self.0.iter().map(check).collect()
    }
}

/// Where the operator's token is made: beside the store's file, or the key file of a store that has none here.
pub fn admin_token_file(beside: &Path) -> std::path::PathBuf {
    beside.with_file_name("admin.token")
}

/// Reads the operator's token beside the store; makes one (mode 0600) where there is none.
///
/// # Errors
/// `Unusable`, where the file can neither be read nor made.
pub fn admin_token(beside: &Path) -> Result<(SecretString, std::path::PathBuf), StoreError> {
    let file = admin_token_file(beside);
    let unusable = |error: std::io::Error| StoreError::Unusable(format!("{}: {error}", file.display()));
    if !file.exists() {
        write_private(&file, &format!("{}\n", hex::encode(rand::random::<[u8; 24]>()))).map_err(unusable)?;
    }
    let token = fs::read_to_string(&file).map_err(unusable)?.trim().to_owned();
    Ok((token.into(), file))
}

/// Whether others than the owner may read a file.
pub fn is_exposed(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(dir) = file.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_private_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("sub/aligate.key");
        assert!(MasterKeys::load(&file, false).unwrap_err().to_string().contains("needs it given"));
        let made = MasterKeys::load(&file, true).unwrap();
        assert!(!is_exposed(&file));
        assert_eq!(MasterKeys::load(&file, true).unwrap().checks(), made.checks());
        assert!(!format!("{made:?}").contains(fs::read_to_string(&file).unwrap().trim()));
    }

    #[test]
    fn a_line_that_is_no_key_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("k");
        fs::write(&file, "\nAAAA\n").unwrap();
        assert!(MasterKeys::load(&file, true).unwrap_err().to_string().contains("line 2"));
        fs::write(&file, "\n").unwrap();
        assert!(MasterKeys::load(&file, true).unwrap_err().to_string().contains("holds no key"));
    }
}
