//! Endpoints spoken to over HTTP.

use std::fmt;

use smol_str::SmolStr;

use super::{Port, UnitError, host_port};

const EXPECTED: &str = "expected one such as `https://minio.acme.io:9000`";

/// `http://` or `https://`, a host, an optional port and an optional path; no credentials, query
/// or fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpUrl {
    tls: bool,
    host: SmolStr,
    port: Option<Port>,
    path: SmolStr,
}

impl HttpUrl {
    /// Whether the scheme is `https`.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// The host; an IPv6 address with its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; where none is written, the scheme's: 443 or 80.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.map_or(if self.tls { 443 } else { 80 }, Port::get)
    }

    /// The path with its leading `/`, or the empty text.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads a URL.
    ///
    /// # Errors
    /// Another scheme, credentials, a query or fragment, or a wrong host or port.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = |reason: &str| UnitError::new(text, "an HTTP URL", reason);
        let (tls, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(error(EXPECTED)),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            // The text is not shown: it holds a secret.
            return Err(UnitError {
                message: "a URL must not hold credentials: keep them in a secret".to_owned(),
                fix: None,
            });
        }
        if rest.contains(['?', '#']) {
            return Err(error("it must have no query and no fragment"));
        }
        let colon = authority
            .rfind(':')
            .filter(|at| !authority[*at..].contains(']'));
        let (host, port) = match colon {
            Some(at) => (&authority[..at], Some(&authority[at + 1..])),
            None => (authority, None),
        };
        if !host_port::is_host(host) || !path.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(error(EXPECTED));
        }
        let port = port
            .map(Port::parse)
            .transpose()
            .map_err(|_| error(EXPECTED))?;
        Ok(Self {
            tls,
            host: host.into(),
            port,
            path: path.into(),
        })
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}://{}",
            if self.tls { "https" } else { "http" },
            self.host
        )?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of a URL.
    #[test]
    fn reads() {
        for (text, host, port, path) in [
            ("https://minio.acme.io", "minio.acme.io", 443, ""),
            (
                "http://prometheus.monitoring:9090",
                "prometheus.monitoring",
                9090,
                "",
            ),
            ("http://10.0.0.1/a/b", "10.0.0.1", 80, "/a/b"),
            ("https://[::1]:8443/", "[::1]", 8443, "/"),
            ("https://[::1]/", "[::1]", 443, "/"),
        ] {
            let url = HttpUrl::parse(text).unwrap();
            assert_eq!((url.host(), url.port(), url.path()), (host, port, path));
            assert_eq!(url.to_string(), text);
        }
    }

    /// Other URLs; the secret of one with credentials is not repeated.
    #[test]
    fn refuses() {
        for bad in [
            "minio.acme.io",
            "ftp://a",
            "https://",
            "https://:80",
            "https://a:0",
            "https://a/?q=1",
            "https://a#b",
            "https://a b",
            "https://a/b c",
            "HTTPS://a",
        ] {
            assert!(HttpUrl::parse(bad).is_err(), "{bad}");
        }
        let error = HttpUrl::parse("https://user:hunter2@a").unwrap_err();
        assert!(!error.message.contains("hunter2"));
    }
}
