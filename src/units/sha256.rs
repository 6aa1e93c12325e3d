//! SHA-256 digests.

use std::fmt;

use super::UnitError;

/// A SHA-256 digest, shown as 64 lower-case hexadecimal digits.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// A digest from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest's bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Another length or other characters; with a fix for capitals and for a `sha256:` prefix.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || {
            let bare = text.trim().trim_start_matches("sha256:");
            let fix = read(&bare.to_ascii_lowercase());
            UnitError::new(
                text,
                "a SHA-256 digest",
                "expected 64 lower-case hexadecimal digits",
            )
            .maybe_fix(fix)
        };
        read(text).ok_or_else(error)
    }
}

fn read(text: &str) -> Option<Sha256> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(Sha256(bytes))
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One form; capitals and the prefix are mended.
    #[test]
    fn reads_and_refuses() {
        let text = "0123456789abcdef".repeat(4);
        assert_eq!(Sha256::parse(&text).unwrap().to_string(), text);
        for mended in [text.to_uppercase(), format!("sha256:{text}")] {
            assert_eq!(
                Sha256::parse(&mended).unwrap_err().fix.as_ref(),
                Some(&text)
            );
        }
        for bad in [
            "",
            "…",
            &text[1..],
            &text.replace('a', "g"),
            &format!("{text}0"),
        ] {
            assert_eq!(Sha256::parse(bad).unwrap_err().fix, None, "{bad}");
        }
    }
}
