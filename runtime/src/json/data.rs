//! Tensor data in JSON -> bytes of one type.

use half::{bf16, f16};

use super::{Error, Number, Reader};
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
        DType::Fp32 => out.extend_from_slice(&single(reader)?.to_le_bytes()),
        DType::Fp64 => out.extend_from_slice(&double(reader)?.to_le_bytes()),
        DType::Fp16 => out.extend_from_slice(&f16::from_f64(double(reader)?).to_le_bytes()),
        DType::Bf16 => out.extend_from_slice(&bf16::from_f64(double(reader)?).to_le_bytes()),
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

fn float<T>(
    reader: &mut Reader<'_>,
    convert: impl Fn(&Number<'_>) -> Option<T>,
    special: impl Fn(f32) -> T,
) -> Result<T, Error> {
    if reader.peek() == Some(b'"') {
        let at = reader.offset();
        return match &*reader.string()? {
            "NaN" => Ok(special(f32::NAN)),
            "Infinity" => Ok(special(f32::INFINITY)),
            "-Infinity" => Ok(special(f32::NEG_INFINITY)),
            other => Err(Error {
                at,
                message: format!("`{other}` is no number"),
            }),
        };
    }
    let number = reader.number()?;
    convert(&number).ok_or_else(|| Error {
        at: reader.offset(),
        message: format!("`{}` is no number", number.text),
    })
}

fn single(reader: &mut Reader<'_>) -> Result<f32, Error> {
    float(reader, |number| number.to_f32(), |special| special)
}

fn double(reader: &mut Reader<'_>) -> Result<f64, Error> {
    float(reader, |number| number.to_f64(), f64::from)
}

fn integer<T: std::str::FromStr>(reader: &mut Reader<'_>, dtype: DType) -> Result<T, Error> {
    reader.peek();
    let at = reader.offset();
    let text = reader.number()?.text;
    text.parse().map_err(|_| Error {
        at,
        message: format!("`{text}` does not fit {dtype}"),
    })
}
