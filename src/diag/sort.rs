//! The one order in which diagnostics are shown.

use super::Diagnostic;
use crate::source::{Sources, Span};

/// Sorts by path, start, code and message, those without a file last, and merges findings that
/// say the same of the same place: one rule may run once for every environment. What only a later
/// one noted, labeled or advised is kept.
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
    sorted
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
