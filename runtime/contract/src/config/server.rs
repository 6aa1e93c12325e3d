//! The root of the configuration.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use serde::{Deserialize, Serialize};

use super::problem::Problems;
use super::{Drain, Limits, Log, ModelConfig, Problem, Traces};
use crate::ports;

/// Everything one `mlserve serve` process is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServerConfig {
    /// Address of REST, `ADDR:PORT`. Default `[::]:8080`, which takes IPv4 too.
    #[serde(default = "default_http")]
    pub http: SocketAddr,
    /// Address of gRPC, `ADDR:PORT`. Default `[::]:9000`.
    #[serde(default = "default_grpc")]
    pub grpc: SocketAddr,
    /// Address of health and metrics alone, `ADDR:PORT`. Absent: only the HTTP port answers them. Default `[::]:8081`.
    #[serde(default = "default_admin", skip_serializing_if = "Option::is_none")]
    pub admin: Option<SocketAddr>,
    /// Threads that speak HTTP and gRPC. Range 1..=64. Absent: a quarter of the CPU limit, at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_threads: Option<u32>,
    /// Models to serve; at least one. `/predict` without a model name goes to the first.
    pub models: Vec<ModelConfig>,
    /// Bounds on what clients may send and hold open.
    #[serde(default)]
    pub limits: Limits,
    /// How the server ends.
    #[serde(default)]
    pub drain: Drain,
    /// What is logged and how.
    #[serde(default)]
    pub log: Log,
    /// Where traces of requests go. Absent: nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traces: Option<Traces>,
}

fn any(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port)
}

fn default_http() -> SocketAddr {
    any(ports::HTTP)
}

fn default_grpc() -> SocketAddr {
    any(ports::GRPC)
}

fn default_admin() -> Option<SocketAddr> {
    Some(any(ports::ADMIN))
}

impl ServerConfig {
    /// A configuration that serves `models` with every default.
    pub fn new(models: Vec<ModelConfig>) -> Self {
        Self {
            http: default_http(),
            grpc: default_grpc(),
            admin: default_admin(),
            network_threads: None,
            models,
            limits: Limits::default(),
            drain: Drain::default(),
            log: Log::default(),
            traces: None,
        }
    }

    /// Returns everything that is wrong beyond types, in the order of the file; empty when the server can start with it.
    pub fn validate(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut problems = Problems::new(&mut found);
        self.check_addresses(&mut problems);
        if let Some(threads) = self.network_threads {
            problems.range("networkThreads", threads.into(), 1, 64);
        }
        if self.models.is_empty() {
            problems.add("models", "at least one model is needed");
        }
        let mut seen = BTreeSet::new();
        for (index, model) in self.models.iter().enumerate() {
            let mut at = problems.at(&format!("models[{index}]"));
            if !seen.insert((&model.name, &model.version)) {
                at.add(
                    "name",
                    format!(
                        "model `{}` version `{}` stands here twice",
                        model.name, model.version
                    ),
                );
            }
            model.check(&mut at);
            self.check_drain(model, &mut problems);
        }
        self.limits.check(&mut problems.at("limits"));
        self.drain.check(&mut problems.at("drain"));
        self.log.check(&mut problems.at("log"));
        if let Some(traces) = &self.traces {
            traces.check(&mut problems.at("traces"));
        }
        found
    }

    fn check_addresses(&self, problems: &mut Problems<'_>) {
        let clash = |a: SocketAddr, b: SocketAddr| a.port() != 0 && a == b;
        if clash(self.http, self.grpc) {
            problems.add("grpc", "the address is taken by `http`");
        }
        if let Some(admin) = self.admin {
            if clash(admin, self.http) {
                problems.add("admin", "the address is taken by `http`");
            } else if clash(admin, self.grpc) {
                problems.add("admin", "the address is taken by `grpc`");
            }
        }
    }

    /// A drain that is shorter than an admitted request may take loses it.
    fn check_drain(&self, model: &ModelConfig, problems: &mut Problems<'_>) {
        if self.drain.budget_ms < model.timeout_ms {
            problems.at("drain").add(
                "budgetMs",
                format!(
                    "{} ms end before model `{}`'s timeout of {} ms",
                    self.drain.budget_ms, model.name, model.timeout_ms
                ),
            );
        }
    }
}
