//! Reading a request's body within its bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::failure::{Failure, Kind};
use crate::json;
use crate::server::Held;

/// Reads the whole body.
///
/// # Errors
/// `TooLarge` beyond `most` bytes, at once where the length is announced; `SlowBody` when it takes longer than `time`;
/// `Gone` when the connection ends in it; `Unavailable` when all
/// requests together would hold too much.
pub(super) async fn read(
    body: Incoming,
    most: u64,
    time: Duration,
    held: &mut Held,
) -> Result<Bytes, Failure> {
    if body.size_hint().lower() > most {
        return Err(too_large(most));
    }
    match tokio::time::timeout(time, collect(body, most, held)).await {
        Ok(read) => read,
        Err(_) => Err(Failure::new(
            Kind::SlowBody,
            format!("the body did not arrive within {} ms", time.as_millis()),
        )),
    }
}

async fn collect(mut body: Incoming, most: u64, held: &mut Held) -> Result<Bytes, Failure> {
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|error| Failure::new(Kind::Gone, format!("the body ended early: {error}")))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if (first.len() + more.len() + data.len()) as u64 > most {
            return Err(too_large(most));
        }
        held.take(data.len())?;
        if first.is_empty() && more.is_empty() {
            first = data;
            continue;
        }
        if !first.is_empty() {
            more.reserve(
                usize::try_from(body.size_hint().lower()).unwrap_or(0) + first.len() + data.len(),
            );
            more.extend_from_slice(&first);
            first = Bytes::new();
        }
        more.extend_from_slice(&data);
    }
    Ok(if more.is_empty() {
        first
    } else {
        more.freeze()
    })
}

/// A body as text.
///
/// # Errors
/// With the first byte that is none.
pub(super) fn text(body: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(body).map_err(|error| {
        Failure::invalid(format!(
            "the body is no UTF-8 at byte {}",
            error.valid_up_to()
        ))
    })
}

/// A body whose JSON is wrong.
pub(super) fn wrong(error: &json::Error) -> Failure {
    Failure::invalid(format!("the body at byte {}: {}", error.at, error.message))
}

fn too_large(most: u64) -> Failure {
    Failure::new(
        Kind::TooLarge,
        format!("the body is larger than {most} bytes"),
    )
}
