//! Ranges of IP addresses.

use std::fmt;
use std::net::IpAddr;

use super::UnitError;

/// A network in CIDR form, IPv4 or IPv6, whose host bits are zero: `10.0.0.0/8`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    network: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// The first address.
    #[must_use]
    pub const fn network(self) -> IpAddr {
        self.network
    }

    /// Length of the prefix in bits.
    #[must_use]
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`.
    ///
    /// # Errors
    /// A text in another form; with a fix for set host bits and for a single address.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = |reason: &str| UnitError::new(text, "a network", reason);
        let expected = "expected one such as `10.0.0.0/8`";
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| error(expected))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let Some(prefix) = prefix else {
            return Err(error(expected).fix(Self {
                network: address,
                prefix: most,
            }));
        };
        let digits = prefix.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = prefix.len() > 1 && prefix.starts_with('0');
        let prefix = prefix
            .parse()
            .ok()
            .filter(|n| digits && !leading_zero && *n <= most);
        let prefix = prefix.ok_or_else(|| error(expected))?;
        let cidr = Self {
            network: masked(address, prefix),
            prefix,
        };
        if cidr.network != address {
            return Err(error("bits after the prefix must be 0").fix(cidr));
        }
        Ok(cidr)
    }
}

fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4((ip.to_bits() & mask).into())
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6((ip.to_bits() & mask).into())
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both families, and the prefix at its edges.
    #[test]
    fn reads_and_refuses() {
        for good in [
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.1.2.3/32",
            "fd00::/8",
            "::/0",
            "::1/128",
        ] {
            assert_eq!(Cidr::parse(good).unwrap().to_string(), good);
        }
        for (bad, fix) in [
            ("10.1.2.3/8", Some("10.0.0.0/8")),
            ("fd00::1/8", Some("fd00::/8")),
            ("10.1.2.3", Some("10.1.2.3/32")),
            ("10.0.0.0/33", None),
            ("10.0.0.0/08", None),
            ("10.0.0.0/", None),
            ("10.0.0/8", None),
            ("010.0.0.0/8", None),
            ("", None),
        ] {
            assert_eq!(Cidr::parse(bad).unwrap_err().fix.as_deref(), fix, "{bad}");
        }
    }
}
