//! Cost and quotas.

pub(super) mod cst_01;
