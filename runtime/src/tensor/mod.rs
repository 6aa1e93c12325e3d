//! Tensors as they travel through the server: a data type, a shape and raw little-endian bytes.

mod aligned;
mod dtype;
pub mod strings;

pub use aligned::AlignedBuffer;
pub use dtype::DType;

use bytes::Bytes;

/// A tensor without its name; names live in the model's signature, whose order tensors follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Type of the elements.
    pub dtype: DType,
    /// Sizes of the axes; empty for a scalar.
    pub shape: Vec<usize>,
    /// Row-major, little-endian elements without gaps; for [`DType::Bytes`] each element is a 4-byte little-endian
    /// length and that many bytes, as in the protocol's binary form.
    pub data: Bytes,
}

impl Tensor {
    /// Number of elements.
    pub fn elements(&self) -> usize {
        elements(&self.shape).unwrap_or(usize::MAX)
    }
}

/// Number of elements of a shape; `None` when it does not fit the address space.
pub fn elements(shape: &[usize]) -> Option<usize> {
    shape
        .iter()
        .try_fold(1usize, |product, &size| product.checked_mul(size))
}
