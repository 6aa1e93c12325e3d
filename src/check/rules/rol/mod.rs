//! Rollout and capacity.

pub(super) mod rol_01;
pub(super) mod rol_03;
pub(super) mod rol_04;
pub(super) mod rol_05;
pub(super) mod rol_06;
pub(super) mod rol_09;
