//! What the server knows about a model: its tensors, and whether and how requests may share a run.

mod layout;
mod signature;

pub use layout::{BatchAxes, Layout, Sequence, SequenceAxis};
pub use signature::{Dim, Signature, TensorSpec};
