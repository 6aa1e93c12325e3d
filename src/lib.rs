//! mlspec: model specs in, complete and checked manifests out. `ARCHITECTURE.md` has the picture.

pub mod check;
pub mod cli;
pub mod cluster;
pub mod compile;
pub mod diag;
pub mod emit;
pub mod patch;
pub mod plan;
pub mod render;
pub mod resolve;
pub mod source;
pub mod spec;
pub mod syntax;
pub mod system;
pub mod units;

pub mod validate;
pub mod why;
pub mod yaml;
