//! What is logged and how.

use serde::{Deserialize, Serialize};

/// What is logged and how; lines go to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
