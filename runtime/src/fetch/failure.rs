//! Why a server brought no usable answer, in words that say what to check.

use std::error::Error;
use std::io;
use std::time::Duration;

/// Why a server brought no usable answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence("request"))]
pub enum Failure {
    /// It answered with a status that is no success.
    Refused {
        /// Host and, where it is not the scheme's own, port.
        host: String,
        /// HTTP status.
        status: u16,
        /// The service's own name for the error: `AccessDenied`, `NoSuchKey`, `GatedRepo`.
        code: Option<String>,
        /// Where the bucket is, from a server of another region.
        region: Option<String>,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// No connection could be made.
    Unreachable {
        /// Host and port.
        host: String,
        /// The cause.
        why: String,
    },
    /// The TLS handshake failed.
    Tls {
        /// Host and port.
        host: String,
        /// The cause.
        why: String,
    },
    /// Nothing came for as long as `--timeout` allows.
    Silent {
        /// Host and port.
        host: String,
    },
    /// The connection ended before the answer did.
    Broken {
        /// Host and port.
        host: String,
        /// The cause.
        why: String,
    },
    /// The answer breaks the protocol; asking again will not help.
    Nonsense {
        /// Host and port.
        host: String,
        /// What is wrong with it.
        why: String,
    },
}

impl Failure {
    /// Returns the one-line message about `what`, the URI that was asked for.
    #[must_use]
    pub fn sentence(&self, what: &str) -> String {
        match self {
            Self::Refused {
                region: Some(region),
                ..
            } => {
                format!("`{what}` lies in region `{region}`; set `AWS_REGION`")
            }
            Self::Refused {
                host, status, code, ..
            } => {
                let answer = match code {
                    Some(code) => format!("`{host}` answered {status} {code}"),
                    None => format!("`{host}` answered {status}"),
                };
                match status {
                    401 => format!("`{what}` needs valid credentials: {answer}; check the secret"),
                    403 => format!(
                        "access to `{what}` denied: {answer}; check the credentials and what they may read"
                    ),
                    404 | 410 => {
                        format!("`{what}` not found: {answer}; a folder's URI ends in `/`")
                    }
                    _ => format!("`{what}` cannot be read: {answer}"),
                }
            }
            Self::Unreachable { host, why } => {
                format!(
                    "`{host}` cannot be reached: {why}; check NetworkPolicy, DNS and the endpoint"
                )
            }
            Self::Tls { host, why } => {
                format!(
                    "no TLS connection to `{host}`: {why}; check the endpoint, and name its certificate authority with `--ca-file`"
                )
            }
            Self::Silent { host } => {
                format!("`{host}` does not answer in time; check NetworkPolicy and the endpoint")
            }
            Self::Broken { host, why } => {
                format!("connection to `{host}` broke while reading `{what}`: {why}")
            }
            Self::Nonsense { host, why } => {
                format!("`{host}` gave an unusable answer for `{what}`: {why}")
            }
        }
    }

    /// Says whether the same request may succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500 || [408, 425, 429].contains(status),
            Self::Unreachable { .. } | Self::Silent { .. } | Self::Broken { .. } => true,
            Self::Tls { .. } | Self::Nonsense { .. } => false,
        }
    }

    /// Says whether the request itself, and so the input, is wrong.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status < 500 && !self.is_transient())
    }

    /// Returns how long the server asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Reads the cause out of an HTTP client's error about `host`.
    pub(super) fn from_client(error: &(dyn Error + 'static), host: &str) -> Self {
        let host = host.to_owned();
        let client = || chain(error).find_map(|e| e.downcast_ref::<reqwest::Error>());
        let why = innermost(error);
        if let Some(tls) = chain(error).find_map(tls_error) {
            Self::Tls {
                host,
                why: tls.to_string(),
            }
        } else if client().is_some_and(reqwest::Error::is_connect) {
            Self::Unreachable { host, why }
        } else if client().is_some_and(reqwest::Error::is_timeout) {
            Self::Silent { host }
        } else if client().is_some_and(reqwest::Error::is_redirect) {
            Self::Nonsense { host, why }
        } else {
            Self::Broken { host, why }
        }
    }
}

/// Returns the error and its causes, outermost first.
pub(super) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&e| e.source())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// An `io::Error` hides the error it was made of from `source`, so it is asked for it; there may be one in another.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    match error.downcast_ref::<io::Error>() {
        Some(outer) => tls_error(outer.get_ref()?),
        None => error.downcast_ref::<rustls::Error>(),
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    fn refused(status: u16) -> Failure {
        Failure::Refused {
            host: "h".to_owned(),
            status,
            code: None,
            region: None,
            retry_after: None,
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in [408, 429, 500, 503] {
            assert!(
                refused(status).is_transient() && !refused(status).is_input(),
                "{status}"
            );
        }
        for status in [301, 400, 401, 403, 404, 416] {
            assert!(
                !refused(status).is_transient() && refused(status).is_input(),
                "{status}"
            );
        }
    }
}
