//! Cost and quotas.

pub(super) mod cst_01;
pub(super) mod cst_05;
pub(super) mod cst_06;
mod sum;
