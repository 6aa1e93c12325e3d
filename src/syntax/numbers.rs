//! Numbers: decimal, hexadecimal, octal and binary, with `_` between digits.

use super::parser::Parser;
use super::tree::Scalar;

impl Parser<'_> {
    /// The number that is the word in a range; a word that is none is reported.
    pub(super) fn number(&mut self, start: usize, end: usize) -> Scalar {
        match parse(&self.text[start..end]) {
            Some(scalar) => {
                self.pos = end;
                scalar
            }
            None => self.not_a_number(start, end),
        }
    }
}

/// The number that `text` says, if it is one.
///
/// Whole numbers beyond `i128` become the nearest `f64`.
pub(super) fn parse(text: &str) -> Option<Scalar> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let radix = match unsigned.as_bytes() {
        [b'0', b'x', ..] => 16,
        [b'0', b'o', ..] => 8,
        [b'0', b'b', ..] => 2,
        _ => return decimal(unsigned, negative),
    };
    let digits = &unsigned[2..];
    is_digits(digits.as_bytes(), radix).then(|| whole(digits, radix, negative))
}

fn decimal(text: &str, negative: bool) -> Option<Scalar> {
    if is_digits(text.as_bytes(), 10) {
        return Some(whole(text, 10, negative));
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (integer, fraction) = match mantissa.find('.') {
        Some(at) => (&mantissa[..at], Some(&mantissa[at + 1..])),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    let parts = [Some(integer), fraction, exponent];
    if !parts
        .into_iter()
        .flatten()
        .all(|part| is_digits(part.as_bytes(), 10))
    {
        return None;
    }
    let value: f64 = text.replace('_', "").parse().ok()?;
    Some(Scalar::Float(if negative { -value } else { value }))
}

/// Whether these are digits of the radix, with `_` anywhere but in front.
fn is_digits(text: &[u8], radix: u32) -> bool {
    text.first().is_some_and(|byte| *byte != b'_')
        && text
            .iter()
            .all(|byte| *byte == b'_' || (*byte as char).is_digit(radix))
}

fn whole(digits: &str, radix: u32, negative: bool) -> Scalar {
    let mut value = 0_i128;
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        // Counted downwards: `i128` reaches one further below zero than above.
        let next = value
            .checked_mul(i128::from(radix))
            .and_then(|value| value.checked_sub(i128::from(digit)));
        match next {
            Some(next) => value = next,
            None => return large(digits, radix, negative),
        }
    }
    match value.checked_neg() {
        _ if negative => Scalar::Integer(value),
        Some(value) => Scalar::Integer(value),
        None => large(digits, radix, negative),
    }
}

/// A whole number that `i128` cannot hold.
fn large(digits: &str, radix: u32, negative: bool) -> Scalar {
    let digits = digits.replace('_', "");
    let power_of_two = || {
        let digits = digits.chars().filter_map(|c| c.to_digit(radix));
        digits.fold(0.0, |value, digit| {
            value * f64::from(radix) + f64::from(digit)
        })
    };
    let value = if radix == 10 {
        digits.parse().unwrap_or(f64::INFINITY)
    } else {
        power_of_two()
    };
    Scalar::Float(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edges of what is kept exactly.
    #[test]
    fn whole_numbers() {
        let exact = [
            ("0", 0),
            ("-0", 0),
            ("+15", 15),
            ("1_000_", 1000),
            ("0x_", -1),
            ("-0xFf", -255),
            ("0o17", 15),
            ("0b1_0", 2),
            ("170141183460469231731687303715884105727", i128::MAX),
            ("-170141183460469231731687303715884105728", i128::MIN),
        ];
        for (text, value) in exact {
            let expected = (text != "0x_").then_some(Scalar::Integer(value));
            assert_eq!(parse(text), expected, "{text}");
        }
        let beyond = parse("170141183460469231731687303715884105728");
        assert_eq!(
            beyond,
            Some(Scalar::Float(170141183460469231731687303715884105728.0))
        );
    }

    /// Fractions and exponents need digits on both sides.
    #[test]
    fn fractions() {
        for (text, value) in [
            ("1.5", 1.5),
            ("-0.0", -0.0),
            ("1e3", 1e3),
            ("1_0.2_5E-1_0", 10.25e-10),
            ("1e999", f64::INFINITY),
        ] {
            assert_eq!(parse(text), Some(Scalar::Float(value)), "{text}");
        }
        for text in [
            "1.", ".5", "1.e3", "1e", "1e+", "1.2.3", "1._5", "1e1.5", "_1", "--1", "0x", "0xg",
            "0b2", "1E2E3", "0_x1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
