//! Pictures on their way: fetched from the shop within limits, told apart by their content, uploaded once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex as AsyncMutex;

use crate::aliexpress::{Access, CallError};
use crate::catalog::check::Picture;
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::http_client::{FetchError, Fetcher};
use crate::store::{Documents, StoreError};

/// A picture of that URL is believed unchanged for so long.
const FRESH: Duration = Duration::from_secs(86_400);

/// What was fetched from a URL.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    content: String,
    at_ms: u64,
}

/// A picture of the photo bank.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Banked {
    url: String,
    width: usize,
    height: usize,
    bytes: u64,
}

/// Why nothing is known of a picture now; the next try may know more.
#[derive(Debug, thiserror::Error)]
pub(super) enum PhotoError {
    #[error("a picture could not be fetched: {0}")]
    Later(String),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Pictures of all shops.
#[derive(Debug)]
pub(super) struct Photos {
    documents: Arc<dyn Documents>,
    fetchers: HashMap<ShopId, Fetcher>,
    bytes_max: u64,
    side_min: usize,
    /// One upload of a content at a time.
    uploads: Mutex<HashMap<String, Weak<AsyncMutex<()>>>>,
}

impl Photos {
    pub(super) fn new(
        documents: Arc<dyn Documents>,
        fetchers: HashMap<ShopId, Fetcher>,
        bytes_max: u64,
        side_min: usize,
    ) -> Self {
        Self { documents, fetchers, bytes_max, side_min, uploads: Mutex::default() }
    }

    /// What is to be known of a picture of the shop; it is in the photo bank afterwards where AliExpress would take it.
    pub(super) async fn resolve(
        &self,
        shop: &ShopId,
        access: &Access,
        url: &str,
        main: bool,
    ) -> Result<Picture, PhotoError> {
        let seen_name = format!("photo-url/{}", hex::encode(&Sha256::digest(url)[..16]));
        let now = self.documents.now().await?;
        let seen =
            self.documents.get(shop, &seen_name).await?.and_then(|text| serde_json::from_str::<Seen>(&text).ok());
        if let Some(seen) = seen.filter(|seen| now.since(Timestamp::from_millis(seen.at_ms)) < FRESH)
            && let Some(banked) = self.banked(shop, &seen.content).await?
        {
            return Ok(banked.picture());
        }
        let Some(fetcher) = self.fetchers.get(shop) else {
            return Err(PhotoError::Later("the shop is unknown".into()));
        };
        let bytes = match fetcher.fetch(url, self.bytes_max).await {
            Ok(bytes) => bytes,
            Err(FetchError::TooLarge) => return Ok(Picture::TooLarge { bytes: self.bytes_max + 1 }),
            Err(FetchError::Refused(why)) => return Ok(Picture::Unreachable { why }),
            Err(FetchError::Later(why)) => return Err(PhotoError::Later(why)),
        };
        let kind = match imagesize::image_type(&bytes) {
            Ok(kind @ (imagesize::ImageType::Jpeg | imagesize::ImageType::Png)) => kind,
            Ok(other) => return Ok(Picture::WrongType { found: format!("{other:?}").to_lowercase() }),
            Err(_) => return Ok(Picture::WrongType { found: "?".into() }),
        };
        // The header alone is read: a picture that unpacks to gigabytes costs nothing here.
        let Ok(size) = imagesize::blob_size(&bytes) else { return Ok(Picture::WrongType { found: "broken".into() }) };
        let measured =
            Picture::Measured { width: size.width, height: size.height, bytes: bytes.len() as u64, url: None };
        if main && size.width.min(size.height) < self.side_min {
            return Ok(measured);
        }
        let content = hex::encode(Sha256::digest(&bytes));
        let banked = self.upload(shop, access, &content, bytes, (size.width, size.height), kind).await?;
        let seen = Seen { content, at_ms: now.as_millis() };
        let text = serde_json::to_string(&seen).expect("it is plain data");
        self.documents.put(shop, &seen_name, &text).await?;
        Ok(banked.picture())
    }

    async fn banked(&self, shop: &ShopId, content: &str) -> Result<Option<Banked>, StoreError> {
        let text = self.documents.get(shop, &format!("photo/{content}")).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn upload(
        &self,
        shop: &ShopId,
        access: &Access,
        content: &str,
        bytes: Vec<u8>,
        (width, height): (usize, usize),
        kind: imagesize::ImageType,
    ) -> Result<Banked, PhotoError> {
        let turn = self.turn(format!("{shop}/{content}"));
        let _turn = turn.lock().await;
        if let Some(banked) = self.banked(shop, content).await? {
            return Ok(banked);
        }
        let extension = if kind == imagesize::ImageType::Png { "png" } else { "jpg" };
        let (name, size) = (format!("{}.{extension}", &content[..32]), bytes.len() as u64);
        let client = &access.application.client;
        let method = &client.methods().image_upload;
        let url = access.call(method, false, async |token| client.upload_image(&token, &name, bytes).await).await?;
        let banked = Banked { url, width, height, bytes: size };
        let text = serde_json::to_string(&banked).expect("it is plain data");
        self.documents.put(shop, &format!("photo/{content}"), &text).await?;
        Ok(banked)
    }

    fn turn(&self, key: String) -> Arc<AsyncMutex<()>> {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = uploads.get(&key).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::new(AsyncMutex::new(()));
        uploads.insert(key, Arc::downgrade(&turn));
        turn
    }
}

impl Banked {
    fn picture(self) -> Picture {
        Picture::Measured { width: self.width, height: self.height, bytes: self.bytes, url: Some(self.url) }
    }
}
