//! Runtime and batching.

pub mod run_05;
