//! Probes and startup.

pub mod prb_03;
pub mod prb_04;
