//! The request budget of an application key.
