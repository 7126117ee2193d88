//! The health board: what each component says of itself, since when, and why.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::SharedClock;

/// How a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It works.
    Ok,
    /// It works with less than is promised.
    Degraded,
    /// It does not work.
    Down,
}

/// A component's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Component {
    /// How it is.
    pub state: Condition,
    /// Since when, milliseconds since the epoch.
    pub since_ms: u64,
    /// Why it is not ok; for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What every component says of itself.
#[derive(Debug)]
pub struct HealthBoard {
    clock: SharedClock,
    components: Mutex<BTreeMap<String, Component>>,
}

impl HealthBoard {
    /// An empty board.
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, components: Mutex::default() }
    }

    /// Says how a component is; `since` moves only when its condition does. A change is logged, once.
    pub fn set(&self, component: &str, state: Condition, why: Option<String>) {
        let now = self.clock.now().as_millis();
        let mut components = self.components.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let before = components.get(component);
        let changed = before.is_none_or(|before| before.state != state);
        let since_ms = if changed { now } else { before.map_or(now, |before| before.since_ms) };
        if changed && (before.is_some() || state != Condition::Ok) {
            match (&state, &why) {
                (Condition::Ok, _) => tracing::info!(component, "{component} is well again"),
                (Condition::Degraded, why) => tracing::warn!(component, why, "{component} is degraded"),
                (Condition::Down, why) => tracing::error!(component, why, "{component} is down"),
            }
        }
        components.insert(component.to_owned(), Component { state, since_ms, why });
    }

    /// Every component by name.
    pub fn components(&self) -> BTreeMap<String, Component> {
        self.components.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The worst condition of all.
    pub fn worst(&self) -> Condition {
        self.components().values().map(|component| component.state).max().unwrap_or(Condition::Ok)
    }

    /// The condition of one component; `Ok` for one that never spoke.
    pub fn of(&self, component: &str) -> Condition {
        self.components().get(component).map_or(Condition::Ok, |component| component.state)
    }
}
