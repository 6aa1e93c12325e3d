//! gRPC: the Open Inference Protocol v2 with Triton's extensions, health and reflection.

mod contents;
mod health;
mod infer;
mod info;
/// The messages of `proto/inference.proto`, generated.
#[rustfmt::skip]
pub mod proto;
mod service;
mod timed;
mod unary;

pub use health::Health;
pub(crate) use health::follow;
pub use service::handle;
