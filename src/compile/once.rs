//! One mistake is told once: where a value is refused with what to write in its place, what syntax
//! says of the same value would only lead to that.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Severity};
use crate::source::Span;

/// Refused values: of another type, none of its type, a `null` that unsets nothing or stands in a
/// list of a patch.
const REFUSED: [&str; 4] = ["LNG-06", "LNG-07", "LNG-12", "LNG-24"];

/// What syntax says of a value or within one: an escape, a number of a character, a bare keyword.
const WITHIN: [&str; 3] = ["KDL-21", "KDL-22", "KDL-40"];

/// Drops what syntax says of values that are refused.
pub(super) fn forget(diagnostics: &mut Vec<Diagnostic>) {
    let refused: BTreeSet<Span> = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error && REFUSED.contains(&d.code))
        .filter_map(|d| d.span)
        .collect();
    let is_refused = |span: Span| {
        let from = Span {
            end: u32::MAX,
            ..span
        };
        let nearest = refused.range(..=from).next_back();
        nearest.is_some_and(|value| value.file == span.file && span.end <= value.end)
    };
    diagnostics.retain(|d| !WITHIN.contains(&d.code) || !d.span.is_some_and(is_refused));
}
