//! Where traces of requests go.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// Where traces of requests go: an OpenTelemetry collector, by OTLP over HTTP with protobuf. A collector that is slow or
/// away costs requests nothing; spans that it does not take are counted in the log and lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Traces {
    /// The collector, `http://HOST:PORT` or `https://…`; `/v1/traces` is added where there is no path.
    pub endpoint: String,
    /// Share of requests that are traced when their client has not decided; a client's `traceparent` always decides.
    /// Range 0.0..=1.0. Default 0.1.
    #[serde(default = "default_ratio")]
    pub ratio: f64,
    /// `service.name` of the spans. 1 to 256 characters. Default `mlserve`.
    #[serde(default = "default_service")]
    pub service: String,
}

fn default_ratio() -> f64 {
    0.1
}

fn default_service() -> String {
    "mlserve".to_owned()
}

impl Traces {
    /// Traces to `endpoint`, with every default.
    pub fn new(endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: endpoint.into(),
            ratio: default_ratio(),
            service: default_service(),
        }
    }

    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        let host = ["http://", "https://"]
            .iter()
            .find_map(|scheme| self.endpoint.strip_prefix(scheme));
        if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
            problems.add(
                "endpoint",
                "an address starts with `http://` or `https://` and a host",
            );
        }
        if !(0.0..=1.0).contains(&self.ratio) {
            problems.add("ratio", format!("{} is outside 0..=1", self.ratio));
        }
        let length = self.service.chars().count();
        if length == 0 || length > 256 {
            problems.add(
                "service",
                format!("{length} characters are outside 1..=256"),
            );
        }
    }
}
