//! Typed tensor contents of the protocol -> bytes.

use bytes::Bytes;

use super::proto::InferTensorContents;
use crate::tensor::{DType, strings};

/// The elements as bytes.
///
/// # Errors
/// The reason when an element does not fit the type, or when the protocol has no typed contents for it.
pub(super) fn bytes(contents: &InferTensorContents, dtype: DType) -> Result<Bytes, String> {
    let ints = &contents.int_contents;
    let uints = &contents.uint_contents;
    Ok(match dtype {
        DType::Bool => contents
            .bool_contents
            .iter()
            .map(|value| u8::from(*value))
            .collect(),
        DType::Int8 => narrow(
            ints,
            |value| i8::try_from(value).map(i8::to_le_bytes).ok(),
            dtype,
        )?,
        DType::Int16 => narrow(
            ints,
            |value| i16::try_from(value).map(i16::to_le_bytes).ok(),
            dtype,
        )?,
        DType::Int32 => narrow(ints, |value: i32| Some(value.to_le_bytes()), dtype)?,
        DType::Int64 => narrow(
            &contents.int64_contents,
            |value: i64| Some(value.to_le_bytes()),
            dtype,
        )?,
        DType::Uint8 => narrow(
            uints,
            |value| u8::try_from(value).map(u8::to_le_bytes).ok(),
            dtype,
        )?,
        DType::Uint16 => narrow(
            uints,
            |value| u16::try_from(value).map(u16::to_le_bytes).ok(),
            dtype,
        )?,
        DType::Uint32 => narrow(uints, |value: u32| Some(value.to_le_bytes()), dtype)?,
        DType::Uint64 => narrow(
            &contents.uint64_contents,
            |value: u64| Some(value.to_le_bytes()),
            dtype,
        )?,
        DType::Fp32 => narrow(
            &contents.fp32_contents,
            |value: f32| Some(value.to_le_bytes()),
            dtype,
        )?,
        DType::Fp64 => narrow(
            &contents.fp64_contents,
            |value: f64| Some(value.to_le_bytes()),
            dtype,
        )?,
        DType::Fp16 | DType::Bf16 => {
            return Err(format!(
                "{dtype} has no typed contents: use `raw_input_contents`"
            ));
        }
        DType::Bytes => {
            let mut out = Vec::new();
            for element in &contents.bytes_contents {
                strings::push(&mut out, element)
                    .map_err(|length| format!("an element of {length} bytes is too long"))?;
            }
            out.into()
        }
    })
}

fn narrow<T: Copy + std::fmt::Display, const N: usize>(
    values: &[T],
    encode: impl Fn(T) -> Option<[u8; N]>,
    dtype: DType,
) -> Result<Bytes, String> {
    let mut out = Vec::with_capacity(values.len() * N);
    for value in values {
        out.extend_from_slice(
            &encode(*value).ok_or_else(|| format!("{value} does not fit {dtype}"))?,
        );
    }
    Ok(out.into())
}
