//! Which strings may stand without quotes.
//!
//! The readers that matter disagree: Kubernetes and Argo CD read YAML 1.1 with Go's extensions
//! (`0o14` is 12, `1_000` is 1000), Flux YAML 1.2 with leftovers of 1.1, others 1.2. A string is
//! plain only if all of them read it as that string; where a rule would be long, this one quotes
//! more than it must, but never a name, path, image, URL or quantity.

/// Whether `text` may be written without quotes as a value or key in block style.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [first, ..] = bytes else { return false };
    let start_is_safe = match KIND[*first as usize] {
        Kind::Word => true,
        Kind::Number => !reads_as_number(bytes) && !is_marker(bytes),
        Kind::Wide => true,
        Kind::Inner | Kind::Colon | Kind::Hash | Kind::Space | Kind::Never => false,
    };
    start_is_safe && !(bytes.len() <= LONGEST_WORD && is_reserved(text)) && inside_is_plain(text)
}

/// Whether every byte keeps the scalar going; the first has been judged.
fn inside_is_plain(text: &str) -> bool {
    // Most text has none but harmless bytes, and needs no look at what stands before what.
    if text.bytes().fold(true, |all, b| all & HARMLESS[b as usize]) {
        return true;
    }
    let mut before = b'x';
    let mut wide = false;
    for &byte in text.as_bytes() {
        match KIND[byte as usize] {
            Kind::Word | Kind::Number | Kind::Inner | Kind::Colon => {}
            Kind::Space if before == b':' => return false,
            Kind::Space => {}
            Kind::Hash if before == b' ' => return false,
            Kind::Hash => {}
            Kind::Wide => wide = true,
            Kind::Never => return false,
        }
        before = byte;
    }
    before != b' ' && before != b':' && (!wide || text.chars().all(is_visible))
}

/// Whether `c` is one that a reviewer sees and every reader keeps. Controls, line separators and
/// the invisible or direction-changing formats (U+200B, U+202E and their like) are not: they are
/// written as escapes.
#[must_use]
pub(super) fn is_visible(c: char) -> bool {
    !matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
        && !matches!(c as u32 & 0xffff, 0xfffe | 0xffff)
}

const LONGEST_WORD: usize = 5;

/// Words that YAML 1.1 or 1.2 read as a bool, a null, the merge key or the default key. Their
/// spelling is compared without case: quoting `nO` too is harmless.
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "y", "n", "on", "no", "yes", "off", "true", "false", "null", "~", "=", "<<",
    ];
    matches!(
        text.as_bytes().first().map(u8::to_ascii_lowercase),
        Some(b'y' | b'n' | b'o' | b't' | b'f' | b'~' | b'=' | b'<')
    ) && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether the text could be taken for the marker of a document's start or end.
fn is_marker(bytes: &[u8]) -> bool {
    bytes.starts_with(b"---")
        || bytes.starts_with(b"...")
        || matches!(bytes, [b'-'] | [b'-', b' ', ..])
}

/// Whether text that starts with a digit, sign or dot could be a number, time or date: a superset
/// of the integers, floats, base-60 numbers and timestamps of YAML 1.1, 1.2 and Go.
fn reads_as_number(bytes: &[u8]) -> bool {
    let digits = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        _ => bytes,
    };
    if has_radix(digits) {
        return true;
    }
    match digits {
        [b'.', rest @ ..] if matches!(rest.to_ascii_lowercase().as_slice(), b"inf" | b"nan") => {
            true
        }
        [b'.' | b'_' | b'0'..=b'9', ..] => {
            digits.iter().all(|b| {
                matches!(
                    b,
                    b'0'..=b'9' | b'_' | b'.' | b',' | b':' | b'+' | b'-' | b'e' | b'E'
                )
            }) || starts_with_date(digits)
        }
        _ => false,
    }
}

/// Whether the text is `0x1F`, `0o17`, `0b11` or the like. Go drops every `_` first and takes a
/// sign behind the prefix: it reads `0_xF` as 15 and `0b-1` as -1.
fn has_radix(bytes: &[u8]) -> bool {
    let mut digits = bytes.iter().filter(|b| **b != b'_');
    digits.next() == Some(&b'0')
        && matches!(digits.next(), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B'))
        && digits.all(|b| b.is_ascii_hexdigit() || matches!(b, b'+' | b'-'))
}

/// Whether the text starts as `2001-12-14` or `2001-1-2` do and ends there or goes on with a time.
fn starts_with_date(bytes: &[u8]) -> bool {
    let mut parts = bytes.splitn(3, |b| *b == b'-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    year.len() == 4
        && matches!(month.len(), 1 | 2)
        && matches!(day, 1 | 2)
        && year.iter().chain(month).all(u8::is_ascii_digit)
        && matches!(rest.get(day), None | Some(b'T' | b't' | b' ' | b'\t'))
}

/// What one byte means for a plain scalar.
#[derive(Copy, Clone)]
enum Kind {
    /// May stand anywhere.
    Word,
    /// May stand anywhere, but at the start may make a number, date or marker.
    Number,
    /// May stand inside only: an indicator at the start.
    Inner,
    /// Ends a key before a space or at the end.
    Colon,
    /// Starts a comment after a space.
    Hash,
    /// May stand inside only, not at the end.
    Space,
    /// Part of a character beyond ASCII.
    Wide,
    /// Control character: tab and line break too.
    Never,
}

/// Bytes that may stand anywhere but at the start.
static HARMLESS: [bool; 256] = {
    let mut harmless = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        harmless[byte] = matches!(KIND[byte], Kind::Word | Kind::Number | Kind::Inner);
        byte += 1;
    }
    harmless
};

static KIND: [Kind; 256] = {
    let mut kinds = [Kind::Never; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'_'
            | b'/'
            | b'$'
            | b'('
            | b')'
            | b';'
            | b'<'
            | b'='
            | b'\\'
            | b'^'
            | b'~' => Kind::Word,
            b'0'..=b'9' | b'+' | b'-' | b'.' => Kind::Number,
            b'?' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' => Kind::Inner,
            b':' => Kind::Colon,
            b'#' => Kind::Hash,
            b' ' => Kind::Space,
            0x80..=0xff => Kind::Wide,
            _ => Kind::Never,
        };
        byte += 1;
    }
    kinds
};

#[cfg(test)]
mod tests {
    use super::is_plain;

    /// Names, paths, images, URLs, quantities and expressions stay without quotes.
    #[test]
    fn readable_strings_are_plain() {
        for text in [
            "bert-sentiment",
            "apps/v1",
            "500m",
            "4Gi",
            "10Mi",
            "30s",
            "1g.5gb",
            "70%",
            "--workers",
            "-v",
            "registry.acme.io/ml/mlserve:0.1.0@sha256:0f",
            "http://x.y:9090/a?b=c&d=[e]",
            "10.0.0.0/8",
            "kafka.default.svc:9092",
            "0 8 * * *",
            "sum(rate(x{a=\"b\"}[2m])) > 10",
            "a#b",
            "größe",
            "日本",
            "true-ish",
            "/spec/replicas",
            "$(POD_IP)",
            "x: y".trim_end_matches(": y"),
            "2024-model",
            "on-call",
            "~/models",
            "<none>",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    /// What some reader takes for anything else, or takes apart, is quoted.
    #[test]
    fn ambiguous_strings_are_not() {
        for text in [
            "",
            " ",
            " a",
            "a ",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "- a",
            "-",
            "---",
            "--- a",
            "...",
            "? a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "'a'",
            "\"a\"",
            "%a",
            "@a",
            "`a",
            "[a]",
            "{a}",
            ", a",
            "y",
            "N",
            "yes",
            "No",
            "ON",
            "off",
            "true",
            "False",
            "null",
            "Null",
            "~",
            "=",
            "<<",
            "0",
            "-1",
            "+1",
            "012",
            "0o14",
            "0x1F",
            "0b1",
            "1_000",
            "-_1",
            "0_xF",
            "0b-1",
            "12:30:45",
            "1.5",
            ".5",
            "1.",
            "1e3",
            "1E-3",
            "-1e+3",
            ".inf",
            "-.INF",
            ".NaN",
            "2001-12-14",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            "a\tb",
            "a\nb",
            "a\rb",
            "\u{85}",
            "\u{2028}",
            "\u{feff}a",
            "a\u{202e}b",
            "\u{0}",
        ] {
            assert!(!is_plain(text), "{text:?}");
        }
    }
}
