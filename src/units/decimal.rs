//! Exact decimal numbers as users write them, and the decimal suffixes of Kubernetes quantities.

use std::fmt;

/// A number of digits with an optional fraction: `digits / 10^places`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: u128,
    places: u32,
    /// Written the one accepted way: no sign, no leading zero, a digit on both sides of the point.
    pub(crate) plain: bool,
}

impl Decimal {
    /// Reads `12`, `0.5`; also `+12`, `012`, `.5` and `5.`, which are not `plain`. At most 24 digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction)
        {
            return None;
        }
        if whole.len() + fraction.len() > 24 {
            return None;
        }
        let digits = format!("{whole}{fraction}").parse().ok()?;
        let plain = unsigned.len() == text.len()
            && (whole == "0" || (!whole.is_empty() && !whole.starts_with('0')))
            && unsigned.contains('.') != fraction.is_empty();
        Some(Self {
            digits,
            places: fraction.len() as u32,
            plain,
        })
    }

    /// The number times `factor`, if that is a whole number.
    pub(crate) fn times(self, factor: u128) -> Option<u128> {
        let product = self.digits.checked_mul(factor)?;
        let divisor = 10u128.pow(self.places);
        (product % divisor == 0).then_some(product / divisor)
    }

    /// Like [`Decimal::times`], within `u64` and Kubernetes' limit of 2^63 - 1.
    pub(crate) fn times_u64(self, factor: u128) -> Option<u64> {
        u64::try_from(self.times(factor)?)
            .ok()
            .filter(|n| *n <= i64::MAX as u64)
    }
}

/// Splits `4 GiB` into the number's text and the trimmed rest; tells whether a space stood between.
pub(crate) fn split_number(text: &str) -> (&str, &str, bool) {
    let at = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '+'))
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(at);
    let unit = rest.trim();
    (number, unit, unit.len() != rest.len())
}

/// Writes `value / 10^places` without trailing zeros.
pub(crate) fn write_scaled(f: &mut fmt::Formatter<'_>, value: u64, places: u32) -> fmt::Result {
    let unit = 10u64.pow(places);
    let (whole, fraction) = (value / unit, value % unit);
    if fraction == 0 {
        return write!(f, "{whole}");
    }
    let digits = format!("{fraction:0width$}", width = places as usize);
    write!(f, "{whole}.{}", digits.trim_end_matches('0'))
}

/// Suffixes of decimal quantities with their power of 1000, largest first.
pub(crate) const DECIMAL_SUFFIXES: [(&str, u32); 7] = [
    ("E", 6),
    ("P", 5),
    ("T", 4),
    ("G", 3),
    ("M", 2),
    ("k", 1),
    ("", 0),
];

/// Writes a whole number with the largest decimal suffix that divides it, as the API server does.
pub(crate) fn write_decimal_quantity(f: &mut fmt::Formatter<'_>, value: u64) -> fmt::Result {
    for (suffix, power) in DECIMAL_SUFFIXES {
        let unit = 1000u64.pow(power);
        if value != 0 && value.is_multiple_of(unit) {
            return write!(f, "{}{suffix}", value / unit);
        }
    }
    write!(f, "{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exact, and odd spellings are told apart.
    #[test]
    fn reads_numbers() {
        let half = Decimal::parse("0.5").unwrap();
        assert!(half.plain);
        assert_eq!(half.times(1000), Some(500));
        assert_eq!(half.times(1), None);
        for odd in ["+1", "01", ".5", "5.", "00"] {
            assert!(!Decimal::parse(odd).unwrap().plain, "{odd}");
        }
        for bad in ["", ".", "-1", "1e3", "1_0", "1.2.3", &"9".repeat(25)] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }
}
