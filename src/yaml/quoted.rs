//! Double-quoted scalars: the only style that holds every string.

use super::plain::is_visible;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends `text` in double quotes on one line.
pub(super) fn write(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut kept = 0;
    for (at, c) in text.char_indices() {
        if is_visible(c) && c != '"' && c != '\\' {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[kept..at]);
        escape(out, c);
        kept = at + c.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[kept..]);
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, c: char) {
    match c {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\0' => out.extend_from_slice(b"\\0"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        c if c <= '\u{ff}' => hex(out, b'x', c, 2),
        c if c <= '\u{ffff}' => hex(out, b'u', c, 4),
        c => hex(out, b'U', c, 8),
    }
}

fn hex(out: &mut Vec<u8>, kind: u8, c: char, digits: u32) {
    out.extend_from_slice(&[b'\\', kind]);
    for digit in (0..digits).rev() {
        out.push(HEX[(c as usize >> (4 * digit)) & 15]);
    }
}
