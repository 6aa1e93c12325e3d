//! ONNX Runtime, loaded at run time.

mod binding;
mod convert;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::OnceLock;

use mlspec_contract::config::Device;
use mlspec_contract::env;
use ort::environment::Environment;
use ort::ep::{CUDA, ExecutionProviderDispatch, TensorRT};
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::{Outlet, ValueType};

use self::binding::Bound;
use self::convert::{dtype, tensor, value};
use super::{Engine, Input, Loaded};
use crate::model::{Dim, Signature, TensorSpec};
use crate::tensor::Tensor;

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
        let bound = match device {
            Device::Cpu {} => None,
            Device::Cuda { index, .. } => Some(Bound::pinned(&session, *index)?),
        };
        engines.push(Box::new(OrtEngine { session, bound }));
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
        // Scratch memory comes on top of the arena's share, so it may not take more than that again.
        let provider = match memory_limit {
            Some(limit) => provider.with_max_workspace_size(whole(*limit)),
            None => provider,
        };
        found.push(provider.build().error_on_failure());
    }
    let mut cuda = CUDA::default().with_device_id(index);
    if let Some(limit) = memory_limit {
        cuda = cuda
            .with_memory_limit(whole(*limit))
            .with_arena_extend_strategy(ort::ep::ArenaExtendStrategy::SameAsRequested);
    }
    found.push(cuda.build().error_on_failure());
    found
}

fn whole(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
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

struct OrtEngine {
    session: Session,
    /// How inputs and outputs travel to and from a device; on the CPU they are where they are.
    bound: Option<Bound>,
}

impl Engine for OrtEngine {
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Tensor>, String> {
        if let Some(bound) = &self.bound {
            return bound.run(&mut self.session, inputs);
        }
        let values = inputs.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let outputs = self
            .session
            .run(&values[..])
            .map_err(|error| error.message().to_owned())?;
        outputs.values().map(|output| tensor(&output)).collect()
    }
}
