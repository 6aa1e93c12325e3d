//! Lengths of time.

use std::fmt;

use super::UnitError;
use super::decimal::{Decimal, split_number};

/// Units, largest first, with their milliseconds.
const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Most digits before a unit: what Gateway API's duration pattern (GEP-2257) allows.
const MOST_COUNT: u64 = 99_999;

const EXPECTED: &str = "expected one such as `500ms`, `30s`, `5m` or `1h30m`";

/// A whole number of milliseconds, at most 99999 hours.
///
/// Shown with the largest unit that divides it (`90s`, `5m`), or from hours down where that takes
/// more than five digits. Every shown form is valid in Go, Prometheus and Gateway API.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

impl Duration {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// The longest: 99999 hours.
    pub const MOST: Self = Self(MOST_COUNT * 3_600_000);

    /// A count of milliseconds; more than [`Duration::MOST`] becomes that.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        if millis > Self::MOST.0 {
            Self::MOST
        } else {
            Self(millis)
        }
    }

    /// A count of seconds; more than [`Duration::MOST`] becomes that.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self::from_millis(secs.saturating_mul(1000))
    }

    /// The number of milliseconds.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Seconds, rounded up: for Kubernetes fields that take whole seconds.
    #[must_use]
    pub const fn as_secs_ceil(self) -> u64 {
        self.0.div_ceil(1000)
    }

    /// Seconds, if they are whole.
    #[must_use]
    pub fn as_secs_exact(self) -> Option<u64> {
        self.0.is_multiple_of(1000).then_some(self.0 / 1000)
    }

    /// Seconds as a number.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The sum, at most [`Duration::MOST`].
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self::from_millis(self.0.saturating_add(other.0))
    }

    /// What is left after taking `other` away; zero if `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The product, at most [`Duration::MOST`].
    #[must_use]
    pub const fn saturating_mul(self, count: u64) -> Self {
        Self::from_millis(self.0.saturating_mul(count))
    }

    /// Reads `500ms`, `30s`, `1m30s`: whole numbers with units that get smaller.
    ///
    /// # Errors
    /// A text in another form, finer than a millisecond or longer than 99999h; with a fix for
    /// `0.5s`, `5 s`, `5sec`, `2 minutes`, `1d` and their like. `60` alone has no sure meaning.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a duration", EXPECTED);
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UnitError::new(
                text,
                "a duration",
                "the unit is missing; write `60s` or `60ms`",
            ));
        }
        if let Some(millis) = exact(text) {
            return if millis <= Self::MOST.0 {
                Ok(Self(millis))
            } else {
                Err(UnitError::new(
                    text,
                    "a duration",
                    "the longest is `99999h`",
                ))
            };
        }
        Err(error().maybe_fix(
            meant(text)
                .filter(|millis| *millis <= Self::MOST.0)
                .map(Self),
        ))
    }
}

/// Milliseconds of a text in the accepted form.
fn exact(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut left = UNITS.as_slice();
    let mut total = 0u64;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .filter(|n| *n > 0)?;
        let (number, after) = rest.split_at(digits);
        let unit_len = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_len);
        let at = left.iter().position(|(name, _)| *name == unit)?;
        if number.len() > 1 && number.starts_with('0') {
            return None;
        }
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(left[at].1)?)?;
        left = &left[at + 1..];
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

/// Milliseconds meant by one number with any common name of a unit.
fn meant(text: &str) -> Option<u64> {
    let (number, unit, _) = split_number(text);
    let nanos: u128 = match unit.to_ascii_lowercase().as_str() {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" | "msec" | "millis" | "milliseconds" => 1_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000_000_000,
        "min" | "mins" | "minute" | "minutes" => 60_000_000_000,
        "m" if unit == "m" => 60_000_000_000,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000_000_000,
        "d" | "day" | "days" => 86_400_000_000_000,
        _ => return None,
    };
    let total = Decimal::parse(number)?.times(nanos)?;
    total
        .is_multiple_of(1_000_000)
        .then(|| u64::try_from(total / 1_000_000).ok())?
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        for (name, millis) in UNITS {
            if self.0.is_multiple_of(millis) && self.0 / millis <= MOST_COUNT {
                return write!(f, "{}{name}", self.0 / millis);
            }
        }
        let mut rest = self.0;
        for (name, millis) in UNITS {
            if rest >= millis {
                write!(f, "{}{name}", rest / millis)?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shown forms are short and read back.
    #[test]
    fn canonical_form() {
        for (text, shown, millis) in [
            ("500ms", "500ms", 500),
            ("1000ms", "1s", 1000),
            ("90s", "90s", 90_000),
            ("1m30s", "90s", 90_000),
            ("120s", "2m", 120_000),
            ("1h", "1h", 3_600_000),
            ("1h30m", "90m", 5_400_000),
            ("0s", "0s", 0),
            ("1s500ms", "1500ms", 1500),
            ("100001ms", "1m40s1ms", 100_001),
            ("99999h", "99999h", 359_996_400_000),
        ] {
            let value = Duration::parse(text).unwrap();
            assert_eq!(
                (value.to_string().as_str(), value.millis()),
                (shown, millis),
                "{text}"
            );
            assert_eq!(Duration::parse(shown), Ok(value));
        }
    }

    /// Other spellings are refused, with a fix where the meaning is certain.
    #[test]
    fn refuses_other_forms() {
        for (text, fix) in [
            ("0.5 s", Some("500ms")),
            ("0.5s", Some("500ms")),
            ("5 s", Some("5s")),
            ("5sec", Some("5s")),
            ("2 minutes", Some("2m")),
            ("1d", Some("24h")),
            ("5S", Some("5s")),
            ("05s", Some("5s")),
            ("1500us", None),
            ("2000us", Some("2ms")),
            ("5M", None),
            ("60", None),
            ("30s1m", None),
            ("1s1s", None),
            ("100000h", None),
            ("-5s", None),
            ("s", None),
            ("", None),
        ] {
            assert_eq!(
                Duration::parse(text).unwrap_err().fix.as_deref(),
                fix,
                "{text}"
            );
        }
    }

    /// Whole-second fields never get less time than was asked for.
    #[test]
    fn seconds_round_up() {
        assert_eq!(Duration::from_millis(1001).as_secs_ceil(), 2);
        assert_eq!(Duration::from_millis(1001).as_secs_exact(), None);
    }
}
