//! How much may wait for one model.

use serde::{Deserialize, Serialize};

use super::Batch;
use super::problem::Problems;

/// Bounds of the queue; a request beyond them is refused at once with 429 or RESOURCE_EXHAUSTED.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Queue {
    /// Most rows waiting. Range 1..=1_000_000, at least `batch.maxSize`. Default 4096. A request that cannot be
    /// answered before its deadline is refused earlier.
    #[serde(default = "default_rows")]
    pub max_rows: u32,
    /// Most bytes of input tensors waiting. Range 1 KiB..=1 TiB. Default 256 MiB.
    #[serde(default = "default_bytes")]
    pub max_bytes: u64,
}

fn default_rows() -> u32 {
    4096
}

fn default_bytes() -> u64 {
    256 << 20
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            max_rows: default_rows(),
            max_bytes: default_bytes(),
        }
    }
}

impl Queue {
    pub(super) fn check(&self, batch: &Batch, problems: &mut Problems<'_>) {
        problems.range("maxRows", self.max_rows.into(), 1, 1_000_000);
        if self.max_rows < batch.max_size {
            problems.add(
                "maxRows",
                format!(
                    "{} rows can never fill a batch of {}",
                    self.max_rows, batch.max_size
                ),
            );
        }
        problems.range("maxBytes", self.max_bytes, 1 << 10, 1 << 40);
    }
}
