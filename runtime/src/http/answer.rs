//! Answers in JSON.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};

use super::Response;
use crate::failure::{Failure, Kind};
use crate::json::write_string;

/// Length of the JSON part in bodies with binary tensors, in requests and answers.
pub(super) const JSON_LENGTH: HeaderName =
    HeaderName::from_static("inference-header-content-length");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// 200 with a JSON body.
pub(super) fn json(body: impl Into<Bytes>) -> Response {
    with_type(200, JSON, body)
}

/// Any status with a body of any type.
pub(super) fn with_type(
    status: u16,
    content_type: HeaderValue,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() =
        hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// `{"error": "..."}` with the failure's status.
pub(super) fn failure(failure: &Failure) -> Response {
    let mut body = b"{\"error\":".to_vec();
    write_string(&mut body, &failure.message);
    body.push(b'}');
    let mut response = with_type(failure.status(), JSON, body);
    if let Some(seconds) = failure.retry_after_seconds() {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if failure.kind == Kind::Method {
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    response
}
