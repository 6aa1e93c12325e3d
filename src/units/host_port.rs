//! Addresses of servers.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use smol_str::SmolStr;

use super::{Port, UnitError, dns};

const EXPECTED: &str = "expected a host and a port, such as `kafka.default.svc:9092`";

/// `host:port`; the host a DNS name, an IPv4 address, or an IPv6 address in brackets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    host: SmolStr,
    port: Port,
}

impl HostPort {
    /// The host; an IPv6 address with its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> Port {
        self.port
    }

    /// Reads one address.
    ///
    /// # Errors
    /// A missing or wrong port or host; with a fix for a leading `kafka://` or `tcp://`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "an address", EXPECTED);
        if let Some((_, bare)) = text.split_once("://") {
            return Err(error().maybe_fix(Self::parse(bare).ok()));
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(error)?;
        if !is_host(host) {
            return Err(error());
        }
        Ok(Self {
            host: host.into(),
            port: Port::parse(port).map_err(|_| error())?,
        })
    }

    /// Reads addresses joined by commas, as Kafka clients take them.
    ///
    /// # Errors
    /// The first address that is wrong; with a fix for spaces after commas.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, UnitError> {
        let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let list = packed
            .split(',')
            .map(Self::parse)
            .collect::<Result<Vec<_>, _>>()?;
        if packed == text {
            return Ok(list);
        }
        Err(UnitError::new(text, "a list of addresses", "join them by `,` alone").fix(packed))
    }
}

/// Whether `text` can stand as a host: a DNS name, an IPv4 address or a bracketed IPv6 address.
pub(super) fn is_host(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .is_some_and(|ip| ip.parse::<Ipv6Addr>().is_ok());
    }
    let numeric = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if numeric {
        text.parse::<Ipv4Addr>().is_ok()
    } else {
        dns::is_subdomain(text)
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and both kinds of address.
    #[test]
    fn reads() {
        for text in ["kafka.default.svc:9092", "10.0.0.1:80", "[::1]:80", "a:1"] {
            assert_eq!(HostPort::parse(text).unwrap().to_string(), text);
        }
        let list = HostPort::parse_list("a:1,b:2").unwrap();
        assert_eq!(list[1].host(), "b");
        assert_eq!(list[1].port().get(), 2);
    }

    /// Missing and wrong parts.
    #[test]
    fn refuses() {
        for bad in [
            "kafka", "kafka:", ":9092", "kafka:0", "Kafka:1", "1.2.3:1", "::1:80", "a b:1",
        ] {
            assert_eq!(HostPort::parse(bad).unwrap_err().fix, None, "{bad}");
        }
        let error = HostPort::parse("kafka://kafka:9092").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("kafka:9092"));
        let error = HostPort::parse_list("a:1, b:2").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("a:1,b:2"));
        assert!(HostPort::parse_list("a:1,,b:2").is_err());
    }
}
