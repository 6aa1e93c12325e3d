//! Bounds on what clients may send and hold open.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// Bounds on what clients may send and hold open, for the HTTP and gRPC listeners alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Most open connections; more are closed at once. Range 1..=1_000_000. Default 4096.
    #[serde(default = "default_connections")]
    pub max_connections: u32,
    /// Most bytes of a request's line and headers. Range 8 KiB..=1 MiB. Default 32 KiB.
    #[serde(default = "default_header")]
    pub max_header_bytes: u32,
    /// Most bytes of a request's body. Range 1 KiB..=1 GiB. Absent: derived from the models' tensors, 1 to 64 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_body_bytes: Option<u64>,
    /// Most bytes of bodies that are being received, of all connections together; more are refused with 503. Range
    /// 1 KiB..=1 TiB, at least `maxBodyBytes`. Absent: four of the largest bodies, at least 64 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_held_bytes: Option<u64>,
    /// Longest time from an answer to the whole headers of the next request on that connection, in milliseconds: bounds
    /// idle connections, headers that trickle in, and answers that are not taken. Range 100..=3_600_000. Default 75_000, above the 60 s of common load balancers.
    #[serde(default = "default_header_timeout")]
    pub header_timeout_ms: u64,
    /// Longest time for a request's body to arrive, in milliseconds. Range 100..=3_600_000. Default 30_000.
    #[serde(default = "default_body_timeout")]
    pub body_timeout_ms: u64,
}

fn default_connections() -> u32 {
    4096
}

fn default_header() -> u32 {
    32 << 10
}

fn default_header_timeout() -> u64 {
    75_000
}

fn default_body_timeout() -> u64 {
    30_000
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: default_connections(),
            max_header_bytes: default_header(),
            max_body_bytes: None,
            max_held_bytes: None,
            header_timeout_ms: default_header_timeout(),
            body_timeout_ms: default_body_timeout(),
        }
    }
}

impl Limits {
    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        problems.range("maxConnections", self.max_connections.into(), 1, 1_000_000);
        problems.range(
            "maxHeaderBytes",
            self.max_header_bytes.into(),
            8 << 10,
            1 << 20,
        );
        if let Some(bytes) = self.max_body_bytes {
            problems.range("maxBodyBytes", bytes, 1 << 10, 1 << 30);
        }
        if let Some(bytes) = self.max_held_bytes {
            problems.range("maxHeldBytes", bytes, 1 << 10, 1 << 40);
            if self.max_body_bytes.is_some_and(|body| body > bytes) {
                problems.add("maxHeldBytes", "not even one body of `maxBodyBytes` fits");
            }
        }
        problems.range("headerTimeoutMs", self.header_timeout_ms, 100, 3_600_000);
        problems.range("bodyTimeoutMs", self.body_timeout_ms, 100, 3_600_000);
    }
}
