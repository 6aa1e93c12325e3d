//! Autoscaling.

pub mod scl_01;
pub mod scl_02;
pub mod scl_03;
pub mod scl_04;
pub mod scl_05;
pub mod scl_10;
pub mod scl_12;
pub mod scl_14;
pub mod scl_15;
pub mod scl_16;
pub mod scl_17;
pub mod scl_19;
pub mod scl_21;
