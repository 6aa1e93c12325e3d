//! Names.

pub mod nam_01;
