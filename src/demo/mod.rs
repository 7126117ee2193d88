//! A shop that emits events, and the run that proves the whole.
