//! Diagnostics as workflow commands, which GitHub Actions shows beside the changed lines.
//!
//! Source: "Workflow commands for GitHub Actions" and the escaping of the `@actions/core` package,
//! checked 2026-10.

use std::fmt::Write;

use super::action::fixes;
use super::place::Place;
use super::{Diagnostic, Options, Severity};
use crate::source::Sources;

/// Renders each diagnostic as one command; notes, helps and fixes follow the message on lines of their own.
#[must_use]
pub(super) fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &Options<'_>,
) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(out, "::{command} ");
        if let Some(span) = diagnostic.span {
            let Place { path, start, end } = Place::new(span, sources, options.prefix);
            let _ = write!(out, "file={},line={}", property(&path), start.line);
            // GitHub refuses columns of a range over several lines.
            if start.line == end.line {
                let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
            }
            let _ = write!(out, ",endLine={},", end.line);
        }
        let code = property(diagnostic.code);
        let fixes: String = fixes(diagnostic)
            .map(|(word, title)| format!("\n{word}: {title}"))
            .collect();
        let words = data(&(words(diagnostic) + &fixes));
        let _ = writeln!(out, "title={code}::{words}");
    }
    out
}

/// Message, notes and helps, a line each.
pub(super) fn words(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic
        .notes
        .iter()
        .map(|note| format!("\nnote: {note}"));
    let helps = diagnostic
        .helps
        .iter()
        .map(|help| format!("\nhelp: {help}"));
    std::iter::once(diagnostic.message.clone())
        .chain(notes)
        .chain(helps)
        .collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    /// Separators and line breaks inside values cannot end a command or a property.
    #[test]
    fn escapes() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a,b:c.kdl", "one\ntwo\n"));
        let diagnostics = [
            Diagnostic::error("GPU-02", Span::new(file, 4, 7), "100% of\r\n::error::x").note("why"),
            Diagnostic::warning("GPU-02", Span::new(file, 0, 7), "two lines")
                .help("do")
                .fix("write `50%`", Span::new(file, 0, 3), "50%"),
            Diagnostic::new("OUT-01", Severity::Note, "no place"),
        ];
        assert_eq!(
            render(&diagnostics, &sources, &Options::default()),
            "::error file=a%2Cb%3Ac.kdl,line=2,col=1,endColumn=4,endLine=2,title=GPU-02::100%25 of%0D%0A::error::x%0Anote: why\n\
             ::warning file=a%2Cb%3Ac.kdl,line=1,endLine=2,title=GPU-02::two lines%0Ahelp: do%0Afix: write `50%25`\n\
             ::notice title=OUT-01::no place\n"
        );
    }
}
