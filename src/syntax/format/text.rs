//! Names and values as they are written, with multi-line strings moved to their new indentation.

use super::super::chars::{Class, class, class_at, newline_len};

/// The raw text of a word or value; `indent`: spaces in front of the lines of a multi-line string.
pub(super) fn spelled(raw: &str, indent: usize) -> String {
    let open = raw.trim_start_matches('#');
    let hashes = raw.len() - open.len();
    let is_multi_line = open.starts_with("\"\"\"");
    if !is_multi_line || (hashes == 0 && has_escaped_whitespace(raw)) {
        return raw.to_owned();
    }
    let mut lines = lines(raw);
    let (Some(closing), false) = (lines.pop(), lines.is_empty()) else {
        return raw.to_owned();
    };
    let quotes = closing.trim_start_matches(is_space);
    let prefix = &closing[..closing.len() - quotes.len()];
    let margin = " ".repeat(indent);
    let mut out = lines[0].to_owned();
    for line in &lines[1..] {
        out.push('\n');
        if let Some(text) = line
            .strip_prefix(prefix)
            .filter(|_| !line.chars().all(is_space))
        {
            out.push_str(&margin);
            out.push_str(text);
        }
    }
    out + "\n" + &margin + quotes
}

fn is_space(c: char) -> bool {
    class(c) == Class::Space
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some((class, len)) = class_at(text, at) {
        if class == Class::Newline {
            lines.push(&text[start..at]);
            at += newline_len(text, at);
            start = at;
        } else {
            at += len;
        }
    }
    lines.push(&text[start..]);
    lines
}

/// Whether a `\` takes whitespace away; where it does, the lines do not show the text's own.
fn has_escaped_whitespace(raw: &str) -> bool {
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c == '\\'
            && chars
                .next()
                .is_some_and(|c| matches!(class(c), Class::Space | Class::Newline))
        {
            return true;
        }
    }
    false
}
