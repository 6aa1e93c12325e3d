//! Decisions: GPU placement, capacity, scaling, batching, probes, budgets, names and labels.
//! [`Workspace`](crate::resolve::workspace::Workspace) → [`Plan`]. Never clamps: what does not
//! fit is recorded and reported by a rule of `check/`.

mod types;

pub use types::*;
