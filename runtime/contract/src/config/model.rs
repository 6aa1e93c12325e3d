//! One model.

use serde::{Deserialize, Serialize};

use super::problem::Problems;
use super::{Batch, Device, Padding, Queue, Warmup};

/// Which engine runs a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// ONNX Runtime where its library is found, else the embedded engine; the log says which.
    #[default]
    Auto,
    /// ONNX Runtime; a missing library is a failed start.
    Ort,
    /// The embedded engine, on the CPU.
    Tract,
}

/// One version of one model, and how it is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelConfig {
    /// Name in URLs, gRPC requests and metrics. 1 to 256 characters, no control characters.
    pub name: String,
    /// Version in URLs and metrics. 1 to 64 characters. Default `1`. A request without a version gets the highest.
    #[serde(default = "default_version")]
    pub version: String,
    /// The ONNX file, or a folder that holds exactly one `.onnx` file.
    pub path: String,
    /// Which engine runs it. Default `auto`.
    #[serde(default)]
    pub engine: Engine,
    /// Where it runs. Default `cpu`. A device that cannot be had is a failed start.
    #[serde(default)]
    pub device: Device,
    /// Copies of the model that run at the same time, each with its own thread. Range 1..=64. Default 1.
    #[serde(default = "one")]
    pub instances: u32,
    /// Threads of one instance's engine. Range 1..=256. Absent: the CPU limit divided by `instances`, at least 1. The
    /// embedded engine has one: with engine `tract` more are refused; where `auto` falls back to it, the log says that
    /// this has no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// How requests share engine runs.
    #[serde(default)]
    pub batch: Batch,
    /// How much may wait.
    #[serde(default)]
    pub queue: Queue,
    /// Longest time from a request's arrival to its answer, in milliseconds; a request may ask for less, never for
    /// more. Range 1..=3_600_000. Default 10_000.
    #[serde(default = "default_timeout")]
    pub timeout_ms: u64,
    /// How requests of unequal length share a batch. Default `auto`.
    #[serde(default)]
    pub padding: Padding,
    /// What is run before the model counts as ready.
    #[serde(default)]
    pub warmup: Warmup,
}

fn default_version() -> String {
    "1".to_owned()
}

fn one() -> u32 {
    1
}

fn default_timeout() -> u64 {
    10_000
}

impl ModelConfig {
    /// A model with every default.
    pub fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: default_version(),
            path: path.into(),
            engine: Engine::default(),
            device: Device::default(),
            instances: one(),
            threads: None,
            batch: Batch::default(),
            queue: Queue::default(),
            timeout_ms: default_timeout(),
            padding: Padding::default(),
            warmup: Warmup::default(),
        }
    }

    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        check_text(&self.name, "name", 256, problems);
        check_text(&self.version, "version", 64, problems);
        if self.path.is_empty() {
            problems.add("path", "the path is empty");
        }
        problems.range("instances", self.instances.into(), 1, 64);
        if let Some(threads) = self.threads {
            problems.range("threads", threads.into(), 1, 256);
            if self.engine == Engine::Tract && threads > 1 {
                problems.add(
                    "threads",
                    format!(
                        "engine `tract` runs on one thread, {threads} were asked for: use `instances`"
                    ),
                );
            }
        }
        problems.range("timeoutMs", self.timeout_ms, 1, 3_600_000);
        self.device.check(self.engine, &mut problems.at("device"));
        self.batch.check(self.timeout_ms, &mut problems.at("batch"));
        self.queue.check(&self.batch, &mut problems.at("queue"));
        self.padding.check(&mut problems.at("padding"));
        self.warmup.check(&mut problems.at("warmup"));
    }
}

fn check_text(text: &str, key: &str, longest: usize, problems: &mut Problems<'_>) {
    let length = text.chars().count();
    if length == 0 || length > longest {
        problems.add(
            key,
            format!("{length} characters are outside 1..={longest}"),
        );
    }
    if text.chars().any(char::is_control) {
        problems.add(key, "control characters are not allowed");
    }
}
