//! Availability.

pub(super) mod avl_01;
