//! What is run before a model counts as ready.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// What is run before a model counts as ready: every batch size that is a power of two, and the largest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Warmup {
    /// Sizes for inputs with variable axes beside the batch; inputs that are missing here get the length 16 on
    /// variable axes of token-like inputs and are otherwise not warmed up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<WarmupShape>,
    /// Most time spent on it, in milliseconds; larger sizes are then left to live traffic. 0 turns it off.
    /// Range 0..=600_000. Default 10_000.
    #[serde(default = "default_budget")]
    pub budget_ms: u64,
}

/// The shape to warm one input up with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WarmupShape {
    /// The input's name.
    pub input: String,
    /// Its shape without the batch axis. Each 0..=1_000_000.
    pub shape: Vec<u64>,
}

fn default_budget() -> u64 {
    10_000
}

impl Default for Warmup {
    fn default() -> Self {
        Self {
            shapes: Vec::new(),
            budget_ms: default_budget(),
        }
    }
}

impl Warmup {
    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range("budgetMs", self.budget_ms, 0, 600_000);
        for (index, shape) in self.shapes.iter().enumerate() {
            for (axis, size) in shape.shape.iter().enumerate() {
                problems.at(&format!("shapes[{index}]")).range(
                    &format!("shape[{axis}]"),
                    *size,
                    0,
                    1_000_000,
                );
            }
        }
    }
}
