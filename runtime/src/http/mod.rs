//! REST: the Open Inference Protocol v2 with Triton's extensions, `/predict`, health and metrics.

mod answer;
mod body;
mod counted;
mod handle;
mod infer;
mod metadata;
mod predict;
mod route;

pub(crate) use counted::Counted;
pub use handle::{Scope, handle};
pub(crate) use metadata::{EXTENSIONS, state};

use bytes::Bytes;
use http_body_util::Full;

/// Every answer is sent whole.
pub type Response = hyper::Response<Full<Bytes>>;
