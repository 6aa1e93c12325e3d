//! Whitespace, comments and line continuations: all that may stand between the parts of a document.

use super::chars::{Class, class_at, line_end, newline_len, space_end};
use super::codes;
use super::parser::Parser;

/// Where the current line starts. Nodes that are the first thing on their line show by their
/// indentation how the author saw the nesting.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Line {
    /// First byte of the line.
    pub(super) start: usize,
    /// First byte on it that is neither whitespace nor comment.
    pub(super) first: usize,
}

impl Line {
    /// Bytes of indentation.
    pub(super) fn indent(self) -> usize {
        self.first.saturating_sub(self.start)
    }
}

/// First byte behind the block comment that starts at byte `at`; `None` if it never ends.
pub(super) fn comment_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = at;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'*', Some(b'/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

/// First byte behind spaces and block comments at byte `at`.
fn blank_end(text: &str, mut at: usize) -> usize {
    loop {
        at = space_end(text, at);
        match text[at..]
            .starts_with("/*")
            .then(|| comment_end(text, at))
            .flatten()
        {
            Some(end) => at = end,
            None => return at,
        }
    }
}

/// First byte of the next line if the `\` at byte `at` continues its line.
pub(super) fn continuation_end(text: &str, at: usize) -> Option<usize> {
    let mut end = blank_end(text, at + 1);
    if text[end..].starts_with("//") {
        end = line_end(text, end);
    }
    match class_at(text, end) {
        None => Some(end),
        Some((Class::Newline, _)) => Some(end + newline_len(text, end)),
        Some(_) => None,
    }
}

/// First byte at or behind `at` that is not whitespace within a node.
pub(super) fn node_space_end(text: &str, mut at: usize) -> usize {
    loop {
        at = blank_end(text, at);
        match text[at..]
            .starts_with('\\')
            .then(|| continuation_end(text, at))
            .flatten()
        {
            Some(end) => at = end,
            None => return at,
        }
    }
}

impl Parser<'_> {
    /// Skips whitespace within a node: spaces, block comments and line continuations. Returns
    /// whether there was any.
    pub(super) fn node_space(&mut self) -> bool {
        let start = self.pos;
        while let Some((class, len)) = class_at(self.text, self.pos) {
            match class {
                Class::Space => self.pos += len,
                Class::Banned => self.banned(),
                Class::Mark if self.peek() == b'\\' => self.continuation(),
                Class::Mark if self.starts_with("/*") => self.block_comment(),
                _ => break,
            }
        }
        self.pos > start
    }

    /// Skips whitespace between nodes: all of the above, line ends and line comments.
    pub(super) fn line_space(&mut self) {
        let mut fresh = self.pos == self.line.start;
        loop {
            self.node_space();
            match class_at(self.text, self.pos) {
                Some((Class::Newline, _)) => {
                    self.pos += newline_len(self.text, self.pos);
                    self.line.start = self.pos;
                    fresh = true;
                }
                Some((Class::Mark, _)) if self.starts_with("//") => self.line_comment(),
                _ => break,
            }
        }
        if fresh {
            self.line.first = self.pos;
        }
    }

    /// Skips to the end of the line, reporting characters that are banned even in comments.
    fn line_comment(&mut self) {
        let end = line_end(self.text, self.pos);
        self.banned_within(self.pos, end);
        self.pos = end;
    }

    fn block_comment(&mut self) {
        if let Some(end) = comment_end(self.text, self.pos) {
            self.banned_within(self.pos, end);
            self.pos = end;
            return;
        }
        let open = self.span(self.pos, self.pos + 2);
        self.report(
            codes::UNCLOSED_COMMENT
                .at(open, "this comment is never closed")
                .help("end it with `*/`"),
        );
        self.pos = self.resume_after_unclosed();
    }

    /// Where to go on after something that should have ended and did not: the end of the line,
    /// so that the rest of the file is still read. The second time it is the end of the text:
    /// searching it again and again would take quadratic time.
    pub(super) fn resume_after_unclosed(&mut self) -> usize {
        if std::mem::replace(&mut self.searched_to_end, true) {
            self.text.len()
        } else {
            line_end(self.text, self.pos)
        }
    }

    fn continuation(&mut self) {
        if let Some(end) = continuation_end(self.text, self.pos) {
            self.banned_within(self.pos, end);
            self.pos = end;
            self.line = Line {
                start: end,
                first: space_end(self.text, end),
            };
            return;
        }
        let span = self.span(self.pos, self.pos + 1);
        self.report(
            codes::BAD_CONTINUATION
                .at(span, "a `\\` must be the last thing on its line")
                .note("it continues the node on the next line")
                .suggest("remove the `\\`", span, ""),
        );
        self.pos += 1;
    }

    /// Reports and skips the banned characters here.
    fn banned(&mut self) {
        let start = self.pos;
        while let Some((Class::Banned, len)) = class_at(self.text, self.pos) {
            self.pos += len;
        }
        self.report_banned(start, self.pos);
    }

    /// Reports the first run of banned characters in a range.
    pub(super) fn banned_within(&mut self, start: usize, end: usize) {
        let is_banned = |c: char| super::chars::class(c) == Class::Banned;
        if let Some(found) = self.text[start..end].find(is_banned) {
            let at = start + found;
            let len = self.text[at..end]
                .find(|c| !is_banned(c))
                .unwrap_or(end - at);
            self.report_banned(at, at + len);
        }
    }

    fn report_banned(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        let code = self.text[start..].chars().next().map_or(0, u32::from);
        self.report(
            codes::BANNED
                .at(
                    span,
                    format!("the character U+{code:04X} may not stand in a spec"),
                )
                .note("it is invisible, or changes how the text around it is shown")
                .suggest("remove it", span, ""),
        );
    }
}
