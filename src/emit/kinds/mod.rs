//! One file per emitted kind.

pub mod service_account;

use super::Emitter;

/// Every kind, in the order objects are emitted.
pub static EMITTERS: &[&Emitter] = &[&service_account::EMITTER];
