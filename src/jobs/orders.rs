//! Import of past orders: day by day, page by page; see `orders::import`.

use super::{JobError, Tools};
use crate::aliexpress::Class;
use crate::domain::ShopId;
use crate::orders::{ImportCursor, ImportError, import};

/// One page; `true` at the end.
pub(super) async fn step(
    tools: &Tools,
    shop: &ShopId,
    cursor: &mut ImportCursor,
    done: &mut u64,
    total: &mut Option<u64>,
) -> Result<bool, JobError> {
    let access =
        tools.applications.of_shop(shop).ok_or_else(|| JobError::Hopeless("the shop has no credentials".into()))?;
    import(&tools.orders, shop, access, cursor, done, total).await.map_err(|error| match error {
        ImportError::Queue(error) => JobError::Queue(error),
        ImportError::Store(error) => JobError::Store(error),
        ImportError::Marketplace(error) if error.class() == Class::Rejected => JobError::Hopeless(error.to_string()),
        error => JobError::Marketplace(error.to_string()),
    })
}
