//! A request's body that must arrive within a time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;
use tonic::Status;

use super::service::status;
use crate::server::Held;

/// Ends with `DEADLINE_EXCEEDED` when the time is over first, and with `UNAVAILABLE` when all requests together would
/// hold too much.
pub(super) struct Timed {
    body: Incoming,
    held: Held,
    time: Duration,
    /// Made only when the body is not there at once.
    end: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    pub(super) fn new(body: Incoming, time: Duration, held: Held) -> Self {
        Self {
            body,
            held,
            time,
            end: None,
        }
    }
}

impl Body for Timed {
    type Data = bytes::Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            let gone = |error: hyper::Error| {
                Status::cancelled(format!("the request ended early: {error}"))
            };
            return Poll::Ready(frame.map(|frame| {
                let frame = frame.map_err(gone)?;
                let bytes = frame.data_ref().map_or(0, bytes::Bytes::len);
                self.held.take(bytes).map_err(|failure| status(&failure))?;
                Ok(frame)
            }));
        }
        let time = self.time;
        let end = self
            .end
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        end.as_mut().poll(context).map(|()| {
            let message = format!("the request did not arrive within {} ms", time.as_millis());
            Some(Err(Status::deadline_exceeded(message)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
