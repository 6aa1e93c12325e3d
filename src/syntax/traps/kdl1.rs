//! What KDL 1 wrote otherwise: raw strings, and the version marker of a file. (Its bare `true` is
//! in `words.rs`.)

use super::super::chars::{Class, class, class_at, newline_len, space_end};
use super::super::codes;
use super::super::literal::literal;
use super::super::parser::Parser;
use super::super::tree::Scalar;
use crate::source::Span;

/// The word of the marker, in front of the version.
const MARKER: &str = "kdl-version";

impl Parser<'_> {
    /// The quote of a KDL 1 raw string whose `#`, if any, start at `at`.
    pub(super) fn kdl1_quote(&self, at: usize) -> Option<usize> {
        let hashes = self.text[at..]
            .bytes()
            .take_while(|byte| *byte == b'#')
            .count();
        (self.byte(at + hashes) == b'"').then_some(at + hashes)
    }

    /// Reads the `r"…"` or `r#"…"#` that starts here. `None` where it is not closed.
    pub(super) fn kdl1_raw_string(&mut self, start: usize) -> Option<Scalar> {
        if self.is_silent() {
            return None;
        }
        let quote = self.kdl1_quote(start + 1)?;
        let hashes = "#".repeat(quote - start - 1);
        let closing = format!("\"{hashes}");
        let body = quote + 1;
        let close = body + self.text[body..].find(&closing)?;
        let end = close + closing.len();
        let text = &self.text[body..close];
        let one_line = !text.contains(|c| class(c) == Class::Newline);
        let span = self.span(start, end);
        let finding = codes::KDL1_RAW_STRING
            .at(self.span(start, body), "raw strings have no `r` in KDL 2")
            .note("a raw string is `#\"…\"#`");
        let title = "write it as in KDL 2";
        self.report(if one_line && !text.starts_with('"') {
            let hashes = if hashes.is_empty() { "#" } else { &hashes };
            finding.fix(title, span, format!("{hashes}\"{text}\"{hashes}"))
        } else {
            finding.suggest(title, span, literal(text))
        });
        Some({
            self.pos = end;
            Scalar::String {
                text: text.into(),
                quoted: true,
            }
        })
    }

    /// Reads the `/- kdl-version N` that may stand at the very start of a file.
    pub(in crate::syntax) fn version_marker(&mut self) -> Option<Span> {
        let text = self.text;
        // KDL has it at the very start; the formatter takes blank lines in front of it away.
        let mut start = self.pos;
        while let Some((class, len)) = class_at(text, start) {
            start += match class {
                Class::Space => len,
                Class::Newline => newline_len(text, start),
                _ => break,
            };
        }
        let behind_dash = text[start..].starts_with("/-").then_some(start + 2)?;
        let word = space_end(text, behind_dash);
        let behind_word = text[word..]
            .starts_with(MARKER)
            .then_some(word + MARKER.len())?;
        let digit = space_end(text, behind_word);
        if digit == behind_word || !matches!(self.byte(digit), b'1' | b'2') {
            return None;
        }
        let end = digit + 1;
        let newline = space_end(text, end);
        let ending = match class_at(text, newline) {
            None => 0,
            Some((Class::Newline, _)) => newline_len(text, newline),
            Some(_) => return None,
        };
        if self.byte(digit) == b'1' {
            let number = self.span(digit, end);
            self.report(
                codes::KDL1_MARKER
                    .at(number, "specs are written in KDL 2")
                    .help("`mlspec fix` turns what KDL 1 wrote otherwise into KDL 2")
                    .fix("write `2`", number, "2"),
            );
        }
        self.pos = newline + ending;
        self.line.start = self.pos;
        Some(self.span(start, end))
    }
}
