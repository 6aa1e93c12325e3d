//! Traffic.

pub(super) mod trf_01;
pub(super) mod trf_02;
pub(super) mod trf_04;
pub(super) mod trf_08;
pub(super) mod trf_11;
pub(super) mod trf_12;
pub(super) mod trf_13;
pub(super) mod trf_14;
