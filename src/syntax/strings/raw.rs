//! Raw strings: `#"…"#` with any number of `#`, in which `\` is only itself.

use super::super::chars::{Class, class_at};
use super::super::codes;
use super::super::parser::Parser;
use super::super::tree::Scalar;
use super::quoted_scalar;

impl Parser<'_> {
    /// Reads the raw string that starts here with `hashes` times `#` and a `"`.
    pub(in crate::syntax) fn raw_string(&mut self, hashes: usize) -> Scalar {
        let start = self.pos;
        let open = start + hashes;
        if self.text[open..].starts_with("\"\"\"") {
            return self.multi_line_string(hashes);
        }
        let mut at = open + 1;
        loop {
            at = plain_raw_end(self.text, at);
            if self.byte(at) != b'"' {
                return self.unclosed_raw(start, hashes, at);
            }
            if self.hashes_at(at + 1, hashes) {
                break;
            }
            at += 1;
        }
        self.pos = at + 1 + hashes;
        self.banned_within(open + 1, at);
        quoted_scalar(&self.text[open + 1..at])
    }

    /// Whether at least `count` times `#` stands at `at`.
    pub(super) fn hashes_at(&self, at: usize, count: usize) -> bool {
        let rest = &self.text.as_bytes()[at..];
        rest.len() >= count && rest[..count].iter().all(|byte| *byte == b'#')
    }

    /// `stop`: the line end, or the end of the text.
    fn unclosed_raw(&mut self, start: usize, hashes: usize, stop: usize) -> Scalar {
        let body = start + hashes + 1;
        let closing = format!("\"{}", "#".repeat(hashes));
        let shown = super::super::traps::shorten(&closing);
        let open = self.span(start, body);
        let finding = codes::UNCLOSED_RAW.at(
            open,
            format!("this raw string has no closing `{shown}` on its line"),
        );
        // Most often the closing `#` are too few.
        let quote = self.text[body..stop].rfind('"').map(|at| body + at);
        let end = quote.unwrap_or_else(|| body + self.text[body..stop].trim_end().len());
        let after = match quote {
            Some(at) => {
                at + 1
                    + self.text[at + 1..]
                        .bytes()
                        .take_while(|b| *b == b'#')
                        .count()
            }
            None => end,
        };
        let place = self.span(end, after);
        self.report(finding.suggest(format!("close it with `{shown}`"), place, closing));
        self.pos = after;
        quoted_scalar(&self.text[body..end])
    }
}

/// First byte at or behind `at` that is a quote, a line end or the end of the text.
fn plain_raw_end(text: &str, mut at: usize) -> usize {
    while let Some((class, len)) = class_at(text, at) {
        if class == Class::Newline || text.as_bytes()[at] == b'"' {
            break;
        }
        at += len;
    }
    at
}
