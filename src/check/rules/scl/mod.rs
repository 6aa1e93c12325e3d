//! Autoscaling.

pub(super) mod scl_01;
pub(super) mod scl_02;
pub(super) mod scl_03;
pub(super) mod scl_04;
pub(super) mod scl_05;
pub(super) mod scl_08;
pub(super) mod scl_10;
pub(super) mod scl_12;
pub(super) mod scl_14;
pub(super) mod scl_15;
pub(super) mod scl_16;
pub(super) mod scl_17;
pub(super) mod scl_19;
pub(super) mod scl_21;
pub(super) mod scl_23;
