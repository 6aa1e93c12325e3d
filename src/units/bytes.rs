//! Sizes of memory and storage.

use std::cmp::Ordering;
use std::fmt;

use super::UnitError;
use super::decimal::{DECIMAL_SUFFIXES, Decimal, split_number, write_decimal_quantity};

const BINARY_SUFFIXES: [(&str, u32); 6] = [
    ("Ei", 60),
    ("Pi", 50),
    ("Ti", 40),
    ("Gi", 30),
    ("Mi", 20),
    ("Ki", 10),
];

const EXPECTED: &str = "expected a number and `Ki`, `Mi`, `Gi`, `Ti` (powers of 1024) or `k`, `M`, `G`, `T`, such as `4Gi`";

/// A whole number of bytes, 0..=2^63-1, that remembers whether it was written in powers of 1000.
///
/// Shown as the API server canonicalizes it: `1024Mi` is `1Gi`, `1.5Gi` is `1536Mi`, `1000M` is
/// `1G`. Two are equal when their bytes are. The suffixes of Kubernetes and plain bytes are
/// accepted, fractions where whole bytes come out; not accepted: `4GiB`, `4gi`, `4 Gi`, `4e9`.
#[derive(Copy, Clone, Debug)]
pub struct Bytes {
    bytes: u64,
    decimal: bool,
}

impl Bytes {
    /// No bytes.
    pub const ZERO: Self = Self {
        bytes: 0,
        decimal: false,
    };

    /// A count of bytes, shown with binary suffixes. More than 2^63-1 becomes that limit of the
    /// Kubernetes API.
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        let most = i64::MAX as u64;
        Self {
            bytes: if bytes > most { most } else { bytes },
            decimal: false,
        }
    }

    /// A count of mebibytes.
    #[must_use]
    pub const fn mebibytes(count: u64) -> Self {
        Self::new(count.saturating_mul(1 << 20))
    }

    /// A count of gibibytes.
    #[must_use]
    pub const fn gibibytes(count: u64) -> Self {
        Self::new(count.saturating_mul(1 << 30))
    }

    /// The number of bytes.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.bytes
    }

    /// Reads `4Gi`, `438Mi`, `1.5Gi`, `1G`, `1048576`.
    ///
    /// # Errors
    /// A text in another form; with a fix for `4GiB`, `4GB`, `4gi`, `4 Gi`, `04Gi` and `4e9`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a size", EXPECTED);
        if let Some(value) = Self::scientific(text) {
            return Err(error().fix(value));
        }
        let (number, suffix, space) = split_number(text);
        let decimal = Decimal::parse(number).ok_or_else(error)?;
        match Self::build(decimal, suffix) {
            Some(value) if decimal.plain && !space => Ok(value),
            Some(value) => Err(error().fix(value)),
            None if suffix == "m" => Err(UnitError::new(
                text,
                "a size",
                "`m` means thousandths of a byte; write `M` or `Mi`",
            )),
            None if known_factor(suffix).is_some() => Err(UnitError::new(
                text,
                "a size",
                "it must come to whole bytes, fewer than 8Ei",
            )),
            None => {
                Err(error().maybe_fix(meant_suffix(suffix).and_then(|s| Self::build(decimal, s))))
            }
        }
    }

    fn build(number: Decimal, suffix: &str) -> Option<Self> {
        let (factor, decimal) = known_factor(suffix)?;
        Some(Self {
            bytes: number.times_u64(factor)?,
            decimal,
        })
    }

    /// `4e9`, which Kubernetes reads too, as a size in the accepted form.
    fn scientific(text: &str) -> Option<Self> {
        let (number, exponent) = text.split_once(['e', 'E'])?;
        let exponent: u32 = exponent.parse().ok().filter(|e| *e <= 18)?;
        let bytes = Decimal::parse(number)?.times_u64(10u128.pow(exponent))?;
        Some(Self {
            bytes,
            decimal: true,
        })
    }

    /// The sum, or `None` above the limit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let bytes = self
            .bytes
            .checked_add(other.bytes)
            .filter(|n| *n <= i64::MAX as u64)?;
        Some(Self {
            bytes,
            decimal: self.decimal && other.decimal,
        })
    }

    /// The product, or `None` above the limit.
    #[must_use]
    pub fn checked_mul(self, count: u64) -> Option<Self> {
        let bytes = self
            .bytes
            .checked_mul(count)
            .filter(|n| *n <= i64::MAX as u64)?;
        Some(Self { bytes, ..self })
    }

    /// What is left after taking `other` away; zero if `other` is larger.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_sub(other.bytes),
            ..self
        }
    }
}

/// Factor of a suffix of Kubernetes, and whether it is a decimal one.
fn known_factor(suffix: &str) -> Option<(u128, bool)> {
    let binary = BINARY_SUFFIXES.iter().find(|(s, _)| *s == suffix);
    let decimal = DECIMAL_SUFFIXES.iter().find(|(s, _)| *s == suffix);
    binary
        .map(|(_, bits)| (1 << bits, false))
        .or(decimal.map(|(_, power)| (1000u128.pow(*power), true)))
}

/// The suffix that was meant by `GiB`, `gib`, `gi`, `GB`, `B` and their like. A lone `g` or `K`
/// could be either kind, and `Gb` could be bits: no guess.
fn meant_suffix(suffix: &str) -> Option<&'static str> {
    let lower = suffix.to_ascii_lowercase();
    let binary = lower.strip_suffix('b').unwrap_or(&lower);
    if binary.ends_with('i') {
        return BINARY_SUFFIXES
            .iter()
            .map(|(s, _)| *s)
            .find(|s| s.eq_ignore_ascii_case(binary));
    }
    let decimal = suffix.strip_suffix('B')?;
    DECIMAL_SUFFIXES
        .iter()
        .map(|(s, _)| *s)
        .find(|s| s.eq_ignore_ascii_case(decimal))
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The API server shows binary quantities below 1Ki as decimal ones (measured with
        // k8s.io/apimachinery 0.37.2).
        if self.decimal || self.bytes < 1024 {
            return write_decimal_quantity(f, self.bytes);
        }
        for (suffix, bits) in BINARY_SUFFIXES {
            if self.bytes.is_multiple_of(1 << bits) {
                return write!(f, "{}{suffix}", self.bytes >> bits);
            }
        }
        write!(f, "{}", self.bytes)
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the API server keeps, as k8s.io/apimachinery 0.37.2 printed it for the same texts.
    #[test]
    fn canonical_form_is_the_servers() {
        for (text, canonical, bytes) in [
            ("4Gi", "4Gi", 4_294_967_296),
            ("438Mi", "438Mi", 459_276_288),
            ("1024Mi", "1Gi", 1_073_741_824),
            ("1.5Gi", "1536Mi", 1_610_612_736),
            ("0.5Gi", "512Mi", 536_870_912),
            ("1000M", "1G", 1_000_000_000),
            ("1500M", "1500M", 1_500_000_000),
            ("1.5G", "1500M", 1_500_000_000),
            ("1000", "1k", 1000),
            ("1024", "1024", 1024),
            ("1073741824", "1073741824", 1_073_741_824),
            ("1536Ki", "1536Ki", 1_572_864),
            ("1048576Ki", "1Gi", 1_073_741_824),
            ("1000Ki", "1000Ki", 1_024_000),
            ("0", "0", 0),
            ("0Gi", "0", 0),
            ("0.5Ki", "512", 512),
            ("1Ki", "1Ki", 1024),
            ("1024Pi", "1Ei", 1 << 60),
            ("1P", "1P", 1_000_000_000_000_000),
            ("4096Gi", "4Ti", 4_398_046_511_104),
        ] {
            let value = Bytes::parse(text).unwrap();
            assert_eq!(
                (value.to_string().as_str(), value.get()),
                (canonical, bytes),
                "{text}"
            );
        }
    }

    /// Other spellings are refused, with a fix exactly where the meaning is certain.
    #[test]
    fn refuses_other_forms() {
        for (text, fix) in [
            ("4GiB", Some("4Gi")),
            ("4gi", Some("4Gi")),
            ("4gib", Some("4Gi")),
            ("4GB", Some("4G")),
            ("512 B", Some("512")),
            ("80 Gi", Some("80Gi")),
            ("080Gi", Some("80Gi")),
            ("+5Gi", Some("5Gi")),
            (".5Gi", Some("512Mi")),
            ("1e9", Some("1G")),
            ("4g", None),
            ("4K", None),
            ("4Gb", None),
            ("4m", None),
            ("-4Gi", None),
            ("0.1Gi", None),
            ("8Ei", None),
            ("Gi", None),
            ("", None),
            ("4Gi4", None),
        ] {
            let error = Bytes::parse(text).unwrap_err();
            assert_eq!(error.fix.as_deref(), fix, "{text}: {}", error.message);
        }
    }

    /// The written base does not matter for comparing.
    #[test]
    fn compares_bytes() {
        assert_eq!(
            Bytes::parse("1024k").unwrap(),
            Bytes::parse("1000Ki").unwrap()
        );
        assert!(Bytes::parse("1G").unwrap() < Bytes::parse("1Gi").unwrap());
    }
}
