//! `mlserve`: a dynamic-batching inference server for ONNX models.
//!
//! HTTP / gRPC ─ decode ─▶ request ─ admit ─▶ queue ─ decide ─▶ batch ─ engine ─▶ split ─ encode ─▶ answer.
//! Start at [`server`] for the whole, [`batch`] for the scheduling, [`engine`] for what runs models.

pub mod batch;
#[cfg(feature = "program")]
pub mod cli;
pub mod config;
pub mod engine;
pub mod failure;
#[cfg(feature = "program")]
pub mod fetch;
pub mod grpc;
pub mod http;
pub mod json;
pub mod log;
pub mod metrics;
pub mod model;
pub mod server;
pub mod tensor;
mod timing;
pub mod trace;
mod unsupported;
