//! Probes and startup.

pub(super) mod prb_02;
pub(super) mod prb_03;
pub(super) mod prb_04;
