//! Artifacts and storage.

pub mod sto_02;
pub mod sto_03;
