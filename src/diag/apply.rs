//! Fixes applied to texts.

use std::collections::BTreeMap;

use super::{Applicability, Diagnostic, Edit, Fix};
use crate::source::{FileId, Sources};

/// The new text of every file that a machine-applicable fix changes.
///
/// A diagnostic's first such fix is taken. Fixes that overlap one already taken are left for the
/// next run, whole: a fix is applied with all its edits or not at all.
#[must_use]
pub fn apply(diagnostics: &[Diagnostic], sources: &Sources) -> BTreeMap<FileId, String> {
    let mut taken: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for fix in diagnostics.iter().filter_map(machine_fix) {
        let free = fix.edits.iter().all(|edit| {
            let others = taken.get(&edit.span.file).into_iter().flatten();
            !others.into_iter().any(|other| overlap(edit, other))
        });
        if free {
            for edit in &fix.edits {
                taken.entry(edit.span.file).or_default().push(edit);
            }
        }
    }
    taken
        .into_iter()
        .map(|(file, edits)| (file, edited(&sources.get(file).text, 0, edits)))
        .collect()
}

fn machine_fix(diagnostic: &Diagnostic) -> Option<&Fix> {
    diagnostic
        .fixes
        .iter()
        .find(|fix| fix.applicability == Applicability::Machine)
}

/// Whether both cannot be applied: they share a byte, or insert at one place. Equal edits do too,
/// since two diagnostics may offer the same insertion.
fn overlap(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span, b.span);
    a.start == b.start || (a.start < b.end && b.start < a.end)
}

/// `text`, which starts at byte `base` of its file, with the edits made. They lie within it and do
/// not overlap.
pub(super) fn edited(text: &str, base: usize, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(&text[at..range.start - base]);
        out.push_str(&edit.text);
        at = range.end - base;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    /// Fixes of several diagnostics meet in one text; the second of two that overlap waits.
    #[test]
    fn applies_what_does_not_overlap() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.kdl", "memory 80Gi gpu 1g.5gb"));
        let at = |start, end| Span::new(file, start, end);
        let error = |start, end| Diagnostic::error("KDL-01", at(start, end), "wrong");
        let diagnostics = [
            error(16, 22).fix("quote it", at(16, 22), "\"1g.5gb\""),
            error(7, 11).fix("quote it", at(7, 11), "\"80Gi\""),
            error(9, 11).fix("drop the unit", at(9, 11), ""),
            error(0, 6).suggest("rename it", at(0, 6), "mem"),
        ];
        let texts = apply(&diagnostics, &sources);
        assert_eq!(texts[&file], "memory \"80Gi\" gpu \"1g.5gb\"");
    }

    /// A fix with one edit in the way changes nothing elsewhere either.
    #[test]
    fn all_edits_or_none() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.kdl", "ab"));
        let edit = |start, text: &str| Edit {
            span: Span::new(file, start, start + 1),
            text: text.into(),
        };
        let error = |edits| {
            Diagnostic::error("KDL-01", Span::new(file, 0, 1), "wrong").fix_edits(
                "swap",
                edits,
                Applicability::Machine,
            )
        };
        let diagnostics = [
            error(vec![edit(0, "x")]),
            error(vec![edit(0, "y"), edit(1, "z")]),
        ];
        assert_eq!(apply(&diagnostics, &sources)[&file], "xb");
    }
}
