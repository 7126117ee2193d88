//! Why the shop has not taken an event. Every event is harmless twice, so that "perhaps" needs no case of its own.

use std::time::Duration;

/// The code of a shop that works, and to which nothing more of an event is written until an earlier write of it can arrive no more.
pub const IN_DOUBT: &str = "in_doubt";

/// Why the shop has not taken an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The shop, or the way to it, does not work; the event is not to blame.
    #[error("the shop does not take events: {detail}")]
    Away {
        /// A code to group by.
        code: &'static str,
        /// What happened.
        detail: String,
        /// When the shop wants to be asked again.
        after: Option<Duration>,
    },
    /// It failed on this event and may not the next time.
    #[error("the shop failed on the event: {detail}")]
    Failed {
        /// A code to group by.
        code: String,
        /// What it says.
        detail: String,
    },
    /// The shop refuses this event for good.
    #[error("the shop refuses the event: {detail} ({code})")]
    Refused {
        /// The shop's code.
        code: String,
        /// The shop's words.
        detail: String,
    },
}

impl DeliveryError {
    /// The same without these words, whatever the shop has repeated of them.
    #[must_use]
    pub(super) fn without(self, secrets: &[&str]) -> Self {
        let bare = |text: String| {
            let words = secrets.iter().filter(|word| word.chars().count() > 2);
            words.fold(text, |text, word| text.replace(word, "***"))
        };
        match self {
            Self::Away { code, detail, after } => Self::Away { code, detail: bare(detail), after },
            Self::Failed { code, detail } => Self::Failed { code: bare(code), detail: bare(detail) },
            Self::Refused { code, detail } => Self::Refused { code: bare(code), detail: bare(detail) },
        }
    }
}
