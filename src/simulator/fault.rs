//! What goes wrong on purpose.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// A fault that is waiting for its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The method that it is for; all where it is left out.
    #[serde(default)]
    pub method: Option<String>,
    /// How many calls it is for; all where it is left out.
    #[serde(default)]
    pub times: Option<u64>,
    /// Of a hundred calls that it is for, how many it hits; all where it is left out.
    #[serde(default)]
    pub percent: Option<u8>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: Kind,
}

impl Fault {
    /// Goes wrong with every call of every method.
    pub fn always(kind: Kind) -> Self {
        Self { method: None, times: None, percent: None, kind }
    }

    /// Goes wrong with the next calls.
    pub fn times(times: u64, kind: Kind) -> Self {
        Self { times: Some(times), ..Self::always(kind) }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// The answer takes longer.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// No answer; the connection stays open for so long.
    Hang {
        /// Milliseconds, at most 10 minutes.
        ms: u64,
    },
    /// An HTTP status with an HTML page.
    Status {
        /// The status.
        status: u16,
    },
    /// An HTML page with HTTP 200.
    Html,
    /// Half of the answer, after the call had its effect.
    Truncate,
    /// The connection ends before the call has its effect.
    Reset,
    /// The call has its effect and the connection ends.
    AnswerLost,
    /// The call has its effect, the answer is called `text/html`.
    ContentType,
    /// A gateway error.
    Error {
        /// Its code.
        code: String,
        /// Its words.
        #[serde(default)]
        message: String,
        /// Its business code.
        #[serde(default)]
        sub_code: String,
    },
    /// Updates of this product fail.
    Product {
        /// The product.
        product: u64,
        /// With this code.
        code: String,
    },
    /// A product fails whenever this SKU is in the request.
    PoisonSku {
        /// The SKU.
        sku: String,
        /// With this code.
        code: String,
    },
    /// The whole request is refused whenever this SKU is in it.
    PoisonRequest {
        /// The SKU.
        sku: String,
    },
    /// A product is named neither as updated nor as failed.
    Missing {
        /// The product.
        product: u64,
    },
}

/// Faults that are waiting.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds one.
    pub fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    /// Takes all away.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// All that wait.
    pub fn waiting(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// Those that hit this call; each is used up by one.
    pub(super) fn of_call(&self, method: &str) -> Vec<Kind> {
        let mut faults = self.lock();
        let mut hit = Vec::new();
        for fault in faults.iter_mut() {
            let is_for = fault.method.as_deref().is_none_or(|of| of == method) && fault.times != Some(0);
            if is_for && fault.percent.is_none_or(|percent| rand::random_range(0..100) < percent) {
                fault.times = fault.times.map(|times| times - 1);
                hit.push(fault.kind.clone());
            }
        }
        faults.retain(|fault| fault.times != Some(0));
        hit
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
