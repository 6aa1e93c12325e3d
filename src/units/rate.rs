//! Bandwidths.

use std::fmt;

use super::decimal::{Decimal, split_number};
use super::{Bytes, UnitError};

const EXPECTED: &str = "expected bytes per second, such as `200Mi/s`";

/// Bytes per second, more than none. Shown as the size in canonical form and `/s`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(Bytes);

impl Rate {
    /// A rate, or `None` for zero.
    #[must_use]
    pub fn new(per_second: Bytes) -> Option<Self> {
        (per_second > Bytes::ZERO).then_some(Self(per_second))
    }

    /// The bytes moved in a second.
    #[must_use]
    pub fn per_second(self) -> Bytes {
        self.0
    }

    /// Reads `200Mi/s`.
    ///
    /// # Errors
    /// A text in another form, or zero; with a fix for a missing `/s`, `200MB/s` and `1.6Gbps`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a bandwidth", EXPECTED);
        if let Some(rate) = from_bits(text) {
            return Err(error().fix(rate));
        }
        let size = text.strip_suffix("/s");
        match Bytes::parse(size.unwrap_or(text).trim_end()) {
            Ok(bytes) if bytes == Bytes::ZERO => Err(UnitError::new(
                text,
                "a bandwidth",
                "it must be more than 0",
            )),
            Ok(bytes) if size.is_some_and(|s| s.trim_end() == s) => Ok(Self(bytes)),
            Ok(bytes) => Err(error().fix(Self(bytes))),
            Err(inner) => {
                let meant = inner
                    .fix
                    .and_then(|fix| Self::parse(&format!("{fix}/s")).ok());
                Err(error().maybe_fix(meant))
            }
        }
    }
}

/// The rate meant by `1.6Gbps`, `200Mbit/s` and their like, where it is whole bytes.
fn from_bits(text: &str) -> Option<Rate> {
    let (number, unit, _) = split_number(text);
    let prefix = ["bps", "bit/s", "b/s"]
        .iter()
        .find_map(|bits| unit.strip_suffix(bits))?;
    let power = match prefix {
        "k" | "K" => 1,
        "M" => 2,
        "G" => 3,
        _ => return None,
    };
    let bits = Decimal::parse(number)?.times(1000u128.pow(power))?;
    let whole = bits.is_multiple_of(8).then_some(bits / 8)?;
    Rate::new(Bytes::parse(&whole.to_string()).ok()?)
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One form; bits and missing `/s` are mended.
    #[test]
    fn reads_and_refuses() {
        assert_eq!(
            Rate::parse("200Mi/s").unwrap().per_second(),
            Bytes::mebibytes(200)
        );
        assert_eq!(Rate::parse("1024Ki/s").unwrap().to_string(), "1Mi/s");
        for (text, fix) in [
            ("200Mi", Some("200Mi/s")),
            ("200MiB/s", Some("200Mi/s")),
            ("200MB/s", Some("200M/s")),
            ("200 Mi/s", Some("200Mi/s")),
            ("200Mi /s", Some("200Mi/s")),
            ("1.6Gbps", Some("200M/s")),
            ("200Mbit/s", Some("25M/s")),
            ("200Mi/min", None),
            ("0/s", None),
            ("fast", None),
        ] {
            assert_eq!(Rate::parse(text).unwrap_err().fix.as_deref(), fix, "{text}");
        }
    }
}
