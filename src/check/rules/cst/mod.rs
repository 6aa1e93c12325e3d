//! Cost and quotas.

pub mod cst_01;
