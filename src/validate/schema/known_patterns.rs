//! The patterns that nearly every object meets, by hand: a regular expression takes a microsecond
//! for a host name, these take some nanoseconds. A test compares each with its pattern.

/// Whether a string is what a pattern describes.
pub(super) type Matches = fn(&str) -> bool;

/// Patterns and what they stand for.
const KNOWN: [(&str, Matches); 9] = [
    (r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", label),
    (
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        subdomain,
    ),
    (
        r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        subdomain_or_nothing,
    ),
    (
        r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        host,
    ),
    (r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", kind),
    (r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$", header),
    (
        r"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$",
        path,
    ),
    (r"^([0-9]{1,5}(h|m|s|ms)){1,4}$", gateway_duration),
    (
        r"^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
        prometheus_duration,
    ),
];

/// The function of a pattern, if it is a known one.
pub(super) fn find(pattern: &str) -> Option<Matches> {
    KNOWN
        .iter()
        .find(|(known, _)| *known == pattern)
        .map(|(_, matches)| *matches)
}

/// `inner` characters, with `edge` characters at both ends.
fn edged(text: &str, edge: fn(u8) -> bool, inner: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    matches!((bytes.first(), bytes.last()), (Some(first), Some(last)) if edge(*first) && edge(*last))
        && bytes.iter().all(|c| inner(*c))
}

fn lower(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn label(text: &str) -> bool {
    edged(text, lower, |c| lower(c) || c == b'-')
}

fn subdomain(text: &str) -> bool {
    text.split('.').all(label)
}

fn subdomain_or_nothing(text: &str) -> bool {
    text.is_empty() || subdomain(text)
}

fn host(text: &str) -> bool {
    subdomain(text.strip_prefix("*.").unwrap_or(text))
}

fn kind(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && edged(
            text,
            |c| c.is_ascii_alphanumeric(),
            |c| c.is_ascii_alphanumeric() || c == b'-',
        )
}

fn header(text: &str) -> bool {
    let good = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
    !text.is_empty() && text.bytes().all(good)
}

fn path(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = match after {
            [a, b, after @ ..]
                if *first == b'%' && a.is_ascii_hexdigit() && b.is_ascii_hexdigit() =>
            {
                after
            }
            _ if first.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(first) => after,
            _ => return false,
        };
    }
    !text.is_empty()
}

/// Digits at the start, as many as there are, and what follows.
fn digits(text: &str) -> (usize, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    (end, &text[end..])
}

fn gateway_duration(text: &str) -> bool {
    let (mut rest, mut parts) = (text, 0);
    while !rest.is_empty() {
        let (count, after) = digits(rest);
        let unit = ["ms", "h", "m", "s"]
            .into_iter()
            .find_map(|unit| after.strip_prefix(unit));
        match unit {
            Some(after) if (1..=5).contains(&count) => rest = after,
            _ => return false,
        }
        parts += 1;
    }
    (1..=4).contains(&parts)
}

fn prometheus_duration(text: &str) -> bool {
    if text == "0" {
        return true;
    }
    let mut rest = text;
    for unit in ["y", "w", "d", "h", "m", "s", "ms"] {
        let (count, after) = digits(rest);
        // `5ms` is not five minutes followed by an `s`.
        let minutes_of_millis = unit == "m" && after == "ms";
        if let Some(after) = after
            .strip_prefix(unit)
            .filter(|_| count > 0 && !minutes_of_millis)
        {
            rest = after;
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex_lite::Regex;

    use super::KNOWN;

    static COMPILED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        KNOWN
            .iter()
            .map(|(pattern, _)| Regex::new(pattern).expect("it compiles"))
            .collect()
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn hand_written_matchers_agree_with_their_patterns(
            text in prop_oneof![
                "[a-zA-Z0-9.*%/~-]{0,8}",
                "([0-9]{0,6}(ms|[ywdhms])){0,5}",
                ".{0,4}",
                "\\*\\.[a-z.]{0,5}",
            ]
        ) {
            for ((pattern, matches), regex) in KNOWN.iter().zip(COMPILED.iter()) {
                prop_assert_eq!(matches(&text), regex.is_match(&text), "{} on {:?}", pattern, text);
            }
        }
    }
}
