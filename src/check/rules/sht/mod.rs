//! Shutdown.

pub mod sht_01;
pub mod sht_03;
