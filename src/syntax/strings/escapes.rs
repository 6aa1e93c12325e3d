//! Escapes of quoted strings, one line or several.

use super::super::chars::{Class, class_at, newline_len};
use super::super::codes;
use super::super::literal::literal;
use super::super::parser::Parser;
use super::super::tree::Scalar;
use super::quoted_scalar;
use crate::diag::{Applicability, Edit};

/// What reading a string's escapes found. Mistakes are reported once per string.
#[derive(Debug, Default)]
pub(super) struct Escapes {
    /// Places of `\` with a character behind it that it cannot escape.
    pub(super) invalid: Vec<usize>,
    /// A `\u` that is no character, from the `\` to its end.
    pub(super) code_point: Option<(usize, usize)>,
    /// A banned character, and its end.
    pub(super) banned: Option<(usize, usize)>,
}

/// First byte behind the whitespace and line ends at `at`.
pub(super) fn whitespace_end(text: &str, mut at: usize) -> usize {
    loop {
        match class_at(text, at) {
            Some((Class::Space, len)) => at += len,
            Some((Class::Newline, _)) => at += newline_len(text, at),
            _ => return at,
        }
    }
}

impl Parser<'_> {
    /// Reads the escape that starts with the `\` here into `value`. What is no escape is kept as
    /// it stands.
    pub(super) fn escape(&mut self, value: &mut String, escapes: &mut Escapes) {
        let start = self.pos;
        self.pos += 2;
        match self.byte(start + 1) {
            b'n' => value.push('\n'),
            b'r' => value.push('\r'),
            b't' => value.push('\t'),
            b's' => value.push(' '),
            b'b' => value.push('\u{8}'),
            b'f' => value.push('\u{c}'),
            b'"' => value.push('"'),
            b'\\' => value.push('\\'),
            b'u' => self.code_point(start, value, escapes),
            _ => {
                self.pos = whitespace_end(self.text, start + 1);
                if self.pos == start + 1 && !self.at_end() {
                    value.push('\\');
                    escapes.invalid.push(start);
                }
            }
        }
    }

    /// Reads the `{…}` of a `\u`.
    fn code_point(&mut self, start: usize, value: &mut String, escapes: &mut Escapes) {
        let braced = self.peek() == b'{';
        let first = self.pos + usize::from(braced);
        // Without braces, the four digits of JSON.
        let limit = if braced { 6 } else { 4 };
        let digits = self.text[first..]
            .bytes()
            .take_while(u8::is_ascii_hexdigit)
            .take(limit)
            .count();
        let closed = braced && self.byte(first + digits) == b'}';
        let number = u32::from_str_radix(&self.text[first..first + digits], 16).ok();
        self.pos = first + digits + usize::from(closed);
        match number.and_then(char::from_u32) {
            Some(c) if closed => value.push(c),
            c => {
                value.extend(c);
                escapes.code_point.get_or_insert((start, self.pos));
            }
        }
    }

    pub(super) fn report_code_point(&mut self, escapes: &Escapes) {
        let Some((start, end)) = escapes.code_point else {
            return;
        };
        let span = self.span(start, end);
        let digits = self.text[start..end]
            .trim_start_matches("\\u")
            .trim_matches(['{', '}']);
        let is_character =
            u32::from_str_radix(digits, 16).is_ok_and(|number| char::from_u32(number).is_some());
        let mut finding = codes::INVALID_CODE_POINT
            .at(
                span,
                format!("`{}` is no character", &self.text[start..end]),
            )
            .help("write `\\u{…}` with one to six hexadecimal digits");
        if is_character {
            finding = finding.fix(
                "write the number in braces",
                span,
                format!("\\u{{{digits}}}"),
            );
        }
        self.report(finding);
    }

    pub(super) fn report_banned_in_string(&mut self, escapes: &Escapes) {
        if let Some((start, end)) = escapes.banned {
            self.banned_within(start, end);
        }
    }

    /// Reports the invalid escapes of the string from `start` to here; returns what was meant.
    pub(super) fn report_invalid_escape(
        &mut self,
        start: usize,
        value: String,
        escapes: &Escapes,
    ) -> Scalar {
        let whole = self.span(start, self.pos);
        let body = &self.text[start + 1..self.pos - 1];
        let solidus = escapes.invalid.iter().all(|at| self.byte(at + 1) == b'/');
        let meant = if solidus {
            Some(value.replace("\\/", "/"))
        } else {
            as_raw(body)
        };
        let finding = self.invalid_escape(escapes.invalid[0]);
        let (finding, meant) = match meant {
            Some(meant) if solidus => {
                let text = format!("\"{}\"", body.replace("\\/", "/"));
                (finding.fix("write `/`", whole, text), meant)
            }
            Some(meant) => (
                finding.fix("use a raw string", whole, literal(&meant)),
                meant,
            ),
            None => (self.doubled(finding, escapes), value),
        };
        self.report(finding);
        quoted_scalar(meant)
    }

    /// Reports the invalid escapes of a multi-line string.
    pub(super) fn report_invalid_escape_in_lines(&mut self, escapes: &Escapes) {
        if let Some(first) = escapes.invalid.first() {
            let finding = self.invalid_escape(*first);
            let finding = self.doubled(finding, escapes);
            self.report(finding.help("or make it a raw string: `#\"\"\"` … `\"\"\"#`"));
        }
    }

    fn invalid_escape(&self, at: usize) -> crate::diag::Diagnostic {
        let len = self.text[at + 1..].chars().next().map_or(0, char::len_utf8);
        let escape = &self.text[at..at + 1 + len];
        codes::INVALID_ESCAPE
            .at(
                self.span(at, at + 1 + len),
                format!("`{escape}` is no escape"),
            )
            .note("in a quoted string `\\` starts an escape; in a raw string it is only itself")
    }

    fn doubled(
        &self,
        finding: crate::diag::Diagnostic,
        escapes: &Escapes,
    ) -> crate::diag::Diagnostic {
        let double = |at: &usize| Edit {
            span: self.span(*at, *at),
            text: "\\".to_owned(),
        };
        let edits = escapes.invalid.iter().map(double).collect();
        finding.fix_edits("double the `\\`", edits, Applicability::Machine)
    }
}

/// A string's body as a raw string would say it: only `\"` and `\\` are taken as escapes, since
/// the author wrote a pattern. `None` where a raw string cannot hold it.
fn as_raw(body: &str) -> Option<String> {
    let mut raw = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some(next @ ('"' | '\\'))) => {
                raw.push(next);
                chars.next();
            }
            _ => raw.push(c),
        }
    }
    let fits = raw.chars().all(|c| {
        !matches!(
            super::super::chars::class(c),
            Class::Newline | Class::Banned
        )
    });
    fits.then_some(raw)
}
