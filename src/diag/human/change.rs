//! What a fix makes of the lines it touches.

use std::collections::BTreeMap;

use crate::diag::apply::edited;
use crate::diag::{Edit, Fix};
use crate::source::{FileId, Source, Sources};

/// Neighboring lines of one file before and after a fix, without their common indentation.
pub(super) struct Change {
    pub(super) file: FileId,
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

/// The lines that a fix changes, file by file; edits on lines that touch are one change.
pub(super) fn changes(fix: &Fix, sources: &Sources) -> Vec<Change> {
    let mut files: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(edit.span.file).or_default().push(edit);
    }
    let mut changes = Vec::new();
    for (file, mut edits) in files {
        let source = sources.get(file);
        edits.sort_by_key(|edit| edit.span);
        let line = |offset| source.lines().line(offset);
        let parts = edits.chunk_by(|a, b| line(b.span.start) <= line(a.span.end));
        changes.extend(parts.map(|edits| change(file, source, edits)));
    }
    changes
}

fn change(file: FileId, source: &Source, edits: &[&Edit]) -> Change {
    let lines = source.lines();
    let first = edits
        .iter()
        .map(|edit| lines.line(edit.span.start))
        .min()
        .unwrap_or(1);
    let last = edits
        .iter()
        .map(|edit| lines.line(edit.span.end))
        .max()
        .unwrap_or(1);
    let start = lines.start(first).map_or(0, |at| at as usize);
    let end = lines
        .start(last + 1)
        .map_or(source.text.len(), |at| at as usize);
    let before = &source.text[start..end];
    let after = edited(before, start, edits.to_vec());
    let mut old: Vec<&str> = before.lines().collect();
    let mut new: Vec<&str> = after.lines().collect();
    while !old.is_empty() && old.first() == new.first() {
        old.remove(0);
        new.remove(0);
    }
    while !old.is_empty() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let indents = old
        .iter()
        .chain(&new)
        .filter(|line| !line.trim().is_empty());
    let indent = indents
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let dedent = |lines: Vec<&str>| {
        lines
            .iter()
            .map(|line| line.get(indent..).unwrap_or_default().to_owned())
            .collect()
    };
    Change {
        file,
        old: dedent(old),
        new: dedent(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Applicability;
    use crate::source::Span;

    fn lines_of(text: &str, edits: &[(usize, usize, &str)]) -> Vec<(Vec<String>, Vec<String>)> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.kdl", text));
        let edits = edits.iter().map(|(start, end, text)| Edit {
            span: Span::new(file, *start, *end),
            text: (*text).to_owned(),
        });
        let fix = Fix {
            title: String::new(),
            edits: edits.collect(),
            applicability: Applicability::Machine,
        };
        changes(&fix, &sources)
            .into_iter()
            .map(|change| (change.old, change.new))
            .collect()
    }

    /// Only lines that differ are shown, without the indentation they share.
    #[test]
    fn shows_changed_lines() {
        let text = "a {\n    b 1\n    c 2\n}\n";
        assert_eq!(
            lines_of(text, &[(10, 11, "\"1\"")]),
            [(vec!["b 1".to_owned()], vec!["b \"1\"".to_owned()])]
        );
        // A whole line with its line break is deleted.
        assert_eq!(
            lines_of(text, &[(4, 12, "")]),
            [(vec!["b 1".to_owned()], vec![])]
        );
        // Two lines apart are two changes, neighbors are one.
        assert_eq!(lines_of(text, &[(0, 1, "x"), (20, 21, "")]).len(), 2);
        assert_eq!(lines_of(text, &[(0, 1, "x"), (8, 9, "y")]).len(), 2);
        assert_eq!(lines_of(text, &[(8, 9, "y"), (10, 11, "2")]).len(), 1);
        // A line is added.
        assert_eq!(
            lines_of(text, &[(12, 12, "    d\n")]),
            [(vec![], vec!["d".to_owned()])]
        );
    }
}
