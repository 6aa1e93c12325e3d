//! Runtime and batching.

pub(super) mod run_05;
