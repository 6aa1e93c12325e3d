//! Keys in secrets.

use std::fmt;

use smol_str::SmolStr;

use super::{DnsSubdomain, UnitError};

/// A key of a Secret: `secret/key`, such as `bert-keys/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretKey {
    secret: DnsSubdomain,
    key: SmolStr,
}

impl SecretKey {
    /// Name of the Secret.
    #[must_use]
    pub fn secret(&self) -> &DnsSubdomain {
        &self.secret
    }

    /// Key in the Secret's data.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Reads `secret/key`.
    ///
    /// # Errors
    /// A text without `/`, or a part that Kubernetes would refuse.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || {
            let expected = "expected the secret's name and a key, such as `bert-keys/api`";
            UnitError::new(text, "a key of a secret", expected)
        };
        let (secret, key) = text.split_once('/').ok_or_else(error)?;
        let secret = DnsSubdomain::parse(secret).map_err(|_| error())?;
        if !is_key(key) {
            return Err(error());
        }
        Ok(Self {
            secret,
            key: key.into(),
        })
    }
}

/// What the API server takes as a key of a ConfigMap or Secret.
fn is_key(key: &str) -> bool {
    (1..=253).contains(&key.len())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && !matches!(key, "." | "..")
        && !key.starts_with("..")
}

impl fmt::Display for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.secret, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both parts are needed.
    #[test]
    fn reads_and_refuses() {
        let key = SecretKey::parse("bert-keys/api.TOKEN_1").unwrap();
        assert_eq!(
            (key.secret().as_str(), key.key()),
            ("bert-keys", "api.TOKEN_1")
        );
        assert_eq!(key.to_string(), "bert-keys/api.TOKEN_1");
        for bad in [
            "",
            "api",
            "/api",
            "bert-keys/",
            "Bert/api",
            "a/b/c",
            "a/..",
            "a/b c",
        ] {
            assert!(SecretKey::parse(bad).is_err(), "{bad}");
        }
    }
}
