//! One unary gRPC method as a function.

use std::future::Future;
use std::marker::PhantomData;

use prost::Message;
use tonic::codec::{BufferSettings, Codec, EncodeBuf, Encoder};
use tonic::server::{Grpc, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::{ProstCodec, ProstDecoder};

/// What is set aside for a message before its size is known, in bytes; and the size from which an answer is not held
/// back for another, which never comes here. With the library's 8 KiB, calls that wait together made the process grow
/// and shrink all the time.
const SMALL: usize = 512;

/// Answers a unary call with `method`; messages larger than `most` bytes are refused.
pub(super) async fn unary<I, O, B, F>(
    request: http::Request<B>,
    most: usize,
    method: impl FnMut(Request<I>) -> F,
) -> http::Response<tonic::body::Body>
where
    I: Message + Default + 'static,
    O: Message + 'static,
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
    F: Future<Output = Result<Response<O>, Status>> + Send + 'static,
{
    let mut grpc = Grpc::new(Fitted::<I, O>(PhantomData))
        .max_decoding_message_size(most)
        .max_encoding_message_size(usize::MAX);
    grpc.unary(Method(method), request).await
}

/// Protobuf in buffers that have the size of the message.
struct Fitted<I, O>(PhantomData<(I, O)>);

impl<I: Message + Default + 'static, O: Message + 'static> Codec for Fitted<I, O> {
    type Encode = O;
    type Decode = I;
    type Encoder = FittedEncoder<O>;
    type Decoder = ProstDecoder<I>;

    fn encoder(&mut self) -> Self::Encoder {
        FittedEncoder(PhantomData)
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<O, I>::raw_decoder(BufferSettings::new(SMALL, SMALL))
    }
}

struct FittedEncoder<O>(PhantomData<O>);

impl<O: Message> Encoder for FittedEncoder<O> {
    type Item = O;
    type Error = Status;

    fn encode(&mut self, message: O, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.reserve(message.encoded_len());
        message
            .encode(out)
            .map_err(|error| Status::internal(error.to_string()))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(SMALL, SMALL)
    }
}

struct Method<M>(M);

impl<I, O, F, M> UnaryService<I> for Method<M>
where
    M: FnMut(Request<I>) -> F,
    F: Future<Output = Result<Response<O>, Status>> + Send + 'static,
{
    type Response = O;
    type Future = F;

    fn call(&mut self, request: Request<I>) -> F {
        (self.0)(request)
    }
}
