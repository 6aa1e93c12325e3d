//! A plain gRPC client: HTTP/2 by hyper, messages by prost.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::runtime::Runtime;

pub(crate) const SERVICE: &str = "/inference.GRPCInferenceService";

/// What is sent as a body.
type Sent = BoxBody<Bytes, Infallible>;

/// A connection and what drives it.
pub(crate) struct Client {
    runtime: Runtime,
    sender: SendRequest<Sent>,
    address: SocketAddr,
}

/// A finished call.
#[derive(Debug)]
pub(crate) struct Called {
    /// gRPC's status code.
    pub(crate) code: u32,
    /// Its message.
    pub(crate) message: String,
    /// When to try again, in seconds.
    pub(crate) retry_after: Option<String>,
    /// Where its time went, where that was asked for.
    pub(crate) timing: Option<String>,
    /// The answer's message; empty when there is none.
    pub(crate) body: Bytes,
}

/// A call whose answers come one by one.
pub(crate) struct Answers<'a> {
    runtime: &'a Runtime,
    body: Incoming,
    read: BytesMut,
}

fn framed(message: &impl Message) -> Bytes {
    let mut out = vec![0];
    out.extend_from_slice(&u32::try_from(message.encoded_len()).unwrap().to_be_bytes());
    message.encode(&mut out).unwrap();
    out.into()
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let sender = runtime.block_on(async {
            let stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
            tokio::spawn(connection);
            sender
        });
        Self {
            runtime,
            sender,
            address,
        }
    }

    fn request(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> http::Request<Full<Bytes>> {
        let mut request = http::Request::post(format!("http://{}{path}", self.address))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Full::new(body)).unwrap()
    }

    /// Calls a method to its end.
    pub(crate) fn call(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        message: &impl Message,
    ) -> Called {
        let request = self.request(path, headers, framed(message));
        self.send(request.map(BoxBody::new))
    }

    /// Calls a method with a body that begins with `bytes` and never ends.
    pub(crate) fn call_unfinished(&mut self, path: &str, bytes: &[u8]) -> Called {
        let first = Frame::data(Bytes::copy_from_slice(bytes));
        let frames = futures_util::stream::iter([Ok(first)]).chain(futures_util::stream::pending());
        let request = self.request(path, &[], Bytes::new());
        self.send(request.map(|_| BoxBody::new(StreamBody::new(frames))))
    }

    /// Lets the connection be, for `time`.
    pub(crate) fn rest(&mut self, time: std::time::Duration) {
        self.runtime
            .block_on(async { tokio::time::sleep(time).await });
    }

    fn send(&mut self, request: http::Request<Sent>) -> Called {
        let sender = &mut self.sender;
        self.runtime.block_on(async move {
            let response = sender.send_request(request).await.unwrap();
            let (head, body) = response.into_parts();
            let collected = body.collect().await.unwrap();
            let timing = head.headers.get("server-timing");
            let timing = timing.map(|value| value.to_str().unwrap().to_owned());
            let trailers = collected.trailers().cloned().unwrap_or(head.headers);
            let text = |name: &str| trailers.get(name).map(|v| v.to_str().unwrap().to_owned());
            let bytes = collected.to_bytes();
            Called {
                code: text("grpc-status").unwrap().parse().unwrap(),
                message: text("grpc-message").unwrap_or_default(),
                retry_after: text("retry-after"),
                timing,
                body: bytes.slice(5.min(bytes.len())..),
            }
        })
    }

    /// The answer to a call that must succeed.
    pub(crate) fn get<A: Message + Default>(&mut self, path: &str, message: &impl Message) -> A {
        let called = self.call(path, &[], message);
        assert_eq!(called.code, 0, "{path}: {called:?}");
        A::decode(called.body).unwrap()
    }

    /// Begins a call whose answers come one by one.
    pub(crate) fn stream(&mut self, path: &str, message: &impl Message) -> Answers<'_> {
        let request = self.request(path, &[], framed(message)).map(BoxBody::new);
        let response = self
            .runtime
            .block_on(self.sender.send_request(request))
            .unwrap();
        Answers {
            runtime: &self.runtime,
            body: response.into_body(),
            read: BytesMut::new(),
        }
    }
}

impl Answers<'_> {
    /// The next answer; waits for it at most a minute.
    pub(crate) fn next<A: Message + Default>(&mut self) -> A {
        let limit = std::time::Duration::from_secs(60);
        let (body, read) = (&mut self.body, &mut self.read);
        let whole = self.runtime.block_on(async {
            tokio::time::timeout(limit, async {
                loop {
                    if let Some(length) = read.get(1..5) {
                        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
                        if read.len() >= 5 + length {
                            return read.split_to(5 + length).split_off(5);
                        }
                    }
                    let frame = body.frame().await.unwrap().unwrap();
                    read.extend_from_slice(&frame.into_data().unwrap());
                }
            })
            .await
            .unwrap()
        });
        A::decode(whole.freeze()).unwrap()
    }
}
