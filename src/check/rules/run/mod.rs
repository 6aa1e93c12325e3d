//! Runtime and batching.

pub(super) mod run_05;
pub(super) mod run_12;
