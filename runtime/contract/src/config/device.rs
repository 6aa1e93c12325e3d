//! Where a model runs.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::problem::Problems;

/// Where a model runs. What was asked for and is not there fails the start; there is no fallback.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    tag = "kind",
    rename_all = "lowercase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Device {
    /// The CPU. (Braces: serde checks for unknown keys only in variants with fields.)
    Cpu {},
    /// One NVIDIA GPU or MIG slice, through ONNX Runtime's CUDA provider.
    Cuda {
        /// Index among the devices that the container sees. Range 0..=15. Default 0.
        #[serde(default)]
        index: u32,
        /// Most device memory that the engine's arena takes, in bytes: the model's share of a shared GPU.
        /// Range 64 MiB..=1 TiB. Absent: all that is free.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        memory_limit: Option<u64>,
        /// Compile the model with TensorRT first; what it cannot take runs on CUDA. Absent: CUDA alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tensorrt: Option<TensorRt>,
    },
}

/// How TensorRT compiles a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TensorRt {
    /// Writable folder that keeps compiled engines between starts; without one every start compiles for minutes.
    pub cache_dir: String,
    /// Compute in half precision. Default false.
    #[serde(default)]
    pub fp16: bool,
}

impl Default for Device {
    fn default() -> Self {
        Self::Cpu {}
    }
}

impl Device {
    pub(super) fn check(&self, engine: Engine, problems: &mut Problems<'_>) {
        let Device::Cuda {
            index,
            memory_limit,
            tensorrt,
        } = self
        else {
            return;
        };
        if engine == Engine::Tract {
            problems.add(
                "kind",
                "engine `tract` has no GPU support: use `ort` or `auto`",
            );
        }
        problems.range("index", (*index).into(), 0, 15);
        if let Some(limit) = memory_limit {
            problems.range("memoryLimit", *limit, 64 << 20, 1 << 40);
        }
        if tensorrt.as_ref().is_some_and(|t| t.cache_dir.is_empty()) {
            problems.at("tensorrt").add("cacheDir", "the path is empty");
        }
    }
}
