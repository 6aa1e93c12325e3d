//! Names of environment variables.

use smol_str::SmolStr;

use super::{UnitError, text_newtype};

/// A variable's name: letters, digits and `_`, not starting with a digit, so that every shell and
/// program can read it. (Kubernetes itself allows more.)
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvName(SmolStr);

text_newtype!(EnvName);

impl EnvName {
    /// Reads a name.
    ///
    /// # Errors
    /// Empty, starting with a digit, or other characters.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let valid = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && text.starts_with(|c: char| !c.is_ascii_digit());
        if valid {
            return Ok(Self(text.into()));
        }
        let rule = "expected letters, digits and `_`, not starting with a digit";
        Err(UnitError::new(text, "a variable name", rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule at its edges.
    #[test]
    fn names() {
        for good in ["MODEL_PATH", "_", "a1"] {
            assert_eq!(EnvName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "1A", "A-B", "A=B", "A B", "Ä"] {
            assert!(EnvName::parse(bad).is_err(), "{bad}");
        }
    }
}
