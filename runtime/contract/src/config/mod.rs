//! The server's configuration, as the compiler writes it and the server reads it.
//!
//! The file is YAML (see [`crate::paths::CONFIG_FILE`]) with camelCase keys; times are whole milliseconds (`…Ms`),
//! sizes whole bytes. Unknown keys are errors. [`ServerConfig::validate`] reports what types cannot.

mod batch;
mod device;
mod drain;
mod limits;
mod log;
mod model;
mod padding;
mod problem;
mod queue;
mod server;
mod traces;
mod warmup;

#[cfg(test)]
mod tests;

pub use batch::{Batch, BatchAxis};
pub use device::{Device, TensorRt};
pub use drain::Drain;
pub use limits::Limits;
pub use log::{Level, Log, LogFormat, RequestLog};
pub use model::{Engine, ModelConfig};
pub use padding::{Padding, SequenceInput, SequenceOutput};
pub use problem::Problem;
pub use queue::Queue;
pub use server::ServerConfig;
pub use traces::Traces;
pub use warmup::{Warmup, WarmupShape};
