//! Kubernetes quantities: `500m`, `4Gi`, `1e3`.

use std::cmp::Ordering;

use super::tape::{Shape, View};

/// An amount; exact for all that fits into 127 bits of nano units.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quantity {
    /// Billionths.
    nanos: i128,
}

const NANO: i128 = 1_000_000_000;

/// The API server's largest amount.
const LARGEST: i128 = i64::MAX as i128 * NANO;

impl Quantity {
    /// Reads a quantity; `None` if it is none. Amounts too large for a machine word count as the
    /// largest one, as in the API server.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let end = unsigned
            .bytes()
            .position(|c| !c.is_ascii_digit() && c != b'.')
            .unwrap_or(unsigned.len());
        let (digits, suffix) = unsigned.split_at(end);
        let point = digits.bytes().position(|c| c == b'.');
        let (whole, fraction) = match point {
            Some(at) => (&digits[..at], &digits[at + 1..]),
            None => (digits, ""),
        };
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return None;
        }
        let scale = Scale::parse(suffix)?;
        let nanos = match scale.apply_whole(whole) {
            Some(nanos) if fraction.is_empty() => nanos,
            _ => scale.apply(whole, fraction),
        };
        Some(Self {
            nanos: if negative { -nanos } else { nanos },
        })
    }

    /// The quantity of a value on a tape: a string or a number.
    pub(crate) fn of(view: View<'_>) -> Option<Self> {
        match view.value() {
            Shape::Str(text) => Self::parse(text),
            Shape::Int(n) => Some(Self {
                nanos: i128::from(n) * NANO,
            }),
            // What Go makes of a null in a map.
            Shape::Null => Some(Self { nanos: 0 }),
            Shape::Float(f) => Self::parse(&f.to_string()),
            _ => None,
        }
    }

    pub(crate) fn is_negative(self) -> bool {
        self.nanos < 0
    }

    pub(crate) fn is_zero(self) -> bool {
        self.nanos == 0
    }

    pub(crate) fn is_whole(self) -> bool {
        self.nanos % NANO == 0
    }
}

/// What a suffix multiplies by.
enum Scale {
    Ten(i32),
    Two(u32),
}

impl Scale {
    fn parse(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "n" => Self::Ten(-9),
            "u" => Self::Ten(-6),
            "m" => Self::Ten(-3),
            "" => Self::Ten(0),
            "k" => Self::Ten(3),
            "M" => Self::Ten(6),
            "G" => Self::Ten(9),
            "T" => Self::Ten(12),
            "P" => Self::Ten(15),
            "E" => Self::Ten(18),
            "Ki" => Self::Two(10),
            "Mi" => Self::Two(20),
            "Gi" => Self::Two(30),
            "Ti" => Self::Two(40),
            "Pi" => Self::Two(50),
            "Ei" => Self::Two(60),
            _ => Self::Ten(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
        })
    }

    /// Billionths of a whole number of at most nine digits times this, which nearly every quantity
    /// is; `None` for others.
    fn apply_whole(&self, whole: &str) -> Option<i128> {
        if whole.is_empty() || whole.len() > 9 {
            return None;
        }
        let digits = whole.bytes().map(|digit| u64::from(digit - b'0'));
        let number = i128::from(digits.fold(0, |number, digit| number * 10 + digit));
        let nanos = match self {
            Self::Ten(power @ -9..=18) => number * 10_i128.pow(u32::try_from(power + 9).ok()?),
            Self::Two(bits) => (number << bits) * NANO,
            Self::Ten(_) => return None,
        };
        Some(nanos.min(LARGEST))
    }

    /// Billionths of `whole.fraction` times this; what is finer is rounded up, as in Kubernetes.
    fn apply(&self, whole: &str, fraction: &str) -> i128 {
        let (mut nanos, mut rest) = (0_i128, false);
        let ten = match self {
            Self::Ten(power) => *power,
            Self::Two(_) => 0,
        };
        // Digits from the front; `place` is the power of ten of each.
        let mut place = i32::try_from(whole.len())
            .unwrap_or(i32::MAX)
            .saturating_add(ten);
        for digit in whole.bytes().chain(fraction.bytes()) {
            place -= 1;
            let digit = i128::from(digit - b'0');
            if digit == 0 {
                continue;
            }
            // 18 digits of fraction keep binary suffixes exact enough before the multiplication.
            match place.cmp(&-18) {
                Ordering::Less => rest = true,
                _ if place > 19 => return LARGEST,
                _ => nanos += digit * 10_i128.pow(u32::try_from(place + 18).unwrap_or(0)),
            }
            if nanos > LARGEST * NANO {
                return LARGEST;
            }
        }
        if let Self::Two(bits) = self {
            nanos = nanos.saturating_mul(1 << bits);
        }
        let up = i128::from(rest || nanos % NANO != 0);
        (nanos / NANO + up).min(LARGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::{Quantity, Scale};

    fn nanos(text: &str) -> Option<i128> {
        Quantity::parse(text).map(|q| q.nanos)
    }

    #[test]
    fn quantities_are_read_exactly() {
        assert_eq!(nanos("1"), Some(1_000_000_000));
        assert_eq!(nanos("500m"), Some(500_000_000));
        assert_eq!(nanos("1.5Gi"), Some(1_610_612_736_000_000_000));
        assert_eq!(nanos("1e3"), nanos("1k"));
        assert_eq!(nanos(".5"), nanos("500m"));
        assert_eq!(nanos("-1"), Some(-1_000_000_000));
        assert_eq!(nanos("8Ei"), nanos("9223372036854775807"));
    }

    /// The short way for whole numbers comes to what the long way comes to.
    #[test]
    fn both_ways_agree() {
        let suffixes = [
            "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
            "e5", "e18",
        ];
        for suffix in suffixes {
            let scale = Scale::parse(suffix).unwrap();
            for whole in ["0", "007", "1", "4096", "999999999"] {
                let short = scale.apply_whole(whole);
                assert_eq!(short, Some(scale.apply(whole, "")), "{whole}{suffix}");
            }
        }
    }

    #[test]
    fn other_strings_are_none() {
        for text in [
            "", ".", "4GiB", "1 Gi", "Gi", "1.2.3", "0x10", "1e", "--1", "1K",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
