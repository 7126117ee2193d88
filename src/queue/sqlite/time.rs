//! The store's time is the machine's, and the machine's clock may be set. A clock that is set ahead makes things due early,
//! which harms nothing: leases end, keys are suspect. One that is set back would leave all that waits for a time waiting for
//! longer by as much; so what waits is moved back together with the clock.

use std::time::Duration;

use rusqlite::named_params;

use super::known::Tables;
use crate::clock::Timestamp;
use crate::store::StoreError;

/// A clock that falls back by less is merely disciplined.
const STEP_MIN: Duration = Duration::from_secs(1);

/// Watches the clock; nothing as long as it was not looked at.
#[derive(Debug, Default)]
pub(super) struct StoreTime(Option<Timestamp>);

impl StoreTime {
    /// Takes note of the time; where it is earlier than it was, what waits is moved first.
    pub(super) fn pass(&mut self, conn: &Tables<'_>, now: Timestamp) -> Result<(), StoreError> {
        let before = match self.0.replace(now) {
            Some(before) => before,
            // The clock may have been set while the process was down.
            None => conn.query_row(
                "SELECT ifnull(max(taken_at), 0) FROM (SELECT taken_at FROM entries UNION ALL SELECT taken_at FROM newer)",
                [],
                |row| row.get(0).map(Timestamp),
            )?,
        };
        let step = before.since(now);
        if step < STEP_MIN {
            return Ok(());
        }
        tracing::warn!(secs = step.as_secs(), "the clock was set back; what waits for its time moves with it");
        set_back(conn, now, before)
    }
}

/// What would come later than `now` comes earlier by as much as `now` is before `before`.
fn set_back(conn: &Tables<'_>, now: Timestamp, before: Timestamp) -> Result<(), StoreError> {
    let moved = |column: &str| format!("{column} = iif({column} > :now, max({column} - :step, :now), {column})");
    let columns = ["at", "suspect_at", "next_at", "leased_at", "first_at", "taken_at"].map(moved).join(", ");
    let text = format!(
        "UPDATE entries SET {columns}
         WHERE at > :now OR suspect_at > :now OR next_at > :now OR leased_at > :now OR first_at > :now OR taken_at > :now"
    );
    let newer = format!("UPDATE newer SET {} WHERE taken_at > :now", moved("taken_at"));
    conn.forget();
    conn.within_savepoint(|| {
        for text in [text, newer] {
            conn.execute(&text, named_params! {":now": now.0, ":step": before.0 - now.0})?;
        }
        Ok(())
    })
}
