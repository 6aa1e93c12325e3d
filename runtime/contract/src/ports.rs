//! Ports that the server listens on and the manifests name.

/// Open Inference Protocol over REST, `/predict`, health and metrics.
pub const HTTP: u16 = 8080;

/// Open Inference Protocol over gRPC, gRPC health and reflection. The port that KServe's own runtimes use.
pub const GRPC: u16 = 9000;

/// Health and metrics alone, answered by a thread of its own, so that probes and scrapes get through when [`HTTP`]
/// is saturated or its connections are used up. Probes and monitors point here.
pub const ADMIN: u16 = 8081;

/// Name of [`HTTP`] in pods and Services: the protocol prefix is what Istio and Gateway API implementations read.
pub const HTTP_NAME: &str = "http";

/// Name of [`GRPC`] in pods and Services.
pub const GRPC_NAME: &str = "grpc";

/// Name of [`ADMIN`] in pods and Services.
pub const ADMIN_NAME: &str = "http-admin";
