//! GitOps.

pub mod git_01;
