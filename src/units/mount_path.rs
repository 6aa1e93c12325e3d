//! Places in a container's file system.

use smol_str::SmolStr;

use super::{UnitError, text_newtype};

/// An absolute path other than `/` where something can be mounted: no `:`, which Kubernetes
/// refuses in a mount path, no empty, `.` or `..` part, no trailing `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountPath(SmolStr);

text_newtype!(MountPath);

impl MountPath {
    /// Reads a path.
    ///
    /// # Errors
    /// A text in another form; with a fix for a trailing or doubled `/`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if is_path(text) {
            return Ok(Self(text.into()));
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
        let meant = format!("/{}", parts.join("/"));
        let fix = (text.starts_with('/') && is_path(&meant)).then_some(meant);
        let expected = "expected an absolute path below `/`, such as `/models/bert`";
        Err(UnitError::new(text, "a place in the container", expected).maybe_fix(fix))
    }

    /// Whether this place is `other` or lies below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let rest = self.0.strip_prefix(other.0.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn is_path(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('/') else {
        return false;
    };
    text.len() <= 4096
        && !text.contains(':')
        && !text.chars().any(char::is_control)
        && rest.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule at its edges.
    #[test]
    fn reads_and_refuses() {
        for good in ["/tmp", "/models/bert-base-uncased", "/a b"] {
            assert_eq!(MountPath::parse(good).unwrap().as_str(), good);
        }
        for (bad, fix) in [
            ("/tmp/", Some("/tmp")),
            ("//tmp", Some("/tmp")),
            ("/", None),
            ("tmp", None),
            ("", None),
            ("/a:b", None),
            ("/a/../b", None),
            ("/a\n", None),
        ] {
            assert_eq!(
                MountPath::parse(bad).unwrap_err().fix.as_deref(),
                fix,
                "{bad}"
            );
        }
    }

    /// Whole parts are compared.
    #[test]
    fn within() {
        let path = |text| MountPath::parse(text).unwrap();
        assert!(path("/models/bert").is_within(&path("/models")));
        assert!(path("/models").is_within(&path("/models")));
        assert!(!path("/models2").is_within(&path("/models")));
    }
}
