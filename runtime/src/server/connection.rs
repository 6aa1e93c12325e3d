//! Accepting connections and speaking HTTP/1 and HTTP/2 on them.

use std::net::TcpListener as StdListener;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Server;
use super::activity::{Activity, Busy};
use crate::grpc;
use crate::http::{Scope, handle};

/// How long a gRPC connection that is closed for resting may take to say so.
const GOODBYE: Duration = Duration::from_secs(5);

/// What is spoken on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// REST over HTTP/1.
    Http(Scope),
    /// gRPC over HTTP/2.
    Grpc,
}

/// A connection on its way to the thread that serves it.
pub(super) type Arrival = (std::net::TcpStream, Speech);

/// Accepts until draining starts, and deals connections out to `threads` in turn.
pub(super) async fn accept(
    server: Arc<Server>,
    listener: StdListener,
    speech: Speech,
    threads: Vec<mpsc::UnboundedSender<Arrival>>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    let mut draining = server.lifecycle.draining();
    let mut next = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = draining.wait_for(|draining| *draining) => return,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors: trying again at once would spin.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let counted = speech != Speech::Http(Scope::Admin);
        if counted
            && server.connections.load(Relaxed) >= u64::from(server.config.limits.max_connections)
        {
            continue;
        }
        let _ = stream.set_nodelay(true);
        let Ok(stream) = stream.into_std() else {
            continue;
        };
        next = (next + 1) % threads.len().max(1);
        if counted {
            server.connections.fetch_add(1, Relaxed);
        }
        if threads
            .get(next)
            .is_none_or(|thread| thread.send((stream, speech)).is_err())
            && counted
        {
            server.connections.fetch_sub(1, Relaxed);
        }
    }
}

/// Serves the connections that are dealt to this thread, until there can be no more and the last has ended.
pub(super) async fn serve_arrivals(
    server: Arc<Server>,
    mut arrivals: mpsc::UnboundedReceiver<Arrival>,
) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            arrival = arrivals.recv() => match arrival {
                Some((stream, speech)) => {
                    open.spawn(serve(Arc::clone(&server), stream, speech));
                }
                None => break,
            },
            Some(_) = open.join_next() => {}
        }
    }
    while open.join_next().await.is_some() {}
}

async fn serve(server: Arc<Server>, stream: std::net::TcpStream, speech: Speech) {
    let _counted = Counted {
        server: &server,
        counts: speech != Speech::Http(Scope::Admin),
    };
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    match speech {
        Speech::Http(scope) => serve_http(&server, stream, scope).await,
        Speech::Grpc => serve_grpc(&server, stream).await,
    }
}

/// Takes a connection out of the count however it ends.
struct Counted<'a> {
    server: &'a Server,
    counts: bool,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if self.counts {
            self.server.connections.fetch_sub(1, Relaxed);
        }
    }
}

async fn serve_http(server: &Arc<Server>, stream: TcpStream, scope: Scope) {
    let limits = &server.config.limits;
    let activity = Activity::new();
    let service = service_fn(|request| {
        let busy = activity.begin();
        let answer = handle(Arc::clone(server), scope, request);
        async move {
            let answer = answer.await;
            drop(busy);
            answer
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        // `activity` watches over the time, without a timer for each request.
        .header_read_timeout(None)
        .max_buf_size(limits.max_header_bytes as usize)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut draining = server.lifecycle.draining();
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        _ = draining.wait_for(|draining| *draining) => connection.as_mut().graceful_shutdown(),
        () = activity.rest(Duration::from_millis(limits.header_timeout_ms)) => return,
    }
    let _ = connection.await;
}

async fn serve_grpc(server: &Arc<Server>, stream: TcpStream) {
    let limits = &server.config.limits;
    let activity = Activity::new();
    let service = service_fn(|request| {
        let busy = activity.begin();
        // In a box, since the call's task is moved about until it first runs.
        let answer = Box::pin(grpc::handle(Arc::clone(server), request));
        async move {
            let answer = answer.await;
            // A stream of answers, such as of health, keeps the connection busy until its end.
            answer.map(|response| response.map(|body| Kept { body, _busy: busy }))
        }
    });
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(limits.max_header_bytes)
        .max_concurrent_streams(1024)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        // A client that vanished without closing is noticed within the two.
        .keep_alive_interval(Some(Duration::from_secs(60)))
        .keep_alive_timeout(Duration::from_secs(20))
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut draining = server.lifecycle.draining();
    let rested = tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        _ = draining.wait_for(|draining| *draining) => false,
        () = activity.rest(Duration::from_millis(limits.header_timeout_ms)) => true,
    };
    connection.as_mut().graceful_shutdown();
    if rested {
        let _ = tokio::time::timeout(GOODBYE, connection).await;
    } else {
        let _ = connection.await;
    }
}

/// An answer's body, during which its connection counts as busy.
struct Kept<B> {
    body: B,
    _busy: Busy,
}

impl<B: Body + Unpin> Body for Kept<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
