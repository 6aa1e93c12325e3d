//! What is logged and how.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// What is logged and how; lines go to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Log {
    /// One JSON object or one line of text per event. Default `json`.
    #[serde(default)]
    pub format: LogFormat,
    /// The least important events that are logged. Default `info`.
    #[serde(default)]
    pub level: Level,
    /// Which requests are logged. Default `failed`.
    #[serde(default)]
    pub requests: RequestLog,
    /// Most lines about requests in one second; the rest is counted, and the count is logged. Range 1..=1_000_000.
    /// Default 100.
    #[serde(default = "default_limit", skip_serializing_if = "is_default_limit")]
    pub requests_per_second: u32,
}

fn default_limit() -> u32 {
    100
}

fn is_default_limit(limit: &u32) -> bool {
    *limit == default_limit()
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            level: Level::default(),
            requests: RequestLog::default(),
            requests_per_second: default_limit(),
        }
    }
}

impl Log {
    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range(
            "requestsPerSecond",
            self.requests_per_second.into(),
            1,
            1_000_000,
        );
    }
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object per line.
    #[default]
    Json,
    /// Text for people.
    Text,
}

/// Importance of an event, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Decisions of the batcher and connections' ends.
    Debug,
    /// Start, models, end.
    #[default]
    Info,
    /// What went wrong and was dealt with.
    Warn,
    /// What stopped the server from serving.
    Error,
}

/// Which requests get a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RequestLog {
    /// None.
    None,
    /// Those answered with an error.
    #[default]
    Failed,
    /// All.
    All,
}
