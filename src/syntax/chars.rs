//! What KDL 2 says about single characters (section 3 of the specification, 2.0.0 of 2024-12-21).

/// What a character may be part of.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A bare word.
    Word,
    /// Whitespace within a line.
    Space,
    /// A line end, or the first half of `\r\n`.
    Newline,
    /// `\ / ( ) { } [ ] ; " # =`: has a meaning of its own, never part of a bare word.
    Mark,
    /// Nothing: control and direction characters may not stand literally in a document.
    Banned,
}

/// Classes of the ASCII characters.
static ASCII: [Class; 128] = ascii_table();

const fn ascii_table() -> [Class; 128] {
    let mut table = [Class::Word; 128];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'\t' | b' ' => Class::Space,
            b'\n' | 0x0b | 0x0c | b'\r' => Class::Newline,
            0..=0x1f | 0x7f => Class::Banned,
            b'\\' | b'/' | b'(' | b')' | b'{' | b'}' | b'[' | b']' | b';' | b'"' | b'#' | b'=' => {
                Class::Mark
            }
            _ => Class::Word,
        };
        byte += 1;
    }
    table
}

/// The class of any character.
pub(super) fn class(c: char) -> Class {
    match c {
        '\0'..='\x7f' => ASCII[c as usize],
        '\u{85}' | '\u{2028}' | '\u{2029}' => Class::Newline,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Class::Space
        }
        '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Class::Banned,
        _ => Class::Word,
    }
}

/// The class of the character that starts at byte `at`, and its length in bytes; `None` at the end.
pub(super) fn class_at(text: &str, at: usize) -> Option<(Class, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if byte < 0x80 {
        return Some((ASCII[byte as usize], 1));
    }
    let c = text[at..].chars().next()?;
    Some((class(c), c.len_utf8()))
}

/// Length in bytes of the line end at byte `at`, which starts one; `\r\n` is one line end.
pub(super) fn newline_len(text: &str, at: usize) -> usize {
    match text.as_bytes()[at] {
        b'\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => 2,
        byte if byte < 0x80 => 1,
        _ => text[at..].chars().next().map_or(1, char::len_utf8),
    }
}

/// First byte at or after `at` that is not in a bare word.
pub(super) fn word_end(text: &str, mut at: usize) -> usize {
    while let Some((Class::Word, len)) = class_at(text, at) {
        at += len;
    }
    at
}

/// First byte at or after `at` that is not whitespace within a line.
pub(super) fn space_end(text: &str, mut at: usize) -> usize {
    while let Some((Class::Space, len)) = class_at(text, at) {
        at += len;
    }
    at
}

/// First byte at or after `at` that starts a line end, or the end of the text.
pub(super) fn line_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    // First bytes of line ends, two of which also start other characters.
    let may_end = |byte: &u8| matches!(byte, b'\n'..=b'\r' | 0xc2 | 0xe2);
    while let Some(found) = bytes[at..].iter().position(may_end) {
        at += found;
        match class_at(text, at) {
            Some((Class::Newline, _)) => return at,
            Some((_, len)) => at += len,
            None => break,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of disallowed literal code points, at its edges.
    #[test]
    fn banned_edges() {
        for c in "\0\u{8}\u{e}\u{1f}\u{7f}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}"
            .chars()
        {
            assert_eq!(class(c), Class::Banned, "{c:?}");
        }
        for c in "\u{200d}\u{2010}\u{202f}\u{2065}\u{206a}\u{fefe}\u{80}".chars() {
            assert_ne!(class(c), Class::Banned, "{c:?}");
        }
    }

    /// A line ends in front of every kind of line end and of nothing that looks like one.
    #[test]
    fn line_ends() {
        for (text, end) in [
            ("ab", 2),
            ("é\u{2030}\u{a0}\nb", 7),
            ("a\u{85}", 1),
            ("€\u{2028}", 3),
            ("a\u{b}", 1),
        ] {
            assert_eq!(line_end(text, 0), end, "{text:?}");
        }
    }

    /// A carriage return with its line feed is one line end; every other one stands alone.
    #[test]
    fn newline_lengths() {
        for (text, len) in [
            ("\r\n", 2),
            ("\r", 1),
            ("\r\r", 1),
            ("\n\r", 1),
            ("\u{85}", 2),
            ("\u{2028}", 3),
        ] {
            assert_eq!(newline_len(text, 0), len, "{text:?}");
        }
    }
}
