//! Tensors of ours <-> values of ONNX Runtime.

use bytes::Bytes;
use half::{bf16, f16};
use ort::session::SessionInputValue;
use ort::value::{DynValue, Tensor as OrtTensor, TensorElementType, TensorRef, ValueType};

use super::super::Input;
use crate::tensor::{DType, Tensor, strings};

pub(super) fn dtype(element: TensorElementType) -> Option<DType> {
    Some(match element {
        TensorElementType::Bool => DType::Bool,
        TensorElementType::Uint8 => DType::Uint8,
        TensorElementType::Uint16 => DType::Uint16,
        TensorElementType::Uint32 => DType::Uint32,
        TensorElementType::Uint64 => DType::Uint64,
        TensorElementType::Int8 => DType::Int8,
        TensorElementType::Int16 => DType::Int16,
        TensorElementType::Int32 => DType::Int32,
        TensorElementType::Int64 => DType::Int64,
        TensorElementType::Float16 => DType::Fp16,
        TensorElementType::Bfloat16 => DType::Bf16,
        TensorElementType::Float32 => DType::Fp32,
        TensorElementType::Float64 => DType::Fp64,
        TensorElementType::String => DType::Bytes,
        _ => return None,
    })
}

pub(super) fn value<'a>(input: &Input<'a>) -> Result<SessionInputValue<'a>, String> {
    fn view<'a, T>(input: &Input<'a>) -> Result<SessionInputValue<'a>, String>
    where
        T: ort::value::PrimitiveTensorElementType + bytemuck::Pod + std::fmt::Debug,
    {
        let data: &[T] = bytemuck::try_cast_slice(input.data).map_err(|error| error.to_string())?;
        let view = TensorRef::from_array_view((input.shape.to_vec(), data))
            .map_err(|error| error.to_string())?;
        Ok(view.into())
    }
    match input.dtype {
        // ONNX Runtime's bool is one byte, which the request's decoder has checked to be 0 or 1.
        DType::Bool => bools(input),
        DType::Uint8 => view::<u8>(input),
        DType::Uint16 => view::<u16>(input),
        DType::Uint32 => view::<u32>(input),
        DType::Uint64 => view::<u64>(input),
        DType::Int8 => view::<i8>(input),
        DType::Int16 => view::<i16>(input),
        DType::Int32 => view::<i32>(input),
        DType::Int64 => view::<i64>(input),
        DType::Fp16 => view::<f16>(input),
        DType::Bf16 => view::<bf16>(input),
        DType::Fp32 => view::<f32>(input),
        DType::Fp64 => view::<f64>(input),
        DType::Bytes => text(input).map(Into::into),
    }
}

fn bools(input: &Input<'_>) -> Result<SessionInputValue<'static>, String> {
    let data: Vec<bool> = input.data.iter().map(|byte| *byte != 0).collect();
    let tensor =
        OrtTensor::from_array((input.shape.to_vec(), data)).map_err(|error| error.to_string())?;
    Ok(tensor.into())
}

pub(super) fn text(input: &Input<'_>) -> Result<DynValue, String> {
    let elements = strings::iter(input.data)
        .map(|bytes| {
            String::from_utf8(bytes.to_vec())
                .map_err(|_| "ONNX Runtime takes only UTF-8 strings".to_owned())
        })
        .collect::<Result<Vec<_>, _>>()?;
    let tensor = OrtTensor::from_string_array((input.shape.to_vec(), &elements[..]))
        .map_err(|e| e.to_string())?;
    Ok(tensor.into_dyn())
}

pub(super) fn tensor(value: &DynValue) -> Result<Tensor, String> {
    fn copy<T>(value: &DynValue) -> Result<Bytes, String>
    where
        T: ort::value::PrimitiveTensorElementType + bytemuck::NoUninit,
    {
        let (_, data) = value
            .try_extract_tensor::<T>()
            .map_err(|error| error.to_string())?;
        Ok(Bytes::copy_from_slice(bytemuck::cast_slice(data)))
    }
    let ValueType::Tensor { ty, shape, .. } = value.dtype() else {
        return Err("the model gave a sequence or map: only tensors can be served".to_owned());
    };
    let dtype = dtype(*ty).ok_or_else(|| format!("the model gave elements of type {ty}"))?;
    let shape: Vec<usize> = shape
        .iter()
        .map(|&size| usize::try_from(size).unwrap_or(0))
        .collect();
    if shape.contains(&0) {
        return Ok(Tensor {
            dtype,
            shape,
            data: Bytes::new(),
        });
    }
    let data = match dtype {
        DType::Bool => copy::<bool>(value),
        DType::Uint8 => copy::<u8>(value),
        DType::Uint16 => copy::<u16>(value),
        DType::Uint32 => copy::<u32>(value),
        DType::Uint64 => copy::<u64>(value),
        DType::Int8 => copy::<i8>(value),
        DType::Int16 => copy::<i16>(value),
        DType::Int32 => copy::<i32>(value),
        DType::Int64 => copy::<i64>(value),
        DType::Fp16 => copy::<f16>(value),
        DType::Bf16 => copy::<bf16>(value),
        DType::Fp32 => copy::<f32>(value),
        DType::Fp64 => copy::<f64>(value),
        DType::Bytes => {
            let (_, elements) = value
                .try_extract_strings()
                .map_err(|error| error.to_string())?;
            let mut out = Vec::new();
            for element in &elements {
                strings::push(&mut out, element.as_bytes())
                    .map_err(|length| format!("a string of {length} bytes"))?;
            }
            Ok(out.into())
        }
    }?;
    Ok(Tensor { dtype, shape, data })
}
