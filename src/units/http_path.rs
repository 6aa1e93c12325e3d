//! Paths of HTTP requests.

use smol_str::SmolStr;

use super::{UnitError, text_newtype};

/// A request path as Gateway API takes it in a match: starts with `/`; letters, digits, the marks
/// of RFC 3986 and `%xx`; no `//`, no `.` or `..` between slashes, no encoded slash; at most 1024
/// bytes. Source: HTTPRoute's validation, Gateway API 1.6.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpPath(SmolStr);

text_newtype!(HttpPath);

impl HttpPath {
    /// Reads a path.
    ///
    /// # Errors
    /// A text in another form; with a fix for a missing leading `/` and for doubled ones.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if is_path(text) {
            return Ok(Self(text.into()));
        }
        let mut meant = format!("/{text}");
        while meant.contains("//") {
            meant = meant.replace("//", "/");
        }
        let fix = (!text.is_empty() && !text.contains(':') && is_path(&meant)).then_some(meant);
        let expected = "expected one that starts with `/`, such as `/predict`";
        Err(UnitError::new(text, "a path", expected).maybe_fix(fix))
    }

    /// Whether this is `/`.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }
}

fn is_path(text: &str) -> bool {
    text.len() <= 1024
        && text.starts_with('/')
        && !text.contains("//")
        && !text.split('/').any(|part| part == "." || part == "..")
        && are_chars(text.as_bytes())
}

fn are_chars(mut bytes: &[u8]) -> bool {
    while let [first, rest @ ..] = bytes {
        bytes = match (first, rest) {
            (b'%', [b'2', b'f' | b'F', ..]) => return false,
            (b'%', [a, b, rest @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => rest,
            (c, rest) if c.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(c) => rest,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule at its edges.
    #[test]
    fn reads_and_refuses() {
        for good in [
            "/",
            "/sentiment",
            "/v2/models/bert:predict",
            "/a%20b",
            "/a.b/..c",
            "/a/",
        ] {
            assert_eq!(HttpPath::parse(good).unwrap().as_str(), good);
        }
        for (bad, fix) in [
            ("sentiment", Some("/sentiment")),
            ("/a//b", Some("/a/b")),
            ("", None),
            ("https://a/b", None),
            ("/a/../b", None),
            ("/a/.", None),
            ("/a?b", None),
            ("/a#b", None),
            ("/a b", None),
            ("/a%2Fb", None),
            ("/a%2", None),
            ("/ä", None),
        ] {
            assert_eq!(
                HttpPath::parse(bad).unwrap_err().fix.as_deref(),
                fix,
                "{bad}"
            );
        }
    }
}
