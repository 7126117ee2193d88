//! Why the work on a product ends before its end.

use crate::aliexpress::CallError;
use crate::publishing::CategoryError;
use crate::publishing::photos::PhotoError;
use crate::queue::{self, QueueError};
use crate::store::StoreError;
use crate::worker::Ending;

/// Why the work ends before its end.
#[derive(Debug)]
pub(in crate::publishing) enum Stop {
    /// So.
    End(Ending),
    /// A call failed.
    Call(CallError),
    /// The store.
    Away(String),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Stop::Call(error)
    }
}
impl From<QueueError> for Stop {
    fn from(error: QueueError) -> Self {
        Stop::Away(error.to_string())
    }
}
impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Away(error.to_string())
    }
}
impl From<CategoryError> for Stop {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::Call(error) => Stop::Call(error),
            CategoryError::Store(error) => error.into(),
        }
    }
}
impl From<PhotoError> for Stop {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Later(why) => {
                Stop::End(Ending::Failed(queue::Fault { code: "image_unreachable".into(), detail: why }))
            }
            PhotoError::Call(error) => Stop::Call(error),
            PhotoError::Store(error) => error.into(),
        }
    }
}

/// Ends the work so.
pub(super) fn end<T>(ending: Ending) -> Result<T, Stop> {
    Err(Stop::End(ending))
}
