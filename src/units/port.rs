//! TCP ports.

use std::fmt;
use std::num::NonZeroU16;

use super::UnitError;

/// A port, 1–65535.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(NonZeroU16);

impl Port {
    /// A port, or `None` outside 1–65535.
    #[must_use]
    pub fn new(number: i128) -> Option<Self> {
        u16::try_from(number)
            .ok()
            .and_then(NonZeroU16::new)
            .map(Self)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// Reads decimal digits.
    ///
    /// # Errors
    /// A text in another form or outside 1–65535.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        plain
            .then(|| text.parse().ok().and_then(Self::new))
            .flatten()
            .ok_or_else(|| UnitError::new(text, "a port", "expected 1 to 65535"))
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The range at its edges.
    #[test]
    fn range() {
        assert_eq!(Port::parse("1").unwrap().get(), 1);
        assert_eq!(Port::parse("65535").unwrap().get(), 65535);
        for bad in ["0", "65536", "", "080", "-1", "http", "+80"] {
            assert!(Port::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Port::new(0), None);
        assert_eq!(Port::new(70_000), None);
    }
}
