//! GPUs and devices.

pub(super) mod gpu_01;
pub(super) mod gpu_02;
pub(super) mod gpu_03;
pub(super) mod gpu_04;
pub(super) mod gpu_06;
pub(super) mod gpu_08;
pub(super) mod gpu_09;
pub(super) mod gpu_10;
pub(super) mod gpu_11;
pub(super) mod gpu_14;
pub(super) mod gpu_18;
