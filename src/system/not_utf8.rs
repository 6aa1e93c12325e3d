//! A file that is no text.

use std::fmt;
use std::io;
use std::string::FromUtf8Error;

/// Bytes kept behind the first that is wrong: enough to see the place by.
const MOST_BEHIND: usize = 80;

/// Where a file stops being UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The file up to the end of the line that is wrong; what is wrong is replaced by U+FFFD.
    pub text: String,
    /// Where in `text` the first byte that is wrong stands.
    pub at: usize,
    /// That byte.
    pub byte: u8,
    /// Whether the file begins as UTF-16 does.
    pub utf16: bool,
}

impl From<FromUtf8Error> for NotUtf8 {
    fn from(error: FromUtf8Error) -> Self {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let behind = &bytes[at..];
        let end = behind
            .iter()
            .take(MOST_BEHIND)
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .unwrap_or(behind.len().min(MOST_BEHIND));
        Self {
            text: String::from_utf8_lossy(&bytes[..at + end]).into_owned(),
            at,
            byte: behind.first().copied().unwrap_or_default(),
            utf16: bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]),
        }
    }
}

impl NotUtf8 {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        if self.utf16 {
            "save the file as UTF-8: it begins as UTF-16 does"
        } else {
            "save the file as UTF-8"
        }
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte 0x{:02x} is not UTF-8", self.byte)
    }
}

impl std::error::Error for NotUtf8 {}

impl From<NotUtf8> for io::Error {
    fn from(error: NotUtf8) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

#[cfg(test)]
mod tests {
    use super::NotUtf8;

    fn of(bytes: &[u8]) -> NotUtf8 {
        String::from_utf8(bytes.to_vec()).unwrap_err().into()
    }

    /// The first byte that is wrong, behind characters of several bytes, at the beginning and the end.
    #[test]
    fn the_first() {
        let found = of(b"a\n\xc3\xa9 \xe9t\xe9\nb");
        assert_eq!((found.at, found.byte), (5, 0xe9));
        assert_eq!(found.text, "a\né \u{fffd}t\u{fffd}");
        let found = of(b"\xff\xfea\0");
        assert_eq!((found.at, found.byte, found.utf16), (0, 0xff, true));
        // A character that is cut off.
        let found = of(b"ab\xe2\x82");
        assert_eq!((found.at, found.text.as_str()), (2, "ab\u{fffd}"));
        // Of what follows no more than is shown.
        let found = of(&[b"\xff".as_slice(), &[b'x'; 1000]].concat());
        assert!(found.text.len() < 100);
    }
}
