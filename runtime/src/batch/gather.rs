//! Requests -> the inputs of one run.

use half::{bf16, f16};

use super::axis::join;
use super::request::Request;
use crate::model::{Layout, SequenceAxis};
use crate::tensor::{AlignedBuffer, DType, Tensor};

/// Memory that a buffer keeps between runs, in bytes.
const KEPT: usize = 16 << 20;

/// The inputs of a run, reused from run to run.
#[derive(Debug, Default)]
pub struct Gathered {
    /// One buffer per input.
    pub buffers: Vec<AlignedBuffer>,
    /// The shape of each input.
    pub shapes: Vec<Vec<usize>>,
    /// Elements that were added as padding.
    pub padded: u64,
    /// Rows of the run.
    pub rows: usize,
    /// Length of the run.
    pub length: usize,
}

/// Writes the inputs of `requests` into `out`, one after another along the batch axis, padded to the longest.
///
/// All requests come from one lane; for a model without a batch axis there is exactly one.
pub fn gather(requests: &[Request], layout: &Layout, out: &mut Gathered) {
    let Some(first) = requests.first() else {
        return;
    };
    out.padded = 0;
    out.rows = requests.iter().map(|request| request.rows as usize).sum();
    out.length = requests
        .iter()
        .map(|request| request.length)
        .max()
        .unwrap_or(1);
    out.buffers
        .resize_with(first.inputs.len(), AlignedBuffer::default);
    out.shapes.resize_with(first.inputs.len(), Vec::new);
    for input in 0..first.inputs.len() {
        let shape = &mut out.shapes[input];
        shape.clear();
        shape.extend_from_slice(&first.inputs[input].shape);
        let batch = layout.input_batch(input);
        if let Some(batch) = batch {
            shape[batch] = out.rows;
        }
        let axis = layout.input_length(input);
        if let Some(axis) = axis {
            shape[axis.axis] = out.length;
        }
        let buffer = &mut out.buffers[input];
        buffer.shrink(KEPT);
        // What has no batch axis is the same for all.
        let count = if batch.is_some() { requests.len() } else { 1 };
        let parts = requests[..count]
            .iter()
            .map(|request| &request.inputs[input]);
        match (axis, first.inputs[input].dtype.size()) {
            (Some(axis), Some(size)) => out.padded += pad(parts, axis, out.length, size, buffer),
            _ => {
                let size = parts.clone().map(|part| part.data.len()).sum();
                join(parts, batch.unwrap_or(0), buffer.reset(size));
            }
        }
    }
}

/// Concatenates `parts` with `axis` filled up to `length`. Returns the number of elements added.
fn pad<'a>(
    parts: impl Iterator<Item = &'a Tensor> + Clone,
    axis: SequenceAxis,
    length: usize,
    size: usize,
    buffer: &mut AlignedBuffer,
) -> u64 {
    let total = parts
        .clone()
        .map(|part| part.elements() / part.shape[axis.axis].max(1) * length * size)
        .sum();
    let mut rest = buffer.reset(total);
    let mut added = 0;
    for part in parts {
        let own = part.shape[axis.axis];
        let outer: usize = part.shape[..axis.axis].iter().product();
        let inner: usize = part.shape[axis.axis + 1..].iter().product::<usize>() * size;
        let fill = Fill::new(part.dtype, axis.value);
        for row in 0..outer {
            let (here, after) = rest.split_at_mut(length * inner);
            let (data, padding) = here.split_at_mut(own * inner);
            data.copy_from_slice(&part.data[row * own * inner..][..own * inner]);
            fill.write(padding);
            added += (padding.len() / size) as u64;
            rest = after;
        }
    }
    added
}

/// The bytes of one padding element.
struct Fill {
    bytes: [u8; 8],
    size: usize,
}

impl Fill {
    fn new(dtype: DType, value: f64) -> Self {
        let mut bytes = [0; 8];
        let size = dtype.size().unwrap_or(1);
        let mut set = |encoded: &[u8]| bytes[..encoded.len()].copy_from_slice(encoded);
        match dtype {
            DType::Fp16 => set(&f16::from_f64(value).to_le_bytes()),
            DType::Bf16 => set(&bf16::from_f64(value).to_le_bytes()),
            DType::Fp32 => set(&(value as f32).to_le_bytes()),
            DType::Fp64 => set(&value.to_le_bytes()),
            DType::Uint64 => set(&(value as u64).to_le_bytes()),
            _ => set(&(value as i64).to_le_bytes()[..size]),
        }
        Self { bytes, size }
    }

    fn write(&self, out: &mut [u8]) {
        if self.bytes == [0; 8] {
            out.fill(0);
            return;
        }
        for element in out.chunks_exact_mut(self.size) {
            element.copy_from_slice(&self.bytes[..self.size]);
        }
    }
}
