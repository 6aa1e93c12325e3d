//! Counters and histograms of the contract's metrics, and their exposition.

mod exposition;
mod histogram;
mod stats;

pub use exposition::render;
pub use histogram::Histogram;
pub use stats::{BatchStats, ModelStats};
