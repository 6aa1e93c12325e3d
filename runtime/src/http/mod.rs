//! REST: the Open Inference Protocol v2 with Triton's extensions, `/predict`, health and metrics.

mod answer;
mod body;
mod handle;
mod infer;
mod metadata;
mod predict;
mod route;

pub use handle::{Scope, handle};

use bytes::Bytes;
use http_body_util::Full;

/// Every answer is sent whole.
pub type Response = hyper::Response<Full<Bytes>>;
