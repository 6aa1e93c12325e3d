//! Availability.

pub mod avl_01;
