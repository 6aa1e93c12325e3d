//! Traps that only a later stage can see, since they depend on what a node means.

use super::super::codes;
use super::super::literal::literal;
use super::shorten;
use crate::diag::Diagnostic;
use crate::source::Span;

/// An error for a number where a version belongs, such as `kubernetes 1.30`.
///
/// `value` covers the value and `raw` is its text, so that the trailing zero is kept in the fix.
#[must_use]
pub fn unquoted_version(value: Span, raw: &str) -> Diagnostic {
    let quoted = literal(raw);
    codes::UNQUOTED_VERSION
        .at(
            value,
            format!("a version must be quoted: `{}`", shorten(&quoted)),
        )
        .note(format!("without quotes, `{}` is a number", shorten(raw)))
        .fix("quote the version", value, quoted)
}

/// An error for an argument that is the name of a node, such as `readiness` in
/// `liveness "/a" readiness "/b"`.
///
/// `before` is the entry or name in front of it, `argument` the argument itself.
#[must_use]
pub fn missing_semicolon(before: Span, argument: Span, name: &str) -> Diagnostic {
    let gap = Span {
        start: before.end,
        end: argument.start,
        ..argument
    };
    let name = shorten(name);
    codes::MISSING_SEMICOLON
        .at(
            argument,
            format!("`{name}` is the name of a node: a `;` is missing in front of it"),
        )
        .note("two nodes on one line are separated by `;`")
        .fix("put a `;` in front of it", gap, "; ")
}
