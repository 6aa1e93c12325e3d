//! Rollout and capacity.

pub mod rol_01;
pub mod rol_03;
pub mod rol_04;
pub mod rol_05;
pub mod rol_06;
pub mod rol_09;
