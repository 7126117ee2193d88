//! AliExpress as the gateway speaks to it.
