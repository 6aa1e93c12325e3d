//! Words that start like a number and are none: quantities, MIG profiles, versions.

use super::super::codes::{self, Code};
use super::super::literal::literal;
use super::super::numbers;
use super::super::parser::Parser;
use super::super::tree::Scalar;
use super::shorten;

impl Parser<'_> {
    /// Reports the word in a range, which starts like a number; returns it as a text.
    pub(in crate::syntax) fn not_a_number(&mut self, start: usize, end: usize) -> Scalar {
        if let Some(scalar) = self.unquoted_measure(start, end) {
            return scalar;
        }
        let text = &self.text[start..end];
        let span = self.span(start, end);
        let finding = codes::BAD_NUMBER.at(
            span,
            format!("`{}` is no number; a text needs quotes", shorten(text)),
        );
        let (sign, digits) = text.split_at(text.len() - text.trim_start_matches(['+', '-']).len());
        if digits.starts_with('.')
            && let Some(value) = numbers::parse(&format!("{sign}0{digits}"))
        {
            self.report(finding.fix(
                "put a digit in front of the `.`",
                span,
                format!("{sign}0{digits}"),
            ));
            self.pos = end;
            return value;
        }
        let radix = ["0x", "0o", "0b"]
            .iter()
            .any(|prefix| digits.starts_with(prefix));
        let decimal = digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b".eE_+-".contains(&b));
        let like_a_number = radix || decimal;
        let certain = !like_a_number || digits.matches('-').count() > 1;
        self.report(if certain {
            finding.fix("quote it", span, literal(text))
        } else {
            finding.suggest("quote it", span, literal(text))
        });
        self.as_if_quoted(start, end)
    }

    /// Reports the text in a range if it is a quantity, a MIG profile or a version.
    pub(super) fn unquoted_measure(&mut self, start: usize, end: usize) -> Option<Scalar> {
        let text = &self.text[start..end];
        let (code, message, title): (&Code, &str, &str) = if is_mig_profile(text) {
            (
                &codes::UNQUOTED_MIG,
                "a MIG profile must be quoted",
                "quote the profile",
            )
        } else if is_version(text) {
            (
                &codes::UNQUOTED_VERSION,
                "a version must be quoted",
                "quote the version",
            )
        } else if is_quantity(text) {
            (
                &codes::UNQUOTED_QUANTITY,
                "quantities start with a digit, so quote them",
                "quote the quantity",
            )
        } else {
            return None;
        };
        let quoted = literal(text);
        let span = self.span(start, end);
        self.report(
            code.at(span, format!("{message}: `{}`", shorten(&quoted)))
                .fix(title, span, quoted),
        );
        Some(self.as_if_quoted(start, end))
    }
}

/// Digits at the start, and the rest.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// `3g.40gb`, `1g.10gb+me`.
fn is_mig_profile(text: &str) -> bool {
    let (slices, rest) = split_digits(text);
    let Some(memory) = rest.strip_prefix("g.") else {
        return false;
    };
    let (gigabytes, rest) = split_digits(memory);
    let attribute = rest
        .strip_prefix("gb")
        .map(|attribute| attribute.trim_start_matches('+'));
    !slices.is_empty()
        && !gigabytes.is_empty()
        && attribute.is_some_and(|a| a.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'))
}

/// `0.4.0`, `1.30.2-rc.1`: three numbers or more, but not the four of an address.
fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    let numeric = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let address = parts.len() == 4 && core.len() == text.len();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b".-+_".contains(&b));
    parts.len() >= 3 && parts[..2].iter().all(numeric) && plain && !address
}

/// `80Gi`, `1.5h`, `70%`, `200Mi/s`, `32.77/h`, `1h30m`.
fn is_quantity(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['+', '-']);
    let (whole, rest) = split_digits(unsigned);
    let unit = match rest.strip_prefix('.').map(split_digits) {
        Some((fraction, unit)) if !fraction.is_empty() => unit,
        Some(_) => return false,
        None => rest,
    };
    let radix = whole == "0" && unit.starts_with(['x', 'o', 'b']) && unit.len() > 1;
    let is_unit = |c: char| c.is_alphanumeric() || c == '%' || c == '/';
    !whole.is_empty()
        && !radix
        && !matches!(unit, "" | "e" | "E")
        && unit.starts_with(|c: char| c.is_alphabetic() || c == '%' || c == '/')
        && !unit.ends_with('/')
        && unit.chars().all(is_unit)
        && unit.matches('/').count() <= 1
        && !unit
            .strip_prefix('/')
            .is_some_and(|per| per.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each kind takes and what it leaves to the others.
    #[test]
    fn kinds() {
        for text in ["3g.40gb", "1g.10gb+me", "7g.80gb", "1g.5gb+me.all"] {
            assert!(
                is_mig_profile(text) && !is_version(text) && !is_quantity(text),
                "{text}"
            );
        }
        for text in ["0.4.0", "1.30.2-rc.1", "2.1.0.0.1", "1.2.x"] {
            assert!(
                is_version(text) && !is_mig_profile(text) && !is_quantity(text),
                "{text}"
            );
        }
        for text in [
            "80Gi", "30s", "1.5h", "70%", "200Mi/s", "32.77/h", "1h30m", "-5m", "200/s", "5µs",
        ] {
            assert!(
                is_quantity(text) && !is_mig_profile(text) && !is_version(text),
                "{text}"
            );
        }
        for text in [
            "10.0.0.1",
            "10.0.0.0/8",
            "0xzz",
            "1e",
            "1/2",
            "2026-03-01",
            "12:30",
            "5/",
        ] {
            assert!(
                !is_quantity(text) && !is_mig_profile(text) && !is_version(text),
                "{text}"
            );
        }
    }
}
