//! Joining and cutting tensors along their batch axis.

use bytes::{Bytes, BytesMut};

use crate::tensor::{Tensor, strings};

/// Bytes of all elements behind one index of the axes up to `axis`, of a type with a fixed size.
fn block(tensor: &Tensor, axis: usize) -> usize {
    tensor.shape[axis..].iter().product::<usize>() * tensor.dtype.size().unwrap_or(1)
}

/// Writes `parts` one after another along `axis` into `out`, which has their size. Other axes are equal. BYTES are joined
/// along axis 0 only, which the layout sees to.
pub(super) fn join<'a>(
    parts: impl Iterator<Item = &'a Tensor> + Clone,
    axis: usize,
    out: &mut [u8],
) {
    let outer: usize = match parts.clone().next() {
        Some(first) if axis > 0 => first.shape[..axis].iter().product(),
        _ => 1,
    };
    let mut rest = out;
    for index in 0..outer {
        for part in parts.clone() {
            let data = match axis {
                0 => &part.data[..],
                _ => {
                    let size = block(part, axis);
                    &part.data[index * size..][..size]
                }
            };
            let (here, after) = rest.split_at_mut(data.len());
            here.copy_from_slice(data);
            rest = after;
        }
    }
}

/// Cuts `tensor` along `axis` into parts of `sizes`, which add up to its size there. Along axis 0 nothing is copied.
pub(super) fn cut(
    tensor: &Tensor,
    axis: usize,
    sizes: impl Iterator<Item = usize>,
) -> impl Iterator<Item = Tensor> {
    let total = tensor.shape[axis];
    let mut at = 0;
    let mut index = 0;
    sizes.map(move |size| {
        let data = match axis {
            0 => leading(tensor, total, size, &mut at),
            _ => inner(tensor, axis, index, size),
        };
        index += size;
        let mut shape = tensor.shape.clone();
        shape[axis] = size;
        Tensor {
            dtype: tensor.dtype,
            shape,
            data,
        }
    })
}

/// The next `rows` of axis 0 behind byte `at`, which moves on.
fn leading(tensor: &Tensor, total: usize, rows: usize, at: &mut usize) -> Bytes {
    let size = match tensor.dtype.size() {
        Some(_) => tensor.data.len() / total.max(1) * rows,
        None => strings::offset(&tensor.data[*at..], tensor.elements() / total.max(1) * rows),
    };
    let data = tensor.data.slice(*at..*at + size);
    *at += size;
    data
}

/// `size` indices of an inner axis from `index` on.
fn inner(tensor: &Tensor, axis: usize, index: usize, size: usize) -> Bytes {
    let outer: usize = tensor.shape[..axis].iter().product();
    let (stride, one) = (block(tensor, axis), block(tensor, axis + 1));
    let mut data = BytesMut::with_capacity(outer * size * one);
    for block in 0..outer {
        data.extend_from_slice(&tensor.data[block * stride + index * one..][..size * one]);
    }
    data.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::DType;

    fn tensor(shape: &[usize], first: u8) -> Tensor {
        let count: usize = shape.iter().product();
        Tensor {
            dtype: DType::Uint8,
            shape: shape.to_vec(),
            data: (0..count).map(|index| first + index as u8).collect(),
        }
    }

    #[test]
    fn what_is_joined_is_cut_again_on_every_axis() {
        for axis in 0..3 {
            let sizes = [2, 0, 3, 1];
            let parts: Vec<Tensor> = sizes
                .iter()
                .enumerate()
                .map(|(part, size)| {
                    let mut shape = [2, 3, 2];
                    shape[axis] = *size;
                    tensor(&shape, 40 * part as u8)
                })
                .collect();
            let mut shape = vec![2, 3, 2];
            shape[axis] = 6;
            let mut data = vec![0; shape.iter().product()];
            join(parts.iter(), axis, &mut data);
            let whole = Tensor {
                dtype: DType::Uint8,
                shape,
                data: data.into(),
            };
            assert_eq!(
                cut(&whole, axis, sizes.into_iter()).collect::<Vec<_>>(),
                parts
            );
        }
    }

    #[test]
    fn an_inner_axis_keeps_rows_apart() {
        let parts = [tensor(&[2, 1], 0), tensor(&[2, 2], 10)];
        let mut data = [0; 6];
        join(parts.iter(), 1, &mut data);
        assert_eq!(data, [0, 10, 11, 1, 12, 13]);
    }
}
