//! gRPC: the Open Inference Protocol v2 with Triton's extensions, health and reflection.

mod contents;
mod health;
mod infer;
mod info;
#[expect(
    missing_docs,
    reason = "generated from proto/inference.proto"
)]
#[rustfmt::skip]
pub mod proto;
mod service;
mod timed;
mod unary;

pub use health::Health;
pub(crate) use health::follow;
pub use service::handle;
