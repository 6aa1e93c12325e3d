//! Bare words with characters that cannot be in one: URLs, paths, patterns, variables.

use super::super::chars::{Class, class_at, line_end};
use super::super::codes;
use super::super::lexer::continuation_end;
use super::super::literal::literal;
use super::super::parser::{Parser, Place};
use super::super::tree::Scalar;
use super::shorten;

/// Bytes within a text without quotes after which an open brace or bracket is taken for one that
/// is never closed.
const LONGEST_PAIR: usize = 4096;

impl Parser<'_> {
    /// Looks at what stands directly behind the bare word in a range. `None` where the word may
    /// end there.
    pub(in crate::syntax) fn glued_word(
        &mut self,
        start: usize,
        end: usize,
        place: Place,
    ) -> Option<Scalar> {
        let word = &self.text[start..end];
        match (self.byte(end), self.byte(end + 1)) {
            (b'=', _) if place == Place::Value => self.unquoted_text(start, place),
            (b'/', b'/') if word.ends_with(':') => Some(self.unquoted_url(start, place)),
            (b'/', b'/') => None,
            (b'/', b'*') => self.unquoted_glob(start, end, place),
            (b'/', _) => self.unquoted_text(start, place),
            (b'\\', _) if continuation_end(self.text, end).is_none() => {
                self.unquoted_text(start, place)
            }
            (b'"', _) if word == "r" => self.kdl1_raw_string(start),
            (b'"', _) => self.missing_opening_quote(start, end),
            (b'#', _) if word == "r" && self.kdl1_quote(end).is_some() => {
                self.kdl1_raw_string(start)
            }
            (b'{', _) if word.ends_with('$') => Some(self.unquoted_variable(start, place)),
            (b']', _) if self.in_brackets => None,
            (b'#' | b'(' | b'[' | b']', _) => self.unquoted_text(start, place),
            _ => None,
        }
    }

    /// A text that starts with a character no word can start with, such as an absolute path.
    pub(super) fn unquoted_text(&mut self, start: usize, place: Place) -> Option<Scalar> {
        let end = self.run_end(start, place);
        let text = &self.text[start..end];
        if let Some(scalar) = self.unquoted_measure(start, end) {
            return Some(scalar);
        }
        let mark = text
            .chars()
            .find(|c| super::super::chars::class(*c) == Class::Mark)?;
        let span = self.span(start, end);
        let shown = shorten(text);
        self.report(
            codes::UNQUOTED_TEXT
                .at(
                    span,
                    format!("`{shown}` needs quotes: `{mark}` cannot be in a bare word"),
                )
                .fix("quote it", span, literal(text)),
        );
        Some(self.as_if_quoted(start, end))
    }

    fn unquoted_url(&mut self, start: usize, place: Place) -> Scalar {
        let end = self.run_end(start, place);
        let span = self.span(start, end);
        let shown = shorten(&self.text[start..end]);
        let mut finding = codes::UNQUOTED_URL
            .at(
                span,
                format!("`//` starts a comment: the URL `{shown}` needs quotes"),
            )
            .fix("quote the URL", span, literal(&self.text[start..end]));
        if self.text[end..line_end(self.text, end)].contains('}') {
            finding = finding.note("the comment would also take in the `}` on this line");
        }
        self.report(finding);
        self.as_if_quoted(start, end)
    }

    /// A word with `/*` directly behind it: a file pattern, unless the comment ends in front of the
    /// next space.
    fn unquoted_glob(&mut self, start: usize, end: usize, place: Place) -> Option<Scalar> {
        let run = self.run_end(start, place);
        let text = &self.text[start..run];
        let behind = &text[end - start..];
        let any_folder = behind.strip_prefix("/**/").is_some_and(|rest| {
            rest.starts_with(|c: char| super::super::chars::class(c) == Class::Word)
        });
        if !any_folder && (behind == "/*" || behind[2..].contains("*/")) {
            return None;
        }
        let span = self.span(start, run);
        let finding = codes::UNQUOTED_GLOB.at(
            span,
            format!(
                "`/*` starts a comment: the pattern `{}` needs quotes",
                shorten(text)
            ),
        );
        let quoted = literal(text);
        let looks_like_path = text[end - start + 2..].contains(['.', '/']);
        self.report(if looks_like_path {
            finding.fix("quote the pattern", span, quoted)
        } else {
            finding.suggest("quote the pattern", span, quoted)
        });
        Some(self.as_if_quoted(start, run))
    }

    fn unquoted_variable(&mut self, start: usize, place: Place) -> Scalar {
        let end = self.run_end(start, place);
        let span = self.span(start, end);
        let text = &self.text[start..end];
        self.report(
            codes::UNQUOTED_VARIABLE
                .at(
                    span,
                    format!("`{}` needs quotes, and nothing replaces it", shorten(text)),
                )
                .note("specs have no variables: `${…}` is only text")
                .help("for a value that differs by environment, use `in \"…\" { … }`")
                .suggest("quote the text", span, literal(text)),
        );
        self.as_if_quoted(start, end)
    }

    /// A word that ends with a quote which opens nothing.
    fn missing_opening_quote(&mut self, start: usize, end: usize) -> Option<Scalar> {
        if self.text[end + 1..line_end(self.text, end)].contains('"') {
            return None;
        }
        let place = self.span(start, start);
        self.report(
            codes::UNCLOSED_STRING
                .at(
                    self.span(end, end + 1),
                    "this quote has no partner on its line",
                )
                .suggest("open the string here", place, "\""),
        );
        self.pos = end;
        let scalar = self.as_if_quoted(start, end);
        self.pos += 1;
        Some(scalar)
    }

    /// The text in a range as a string; moves behind it.
    pub(super) fn as_if_quoted(&mut self, start: usize, end: usize) -> Scalar {
        self.pos = end;
        Scalar::String {
            text: self.text[start..end].into(),
            quoted: true,
        }
    }

    /// Where a text that should have been quoted ends: at whitespace or `;`, or in front of a
    /// brace or bracket that belongs to what surrounds it.
    fn run_end(&self, start: usize, place: Place) -> usize {
        let mut at = start;
        let mut open: Vec<(u8, usize)> = Vec::new();
        while let Some((class, len)) = class_at(self.text, at) {
            let byte = self.byte(at);
            match byte {
                _ if matches!(class, Class::Space | Class::Newline | Class::Banned) => break,
                b';' => break,
                b'=' if self.ends_name(start, at, place) => break,
                _ if open
                    .first()
                    .is_some_and(|(_, first)| at - first > LONGEST_PAIR) =>
                {
                    break;
                }
                b'{' | b'[' | b'(' => open.push((byte, at)),
                b'}' | b']' | b')' => {
                    let outside = open.pop().is_none();
                    let belongs = byte == b'}'
                        || (byte == b']' && self.in_brackets)
                        || (byte == b')' && place == Place::Type);
                    if outside && belongs {
                        break;
                    }
                }
                _ => {}
            }
            at += len;
        }
        let brace = open
            .iter()
            .find(|(byte, _)| *byte == b'{')
            .map(|(_, at)| *at);
        let end = brace.filter(|brace| *brace > start).unwrap_or(at);
        let text = &self.text[start..end];
        start + text.trim_end_matches(',').len().max(1)
    }

    /// Whether the `=` at `at` ends the name of a property: not within a URL, nor where nothing
    /// that could be a value follows.
    fn ends_name(&self, start: usize, at: usize, place: Place) -> bool {
        let value_follows = matches!(class_at(self.text, at + 1), Some((Class::Word, _)))
            || matches!(self.byte(at + 1), b'"' | b'#' | b'(');
        matches!(place, Place::Entry | Place::Node)
            && value_follows
            && !self.text[start..at].contains("://")
    }
}
