//! GitOps.

pub(super) mod git_01;
