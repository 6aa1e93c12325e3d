//! gRPC: the Open Inference Protocol v2 with Triton's extensions, health and reflection.
use std::convert::Infallible;
use std::sync::Arc;
use hyper::body::Incoming;
/// x
pub async fn handle(_server: Arc<crate::server::Server>, _r: hyper::Request<Incoming>) -> Result<crate::http::Response, Infallible> {
    Ok(Default::default())
}
