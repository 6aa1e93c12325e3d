//! Diagnostics for people: excerpts drawn by `miette`, then notes, helps and fixes.

mod change;
mod footer;
mod snippet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::place::one_line;
use super::{Diagnostic, Options, Severity};
use crate::source::{FileId, Sources, Span};
use snippet::{Excerpts, shown};
use textwrap::{WordSeparator, WordSplitter};

/// Renders the diagnostics one under the other, a blank line between them. Every label is drawn,
/// also those in other files.
#[must_use]
pub(super) fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &Options<'_>,
) -> String {
    let theme = if options.color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let styles = theme.styles.clone();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(options.width)
        .without_cause_chain()
        // Names and quantities are copied from messages: lines break at spaces only.
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_break_words(false)
        .without_syntax_highlighting();
    // One copy of a file serves all diagnostics in it.
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    for file in diagnostics.iter().flat_map(spans).map(|span| span.file) {
        texts
            .entry(file)
            .or_insert_with(|| shown(&sources.get(file).text));
    }
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        let files = spans(diagnostic).map(|span| (span.file, texts[&span.file].as_str()));
        let report = Report {
            diagnostic,
            excerpts: Excerpts::new(files, sources, options.prefix),
        };
        // Writing into a string fails only where the excerpts refuse a span, which they do not.
        let _ = handler.render_report(&mut out, &report);
        footer::write(&mut out, diagnostic, sources, &styles, options);
    }
    out
}

/// The primary place first, then those of the labels.
fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    diagnostic
        .span
        .into_iter()
        .chain(diagnostic.labels.iter().map(|label| label.span))
}

/// A diagnostic in the words of `miette`.
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    excerpts: Excerpts<'a>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.diagnostic.message))
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let Diagnostic { severity, code, .. } = self.diagnostic;
        Some(Box::new(format!("{}[{code}]", severity.name())))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let words = |text: &str| (!text.is_empty()).then(|| one_line(text));
        let Diagnostic {
            span,
            label,
            labels,
            ..
        } = self.diagnostic;
        let primary = span.map(|span| {
            LabeledSpan::new_primary_with_span(words(label), self.excerpts.offset(span))
        });
        let others = labels.iter().map(move |label| {
            LabeledSpan::new_with_span(words(&label.message), self.excerpts.offset(label.span))
        });
        let mut all = primary.into_iter().chain(others).peekable();
        all.peek()?;
        Some(Box::new(all))
    }
}
