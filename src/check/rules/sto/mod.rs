//! Artifacts and storage.

pub(super) mod sto_01;
pub(super) mod sto_02;
pub(super) mod sto_03;
