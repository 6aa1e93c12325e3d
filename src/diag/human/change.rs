//! What a fix makes of the lines it touches.

use std::collections::BTreeMap;

use crate::diag::apply::edited;
use crate::diag::{Edit, Fix};
use crate::source::{FileId, Source, Sources};

/// Bytes of a line on one side of an edit from which on it is cut.
const LONG_LINE: usize = 400;
/// Bytes then left of it.
const AROUND: usize = 40;

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
    let (start, end) = window(&source.text, start, end, edits);
    let before = &source.text[start..end];
    let after = edited(before, start, edits.to_vec());
    let mut old: Vec<&str> = before.lines().collect();
    let mut new: Vec<&str> = after.lines().collect();
    let equal = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..equal);
    new.drain(..equal);
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

/// The bytes `start..end`, or where their lines are too long, those around the edits.
fn window(text: &str, start: usize, end: usize, edits: &[&Edit]) -> (usize, usize) {
    let first = edits.first().map_or(start, |edit| edit.span.start as usize);
    let last = edits.iter().map(|edit| edit.span.end as usize).max();
    let mut from = start;
    if first - start > LONG_LINE {
        from = first - AROUND;
    }
    let mut to = end;
    let last = last.unwrap_or(end);
    if end - last > LONG_LINE {
        to = last + AROUND;
    }
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    (from, to)
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
        // Of a long line only what is around the edit.
        let long = "é".repeat(500);
        let (old, new) = lines_of(&format!("{long}b{long}"), &[(1000, 1001, "c")]).remove(0);
        assert!(old[0].len() < 90 && old[0].contains("éb") && new[0].contains("éc"));
        // A line is added.
        assert_eq!(
            lines_of(text, &[(12, 12, "    d\n")]),
            [(vec![], vec!["d".to_owned()])]
        );
    }
}
