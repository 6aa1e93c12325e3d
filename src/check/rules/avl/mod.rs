//! Availability.

pub(super) mod avl_01;
pub(super) mod avl_03;
pub(super) mod avl_07;
