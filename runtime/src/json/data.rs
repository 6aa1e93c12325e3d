//! Tensor data in JSON -> bytes of one type.

use half::{bf16, f16};

use super::{Error, Reader};
use crate::tensor::{DType, strings};

/// Deepest nesting of arrays in `data`; ONNX tensors have fewer axes.
const DEEPEST: u32 = 32;

/// Reads `data`: a flat or nested array, in row-major order, or for a scalar the bare value.
///
/// Floating types also take `"NaN"`, `"Infinity"` and `"-Infinity"` (JSON has no literals for them; the strings are
/// those of protobuf's JSON form). Returns the bytes and the number of elements.
pub(super) fn read(
    reader: &mut Reader<'_>,
    dtype: DType,
    expected: usize,
) -> Result<(Vec<u8>, usize), Error> {
    // Text cannot hold more elements than half its bytes, so a huge claimed shape reserves nothing.
    let mut out = Vec::with_capacity(
        expected
            .saturating_mul(dtype.size().unwrap_or(8))
            .min(1 << 16),
    );
    let mut count = 0;
    values(reader, dtype, 0, &mut out, &mut count)?;
    Ok((out, count))
}

fn values(
    reader: &mut Reader<'_>,
    dtype: DType,
    depth: u32,
    out: &mut Vec<u8>,
    count: &mut usize,
) -> Result<(), Error> {
    if reader.peek() != Some(b'[') {
        *count += 1;
        return value(reader, dtype, out);
    }
    if depth == DEEPEST {
        return reader.error("nested too deeply");
    }
    reader.array(|reader| values(reader, dtype, depth + 1, out, count))
}

#[inline]
fn value(reader: &mut Reader<'_>, dtype: DType, out: &mut Vec<u8>) -> Result<(), Error> {
    match dtype {
        DType::Fp32 => out.extend_from_slice(&float::<f32>(reader)?.to_le_bytes()),
        DType::Fp64 => out.extend_from_slice(&float::<f64>(reader)?.to_le_bytes()),
        DType::Fp16 => out.extend_from_slice(&f16::from_f64(float::<f64>(reader)?).to_le_bytes()),
        DType::Bf16 => out.extend_from_slice(&bf16::from_f64(float::<f64>(reader)?).to_le_bytes()),
        DType::Int64 => out.extend_from_slice(&integer::<i64>(reader, dtype)?.to_le_bytes()),
        DType::Int32 => out.extend_from_slice(&integer::<i32>(reader, dtype)?.to_le_bytes()),
        DType::Int16 => out.extend_from_slice(&integer::<i16>(reader, dtype)?.to_le_bytes()),
        DType::Int8 => out.extend_from_slice(&integer::<i8>(reader, dtype)?.to_le_bytes()),
        DType::Uint64 => out.extend_from_slice(&integer::<u64>(reader, dtype)?.to_le_bytes()),
        DType::Uint32 => out.extend_from_slice(&integer::<u32>(reader, dtype)?.to_le_bytes()),
        DType::Uint16 => out.extend_from_slice(&integer::<u16>(reader, dtype)?.to_le_bytes()),
        DType::Uint8 => out.push(integer::<u8>(reader, dtype)?),
        DType::Bool => out.push(u8::from(reader.boolean()?)),
        DType::Bytes => {
            reader.peek();
            let at = reader.offset();
            let text = reader.string()?;
            strings::push(out, text.as_bytes()).map_err(|length| Error {
                at,
                message: format!("a string of {length} bytes is too long"),
            })?;
        }
    }
    Ok(())
}

fn float<T: std::str::FromStr>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let text = match reader.peek() {
        Some(b'"') => {
            let at = reader.offset();
            match &*reader.string()? {
                "NaN" => "NaN",
                "Infinity" => "inf",
                "-Infinity" => "-inf",
                other => {
                    return Err(Error {
                        at,
                        message: format!("`{other}` is no number"),
                    });
                }
            }
        }
        _ => reader.number()?,
    };
    text.parse().map_err(|_| Error {
        at: reader.offset(),
        message: format!("`{text}` is no number"),
    })
}

fn integer<T: std::str::FromStr>(reader: &mut Reader<'_>, dtype: DType) -> Result<T, Error> {
    reader.peek();
    let at = reader.offset();
    let text = reader.number()?;
    text.parse().map_err(|_| Error {
        at,
        message: format!("`{text}` does not fit {dtype}"),
    })
}
