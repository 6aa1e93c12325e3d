//! The texts that excerpts are cut from.
//!
//! `miette` knows one text per report. Ours may have labels in several files, so the files are laid
//! one after another on one line of offsets; a span over two of them is refused, which keeps their
//! excerpts apart.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::diag::place::{is_unsafe, one_line};
use crate::source::{FileId, Source, Sources, Span};

/// Bytes of a line shown on each side of a label. Longer lines are cut: a minified file would
/// otherwise be printed whole for each finding in it.
const MOST_AROUND: usize = 200;

/// Bytes of a label beyond which only its start is drawn.
const LONGEST_SPAN: usize = 1000;

/// A text as it is shown: as many bytes as the original, since spans index it, and a final line
/// break, so that the place after the last character can be drawn. What could steer a terminal is
/// replaced.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => out.push(c),
            '\r' => out.push('\n'),
            c if is_unsafe(c) && c.len_utf8() == 3 => out.push('\u{fffd}'),
            c if is_unsafe(c) => (0..c.len_utf8()).for_each(|_| out.push('?')),
            c => out.push(c),
        }
    }
    out.push('\n');
    out
}

struct File<'a> {
    id: FileId,
    source: &'a Source,
    shown: &'a str,
    /// Offset of its first byte among all files.
    base: usize,
}

/// The files of one diagnostic.
pub(super) struct Excerpts<'a> {
    files: Vec<File<'a>>,
    prefix: &'a str,
}

impl<'a> Excerpts<'a> {
    /// Lays out the files, each once, in the order they are first named.
    pub(super) fn new(
        files: impl Iterator<Item = (FileId, &'a str)>,
        sources: &'a Sources,
        prefix: &'a str,
    ) -> Self {
        let mut laid: Vec<File<'a>> = Vec::new();
        let mut base = 0;
        for (id, shown) in files {
            if laid.iter().all(|file| file.id != id) {
                laid.push(File {
                    id,
                    source: sources.get(id),
                    shown,
                    base,
                });
                // One byte of no file keeps the end of one and the start of the next apart.
                base += shown.len() + 1;
            }
        }
        Self {
            files: laid,
            prefix,
        }
    }

    /// Where a span lies among all files. Of a long one only the start is drawn.
    pub(super) fn offset(&self, span: Span) -> SourceSpan {
        let (start, mut end) = (span.start as usize, span.end as usize);
        let Some(file) = self.files.iter().find(|file| file.id == span.file) else {
            return (start, end - start).into();
        };
        if end - start > LONGEST_SPAN {
            let part = &file.shown[start..file.boundary(start + LONGEST_SPAN)];
            end = start + part.find('\n').unwrap_or(part.len());
        }
        (file.base + start, end - start).into()
    }
}

impl SourceCode for Excerpts<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let within = |file: &&File<'_>| {
            file.base <= span.offset() && end <= file.base + file.source.text.len()
        };
        let file = self
            .files
            .iter()
            .find(within)
            .ok_or(MietteError::OutOfBounds)?;
        let (start, end) = (span.offset() - file.base, end - file.base);
        let cut = file.cut(start, end, lines_before as u32, lines_after as u32);
        // Without lines before, `miette` asks for the place of the span itself.
        let column = if lines_before == 0 {
            let text = &file.source.text;
            file.source.lines().position(text, start as u32).column as usize - 1
        } else {
            0
        };
        Ok(Box::new(MietteSpanContents::new_named(
            one_line(&format!("{}{}", self.prefix, file.source.path)),
            &file.shown.as_bytes()[cut.start..cut.end],
            (file.base + cut.start, cut.end - cut.start).into(),
            cut.first_line as usize - 1,
            column,
            cut.lines as usize,
        )))
    }
}

/// A piece of a file: bytes `start..end`, from line `first_line` (from 1), `lines` long.
struct Cut {
    start: usize,
    end: usize,
    first_line: u32,
    lines: u32,
}

impl File<'_> {
    /// Whole lines around a span, or a window where they are too long.
    fn cut(&self, start: usize, end: usize, before: u32, after: u32) -> Cut {
        let lines = self.source.lines();
        let own_line = lines.line(start as u32);
        let end_line = lines.line(end.saturating_sub(1).max(start) as u32);
        // The empty line after a final line break is shown only if the span reaches it.
        let count = lines.len() as u32;
        let last_is_empty = lines.start(count) == Some(self.source.text.len() as u32);
        let reached = end == self.source.text.len();
        let last_shown = if last_is_empty && !reached {
            count - 1
        } else {
            count
        };
        let first_line = own_line.saturating_sub(before).max(1);
        let last_line = (end_line + after).min(last_shown);
        let line_start = |line| lines.start(line).map_or(self.shown.len(), |at| at as usize);
        let whole = Cut {
            start: if before == 0 {
                start
            } else {
                line_start(first_line)
            },
            end: line_start(last_line + 1),
            first_line,
            lines: last_line - first_line + 1,
        };
        if start - whole.start <= 2 * MOST_AROUND
            && whole.end.saturating_sub(end) <= 2 * MOST_AROUND
        {
            return whole;
        }
        let own_start = line_start(own_line).max(start.saturating_sub(MOST_AROUND));
        let own_end = line_start(end_line + 1).min(end + MOST_AROUND);
        Cut {
            start: self.boundary(own_start),
            end: self.boundary(own_end.min(self.shown.len())),
            first_line: own_line,
            lines: end_line - own_line + 1,
        }
    }

    /// The start of the character that `at` lies in.
    fn boundary(&self, mut at: usize) -> usize {
        while !self.shown.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Byte offsets stay, and nothing that steers a terminal is left.
    #[test]
    fn shown_text_is_harmless_and_as_long() {
        let text = "a\u{1b}[2J\tb\u{202e}c\u{85}\rd\r\n";
        let shown = shown(text);
        assert_eq!(shown, "a?[2J\tb\u{fffd}c??\nd\r\n\n");
        assert_eq!(shown.len(), text.len() + 1);
    }
}
