//! Traffic.

pub mod trf_01;
pub mod trf_02;
pub mod trf_04;
pub mod trf_08;
pub mod trf_11;
pub mod trf_12;
pub mod trf_14;
