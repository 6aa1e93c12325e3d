//! The outputs of one run -> each request's own.

use bytes::BytesMut;

use super::axis::cut;
use crate::tensor::Tensor;

/// What one request had in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Its rows.
    pub rows: usize,
    /// Its length.
    pub length: usize,
}

/// Cuts `tensors` along their batch axes and crops padded lengths; a tensor without a batch axis goes to everybody.
/// Returns one list of tensors per share, in order. `lengths` may be empty for tensors without a length.
///
/// # Errors
/// The name-free reason when a tensor does not have one row per input row: then nothing says whose rows they are.
pub fn split(
    tensors: &[Tensor],
    shares: &[Share],
    batch: &[Option<usize>],
    lengths: &[Option<usize>],
) -> Result<Vec<Vec<Tensor>>, String> {
    let total: usize = shares.iter().map(|share| share.rows).sum();
    let length = shares.iter().map(|share| share.length).max().unwrap_or(1);
    let mut answers: Vec<Vec<Tensor>> = shares
        .iter()
        .map(|_| Vec::with_capacity(tensors.len()))
        .collect();
    for (index, tensor) in tensors.iter().enumerate() {
        let Some(axis) = batch.get(index).copied().flatten() else {
            for answer in &mut answers {
                answer.push(tensor.clone());
            }
            continue;
        };
        if tensor.shape.get(axis) != Some(&total) {
            return Err(format!(
                "output {index} has shape {:?} for {total} rows",
                tensor.shape
            ));
        }
        let cropped = lengths
            .get(index)
            .copied()
            .flatten()
            .filter(|axis| tensor.shape.get(*axis) == Some(&length));
        let parts = cut(tensor, axis, shares.iter().map(|share| share.rows));
        for ((share, answer), part) in shares.iter().zip(&mut answers).zip(parts) {
            answer.push(match cropped {
                Some(axis) if share.length < length => crop(&part, axis, share.length),
                _ => part,
            });
        }
    }
    Ok(answers)
}

/// Keeps the first `length` of `axis`. BYTES are never padded and so never cropped.
fn crop(tensor: &Tensor, axis: usize, length: usize) -> Tensor {
    let size = tensor.dtype.size().unwrap_or(1);
    let outer: usize = tensor.shape[..axis].iter().product();
    let inner = tensor.shape[axis + 1..].iter().product::<usize>() * size;
    let stride = tensor.shape[axis] * inner;
    let mut data = BytesMut::with_capacity(outer * length * inner);
    for row in 0..outer {
        data.extend_from_slice(&tensor.data[row * stride..][..length * inner]);
    }
    let mut shape = tensor.shape.clone();
    shape[axis] = length;
    Tensor {
        dtype: tensor.dtype,
        shape,
        data: data.freeze(),
    }
}
