//! The photo bank: what was uploaded, by its content.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

const BYTES_MAX: usize = 3 << 20;

/// A picture of the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Photo {
    pub(super) width: u32,
    pub(super) height: u32,
}

#[derive(Debug, Default)]
struct Kept {
    uploads: u64,
    by_url: BTreeMap<String, Photo>,
    contents: std::collections::BTreeSet<[u8; 32]>,
}

/// The photo bank.
#[derive(Debug, Default)]
pub struct Photos(Mutex<Kept>);

impl Photos {
    /// Pictures that were uploaded, the same one counted as often as it came.
    pub fn uploads(&self) -> u64 {
        self.lock().uploads
    }

    /// Pictures with different contents.
    pub fn distinct(&self) -> usize {
        self.lock().contents.len()
    }

    pub(super) fn get(&self, url: &str) -> Option<Photo> {
        self.lock().by_url.get(url).copied()
    }

    /// Takes a picture; each upload makes a URL of its own, as AliExpress's bank does.
    pub(super) fn take(&self, bytes: &[u8]) -> Result<(String, Photo), String> {
        if bytes.len() > BYTES_MAX {
            return Err("the image is larger than 3 MB".into());
        }
        let photo = png(bytes).or_else(|| jpeg(bytes)).ok_or("the image is neither JPEG nor PNG")?;
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let mut kept = self.lock();
        kept.uploads += 1;
        kept.contents.insert(digest);
        let url = format!("https://ae01.alicdn.com/kf/H{}{}.jpg", hex::encode(&digest[..8]), kept.uploads);
        kept.by_url.insert(url.clone(), photo);
        Ok((url, photo))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn png(bytes: &[u8]) -> Option<Photo> {
    let head = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let size = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    Some(Photo { width: size(8)?, height: size(12)? })
}

/// Looks for the frame's header behind the other segments.
fn jpeg(bytes: &[u8]) -> Option<Photo> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let (marker, body) = (*rest.get(1)?, rest.get(2..)?);
        let length = usize::from(u16::from_be_bytes(body.get(..2)?.try_into().ok()?));
        if matches!(marker, 0xc0..=0xcf) && ![0xc4, 0xc8, 0xcc].contains(&marker) {
            let size = |at: usize| Some(u32::from(u16::from_be_bytes(body.get(at..at + 2)?.try_into().ok()?)));
            return Some(Photo { width: size(5)?, height: size(3)? });
        }
        rest = body.get(length..)?;
    }
}
