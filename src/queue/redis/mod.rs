//! placeholder
use super::*;
use crate::signing::entry::Sealer;
use crate::store::redis::RedisStore;
use std::sync::Arc;
