//! Names.

pub(super) mod nam_01;
