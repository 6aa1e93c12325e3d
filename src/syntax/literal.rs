//! Texts as KDL strings, for fixes and generated specs.

use super::chars::{Class, class};

/// A KDL string that means `text`, always in quotes. A text with `\` or `"` becomes a raw string
/// where that can hold it.
#[must_use]
pub fn literal(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| !matches!(class(c), Class::Newline | Class::Banned));
    if !plain || looks_multi_line(text) {
        return escaped(text);
    }
    if !text.contains(['\\', '"']) {
        return format!("\"{text}\"");
    }
    let hashes = "#".repeat(longest_closing(text) + 1);
    format!("{hashes}\"{text}\"{hashes}")
}

/// Whether the text would turn the opening quote of a raw string into `"""`.
fn looks_multi_line(text: &str) -> bool {
    text == "\"" || text.starts_with("\"\"")
}

/// The longest run of `#` behind a `"` in the text.
fn longest_closing(text: &str) -> usize {
    let runs = text.split('"').skip(1);
    runs.map(|rest| rest.bytes().take_while(|byte| *byte == b'#').count())
        .max()
        .unwrap_or(0)
}

fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' | '"' => out.extend(['\\', c]),
            c if matches!(class(c), Class::Newline | Class::Banned) => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
