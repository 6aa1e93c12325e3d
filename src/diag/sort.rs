//! The one order in which diagnostics are shown.

use super::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span};

/// Findings of one severity shown of one file.
pub(crate) const MOST_OF_A_FILE: usize = 200;

/// Sorts by path, start, code and message, those without a file last, and merges findings that
/// say the same of the same place: one rule may run once for every environment. What only a later
/// one noted, labeled or advised is kept.
///
/// Of each file at most 200 findings of each severity are kept, so that a file of mistakes alone
/// neither hides those of others nor takes minutes to show; a last one tells how many there are.
#[must_use]
pub fn sort(mut diagnostics: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| key(a, sources).cmp(&key(b, sources)));
    let mut sorted: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for next in diagnostics {
        match sorted.last_mut() {
            Some(last) if key(last, sources) == key(&next, sources) => merge(last, next),
            _ => sorted.push(next),
        }
    }
    shorten(&mut sorted);
    sorted
}

/// Leaves out what is too much of one file. Expects the order of [`sort`].
fn shorten(sorted: &mut Vec<Diagnostic>) {
    let file = |d: &Diagnostic| d.span.map(|span| span.file);
    if !sorted
        .chunk_by(|a, b| file(a) == file(b))
        .any(|of_one| of_one.len() > MOST_OF_A_FILE)
    {
        return;
    }
    let mut counts = [0_usize; 3];
    let mut of: Option<FileId> = None;
    let mut kept: Vec<Diagnostic> = Vec::new();
    for next in std::mem::take(sorted) {
        if of != file(&next) {
            end_file(&mut kept, of, counts);
            (of, counts) = (file(&next), [0; 3]);
        }
        let count = &mut counts[next.severity as usize];
        *count += 1;
        if *count <= MOST_OF_A_FILE || of.is_none() {
            kept.push(next);
        }
    }
    end_file(&mut kept, of, counts);
    *sorted = kept;
}

/// Adds what tells how many findings of a file were left out.
fn end_file(kept: &mut Vec<Diagnostic>, file: Option<FileId>, counts: [usize; 3]) {
    let left: usize = counts
        .iter()
        .map(|n| n.saturating_sub(MOST_OF_A_FILE))
        .sum();
    if let (Some(file), true) = (file, left > 0) {
        let message = format!("{left} more findings in this file are not shown");
        let mut last = Diagnostic::new("KDL-18", Severity::Note, message);
        last.span = kept.last().and_then(|d| d.span).filter(|s| s.file == file);
        kept.push(last.help("mend some of those above first"));
    }
}

/// What makes two diagnostics the same, in the order they are compared.
type Key<'a> = (
    bool,
    &'a str,
    Option<Span>,
    &'a str,
    super::Severity,
    &'a str,
);

fn key<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Key<'a> {
    let path = diagnostic
        .span
        .map_or("", |span| &*sources.get(span.file).path);
    (
        diagnostic.span.is_none(),
        path,
        diagnostic.span,
        diagnostic.code,
        diagnostic.severity,
        &diagnostic.message,
    )
}

fn merge(into: &mut Diagnostic, from: Diagnostic) {
    if into.label.is_empty() {
        into.label = from.label;
    }
    add_new(&mut into.labels, from.labels);
    add_new(&mut into.notes, from.notes);
    add_new(&mut into.helps, from.helps);
    add_new(&mut into.fixes, from.fixes);
}

fn add_new<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) {
    for item in from {
        if !into.contains(&item) {
            into.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    /// A file of mistakes hides neither another file's nor its own of another severity.
    #[test]
    fn shortens() {
        let mut sources = Sources::default();
        let a = sources.add(Source::new("a.kdl", "x".repeat(1000)));
        let b = sources.add(Source::new("b.kdl", "0123456789"));
        let span = |file, start| Span::new(file, start, start + 1);
        let mut all: Vec<Diagnostic> = (0..500)
            .map(|at| Diagnostic::warning("LNG-17", span(a, at), "w"))
            .collect();
        all.push(Diagnostic::error("LNG-01", span(a, 700), "e"));
        all.push(Diagnostic::error("LNG-01", span(b, 0), "e"));
        all.push(Diagnostic::new("OUT-01", Severity::Error, "no place"));
        let sorted = sort(all, &sources);
        assert_eq!(sorted.len(), 200 + 1 + 1 + 1 + 1);
        let codes: Vec<_> = sorted[200..].iter().map(|d| d.code).collect();
        assert_eq!(codes, ["LNG-01", "KDL-18", "LNG-01", "OUT-01"]);
        assert!(sorted[201].message.starts_with("300 more"));
    }

    /// Path before offset before code; repeated findings become one that keeps every note.
    #[test]
    fn orders_and_merges() {
        let mut sources = Sources::default();
        let b = sources.add(Source::new("b.kdl", "0123456789"));
        let a = sources.add(Source::new("a.kdl", "0123456789"));
        let error =
            |code, file, start| Diagnostic::error(code, Span::new(file, start, start + 1), "wrong");
        let sorted = sort(
            vec![
                Diagnostic::new("OUT-01", crate::diag::Severity::Error, "no place"),
                error("GPU-02", b, 3).note("in env `staging`"),
                error("GPU-01", b, 3),
                error("GPU-02", b, 3)
                    .note("in env `prod`")
                    .note("in env `staging`"),
                error("LNG-01", b, 1),
                error("LNG-01", a, 9),
            ],
            &sources,
        );
        let codes: Vec<_> = sorted.iter().map(|d| d.code).collect();
        assert_eq!(codes, ["LNG-01", "LNG-01", "GPU-01", "GPU-02", "OUT-01"]);
        assert_eq!(sorted[0].span.map(|span| span.file), Some(a));
        assert_eq!(sorted[3].notes, ["in env `staging`", "in env `prod`"]);
    }
}
