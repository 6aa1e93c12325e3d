//! The tensors that a model takes and gives.

use crate::tensor::DType;

/// Size of one axis as the model states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dim {
    /// Always this size.
    Fixed(usize),
    /// Any size; axes with the same name have the same size in one run. Empty when the model gives no name.
    Free(String),
}

impl Dim {
    /// The size in the protocol's metadata: -1 for any.
    pub fn metadata(&self) -> i64 {
        match self {
            Dim::Fixed(size) => i64::try_from(*size).unwrap_or(i64::MAX),
            Dim::Free(_) => -1,
        }
    }
}

/// One input or output as the model states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorSpec {
    /// Its name.
    pub name: String,
    /// Type of the elements.
    pub dtype: DType,
    /// Its axes; empty for a scalar.
    pub dims: Vec<Dim>,
}

impl TensorSpec {
    /// Says why `shape` does not fit.
    ///
    /// # Errors
    /// The reason, when the rank or a fixed axis differs.
    pub fn check_shape(&self, shape: &[usize]) -> Result<(), String> {
        let fits = shape.len() == self.dims.len()
            && shape.iter().zip(&self.dims).all(|(size, dim)| match dim {
                Dim::Fixed(fixed) => size == fixed,
                Dim::Free(_) => true,
            });
        match fits {
            true => Ok(()),
            false => Err(format!(
                "shape {shape:?} does not fit {}",
                self.shape_text()
            )),
        }
    }

    /// The stated shape for messages, such as `[batch,30]` or `[-1,30]`.
    pub fn shape_text(&self) -> String {
        let sizes: Vec<String> = self
            .dims
            .iter()
            .map(|dim| match dim {
                Dim::Fixed(size) => size.to_string(),
                Dim::Free(name) if name.is_empty() => "-1".to_owned(),
                Dim::Free(name) => name.clone(),
            })
            .collect();
        format!("[{}]", sizes.join(","))
    }
}

/// The tensors that a model takes and gives, in the model's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// Inputs; all are required.
    pub inputs: Vec<TensorSpec>,
    /// Outputs.
    pub outputs: Vec<TensorSpec>,
}
