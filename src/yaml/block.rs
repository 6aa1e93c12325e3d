//! Literal blocks (`|`): text of several lines as it is.

use super::plain::is_visible;

/// Whether a block reads back as exactly `text` in every reader, and shows all of it: no line
/// ends in a blank, no character is invisible, and the first line with anything on it does not
/// start with a blank (a reader finds the indentation there).
pub(super) fn fits(text: &str) -> bool {
    text.contains('\n')
        && text
            .trim_start_matches('\n')
            .starts_with(|c| c != ' ' && c != '\t')
        && text
            .as_bytes()
            .split(|b| *b == b'\n')
            .all(|line| !matches!(line.last(), Some(b' ' | b'\t')))
        && (text
            .bytes()
            .all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t'))
            || text
                .chars()
                .all(|c| is_visible(c) || c == '\n' || c == '\t'))
}

/// The header that says how many line breaks end `text`: none, one, or all that stand there.
pub(super) fn header(text: &str) -> &'static [u8] {
    if text.ends_with("\n\n") {
        b"|+"
    } else if text.ends_with('\n') {
        b"|"
    } else {
        b"|-"
    }
}
