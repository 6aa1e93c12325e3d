//! Prices of nodes.

use std::fmt;

use super::UnitError;
use super::decimal::{Decimal, split_number, write_scaled};

const EXPECTED: &str = "expected a price per hour without currency, such as `32.77/h`";

/// Money for one hour, in millionths of the currency that the whole workspace uses.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(u64);

impl Price {
    /// Millionths of the currency for an hour.
    #[must_use]
    pub const fn micros_per_hour(self) -> u64 {
        self.0
    }

    /// A price in millionths of the currency for an hour.
    #[must_use]
    pub const fn from_micros_per_hour(micros: u64) -> Self {
        Self(micros)
    }

    /// Reads `32.77/h`.
    ///
    /// # Errors
    /// A text in another form, or finer than a millionth; with a fix for `$32.77/h`, `32.77/hour`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a price", EXPECTED);
        let bare = text.trim_start_matches(['$', '€', '£']).trim_start();
        let (number, unit, space) = split_number(bare);
        let decimal = Decimal::parse(number).ok_or_else(error)?;
        if !["/h", "/hr", "/hour", "USD/h", "EUR/h"].contains(&unit) {
            return Err(error());
        }
        let Some(micros) = decimal.times_u64(1_000_000) else {
            return Err(UnitError::new(
                text,
                "a price",
                "at most six decimal places",
            ));
        };
        if unit == "/h" && decimal.plain && !space && bare == text {
            Ok(Self(micros))
        } else {
            Err(error().fix(Self(micros)))
        }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, 6)?;
        f.write_str("/h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One form; currency signs and long hours are mended.
    #[test]
    fn reads_and_refuses() {
        assert_eq!(
            Price::parse("32.77/h").unwrap().micros_per_hour(),
            32_770_000
        );
        assert_eq!(Price::parse("0.0341/h").unwrap().to_string(), "0.0341/h");
        for (text, fix) in [
            ("$32.77/h", Some("32.77/h")),
            ("32.77/hour", Some("32.77/h")),
            ("32.77 USD/h", Some("32.77/h")),
            ("32.77", None),
            ("32,77/h", None),
            ("0.0000001/h", None),
        ] {
            assert_eq!(
                Price::parse(text).unwrap_err().fix.as_deref(),
                fix,
                "{text}"
            );
        }
    }
}
