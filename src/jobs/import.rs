//! Import of listings: every product of the seller, in every state, page by page, into the directory SKU → listings.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{JobError, Tools};
use crate::aliexpress::{Access, CallError, Class, ListingStatus, ProductInfo, Token};
use crate::domain::{ListingId, ShopId};
use crate::listings;

/// Products on a page; AliExpress takes fewer than 100.
const PAGE_SIZE: u32 = 99;
/// Products that are read at one time.
const READS: usize = 16;

/// Where an import stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCursor {
    /// The state that is being listed, as its place in [`ListingStatus::ALL`].
    pub status: usize,
    /// The next page of it, from 1; 0 = the first.
    pub page: u32,
    /// Products in the states already listed.
    pub before: u64,
}

/// One page; `true` at the end.
pub(super) async fn step(
    tools: &Tools,
    shop: &ShopId,
    cursor: &mut ImportCursor,
    done: &mut u64,
    total: &mut Option<u64>,
) -> Result<bool, JobError> {
    let Some(status) = ListingStatus::ALL.get(cursor.status) else { return Ok(true) };
    let access =
        tools.applications.of_shop(shop).ok_or_else(|| JobError::Hopeless("the shop has no credentials".into()))?;
    let client = &access.application.client;
    let (number, token) = (cursor.page.max(1), access.token());
    let list = client.list_products(&token, *status, number, PAGE_SIZE);
    let page = asked(access, &token, &client.methods().product_list, list).await?;
    *total = Some(cursor.before + page.total);
    let ids: Vec<ListingId> = page.products.iter().map(|product| product.listing).collect();
    let infos: Vec<(ListingId, Option<ProductInfo>)> = stream::iter(ids)
        .map(|listing| {
            let access = Arc::clone(access);
            async move {
                let client = &access.application.client;
                let token = access.token();
                let info = client.product_info(&token, listing);
                Ok::<_, JobError>((listing, asked(&access, &token, &client.methods().product_info, info).await?))
            }
        })
        .buffer_unordered(READS)
        .try_collect()
        .await?;
    for (listing, info) in infos {
        let skus = info.as_ref().map(|info| info.skus.iter().map(|sku| sku.sku.clone()).collect()).unwrap_or_default();
        listings::set_skus(tools.queue.as_ref(), shop, listing, &skus).await?;
        if let Some(currency) = info.and_then(|info| info.currency) {
            tools.currencies.learn(shop, currency, tools.documents.as_ref()).await?;
        }
        *done += 1;
    }
    if page.products.is_empty() || u64::from(number) >= page.total_pages {
        *cursor = ImportCursor { status: cursor.status + 1, page: 1, before: cursor.before + page.total };
    } else {
        cursor.page = number + 1;
    }
    Ok(cursor.status >= ListingStatus::ALL.len())
}

/// A call under a permit; what can never succeed is hopeless.
async fn asked<T>(
    access: &Access,
    token: &Token,
    method: &str,
    call: impl Future<Output = Result<T, CallError>>,
) -> Result<T, JobError> {
    if !access.can_ask() {
        return Err(JobError::Marketplace("the shop has no access token that serves now".into()));
    }
    let _slot = access.application.slot().await;
    let away = |error: crate::rate_limit::BudgetError| JobError::Marketplace(error.to_string());
    access.application.permit(method, false).await.map_err(away)?;
    let answer = call.await;
    access.learn(token, method, answer.as_ref().err()).await;
    answer.map_err(|error| match error.class() {
        Class::Rejected => JobError::Hopeless(error.to_string()),
        // A refused token is refreshed, or the seller consents anew: the job waits for it.
        _ => JobError::Marketplace(error.to_string()),
    })
}
