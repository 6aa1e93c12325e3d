//! Tensors -> JSON text.

use half::{bf16, f16};

use crate::failure::{Failure, Kind};
use crate::tensor::{DType, Tensor, strings};

/// Appends `[1,2,3]`.
pub fn write_shape(out: &mut Vec<u8>, shape: &[usize]) {
    out.push(b'[');
    let mut digits = itoa::Buffer::new();
    for (index, size) in shape.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(digits.format(*size).as_bytes());
    }
    out.push(b']');
}

/// Appends a string with quotes and escapes.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => b"",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        out.extend_from_slice(escape);
        if escape.is_empty() {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
        plain = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    out.push(b'"');
}

/// Appends a tensor's elements as a flat array. NaN and infinities become the strings that requests may use for them.
///
/// # Errors
/// `Invalid` for BYTES that are not UTF-8: JSON cannot carry them.
pub fn write_data(out: &mut Vec<u8>, name: &str, tensor: &Tensor) -> Result<(), Failure> {
    out.push(b'[');
    let data = &tensor.data[..];
    match tensor.dtype {
        DType::Fp32 => each(out, data, |out, b| write_f32(out, f32::from_le_bytes(b))),
        DType::Fp64 => each(out, data, |out, b| write_f64(out, f64::from_le_bytes(b))),
        DType::Fp16 => each(out, data, |out, b| {
            write_f32(out, f16::from_le_bytes(b).to_f32())
        }),
        DType::Bf16 => each(out, data, |out, b| {
            write_f32(out, bf16::from_le_bytes(b).to_f32())
        }),
        DType::Int64 => each(out, data, |out, b| {
            write_integer(out, i64::from_le_bytes(b))
        }),
        DType::Int32 => each(out, data, |out, b| {
            write_integer(out, i32::from_le_bytes(b))
        }),
        DType::Int16 => each(out, data, |out, b| {
            write_integer(out, i16::from_le_bytes(b))
        }),
        DType::Int8 => each(out, data, |out, b| write_integer(out, i8::from_le_bytes(b))),
        DType::Uint64 => each(out, data, |out, b| {
            write_integer(out, u64::from_le_bytes(b))
        }),
        DType::Uint32 => each(out, data, |out, b| {
            write_integer(out, u32::from_le_bytes(b))
        }),
        DType::Uint16 => each(out, data, |out, b| {
            write_integer(out, u16::from_le_bytes(b))
        }),
        DType::Uint8 => each(out, data, |out, [b]| write_integer(out, b)),
        DType::Bool => each(out, data, |out, [b]| {
            out.extend_from_slice(if b == 0 { b"false" } else { b"true" })
        }),
        DType::Bytes => write_strings(out, name, data)?,
    }
    out.push(b']');
    Ok(())
}

fn each<const N: usize>(
    out: &mut Vec<u8>,
    data: &[u8],
    mut write: impl FnMut(&mut Vec<u8>, [u8; N]),
) {
    for (index, bytes) in data.as_chunks::<N>().0.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, *bytes);
    }
}

fn write_strings(out: &mut Vec<u8>, name: &str, data: &[u8]) -> Result<(), Failure> {
    for (index, element) in strings::iter(data).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let text = std::str::from_utf8(element).map_err(|_| {
            Failure::new(
                Kind::Invalid,
                format!("output `{name}` holds bytes that are no UTF-8, which JSON cannot carry: ask for `binary_data`"),
            )
        })?;
        write_string(out, text);
    }
    Ok(())
}

fn write_integer(out: &mut Vec<u8>, value: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn write_f32(out: &mut Vec<u8>, value: f32) {
    match value.is_finite() {
        true => out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes()),
        false => write_special(out, value.is_nan(), value > 0.0),
    }
}

fn write_f64(out: &mut Vec<u8>, value: f64) {
    match value.is_finite() {
        true => out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes()),
        false => write_special(out, value.is_nan(), value > 0.0),
    }
}

fn write_special(out: &mut Vec<u8>, nan: bool, positive: bool) {
    out.extend_from_slice(match (nan, positive) {
        (true, _) => b"\"NaN\"",
        (false, true) => b"\"Infinity\"",
        (false, false) => b"\"-Infinity\"",
    });
}
