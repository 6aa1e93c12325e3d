//! Shares of processors.

use std::fmt;

use super::UnitError;
use super::decimal::{DECIMAL_SUFFIXES, Decimal, split_number, write_decimal_quantity};

const EXPECTED: &str = "expected cores such as `2`, `0.5` or `500m`";

/// Thousandths of a CPU core. `2`, `0.5`, `500m` and, for quotas, `2k` are accepted; shown as the API server keeps
/// it: `2`, `500m`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpu(u64);

impl Cpu {
    /// No CPU.
    pub const ZERO: Self = Self(0);

    /// A count of thousandths of a core.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The number of thousandths of a core.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Reads `2`, `0.5`, `500m`.
    ///
    /// # Errors
    /// A text in another form, or finer than `1m`; with a fix for `2 cores`, `02` and `500 m`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "an amount of CPU", EXPECTED);
        let (number, suffix, space) = split_number(text);
        let decimal = Decimal::parse(number).ok_or_else(error)?;
        let power = DECIMAL_SUFFIXES
            .iter()
            .find(|(name, _)| *name == suffix)
            .map(|(_, power)| *power);
        let (factor, exact) = match (suffix, power) {
            ("m", _) => (1, true),
            (_, Some(power)) => (1000u128.pow(power + 1), true),
            ("core" | "cores" | "cpu" | "cpus" | "vcpu" | "vCPU" | "CPU", _) => (1000, false),
            _ => return Err(error()),
        };
        let Some(millis) = decimal.times_u64(factor) else {
            return Err(UnitError::new(
                text,
                "an amount of CPU",
                "the finest step is `1m`",
            ));
        };
        if exact && decimal.plain && !space {
            Ok(Self(millis))
        } else {
            Err(error().fix(Self(millis)))
        }
    }

    /// The sum, or `None` above the limit of 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The product, or `None` above the limit of 64 bits.
    #[must_use]
    pub fn checked_mul(self, count: u64) -> Option<Self> {
        self.0.checked_mul(count).map(Self)
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1000) {
            write_decimal_quantity(f, self.0 / 1000)
        } else {
            write!(f, "{}m", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Canonical forms as k8s.io/apimachinery 0.37.2 printed them.
    #[test]
    fn canonical_form_is_the_servers() {
        for (text, canonical) in [
            ("2", "2"),
            ("0.5", "500m"),
            ("500m", "500m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1.5", "1500m"),
            ("2000", "2k"),
            ("2k", "2k"),
            ("0", "0"),
        ] {
            assert_eq!(Cpu::parse(text).unwrap().to_string(), canonical, "{text}");
        }
    }

    /// Other spellings are refused.
    #[test]
    fn refuses_other_forms() {
        for (text, fix) in [
            ("2 cores", Some("2")),
            ("2cpu", Some("2")),
            ("02", Some("2")),
            (".5", Some("500m")),
            ("500 m", Some("500m")),
            ("0.0005", None),
            ("0.5m", None),
            ("-1", None),
            ("two", None),
            ("2Gi", None),
        ] {
            assert_eq!(Cpu::parse(text).unwrap_err().fix.as_deref(), fix, "{text}");
        }
    }
}
