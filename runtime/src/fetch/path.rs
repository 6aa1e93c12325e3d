//! Paths of fetched files below the target folder.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Names at the top of the target folder that the fetcher keeps for itself.
const RESERVED: [&str; 2] = [".partial-", ".mlserve-fetch"];

/// A relative path that stays below the folder it is joined to: `onnx/model.onnx` ok, `../x`, `/x`, `a//b` and `a/./b` not.
///
/// No control characters and no backslash, so that a folder's digest lines are those of `sha256sum`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelPath(String);

impl RelPath {
    /// Reads a path as an object store names it, with `/` between its parts.
    ///
    /// # Errors
    /// Why the path is refused, in words that follow the path.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.chars().any(|c| c.is_control() || c == '\\') {
            return Err("it holds a control character or a backslash");
        }
        for part in text.split('/') {
            match part {
                "" => return Err("it has an empty part"),
                "." | ".." => return Err("it could leave the target folder"),
                _ => {}
            }
        }
        if RESERVED.iter().any(|reserved| text.starts_with(reserved)) {
            return Err("the fetcher keeps this name for itself");
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the path with `/` between its parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns where the file lies below `folder`.
    #[must_use]
    pub fn below(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }

    /// Says whether `self` is a folder on the way to `other`.
    pub(super) fn is_above(&self, other: &Self) -> bool {
        other
            .0
            .strip_prefix(&self.0)
            .is_some_and(|rest| rest.starts_with('/'))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RelPath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<RelPath> for String {
    fn from(path: RelPath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use super::RelPath;

    #[test]
    fn a_path_never_leaves_its_folder() {
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "a/",
            "./a",
            "a\0b",
            "a\nb",
            "a\\b",
            ".partial-x/a",
        ] {
            assert!(RelPath::parse(bad).is_err(), "{bad:?} was accepted");
        }
        for good in [
            "model.onnx",
            "1/model.onnx",
            "..data/x",
            "a b/ü.bin",
            ".gitattributes",
        ] {
            assert_eq!(RelPath::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn above_means_a_whole_part() {
        let path = |text| RelPath::parse(text).unwrap();
        assert!(path("a").is_above(&path("a/b")));
        assert!(!path("a").is_above(&path("ab")));
        assert!(!path("a").is_above(&path("a")));
    }
}
