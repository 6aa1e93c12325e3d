//! What stands between the parts of a document: comments and line ends.

use super::super::chars::{Class, class_at, line_end, newline_len};
use super::super::lexer::comment_end;
use super::layout::Comment;

/// One thing in a gap.
pub(super) enum Gap {
    Comment(Comment),
    Newline,
    Semicolon,
}

/// The things in a range of text that holds no part of a document: comments, line ends and
/// semicolons. Anything else, such as `\`, `=`, parentheses and `/-`, is passed over.
pub(super) fn gaps(text: &str, start: usize, end: usize) -> Vec<Gap> {
    let mut found = Vec::new();
    let mut at = start;
    while at < end
        && let Some((class, len)) = class_at(text, at)
    {
        let rest = &text[at..end];
        if class == Class::Newline {
            found.push(Gap::Newline);
            at += newline_len(text, at);
        } else if rest.starts_with("//") {
            let stop = line_end(text, at).min(end);
            found.push(Gap::Comment(Comment {
                text: text[at..stop].trim_end().to_owned(),
                to_line_end: true,
            }));
            at = stop;
        } else if rest.starts_with("/*") {
            let stop = comment_end(text, at).unwrap_or(end);
            found.push(Gap::Comment(Comment {
                text: text[at..stop].replace("\r\n", "\n"),
                to_line_end: false,
            }));
            at = stop;
        } else {
            if rest.starts_with(';') {
                found.push(Gap::Semicolon);
            }
            at += if rest.starts_with("/-") { 2 } else { len };
        }
    }
    found
}

/// First byte at or behind `at` that is neither whitespace nor comment, on any line: where the
/// part behind a `/-` starts.
pub(super) fn space_end(text: &str, mut at: usize) -> usize {
    while let Some((class, len)) = class_at(text, at) {
        let rest = &text[at..];
        if rest.starts_with("//") {
            at = line_end(text, at);
        } else if rest.starts_with("/*") {
            at = comment_end(text, at).unwrap_or(text.len());
        } else if matches!(class, Class::Space | Class::Newline) || rest.starts_with('\\') {
            at += len;
        } else {
            break;
        }
    }
    at
}
