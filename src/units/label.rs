//! Keys and values of labels, and keys of annotations and taints.

use smol_str::SmolStr;

use super::{UnitError, dns, text_newtype};

/// A label's key: `[prefix/]name`; the prefix a DNS subdomain, the name 1–63 of letters, digits,
/// `-`, `_` and `.`, alphanumeric at both ends. `nvidia.com/gpu` and `app` are ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(SmolStr);

/// A label's value: empty, or 1–63 of letters, digits, `-`, `_` and `.`, alphanumeric at both ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelValue(SmolStr);

text_newtype!(LabelKey);
text_newtype!(LabelValue);

impl LabelKey {
    /// Reads a key.
    ///
    /// # Errors
    /// A text in another form.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (prefix, name) = match text.split_once('/') {
            Some((prefix, name)) => (Some(prefix), name),
            None => (None, text),
        };
        if prefix.is_none_or(dns::is_subdomain) && is_name(name) {
            return Ok(Self(text.into()));
        }
        Err(UnitError::new(
            text,
            "a label key",
            "expected one such as `app` or `acme.io/team`",
        ))
    }

    /// The part before `/`.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        self.0.split_once('/').map(|(prefix, _)| prefix)
    }
}

impl LabelValue {
    /// Reads a value.
    ///
    /// # Errors
    /// A text in another form.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if text.is_empty() || is_name(text) {
            return Ok(Self(text.into()));
        }
        let rule = "expected at most 63 letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit";
        Err(UnitError::new(text, "a label value", rule))
    }
}

fn is_name(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules at their edges.
    #[test]
    fn keys_and_values() {
        for good in ["app", "nvidia.com/gpu", "A_b.c-1", &"x".repeat(63)] {
            assert_eq!(LabelKey::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "/a",
            "a/",
            "a/b/c",
            "Acme.io/a",
            "-a",
            "a b",
            &"x".repeat(64),
        ] {
            assert!(LabelKey::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            LabelKey::parse("nvidia.com/gpu").unwrap().prefix(),
            Some("nvidia.com")
        );
        for good in ["", "v2.1", "A_b", &"x".repeat(63)] {
            assert_eq!(LabelValue::parse(good).unwrap().as_str(), good);
        }
        for bad in ["-", "a/b", "a ", "ü", &"x".repeat(64)] {
            assert!(LabelValue::parse(bad).is_err(), "{bad}");
        }
    }
}
