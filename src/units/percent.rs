//! Percentages.

use std::fmt;

use super::UnitError;
use super::decimal::{Decimal, split_number, write_scaled};

/// Hundredths of a percent, 0..=1000%. Utilization targets may lie above 100%; who needs a share
/// of a whole compares with [`Percent::WHOLE`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u32);

impl Percent {
    /// 100%.
    pub const WHOLE: Self = Self(10_000);
    /// The largest: 1000%.
    pub const MOST: Self = Self(100_000);

    /// A count of whole percents; `None` above 1000.
    #[must_use]
    pub fn whole(percent: u32) -> Option<Self> {
        percent
            .checked_mul(100)
            .filter(|n| *n <= Self::MOST.0)
            .map(Self)
    }

    /// Hundredths of a percent.
    #[must_use]
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// Whole percents, if there is no fraction.
    #[must_use]
    pub fn as_whole(self) -> Option<u32> {
        self.0.is_multiple_of(100).then_some(self.0 / 100)
    }

    /// The share of one: 0.7 for `70%`.
    #[must_use]
    pub fn as_fraction(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    /// Reads `70%`, `0.5%`.
    ///
    /// # Errors
    /// A text in another form, above 1000% or finer than 0.01%; with a fix for `70`, `70 %`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a percentage", "expected one such as `70%` or `0.5%`");
        let (number, unit, space) = split_number(text);
        let decimal = Decimal::parse(number).ok_or_else(error)?;
        if !["%", "", "percent", "pct"].contains(&unit) {
            return Err(error());
        }
        let value = decimal
            .times_u64(100)
            .and_then(|n| u32::try_from(n).ok())
            .map(Self);
        match value.filter(|value| *value <= Self::MOST) {
            Some(value) if unit == "%" && decimal.plain && !space => Ok(value),
            // `0.7` may mean 70% or 0.7%: no guess.
            Some(value) if !unit.is_empty() || value >= Self(100) => Err(error().fix(value)),
            Some(_) => Err(error()),
            None => Err(UnitError::new(
                text,
                "a percentage",
                "expected 0% to 1000% in steps of 0.01%",
            )),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, u64::from(self.0), 2)?;
        f.write_str("%")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One form; a fraction of one is not guessed at.
    #[test]
    fn reads_and_refuses() {
        assert_eq!(Percent::parse("70%").unwrap().as_whole(), Some(70));
        assert_eq!(Percent::parse("0.5%").unwrap().hundredths(), 50);
        assert_eq!(Percent::parse("0.50%").unwrap().to_string(), "0.5%");
        assert_eq!(Percent::parse("150%").unwrap().as_fraction(), 1.5);
        for (text, fix) in [
            ("70", Some("70%")),
            ("70 %", Some("70%")),
            ("070%", Some("70%")),
            ("0.7", None),
            ("1001%", None),
            ("0.001%", None),
            ("-1%", None),
            ("%", None),
        ] {
            assert_eq!(
                Percent::parse(text).unwrap_err().fix.as_deref(),
                fix,
                "{text}"
            );
        }
    }
}
