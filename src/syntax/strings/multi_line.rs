//! Strings of several lines, `"""…"""` and `#"""…"""#`, from which the indentation is taken off.

use super::super::chars::{Class, class_at, line_end, newline_len};
use super::super::codes;
use super::super::parser::Parser;
use super::super::tree::Scalar;
use super::escapes::Escapes;
use super::quoted_scalar;
use crate::diag::{Applicability, Edit};

/// One line of the text, after line continuations. Ranges are into the text with its escapes
/// resolved.
struct TextLine {
    start: usize,
    end: usize,
    /// Length of the whitespace it literally starts with.
    indent: usize,
    /// Whether that is all of it.
    blank: bool,
    /// First byte of it in the file.
    at: usize,
}

/// What stands between the quotes.
struct Body {
    value: String,
    /// Never empty; the last one holds what stands in front of the closing quotes.
    lines: Vec<TextLine>,
    escapes: Escapes,
    /// First byte of the closing quotes; `None` where there are none.
    close: Option<usize>,
}

impl Body {
    /// The whitespace in front of the closing quotes.
    fn prefix(&self) -> &str {
        self.lines
            .last()
            .map_or("", |last| &self.value[last.start..last.start + last.indent])
    }
}

impl Parser<'_> {
    /// Reads the string that starts with `hashes` times `#` and `"""` here.
    pub(super) fn multi_line_string(&mut self, hashes: usize) -> Scalar {
        let start = self.pos;
        let open = start + hashes + 3;
        let on_own_line = matches!(class_at(self.text, open), Some((Class::Newline, _)));
        if !on_own_line && let Some(close) = self.close_on_this_line(open, hashes) {
            return self.one_line(start, open, close, hashes);
        }
        self.pos = if on_own_line {
            open + newline_len(self.text, open)
        } else {
            open
        };
        let body = self.body(hashes);
        let Some(close) = body.close else {
            self.pos = start;
            return self.never_closed(start, open);
        };
        self.pos = close + 3 + hashes;
        if !on_own_line {
            self.report_text_behind_opening(start, open, &body);
        }
        self.report_banned_in_string(&body.escapes);
        self.report_code_point(&body.escapes);
        self.report_invalid_escape_in_lines(&body.escapes);
        quoted_scalar(self.dedented(&body, close, on_own_line))
    }

    /// Reads up to the closing quotes and resolves escapes, unless the string is raw.
    fn body(&mut self, hashes: usize) -> Body {
        let mut body = Body {
            value: String::new(),
            lines: vec![TextLine {
                start: 0,
                end: 0,
                indent: 0,
                blank: true,
                at: self.pos,
            }],
            escapes: Escapes::default(),
            close: None,
        };
        let mut line = 0;
        while let Some((class, len)) = class_at(self.text, self.pos) {
            match class {
                Class::Newline => {
                    self.pos += newline_len(self.text, self.pos);
                    let (start, at) = (body.value.len(), self.pos);
                    body.lines[line].end = start;
                    body.lines.push(TextLine {
                        start,
                        end: start,
                        indent: 0,
                        blank: true,
                        at,
                    });
                    line += 1;
                    continue;
                }
                Class::Mark
                    if self.starts_with("\"\"\"") && self.hashes_at(self.pos + 3, hashes) =>
                {
                    body.close = Some(self.pos);
                    break;
                }
                Class::Mark if hashes == 0 && self.peek() == b'\\' => {
                    let before = body.value.len();
                    self.escape(&mut body.value, &mut body.escapes);
                    body.lines[line].blank &= body.value.len() == before;
                    continue;
                }
                Class::Banned => {
                    body.escapes
                        .banned
                        .get_or_insert((self.pos, self.pos + len));
                    body.lines[line].blank = false;
                }
                Class::Space if body.lines[line].blank => body.lines[line].indent += len,
                Class::Space => {}
                Class::Word | Class::Mark => body.lines[line].blank = false,
            }
            body.value.push_str(&self.text[self.pos..self.pos + len]);
            self.pos += len;
        }
        body.lines[line].end = body.value.len();
        body
    }

    /// The text without the indentation of the closing quotes.
    fn dedented(&mut self, body: &Body, close: usize, check_first: bool) -> String {
        let Some((last, lines)) = body.lines.split_last() else {
            return String::new();
        };
        let mut prefix = &body.value[last.start..last.end];
        let mut lines = lines.iter().collect::<Vec<_>>();
        let is_own_line = last.blank && !body.lines.is_empty();
        if !is_own_line {
            prefix = self.report_text_before_closing(body, close);
            lines.push(last);
        }
        let mut text = String::with_capacity(body.value.len());
        let mut wrong = None;
        for (number, line) in lines.into_iter().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            let written = &body.value[line.start..line.end];
            if line.blank {
                continue;
            }
            if written[..line.indent].starts_with(prefix) {
                text.push_str(&written[prefix.len()..]);
            } else {
                if is_own_line && (number > 0 || check_first) {
                    wrong.get_or_insert(line);
                }
                text.push_str(&written[line.indent..]);
            }
        }
        if let Some(line) = wrong {
            self.report_indentation(line, close);
        }
        text
    }

    /// Reports text in front of the closing quotes. Returns the indentation to take off instead.
    fn report_text_before_closing<'b>(&mut self, body: &'b Body, close: usize) -> &'b str {
        let model = body.lines.iter().find(|line| !line.blank);
        let prefix = model.map_or("", |line| &body.value[line.start..line.start + line.indent]);
        let mut finding = codes::MULTI_LINE_CLOSE.at(
            self.span(close, close + 3),
            "the closing `\"\"\"` must stand on a line of its own",
        );
        // Behind an escaped line end, an inserted one would be escaped as well.
        let line_start = self.text[..close]
            .rfind(['\n', '\r'])
            .map_or(0, |at| at + 1);
        if !self.text[line_start..close].trim().is_empty() {
            let place = self.span(close, close);
            finding = finding.suggest("move it to the next line", place, format!("\n{prefix}"));
        } else {
            finding = finding.note("the line end in front of it is escaped by a `\\`");
        }
        self.report(finding);
        prefix
    }

    fn report_indentation(&mut self, line: &TextLine, close: usize) {
        let span = self.span(line.at, line.at + line.indent.max(1));
        self.report(
            codes::MULTI_LINE_INDENT
                .at(
                    span,
                    "this line must start with the whitespace in front of the closing `\"\"\"`",
                )
                .also(
                    self.span(close, close + 3),
                    "its whitespace is taken off every line",
                )
                .help("indent the line as deep, with the same tabs and spaces"),
        );
    }

    fn report_text_behind_opening(&mut self, start: usize, open: usize, body: &Body) {
        let place = self.span(open, open);
        self.report(
            codes::MULTI_LINE_OPEN
                .at(
                    self.span(start, open),
                    "the text of a `\"\"\"` string starts on the next line",
                )
                .suggest("put a line end here", place, format!("\n{}", body.prefix())),
        );
    }

    fn never_closed(&mut self, start: usize, open: usize) -> Scalar {
        self.report(
            codes::UNCLOSED_STRING
                .at(self.span(start, open), "this string is never closed")
                .help("end it with the same quotes on a line of their own"),
        );
        self.pos = self.resume_after_unclosed().max(open);
        quoted_scalar(self.text[open..self.pos].trim())
    }

    /// The closing quotes on the line of the opening ones.
    fn close_on_this_line(&self, open: usize, hashes: usize) -> Option<usize> {
        let line = &self.text[open..line_end(self.text, open)];
        let mut found = line.match_indices("\"\"\"").map(|(at, _)| open + at);
        found.find(|at| self.hashes_at(at + 3, hashes))
    }

    /// A text of one line between `"""`.
    fn one_line(&mut self, start: usize, open: usize, close: usize, hashes: usize) -> Scalar {
        let text = &self.text[open..close];
        let finding = codes::MULTI_LINE_OPEN
            .at(
                self.span(start, open),
                "`\"\"\"` is for texts of several lines",
            )
            .note("its text starts on the next line");
        let remove = |at: usize| Edit {
            span: self.span(at, at + 2),
            text: String::new(),
        };
        let edits = vec![remove(open - 2), remove(close)];
        let finding = if text.contains('"') || (text.ends_with('\\') && hashes == 0) {
            finding.help("use `\"` on both sides")
        } else {
            finding.fix_edits("use `\"`", edits, Applicability::Machine)
        };
        self.report(finding);
        self.pos = open;
        let body = self.body(hashes);
        self.report_banned_in_string(&body.escapes);
        self.report_code_point(&body.escapes);
        self.report_invalid_escape_in_lines(&body.escapes);
        self.pos = close + 3 + hashes;
        quoted_scalar(body.value)
    }
}
