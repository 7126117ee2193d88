//! Large texts (mappings, trees) as documents: compressed, in parts, exchanged whole by their pointer.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::domain::ShopId;
use crate::store::{Documents, StoreError};

/// Characters of a part.
const PART_MAX: usize = 200 * 1024;
/// The largest text.
const TEXT_BYTES_MAX: usize = 32 << 20;

/// Where the parts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pointer {
    generation: String,
    parts: usize,
    /// Counts writes from 1.
    pub version: u64,
    /// When it was written, milliseconds since the epoch.
    pub at_ms: u64,
}

/// The pointer, as it is kept and read.
pub(super) async fn pointer(
    documents: &dyn Documents,
    shop: &ShopId,
    name: &str,
) -> Result<Option<(String, Pointer)>, StoreError> {
    let Some(text) = documents.get(shop, &format!("blob/{name}")).await? else { return Ok(None) };
    let pointer = serde_json::from_str(&text).map_err(|error| broken(name, &error.to_string()))?;
    Ok(Some((text, pointer)))
}

fn broken(name: &str, why: &str) -> StoreError {
    StoreError::Unusable(format!("the document {name} cannot be read: {why}"))
}

/// The text that a pointer points to; none where it was replaced meanwhile.
pub(super) async fn text(
    documents: &dyn Documents,
    shop: &ShopId,
    name: &str,
    pointer: &Pointer,
) -> Result<Option<String>, StoreError> {
    let mut packed = String::new();
    for part in 0..pointer.parts {
        let Some(part) = documents.get(shop, &part_name(name, pointer, part)).await? else { return Ok(None) };
        packed.push_str(&part);
    }
    let bytes = STANDARD.decode(&packed).map_err(|error| broken(name, &error.to_string()))?;
    let mut text = String::new();
    let mut reader = GzDecoder::new(bytes.as_slice()).take(TEXT_BYTES_MAX as u64);
    reader.read_to_string(&mut text).map_err(|error| broken(name, &error.to_string()))?;
    Ok(Some(text))
}

fn part_name(name: &str, pointer: &Pointer, part: usize) -> String {
    format!("part/{name}/{}/{part}", pointer.generation)
}

/// Writes a text over the one that `before` points to. `None`: somebody else was faster, and nothing was written.
pub(super) async fn write(
    documents: &dyn Documents,
    shop: &ShopId,
    name: &str,
    before: Option<&(String, Pointer)>,
    text: &str,
) -> Result<Option<Pointer>, StoreError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    let packed = STANDARD.encode(packed.map_err(|error| broken(name, &error.to_string()))?);
    let parts: Vec<&str> =
        packed.as_bytes().chunks(PART_MAX).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    let pointer = Pointer {
        generation: ulid::Ulid::generate().to_string(),
        parts: parts.len(),
        version: before.map_or(1, |(_, before)| before.version + 1),
        at_ms: documents.now().await?.as_millis(),
    };
    for (at, part) in parts.iter().enumerate() {
        documents.put(shop, &part_name(name, &pointer, at), part).await?;
    }
    let text = serde_json::to_string(&pointer).expect("a pointer is plain data");
    let before_text = before.map(|(text, _)| text.as_str());
    let written = documents.put_if(shop, &format!("blob/{name}"), before_text, &text).await?;
    let stale = if written { before.map(|(_, before)| before) } else { Some(&pointer) };
    if let Some(stale) = stale {
        for part in 0..stale.parts {
            documents.remove(shop, &part_name(name, stale, part)).await?;
        }
    }
    Ok(written.then_some(pointer))
}
