//! Names of Kubernetes objects and hosts.

use smol_str::SmolStr;

use super::{UnitError, text_newtype};

/// RFC 1123 label: 1–63 of `a-z`, `0-9` and `-`, alphanumeric at both ends. `bert-base` is one,
/// `Bert_Base` is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsLabel(SmolStr);

/// RFC 1123 subdomain: labels joined by `.`, 253 bytes at most. `nlp.acme.io` is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsSubdomain(SmolStr);

text_newtype!(DnsLabel);
text_newtype!(DnsSubdomain);

impl DnsLabel {
    /// Most bytes of a label.
    pub const MOST: usize = 63;

    /// Reads a label.
    ///
    /// # Errors
    /// Empty, longer than 63 bytes, or other characters. The message shows a name that would do;
    /// it is no fix, since other places may refer to the name.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if is_label(text) {
            return Ok(Self(text.into()));
        }
        if text.len() > Self::MOST && is_label_chars(text) {
            let reason = format!("it has {} characters, 63 are allowed", text.len());
            return Err(UnitError::new(text, "a name", reason));
        }
        let rule = "expected lower-case letters, digits and `-`, at most 63, starting and ending with a letter or digit";
        Err(UnitError::new(text, "a name", with_example(rule, text)))
    }
}

impl DnsSubdomain {
    /// Reads a subdomain.
    ///
    /// # Errors
    /// Empty, longer than 253 bytes, or a part between dots that is no label.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if is_subdomain(text) {
            return Ok(Self(text.into()));
        }
        let rule =
            "expected names of lower-case letters, digits and `-` joined by `.`, at most 253";
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let host = host.map(|rest| rest.trim_end_matches('/'));
        let fix = host.filter(|host| is_subdomain(host));
        Err(UnitError::new(text, "a DNS name", rule).maybe_fix(fix))
    }
}

impl From<DnsLabel> for DnsSubdomain {
    fn from(label: DnsLabel) -> Self {
        Self(label.0)
    }
}

/// Whether `text` is an RFC 1123 label.
pub(super) fn is_label(text: &str) -> bool {
    (1..=DnsLabel::MOST).contains(&text.len()) && is_label_chars(text)
}

/// Whether `text` is an RFC 1123 subdomain. Kubernetes does not limit its parts to 63 bytes, but
/// DNS does, and every one of ours may become a host.
pub(super) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_label_chars(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn with_example(rule: &str, text: &str) -> String {
    let lower: String = text
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let example = lower.trim_matches('-');
    if is_label(example) {
        format!("{rule}, such as `{example}`")
    } else {
        rule.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule at its edges.
    #[test]
    fn labels() {
        for good in ["a", "0", "bert-base", "a--b", &"x".repeat(63)] {
            assert_eq!(DnsLabel::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "-a",
            "a-",
            "Bert",
            "a_b",
            "a.b",
            "ä",
            "a b",
            &"x".repeat(64),
        ] {
            assert!(DnsLabel::parse(bad).is_err(), "{bad}");
        }
        let error = DnsLabel::parse("Bert_Base").unwrap_err();
        assert!(error.message.ends_with("such as `bert-base`"), "{error}");
        let error = DnsLabel::parse(&"x".repeat(64)).unwrap_err();
        assert!(error.message.contains("64 characters"), "{error}");
    }

    /// Parts between dots are labels.
    #[test]
    fn subdomains() {
        for good in ["nlp.acme.io", "a", "0.1"] {
            assert_eq!(DnsSubdomain::parse(good).unwrap().as_str(), good);
        }
        let long = vec!["x".repeat(60); 5].join(".");
        for bad in ["", "a..b", ".a", "a.", "A.b", "*.acme.io", &long] {
            assert!(DnsSubdomain::parse(bad).is_err(), "{bad}");
        }
    }
}
