//! References of container images.

use std::fmt;

use smol_str::SmolStr;

use super::{Port, Sha256, UnitError, dns};

const EXPECTED: &str = "expected one such as `registry.acme.io/ml/bert:v2.1`";

/// `[registry/]repository[:tag][@sha256:digest]`, by the grammar of the OCI distribution
/// specification.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef {
    registry: Option<SmolStr>,
    repository: SmolStr,
    tag: Option<SmolStr>,
    digest: Option<Sha256>,
}

impl ImageRef {
    /// Host of the registry with its port; absent for Docker Hub's short names.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// Path of the repository in its registry.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest of the manifest.
    #[must_use]
    pub fn digest(&self) -> Option<Sha256> {
        self.digest
    }

    /// Whether the same reference may name another image tomorrow: there is no digest.
    #[must_use]
    pub fn is_mutable(&self) -> bool {
        self.digest.is_none()
    }

    /// Whether it names whatever is newest: no digest, and the tag `latest` or none.
    #[must_use]
    pub fn is_mutable_tag(&self) -> bool {
        self.is_mutable() && self.tag().is_none_or(|tag| tag == "latest")
    }

    /// This image pinned to a digest.
    #[must_use]
    pub fn with_digest(&self, digest: Sha256) -> Self {
        Self {
            digest: Some(digest),
            ..self.clone()
        }
    }

    /// Reads a reference.
    ///
    /// # Errors
    /// A text in another form, capitals in the repository, or a digest that is not SHA-256; with
    /// a fix for a leading `https://` or `docker://`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = |reason: &str| UnitError::new(text, "an image", reason);
        if let Some((_, bare)) = text.split_once("://") {
            return Err(error("an image has no scheme").maybe_fix(Self::parse(bare).ok()));
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => {
                let hex = digest.strip_prefix("sha256:");
                let hex = hex.ok_or_else(|| error("the digest must start with `sha256:`"))?;
                let digest = Sha256::parse(hex)
                    .map_err(|_| error("the digest needs 64 lower-case hexadecimal digits"))?;
                (name, Some(digest))
            }
            None => (text, None),
        };
        let slash = name.rfind('/').map_or(0, |at| at + 1);
        let (path, tag) = match name[slash..].split_once(':') {
            Some((last, tag)) => (&name[..slash + last.len()], Some(tag)),
            None => (name, None),
        };
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(error(
                "a tag has 1 to 128 letters, digits, `_`, `.` and `-`",
            ));
        }
        let (registry, repository) = split_registry(path);
        if registry.is_some_and(|host| !is_registry(host)) {
            return Err(error(EXPECTED));
        }
        if repository.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(error("a repository has lower-case letters only"));
        }
        if repository.len() > 255 || !repository.split('/').all(is_component) {
            return Err(error(EXPECTED));
        }
        Ok(Self {
            registry: registry.map(Into::into),
            repository: repository.into(),
            tag: tag.map(Into::into),
            digest,
        })
    }
}

/// The first component is a registry if it looks like a host: with a dot, a port, or `localhost`.
fn split_registry(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => {
            (Some(host), rest)
        }
        _ => (None, path),
    }
}

fn is_registry(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    dns::is_subdomain(name) && port.is_none_or(|port| Port::parse(port).is_ok())
}

fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && tag
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
        && !tag.starts_with(['.', '-'])
}

/// Lower-case alphanumerics, separated by one `.`, one or two `_`, or any number of `-`.
fn is_component(part: &str) -> bool {
    let is_alnum = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let separators = part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    !part.is_empty()
        && is_alnum(part.as_bytes()[0])
        && is_alnum(part.as_bytes()[part.len() - 1])
        && separators
            .into_iter()
            .all(|s| matches!(s, "" | "." | "_" | "__") || s.bytes().all(|b| b == b'-'))
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest
            .map_or(Ok(()), |digest| write!(f, "@sha256:{digest}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of a reference.
    #[test]
    fn reads() {
        let digest = "a".repeat(64);
        let full = format!("registry.acme.io:5000/ml/bert-base:v2.1@sha256:{digest}");
        for text in [
            "redis",
            "ml/bert",
            "localhost/x:1",
            "ghcr.io/a/b__c.d",
            &full,
        ] {
            assert_eq!(ImageRef::parse(text).unwrap().to_string(), text);
        }
        let image = ImageRef::parse(&full).unwrap();
        assert_eq!(image.registry(), Some("registry.acme.io:5000"));
        assert_eq!(
            (image.repository(), image.tag()),
            ("ml/bert-base", Some("v2.1"))
        );
        assert!(!image.is_mutable());
        let tagged = ImageRef::parse("ml/bert:v1").unwrap();
        assert!(tagged.is_mutable() && !tagged.is_mutable_tag());
        assert!(ImageRef::parse("ml/bert:latest").unwrap().is_mutable_tag());
        assert!(ImageRef::parse("ml/bert").unwrap().is_mutable_tag());
    }

    /// What no registry would take.
    #[test]
    fn refuses() {
        for bad in [
            "",
            "Redis",
            "a//b",
            "a/",
            "a:",
            "a:-x",
            "a b",
            "a@sha256:12",
            "a@md5:12",
            "a___b",
            "a..b",
            "-a",
            "reg.io:99999/a",
            "a:b:c",
        ] {
            assert!(ImageRef::parse(bad).is_err(), "{bad}");
        }
        let error = ImageRef::parse("docker://ghcr.io/a/b:1").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("ghcr.io/a/b:1"));
    }
}
