//! Request rates.

use std::fmt;

use super::UnitError;
use super::decimal::{Decimal, split_number, write_scaled};

const EXPECTED: &str = "expected requests per second, such as `200/s`";

/// Requests per second in thousandths, more than none.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PerSecond(u64);

impl PerSecond {
    /// A rate in thousandths of a request per second, or `None` for zero.
    #[must_use]
    pub fn from_millis(millis: u64) -> Option<Self> {
        (millis > 0).then_some(Self(millis))
    }

    /// Thousandths of a request per second.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Requests per second.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Reads `200/s`, `0.5/s`.
    ///
    /// # Errors
    /// A text in another form, zero, or finer than a thousandth; with a fix for `200rps`, `200`
    /// and `120/min`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a request rate", EXPECTED);
        let (number, unit, space) = split_number(text);
        let decimal = Decimal::parse(number).ok_or_else(error)?;
        let divisor = match unit {
            "/s" | "" | "rps" | "qps" | "req/s" | "r/s" | "/sec" | "/second" => 1,
            "/min" | "/minute" | "rpm" => 60,
            "/h" | "/hour" => 3600,
            _ => return Err(error()),
        };
        let millis = decimal
            .times_u64(1000)
            .filter(|n| n.is_multiple_of(divisor));
        match millis.map(|n| n / divisor) {
            Some(0) => Err(UnitError::new(
                text,
                "a request rate",
                "it must be more than 0",
            )),
            Some(millis) if unit == "/s" && decimal.plain && !space => Ok(Self(millis)),
            Some(millis) => Err(error().fix(Self(millis))),
            None if divisor == 1 => Err(UnitError::new(
                text,
                "a request rate",
                "the finest step is `0.001/s`",
            )),
            None => Err(error()),
        }
    }
}

impl fmt::Display for PerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, 3)?;
        f.write_str("/s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One form; other ways to write a rate are mended where exact.
    #[test]
    fn reads_and_refuses() {
        assert_eq!(PerSecond::parse("200/s").unwrap().millis(), 200_000);
        assert_eq!(PerSecond::parse("0.250/s").unwrap().to_string(), "0.25/s");
        for (text, fix) in [
            ("200", Some("200/s")),
            ("200rps", Some("200/s")),
            ("200 /s", Some("200/s")),
            ("90/min", Some("1.5/s")),
            ("100/min", None),
            ("0/s", None),
            ("0.0001/s", None),
            ("200/d", None),
            ("-1/s", None),
        ] {
            assert_eq!(
                PerSecond::parse(text).unwrap_err().fix.as_deref(),
                fix,
                "{text}"
            );
        }
    }
}
