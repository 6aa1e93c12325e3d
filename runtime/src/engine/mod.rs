//! Engines: what loads a model file and runs it. One trait, two implementations, and the choice between them.

#[cfg(feature = "program")]
mod choose;
#[cfg(feature = "program")]
mod ort;
mod resources;
#[cfg(feature = "program")]
mod tract;

#[cfg(feature = "program")]
pub use choose::{choose, load};
pub use resources::cpu_limit;

use crate::model::Signature;
use crate::tensor::{DType, Tensor};

/// The engine for one model and the reason, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// ONNX Runtime, with the reason.
    Ort(String),
    /// The embedded engine, with the reason.
    Tract(String),
}

/// One input of a run.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Type of the elements; the signature's.
    pub dtype: DType,
    /// Sizes of the axes.
    pub shape: &'a [usize],
    /// Elements as in [`Tensor::data`], at an address that fits their type.
    pub data: &'a [u8],
}

/// One loaded copy of a model. Used by one thread at a time.
pub trait Engine: Send {
    /// Runs the model once; inputs and outputs are in the signature's order.
    ///
    /// # Errors
    /// The engine's own words. The engine must stay usable.
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Tensor>, String>;
}

/// A loaded model: its tensors and as many engines as instances were asked for.
pub struct Loaded {
    /// What it takes and gives.
    pub signature: Signature,
    /// One engine per instance; never empty.
    pub engines: Vec<Box<dyn Engine>>,
    /// Engine and version, for logs and metadata, such as `onnxruntime 1.32.0`.
    pub platform: String,
}
