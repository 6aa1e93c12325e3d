//! One unary gRPC method as a function.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::server::{Grpc, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

/// Answers a unary call with `method`; messages larger than `most` bytes are refused.
pub(super) async fn unary<I, O, B, F>(
    request: http::Request<B>,
    most: usize,
    method: impl FnMut(Request<I>) -> F,
) -> http::Response<tonic::body::Body>
where
    I: prost::Message + Default + 'static,
    O: prost::Message + 'static,
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
    F: Future<Output = Result<O, Status>> + Send + 'static,
{
    let mut grpc = Grpc::new(ProstCodec::<O, I>::default())
        .max_decoding_message_size(most)
        .max_encoding_message_size(usize::MAX);
    grpc.unary(Method(method), request).await
}

struct Method<M>(M);

impl<I, O, F, M> UnaryService<I> for Method<M>
where
    M: FnMut(Request<I>) -> F,
    F: Future<Output = Result<O, Status>> + Send + 'static,
{
    type Response = O;
    type Future = Wrap<F>;

    fn call(&mut self, request: Request<I>) -> Self::Future {
        Wrap(Box::pin((self.0)(request)))
    }
}

/// A method's future with its message wrapped as tonic wants it.
struct Wrap<F>(Pin<Box<F>>);

impl<F, O> Future for Wrap<F>
where
    F: Future<Output = Result<O, Status>>,
{
    type Output = Result<Response<O>, Status>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context).map_ok(Response::new)
    }
}
