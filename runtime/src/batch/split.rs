//! The outputs of one run -> each request's own.

use bytes::{Bytes, BytesMut};

use crate::model::Layout;
use crate::tensor::{Tensor, strings};

/// What one request had in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Its rows.
    pub rows: usize,
    /// Its length.
    pub length: usize,
}

/// Cuts `outputs` along axis 0 and crops padded lengths. Returns one list of outputs per share, in order.
///
/// # Errors
/// The name-free reason when an output does not have one row per input row: then nothing says whose rows they are.
pub fn split(
    outputs: &[Tensor],
    shares: &[Share],
    layout: &Layout,
) -> Result<Vec<Vec<Tensor>>, String> {
    let total: usize = shares.iter().map(|share| share.rows).sum();
    let length = shares.iter().map(|share| share.length).max().unwrap_or(1);
    let mut answers: Vec<Vec<Tensor>> = shares
        .iter()
        .map(|_| Vec::with_capacity(outputs.len()))
        .collect();
    for (index, output) in outputs.iter().enumerate() {
        if output.shape.first() != Some(&total) {
            return Err(format!(
                "output {index} has shape {:?} for {total} rows",
                output.shape
            ));
        }
        let axis = layout
            .sequence
            .as_ref()
            .and_then(|sequence| sequence.outputs.get(index).copied().flatten())
            .filter(|axis| output.shape.get(*axis) == Some(&length));
        let mut at = 0;
        for (share, answer) in shares.iter().zip(&mut answers) {
            let data = rows(output, total, share.rows, &mut at);
            let mut shape = output.shape.clone();
            shape[0] = share.rows;
            answer.push(match axis {
                Some(axis) if share.length < length => crop(
                    &Tensor {
                        dtype: output.dtype,
                        shape,
                        data,
                    },
                    axis,
                    share.length,
                ),
                _ => Tensor {
                    dtype: output.dtype,
                    shape,
                    data,
                },
            });
        }
    }
    Ok(answers)
}

/// The next `rows` rows behind byte `at`, which moves on.
fn rows(output: &Tensor, total: usize, rows: usize, at: &mut usize) -> Bytes {
    let size = match output.dtype.size() {
        Some(_) => output.data.len() / total.max(1) * rows,
        None => strings::offset(&output.data[*at..], output.elements() / total.max(1) * rows),
    };
    let data = output.data.slice(*at..*at + size);
    *at += size;
    data
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
