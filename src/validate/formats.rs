//! Names, label values, quantities and other strings, as the API server's Go code reads them.
//!
//! Each function says what is wrong with a string, or `None`.

/// Why a string is not what it should be.
pub(crate) type Fault = Option<String>;

fn fault(wrong: bool, message: impl FnOnce() -> String) -> Fault {
    wrong.then(message)
}

fn lower_alphanumeric(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// RFC 1123 label: 1 to 63 of `a-z`, `0-9`, `-`, with a letter or digit at both ends.
pub(crate) fn dns_label(text: &str) -> Fault {
    fault(text.len() > 63, || {
        format!("`{text}` is longer than 63 characters")
    })
    .or_else(|| fault(!is_dns_label(text), || not_dns_label(text)))
}

fn not_dns_label(text: &str) -> String {
    format!(
        "`{text}` must be lower case letters, digits and `-`, with a letter or digit at both ends"
    )
}

fn is_dns_label(text: &str) -> bool {
    is_label(text.as_bytes())
}

fn is_label(bytes: &[u8]) -> bool {
    bytes.iter().all(|c| has(*c, IN_LABEL))
        && bytes.first().is_some_and(|c| *c != b'-')
        && bytes.last().is_some_and(|c| *c != b'-')
}

/// May stand in a DNS label.
const IN_LABEL: u8 = 1;
/// May stand in a qualified name.
const IN_NAME: u8 = 2;
/// May begin and end a qualified name.
const ENDS_NAME: u8 = 4;

/// Every object holds hundreds of such characters: one look for each.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut c: u8 = 0;
    while c < 128 {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' {
            classes[c as usize] |= IN_LABEL;
        }
        if c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.') {
            classes[c as usize] |= IN_NAME;
        }
        if c.is_ascii_alphanumeric() {
            classes[c as usize] |= ENDS_NAME;
        }
        c += 1;
    }
    classes
};

fn has(c: u8, class: u8) -> bool {
    CLASSES[usize::from(c)] & class != 0
}

/// RFC 1035 label, as Services need it: a [`dns_label`] that begins with a letter.
pub(crate) fn dns_1035_label(text: &str) -> Fault {
    dns_label(text).or_else(|| {
        fault(text.starts_with(|c: char| c.is_ascii_digit()), || {
            format!("`{text}` must begin with a letter")
        })
    })
}

/// RFC 1123 subdomain: [`dns_label`]s joined by dots (each may be long), 253 in all.
pub(crate) fn dns_subdomain(text: &str) -> Fault {
    fault(text.len() > 253, || {
        format!("`{text}` is longer than 253 characters")
    })
    .or_else(|| fault(!is_subdomain(text), || not_dns_label(text)))
}

fn is_subdomain(text: &str) -> bool {
    // In one go: before the first label, and behind its last character, stands a dot.
    let mut before = b'.';
    for c in text.bytes().chain([b'.']) {
        let fits = match c {
            b'.' => before != b'.' && before != b'-',
            b'-' => before != b'.',
            c => has(c, IN_LABEL),
        };
        if !fits {
            return false;
        }
        before = c;
    }
    true
}

fn is_qualified_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|c| has(*c, IN_NAME))
        && bytes.first().is_some_and(|c| has(*c, ENDS_NAME))
        && bytes.last().is_some_and(|c| has(*c, ENDS_NAME))
}

/// A label or annotation key: a name of at most 63, perhaps after `subdomain/`.
pub(crate) fn qualified_name(text: &str) -> Fault {
    // Most labels have this one.
    let name = match text.strip_prefix("app.kubernetes.io/") {
        Some(name) => name,
        None => match text.split_once('/') {
            Some((prefix, name)) => {
                if let Some(fault) = dns_subdomain(prefix) {
                    return Some(fault);
                }
                name
            }
            None => text,
        },
    };
    fault(name.len() > 63, || format!("`{name}` is longer than 63 characters")).or_else(|| {
        fault(!is_qualified_part(name), || {
            format!("`{text}` must be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends")
        })
    })
}

/// A label value: empty, or at most 63 characters of a [`qualified_name`] without prefix.
pub(crate) fn label_value(text: &str) -> Fault {
    if text.is_empty() {
        return None;
    }
    fault(text.len() > 63, || format!("label value `{text}` is longer than 63 characters")).or_else(|| {
        fault(!is_qualified_part(text), || {
            format!("label value `{text}` must be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends")
        })
    })
}

/// Name of a container or Service port: 1 to 15 of `a-z`, `0-9`, `-`, with at least one letter, no
/// `--`, and a letter or digit at both ends.
pub(crate) fn port_name(text: &str) -> Fault {
    let wrong = text.len() > 15
        || !is_dns_label(text)
        || text.contains("--")
        || !text.bytes().any(|c| c.is_ascii_lowercase());
    fault(wrong, || {
        format!(
            "port name `{text}` must be 1 to 15 lower case letters, digits and single `-`, one of them a letter"
        )
    })
}

/// Name of an environment variable: printable ASCII without `=`.
pub(crate) fn env_name(text: &str) -> Fault {
    let good = |c: u8| (b' '..=b'~').contains(&c) && c != b'=';
    fault(text.is_empty() || !text.bytes().all(good), || {
        format!("`{text}` is no name of an environment variable")
    })
}

/// Key of a `ConfigMap` or `Secret`: 1 to 253 letters, digits, `-`, `_`, `.`, not `.` or `..…`.
pub(crate) fn config_key(text: &str) -> Fault {
    let good = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
    let wrong = text.is_empty()
        || text.len() > 253
        || !text.bytes().all(good)
        || text == "."
        || text.starts_with("..");
    fault(wrong, || {
        format!("key `{text}` must be letters, digits, `-`, `_` and `.`")
    })
}

/// Whether a string is an RFC 3339 date and time, to the extent that no calendar is needed.
pub(crate) fn date_time(text: &str) -> Fault {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let shaped = text.len() >= 20
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && digits(11..13)
        && digits(14..16)
        && digits(17..19)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[10].eq_ignore_ascii_case(&b't')
        && bytes[13] == b':'
        && bytes[16] == b':';
    fault(!shaped, || {
        format!("`{text}` is no date and time such as `2026-08-01T12:00:00Z`")
    })
}

/// Whether a string is base64 with padding.
pub(crate) fn base64(text: &str) -> Fault {
    let padding = text.bytes().rev().take_while(|c| *c == b'=').count();
    let body = &text[..text.len() - padding];
    let good = |c: u8| c.is_ascii_alphanumeric() || c == b'+' || c == b'/';
    let wrong = !text.len().is_multiple_of(4) || padding > 2 || !body.bytes().all(good);
    fault(wrong, || format!("`{text}` is not base64"))
}

/// A container image reference has to be something, without blanks around it.
pub(crate) fn image(text: &str) -> Fault {
    fault(text.is_empty() || text.trim() != text, || {
        format!("image `{text}` is empty or has blanks around it")
    })
}

/// Names of roles: anything that can stand in a path.
pub(crate) fn path_segment(text: &str) -> Fault {
    let wrong = matches!(text, "." | "..") || text.contains(['/', '%']);
    fault(wrong, || {
        format!("`{text}` may not be `.` or `..`, nor contain `/` or `%`")
    })
}

/// An IPv4 or IPv6 address.
pub(crate) fn ip_address(text: &str) -> Fault {
    fault(text.parse::<std::net::IpAddr>().is_err(), || {
        format!("`{text}` is no IP address")
    })
}

/// An address range: `10.0.0.0/8`.
pub(crate) fn cidr(text: &str) -> Fault {
    let range = text.split_once('/').and_then(|(address, length)| {
        let most = match address.parse().ok()? {
            std::net::IpAddr::V4(_) => 32,
            std::net::IpAddr::V6(_) => 128,
        };
        length.parse::<u8>().ok().filter(|length| *length <= most)
    });
    fault(range.is_none(), || format!("`{text}` is no address range"))
}

/// Name of a kernel parameter: lower case parts joined by `.` or `/`.
pub(crate) fn sysctl(text: &str) -> Fault {
    let part = |part: &str| {
        let bytes = part.as_bytes();
        bytes
            .iter()
            .all(|c| lower_alphanumeric(*c) || b"-_".contains(c))
            && bytes.first().is_some_and(|c| lower_alphanumeric(*c))
            && bytes.last().is_some_and(|c| lower_alphanumeric(*c))
    };
    fault(
        text.len() > 253 || !text.split(['.', '/']).all(part),
        || format!("`{text}` is no name of a kernel parameter"),
    )
}

/// Name of a CSI driver: a [`dns_subdomain`] in any case, at most 63 long.
pub(crate) fn csi_driver(text: &str) -> Fault {
    fault(text.len() > 63, || {
        format!("`{text}` is longer than 63 characters")
    })
    .or_else(|| dns_subdomain(&text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subdomains() {
        for good in ["a", "0", "a-b", "a--b.c-1.d", "a.b.c"] {
            assert_eq!(dns_subdomain(good), None, "{good}");
        }
        let wrong = [
            "", ".", "-", "a.", ".a", "a..b", "-a", "a-", "a-.b", "a.-b", "A", "a_b", "a b", "é",
        ];
        for wrong in wrong {
            assert!(dns_subdomain(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn qualified_names() {
        let long = "n".repeat(63);
        let good = ["a", "A_b.c-1", "x.io/a", "app.kubernetes.io/name", &long];
        for good in good {
            assert_eq!(qualified_name(good), None, "{good}");
        }
        let longer = "n".repeat(64);
        let wrong = [
            "",
            "/",
            "/a",
            "x.io/",
            "X.io/a",
            "x.io/a/b",
            "app.kubernetes.io/",
            "app.kubernetes.io/a/b",
            "app.kubernetes.io/-a",
            "a-",
            "_a",
            "a b",
            &longer,
        ];
        for wrong in wrong {
            assert!(qualified_name(wrong).is_some(), "{wrong}");
        }
    }
}
