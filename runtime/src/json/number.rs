//! Decimal numbers -> floats, correctly rounded. Short ones, which are nearly all, need no second pass over the text.

/// A number of JSON's grammar, with its digits added up while they were checked.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a> {
    /// The text.
    pub text: &'a str,
    pub(super) negative: bool,
    /// All digits as one whole number, when they fit; else `None`.
    pub(super) digits: Option<u64>,
    /// The power of ten that `digits` is multiplied with.
    pub(super) exponent: i32,
}

/// Powers of ten that an `f64` holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The bits that an `f32` has less than an `f64`, and their value when a number lies halfway between two `f32`.
const LOW_BITS: u64 = (1 << 29) - 1;
const HALFWAY: u64 = 1 << 28;

impl Number<'_> {
    /// One correctly rounded operation on two exact values, where the digits allow it.
    fn exact(&self) -> Option<f64> {
        let digits = self.digits.filter(|digits| *digits <= 1 << 53)? as f64;
        let power = *POWERS.get(self.exponent.unsigned_abs() as usize)?;
        let value = match self.exponent < 0 {
            true => digits / power,
            false => digits * power,
        };
        Some(if self.negative { -value } else { value })
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> Option<f64> {
        self.exact().or_else(|| self.text.parse().ok())
    }

    /// The nearest `f32`. Rounding twice is right unless the first result lies exactly between two `f32`.
    pub fn to_f32(&self) -> Option<f32> {
        self.exact()
            .filter(|value| value.to_bits() & LOW_BITS != HALFWAY)
            .map(|value| value as f32)
            // Below this, an f32 has fewer bits than its halfway points were looked for at.
            .filter(|value| value.abs() >= f32::MIN_POSITIVE || *value == 0.0)
            .or_else(|| self.text.parse().ok())
    }
}
