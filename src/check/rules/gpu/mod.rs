//! GPUs and devices.

pub mod gpu_01;
pub mod gpu_02;
pub mod gpu_04;
pub mod gpu_06;
pub mod gpu_08;
pub mod gpu_10;
pub mod gpu_11;
pub mod gpu_14;
pub mod gpu_18;
