//! How requests share engine runs.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// Bounds of the batcher. Within them the server decides from what it measures; there is no delay to tune.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Batch {
    /// Most rows in one engine run; 1 turns batching off. Range 1..=4096. Default 32.
    #[serde(default = "default_size")]
    pub max_size: u32,
    /// Longest time that a request may wait for company while the engine is idle, in milliseconds. The server waits
    /// only when its measurements say that it pays; 0 forbids it. Range 0..=10_000, below `timeoutMs`. Default 5.
    #[serde(default = "default_delay")]
    pub max_delay_ms: u64,
    /// Waits the whole `maxDelayMs` for a full batch whatever the measurements say, as servers with a fixed delay do.
    /// For comparison. Default false.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fixed_delay: bool,
    /// Tensors whose batch is not axis 0. Absent: axis 0 of every tensor, where the model leaves its size open, and no
    /// batching otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub axes: Vec<BatchAxis>,
}

/// Where the batch of one tensor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BatchAxis {
    /// Name of an input or output.
    pub tensor: String,
    /// Its batch axis. Range 0..=15. Absent, for inputs only: it has none, and requests share a run only while its value is
    /// the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<u32>,
}

fn default_size() -> u32 {
    32
}

fn default_delay() -> u64 {
    5
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            max_size: default_size(),
            max_delay_ms: default_delay(),
            fixed_delay: false,
            axes: Vec::new(),
        }
    }
}

impl Batch {
    pub(super) fn check(&self, timeout_ms: u64, problems: &mut Problems<'_>) {
        problems.range("maxSize", self.max_size.into(), 1, 4096);
        problems.range("maxDelayMs", self.max_delay_ms, 0, 10_000);
        if self.fixed_delay && (self.max_size == 1 || self.max_delay_ms == 0) {
            problems.add(
                "fixedDelay",
                "there is nothing to wait for with a `maxSize` of 1 or a `maxDelayMs` of 0",
            );
        }
        for (index, axis) in self.axes.iter().enumerate() {
            let mut at = problems.at(&format!("axes[{index}]"));
            if self.axes[..index].iter().any(|a| a.tensor == axis.tensor) {
                at.add("tensor", format!("`{}` stands here twice", axis.tensor));
            }
            if let Some(axis) = axis.axis {
                at.range("axis", axis.into(), 0, 15);
            }
        }
        if self.max_delay_ms >= timeout_ms {
            problems.add(
                "maxDelayMs",
                format!(
                    "{} ms leave nothing of the timeout of {timeout_ms} ms",
                    self.max_delay_ms
                ),
            );
        }
    }
}
