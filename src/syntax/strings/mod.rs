//! Quoted strings: `"…"` here, with escapes in [`escapes`]; the other forms each in their file.

mod escapes;
mod multi_line;
mod raw;

use smol_str::SmolStr;

use super::chars::{Class, class_at, newline_len};
use super::codes;
use super::parser::Parser;
use super::tree::Scalar;
use escapes::Escapes;

/// A string value that was written with quotes.
fn quoted_scalar(text: impl Into<SmolStr>) -> Scalar {
    Scalar::String {
        text: text.into(),
        quoted: true,
    }
}

/// First byte at or behind `at` that ends or complicates a string: a quote, a `\`, a line end, a
/// banned character, or the end of the text.
fn plain_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        while bytes.get(at).is_some_and(|byte| is_plain(*byte)) {
            at += 1;
        }
        match class_at(text, at) {
            Some((Class::Word | Class::Space, len)) => at += len,
            Some((Class::Mark, len)) if !matches!(bytes[at], b'"' | b'\\') => at += len,
            _ => return at,
        }
    }
}

/// Whether a byte is an ASCII character without a meaning inside of strings.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

impl Parser<'_> {
    /// Reads the string that starts with the `"` here.
    pub(super) fn quoted(&mut self) -> Scalar {
        let start = self.pos;
        if self.starts_with("\"\"\"") {
            return self.multi_line_string(0);
        }
        let end = plain_end(self.text, start + 1);
        if self.byte(end) == b'"' {
            self.pos = end + 1;
            return quoted_scalar(&self.text[start + 1..end]);
        }
        self.quoted_with_escapes(start, end)
    }

    /// `plain`: where the first character that is not plain stands.
    fn quoted_with_escapes(&mut self, start: usize, plain: usize) -> Scalar {
        let mut value = self.text[start + 1..plain].to_owned();
        let mut escapes = Escapes::default();
        self.pos = plain;
        loop {
            match class_at(self.text, self.pos) {
                Some((Class::Mark, _)) if self.peek() == b'"' => {
                    self.pos += 1;
                    return self.finish_quoted(start, value, &escapes);
                }
                Some((Class::Mark, _)) if self.peek() == b'\\' => {
                    self.escape(&mut value, &mut escapes);
                }
                Some((Class::Banned, len)) => {
                    escapes.banned.get_or_insert((self.pos, self.pos + len));
                    self.pos += len;
                }
                None | Some((Class::Newline, _)) => {
                    return self.unclosed_string(start);
                }
                Some(_) => {
                    let end = plain_end(self.text, self.pos);
                    value.push_str(&self.text[self.pos..end]);
                    self.pos = end;
                }
            }
        }
    }

    fn finish_quoted(&mut self, start: usize, value: String, escapes: &Escapes) -> Scalar {
        self.report_banned_in_string(escapes);
        self.report_code_point(escapes);
        if escapes.invalid.is_empty() {
            return quoted_scalar(value);
        }
        self.report_invalid_escape(start, value, escapes)
    }

    /// A string whose line ends before its closing quote.
    fn unclosed_string(&mut self, start: usize) -> Scalar {
        if let Some(end) = self.closed_on_later_line(start) {
            return self.quoted_over_lines(start, end);
        }
        let end = self.likely_end(start);
        let close = self.span(end, end);
        self.report(
            codes::UNCLOSED_STRING
                .at(
                    self.span(start, end),
                    "this string has no closing quote on its line",
                )
                .suggest("close it here", close, "\""),
        );
        self.pos = end;
        quoted_scalar(&self.text[start + 1..end])
    }

    /// Where a string that is not closed on its line was likely meant to end: in front of a brace
    /// or `;` that ends the line, else at the end of the line.
    fn likely_end(&self, start: usize) -> usize {
        let text = &self.text[start..self.pos.max(start + 1)];
        let mut end = text.trim_end();
        for mark in ["{", "}", ";"] {
            let body = end.strip_suffix(mark).map(str::trim_end);
            if let Some(body) = body {
                end = body;
                break;
            }
        }
        start + end.len().max(1)
    }

    /// The closing quote of a string that goes on over lines, if it stands first on a later line
    /// with nothing of a text behind it.
    fn closed_on_later_line(&self, start: usize) -> Option<usize> {
        if self.is_silent() {
            return None;
        }
        let line = super::chars::line_end(self.text, self.pos);
        let close = line + self.text[line..].find('"')?;
        let line_start = self.text[..close].rfind(['\n', '\r'])? + 1;
        let rest = &self.text[close + 1..super::chars::line_end(self.text, close)];
        let alone = self.text[line_start..close].trim().is_empty() && line_start > start;
        let ended = matches!(rest.trim(), "" | "{" | ";" | "}");
        (alone && ended).then_some(close)
    }

    /// A text of several lines between single quotes, as KDL 1 has it.
    fn quoted_over_lines(&mut self, start: usize, close: usize) -> Scalar {
        let open = self.span(start, start + 1);
        let mut finding = codes::UNCLOSED_STRING
            .at(open, "a text of several lines needs three quotes")
            .note("the closing quotes stand on a line of their own, like here");
        if self.pos == start + 1 {
            let edits = [open, self.span(close, close + 1)].map(|span| crate::diag::Edit {
                span,
                text: "\"\"\"".to_owned(),
            });
            let applicability = crate::diag::Applicability::Maybe;
            finding = finding.fix_edits("use `\"\"\"`", edits.to_vec(), applicability);
        }
        self.report(finding);
        let first = match class_at(self.text, start + 1) {
            Some((Class::Newline, _)) => start + 1 + newline_len(self.text, start + 1),
            _ => start + 1,
        };
        self.pos = close + 1;
        quoted_scalar(self.text[first..close].trim_end())
    }
}
