//! Shutdown.

pub(super) mod sht_01;
pub(super) mod sht_03;
