//! Main pictures, and what is known of any picture.

use std::collections::BTreeMap;

use super::Terms;
use crate::catalog::faults::{Fault, FaultKind};
use crate::catalog::product::Product;
use crate::config::CatalogLimits;

/// What is known of pictures, by their URL in the shop.
pub type Pictures = BTreeMap<String, Picture>;

/// What is known of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// It was fetched and measured; `url` is where it is on AliExpress, once it is there.
    Measured {
        /// Pixels.
        width: usize,
        /// Pixels.
        height: usize,
        /// Bytes.
        bytes: u64,
        /// On AliExpress.
        url: Option<String>,
    },
    /// It is none that AliExpress takes, by its content.
    WrongType {
        /// What it is.
        found: String,
    },
    /// It is larger than AliExpress takes.
    TooLarge {
        /// At least so many.
        bytes: u64,
    },
    /// It could not be fetched.
    Unreachable {
        /// In words that tell nothing of the inside of any network.
        why: String,
    },
}

/// What is wrong with a picture. Pictures of descriptions may be small.
pub(super) fn fault(picture: &Picture, limits: &CatalogLimits, main: bool) -> Option<FaultKind> {
    match picture {
        Picture::Measured { width, height, .. } if main && (*width).min(*height) < limits.image_side_min => {
            Some(FaultKind::ImageSmall { width: *width, height: *height, min: limits.image_side_min })
        }
        Picture::Measured { bytes, .. } | Picture::TooLarge { bytes } if *bytes > limits.image_bytes_max => {
            Some(FaultKind::ImageLarge { bytes: *bytes, max: limits.image_bytes_max })
        }
        Picture::Measured { .. } | Picture::TooLarge { .. } => None,
        Picture::WrongType { found } => Some(FaultKind::ImageType { found: found.clone() }),
        Picture::Unreachable { why } => Some(FaultKind::ImageUnreachable { why: why.clone() }),
    }
}

/// Where a picture is shown from: AliExpress where it is known there, else the shop.
pub(super) fn moved(url: &str, pictures: &Pictures) -> String {
    match pictures.get(url) {
        Some(Picture::Measured { url: Some(moved), .. }) => moved.clone(),
        _ => url.to_owned(),
    }
}

/// The main pictures: the first ones, so many as AliExpress takes.
pub(super) fn chosen(product: &Product, terms: &Terms<'_>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    let of_offers = product.offers.iter().flat_map(|offer| &offer.images);
    // A product without pictures of its own shows those of its offers.
    let all: Vec<&String> =
        if product.images.is_empty() { of_offers.collect() } else { product.images.iter().collect() };
    for url in all {
        if !url.trim().is_empty() && !urls.contains(url) {
            urls.push(url.clone());
        }
    }
    urls.truncate(terms.limits.images_max);
    urls
}

pub(super) fn main(product: &Product, terms: &Terms<'_>, pictures: &Pictures, faults: &mut Vec<Fault>) -> Vec<String> {
    let urls = chosen(product, terms);
    if urls.is_empty() {
        faults.push(Fault::of("images", FaultKind::ImagesMissing));
    }
    for (at, url) in urls.iter().enumerate() {
        let found = pictures.get(url).and_then(|picture| fault(picture, &terms.limits, true));
        faults.extend(found.map(|kind| Fault::of(format!("images.{at}"), kind)));
    }
    urls.iter().map(|url| moved(url, pictures)).collect()
}
