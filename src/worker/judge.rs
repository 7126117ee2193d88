//! What the avalanche guard says of entries on their way out: those that fall go, wait for a moment, or are held.

use super::Desk;
use super::render::{Sendable, Value};
use crate::config::ShopConfig;
use crate::domain::{Lane, PriceRule, StockState};
use crate::guard::rules::{is_cheapening, is_zeroing};
use crate::guard::{Fall, Kind, Verdict};
use crate::queue::{LeaseRef, Outcome, QueueError};

/// Those that go, and how the others end. Everything else flows on.
///
/// # Errors
/// Where the store is away: none of them may leave.
pub(super) async fn judge(
    desk: &Desk,
    shop: &ShopConfig,
    lane: Lane,
    sendables: Vec<Sendable>,
) -> Result<(Vec<Sendable>, Vec<(LeaseRef, Outcome)>), QueueError> {
    let Some(kind) = Kind::of_lane(lane) else { return Ok((sendables, Vec::new())) };
    let (percent, rule) = (desk.guard.price_fall_percent(), desk.rules.of(&shop.id));
    let (falling, mut go): (Vec<Sendable>, Vec<Sendable>) =
        sendables.into_iter().partition(|sendable| is_falling(sendable, shop, percent, rule));
    let fall = |sendable: &Sendable| Fall {
        key: sendable.leased.lease.key.clone(),
        cause: sendable.leased.cause,
        was_held: sendable.leased.was_held,
    };
    let falls: Vec<Fall> = falling.iter().map(fall).collect();
    let verdicts = desk.guard.judge(&shop.id, kind, &falls).await?;
    let mut ends = Vec::new();
    for (sendable, verdict) in falling.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Pass => go.push(sendable),
            Verdict::Wait(after) => ends.push((sendable.leased.lease, Outcome::Postponed { after })),
            Verdict::Hold(why) => {
                let detail = format!("{kind}: {why}; it would send {}", sendable.rendered);
                ends.push((sendable.leased.lease, Outcome::Held { detail }));
            }
        }
    }
    Ok((go, ends))
}

fn is_falling(sendable: &Sendable, shop: &ShopConfig, percent: u64, rule: PriceRule) -> bool {
    let leased = &sendable.leased;
    if !leased.cause.is_guarded() {
        return false;
    }
    match &sendable.value {
        Value::Stock(_) => {
            let state = serde_json::from_str::<StockState>(&leased.payload);
            state.is_ok_and(|state| {
                is_zeroing(shop.stock.sellable(state.quantity, 0), &sendable.targets, &leased.confirmed)
            })
        }
        Value::Price(state) => {
            // What is confirmed is named by the main rule.
            let named = rule.apply(*state);
            is_cheapening(percent, (named.price, named.discount), &sendable.targets, &leased.confirmed)
        }
    }
}
