//! ONNX Runtime, loaded at run time.

use std::path::Path;
use std::sync::OnceLock;

use bytes::Bytes;
use half::{bf16, f16};
use mlspec_contract::config::Device;
use mlspec_contract::env;
use ort::environment::Environment;
use ort::ep::{CUDA, ExecutionProviderDispatch, TensorRT};
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session, SessionInputValue};
use ort::value::{DynValue, Outlet, Tensor as OrtTensor, TensorElementType, TensorRef, ValueType};

use super::{Engine, Input, Loaded};
use crate::model::{Dim, Signature, TensorSpec};
use crate::tensor::{DType, Tensor, strings};

static ENVIRONMENT: OnceLock<Result<(Environment, String), String>> = OnceLock::new();

/// Loads ONNX Runtime's library, once per process. Returns what was found, or why nothing was.
pub(super) fn library() -> Result<String, String> {
    match environment() {
        Ok((_, found)) => Ok(found.clone()),
        Err(reason) => Err(reason.clone()),
    }
}

fn environment() -> &'static Result<(Environment, String), String> {
    ENVIRONMENT.get_or_init(|| {
        let named = std::env::var_os(env::ORT_LIBRARY).filter(|path| !path.is_empty());
        let candidates = match named {
            Some(path) => vec![path],
            None => ["libonnxruntime.so", "libonnxruntime.so.1"]
                .map(Into::into)
                .to_vec(),
        };
        let mut reason = String::new();
        for path in candidates {
            match ort::init_from(&path) {
                Ok(builder) => {
                    let environment = builder
                        .with_name("mlserve")
                        .with_telemetry(false)
                        .build()
                        .map_err(|error| format!("ONNX Runtime cannot start: {error}"))?;
                    return Ok((
                        environment,
                        format!("ONNX Runtime's library is {}", Path::new(&path).display()),
                    ));
                }
                Err(error) => reason = format!("ONNX Runtime's library cannot be loaded: {error}"),
            }
        }
        Err(reason)
    })
}

pub(super) fn load(
    path: &Path,
    device: &Device,
    instances: usize,
    threads: usize,
) -> Result<Loaded, String> {
    let (environment, _) = environment().as_ref().map_err(Clone::clone)?;
    let mut engines: Vec<Box<dyn Engine>> = Vec::with_capacity(instances);
    let mut signature = None;
    for _ in 0..instances {
        let session =
            open(environment, path, device, threads).map_err(|error| error.to_string())?;
        if signature.is_none() {
            signature = Some(read_signature(&session)?);
        }
        engines.push(Box::new(OrtEngine { session }));
    }
    let signature = signature.ok_or("no instance was asked for")?;
    Ok(Loaded {
        signature,
        engines,
        platform: format!("onnxruntime on {}", device_name(device)),
    })
}

fn device_name(device: &Device) -> &'static str {
    match device {
        Device::Cpu {} => "cpu",
        Device::Cuda { tensorrt: None, .. } => "cuda",
        Device::Cuda {
            tensorrt: Some(_), ..
        } => "tensorrt",
    }
}

fn open(
    environment: &Environment,
    path: &Path,
    device: &Device,
    threads: usize,
) -> ort::Result<Session> {
    let mut builder = Session::builder(environment)?
        .with_optimization_level(GraphOptimizationLevel::Level3)?
        .with_intra_threads(threads)?
        // Threads that spin while idle take the CPU time that the container is limited to.
        .with_intra_op_spinning(false)?
        // Shapes vary with every batch; planning memory for each keeps it for good (onnxruntime#22297).
        .with_memory_pattern(false)?;
    let providers = providers(device);
    if !providers.is_empty() {
        builder = builder.with_execution_providers(providers)?;
    }
    builder.commit_from_file(path)
}

fn providers(device: &Device) -> Vec<ExecutionProviderDispatch> {
    let Device::Cuda {
        index,
        memory_limit,
        tensorrt,
    } = device
    else {
        return Vec::new();
    };
    let index = i32::try_from(*index).unwrap_or(i32::MAX);
    let mut found = Vec::new();
    if let Some(tensorrt) = tensorrt {
        let provider = TensorRT::default()
            .with_device_id(index)
            .with_fp16(tensorrt.fp16)
            .with_engine_cache(true)
            .with_engine_cache_path(&tensorrt.cache_dir)
            .with_timing_cache(true)
            .with_timing_cache_path(&tensorrt.cache_dir);
        found.push(provider.build().error_on_failure());
    }
    let mut cuda = CUDA::default().with_device_id(index);
    if let Some(limit) = memory_limit {
        cuda = cuda
            .with_memory_limit(usize::try_from(*limit).unwrap_or(usize::MAX))
            .with_arena_extend_strategy(ort::ep::ArenaExtendStrategy::SameAsRequested);
    }
    found.push(cuda.build().error_on_failure());
    found
}

fn read_signature(session: &Session) -> Result<Signature, String> {
    let specs = |outlets: &[Outlet]| outlets.iter().map(spec).collect::<Result<Vec<_>, _>>();
    Ok(Signature {
        inputs: specs(session.inputs())?,
        outputs: specs(session.outputs())?,
    })
}

fn spec(outlet: &Outlet) -> Result<TensorSpec, String> {
    let ValueType::Tensor {
        ty,
        shape,
        dimension_symbols,
    } = outlet.dtype()
    else {
        return Err(format!(
            "`{}` is a sequence, map or optional: only tensors can be served",
            outlet.name()
        ));
    };
    let dtype =
        dtype(*ty).ok_or_else(|| format!("`{}` has elements of type {ty}", outlet.name()))?;
    let dims = shape
        .iter()
        .enumerate()
        .map(|(axis, &size)| match usize::try_from(size) {
            Ok(size) => Dim::Fixed(size),
            Err(_) => Dim::Free(dimension_symbols.get(axis).cloned().unwrap_or_default()),
        })
        .collect();
    Ok(TensorSpec {
        name: outlet.name().to_owned(),
        dtype,
        dims,
    })
}

fn dtype(element: TensorElementType) -> Option<DType> {
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

struct OrtEngine {
    session: Session,
}

impl Engine for OrtEngine {
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Tensor>, String> {
        let values = inputs.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let outputs = self
            .session
            .run(&values[..])
            .map_err(|error| error.message().to_owned())?;
        outputs.values().map(|output| tensor(&output)).collect()
    }
}

fn value<'a>(input: &Input<'a>) -> Result<SessionInputValue<'a>, String> {
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
        DType::Bytes => text(input),
    }
}

fn bools(input: &Input<'_>) -> Result<SessionInputValue<'static>, String> {
    let data: Vec<bool> = input.data.iter().map(|byte| *byte != 0).collect();
    let tensor =
        OrtTensor::from_array((input.shape.to_vec(), data)).map_err(|error| error.to_string())?;
    Ok(tensor.into())
}

fn text(input: &Input<'_>) -> Result<SessionInputValue<'static>, String> {
    let elements = strings::iter(input.data)
        .map(|bytes| {
            String::from_utf8(bytes.to_vec())
                .map_err(|_| "ONNX Runtime takes only UTF-8 strings".to_owned())
        })
        .collect::<Result<Vec<_>, _>>()?;
    let tensor = OrtTensor::from_string_array((input.shape.to_vec(), &elements[..]))
        .map_err(|e| e.to_string())?;
    Ok(tensor.into())
}

fn tensor(value: &DynValue) -> Result<Tensor, String> {
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
