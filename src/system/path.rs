//! Paths that cannot leave the folder they are relative to.

use std::io;
use std::path::Path;

/// Why a path is not taken; `None` for one that is. A good one has components joined by `/`, none
/// of them empty, `.` or `..`, and no character that a file system gives a meaning of its own.
#[must_use]
pub fn problem(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    for component in path.split('/') {
        match component {
            "" => return Some("it has an empty component"),
            "." | ".." => return Some("it has a `.` or `..` component"),
            _ => {}
        }
    }
    let ascii = |b: u8| b >= b' ' && !matches!(b, b'\\' | b':' | 0x7f);
    if !path.bytes().all(ascii) || (!path.is_ascii() && path.contains(char::is_control)) {
        return Some("it has a backslash, colon or control character");
    }
    None
}

/// What stands before paths below a folder that a user named: nothing for the current one.
#[must_use]
pub fn prefix(folder: &Path) -> String {
    let text = folder.to_string_lossy().replace('\\', "/");
    match text.trim_end_matches('/') {
        "" if text.starts_with('/') => "/".to_owned(),
        "" | "." => String::new(),
        text => format!("{}/", text.strip_prefix("./").unwrap_or(text)),
    }
}

/// The folder that holds `path`; `""` is the root.
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last component of `path`.
#[must_use]
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Every folder above `path`, outermost first, without the root.
pub fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// [`problem`] as an error.
pub(super) fn check(path: &str) -> io::Result<()> {
    match problem(path) {
        None => Ok(()),
        Some(why) => {
            let message = format!("`{}` is no path inside: {why}", path.escape_debug());
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{parents, problem};

    /// What could name anything outside, or differ between systems, is refused.
    #[test]
    fn only_paths_inside() {
        for path in [
            "a",
            "a/b.yaml",
            "_gitops/a-b.c",
            "größe/a b",
            "..a/b..",
            "a/...",
        ] {
            assert_eq!(problem(path), None, "{path}");
        }
        for path in [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "./a", "a\\b", "c:a",
            "a\nb", "a\0", "a\u{85}",
        ] {
            assert!(problem(path).is_some(), "{path:?}");
        }
    }

    /// Outermost first.
    #[test]
    fn folders_above() {
        assert_eq!(parents("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(parents("a").count(), 0);
    }
}
