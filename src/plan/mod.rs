//! Decisions: GPU placement, capacity, scaling, batching, probes, budgets, names and labels.
//! Never clamps: what does not fit is recorded and reported by a rule of `check/`.
//!
//! First [`capacity()`]: what clusters have left when every model has its most replicas. Then
//! [`plan()`] for each model on its own, of which a [`Summary`] is kept: [`Plan`].

pub mod capacity;
mod disk;
mod egress;
pub mod gpus;
mod model;
pub mod names;
mod network;
mod nfs;
mod observe;
mod offers;
mod packing;
mod placement;
mod ports;
mod probes;
mod quota;
mod rollout;
mod scaling;
mod series;
mod serve;
pub mod startup;
mod summary;
pub mod termination;
mod traffic;
mod types;

pub use capacity::{Asked, asked, capacity};
pub use model::{label, plan};
pub use packing::Nodes;
pub use quota::{Limit, QuotaUse};
pub use series::longest_measured;
pub use summary::{Address, Demand, DeviceDemand, Pods, Selector, Summary};
pub use types::*;
