//! Where a span lies, in the words of people: what every renderer needs.

use crate::source::{Position, Sources, Span};

/// A span as path, first position and the position after the last character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The prefix of the options and the path of the file.
    pub(super) path: String,
    /// Line and column of the first character.
    pub(super) start: Position,
    /// Line and column after the last character; equals `start` for an empty span.
    pub(super) end: Position,
}

impl Place {
    pub(super) fn new(span: Span, sources: &Sources, prefix: &str) -> Self {
        let source = sources.get(span.file);
        let position = |offset| source.lines().position(&source.text, offset);
        Self {
            path: format!("{prefix}{}", source.path),
            start: position(span.start),
            end: position(span.end),
        }
    }
}

/// The text on one line: control characters, with which a file name or a value from a spec could
/// steer a terminal, are escaped.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            out.extend(c.escape_default())
        } else {
            out.push(c)
        }
    }
    out
}

/// Whether a character moves the cursor, changes the terminal or reorders the text around it.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
