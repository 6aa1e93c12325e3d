//! Why a request was not answered with a result, and how HTTP and gRPC say so.

use std::time::Duration;

/// What kind of failure it is; decides the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong. 400, INVALID_ARGUMENT.
    Invalid,
    /// No such model, version or path. 404, NOT_FOUND.
    NotFound,
    /// The path exists, the method does not. 405, UNIMPLEMENTED.
    Method,
    /// The body did not arrive in time. 408, DEADLINE_EXCEEDED.
    SlowBody,
    /// The body is larger than the limit. 413, RESOURCE_EXHAUSTED.
    TooLarge,
    /// The body is encoded in a way the server does not read. 415, UNIMPLEMENTED.
    Encoding,
    /// The queue is full. 429, RESOURCE_EXHAUSTED.
    Full,
    /// The client went away before its answer was there. Logged as 499, CANCELLED.
    Gone,
    /// The engine failed. 500, INTERNAL.
    Engine,
    /// A protocol extension that is not offered. 501, UNIMPLEMENTED.
    Unsupported,
    /// The deadline cannot be met, so it was not tried. 503, DEADLINE_EXCEEDED.
    TooLate,
    /// The model is not ready, or the server is about to end. 503, UNAVAILABLE.
    Unavailable,
    /// The deadline passed. 504, DEADLINE_EXCEEDED.
    Timeout,
}

/// A failure with its message for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind it is.
    pub kind: Kind,
    /// One line in lower case without a final period.
    pub message: String,
    /// When trying again may help.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure without advice on when to try again.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            retry_after: None,
        }
    }

    /// A request that is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// HTTP's status code.
    pub fn status(&self) -> u16 {
        match self.kind {
            Kind::Invalid => 400,
            Kind::NotFound => 404,
            Kind::Method => 405,
            Kind::SlowBody => 408,
            Kind::TooLarge => 413,
            Kind::Encoding => 415,
            Kind::Full => 429,
            Kind::Gone => 499,
            Kind::Engine => 500,
            Kind::Unsupported => 501,
            Kind::TooLate | Kind::Unavailable => 503,
            Kind::Timeout => 504,
        }
    }

    /// gRPC's status code.
    pub fn code(&self) -> tonic::Code {
        match self.kind {
            Kind::Invalid => tonic::Code::InvalidArgument,
            Kind::NotFound => tonic::Code::NotFound,
            Kind::Method | Kind::Encoding | Kind::Unsupported => tonic::Code::Unimplemented,
            Kind::SlowBody | Kind::TooLate | Kind::Timeout => tonic::Code::DeadlineExceeded,
            Kind::TooLarge | Kind::Full => tonic::Code::ResourceExhausted,
            Kind::Gone => tonic::Code::Cancelled,
            Kind::Engine => tonic::Code::Internal,
            Kind::Unavailable => tonic::Code::Unavailable,
        }
    }

    /// Whole seconds for `Retry-After`, rounded up, at least 1.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after
            .map(|d| d.as_secs() + u64::from(d.subsec_nanos() > 0))
            .map(|s| s.max(1))
    }
}
