//! Numbers that may also be percentages or port names.

use super::check::{Check, PORT};
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::{Shape, View};

/// `"25%"` as 25; `None` for any other string.
fn percent(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('%')?;
    let good = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    good.then(|| digits.parse().unwrap_or(u32::MAX))
}

/// A field holds a whole number from zero up, or a percentage.
pub(super) fn count_or_percent<'t>(check: &mut Check<'_, 't>, of: View<'t>, name: &'static str) {
    check.field(of, name, |check, view| match view.value() {
        Shape::Int(n) if n < 0 => {
            check.fault(
                Problem::BadValue,
                format_args!("is {n}, it must be at least 0"),
            );
        }
        Shape::Str(text) if percent(text).is_none() => {
            check.fault(
                Problem::BadValue,
                format_args!("is `{text}`, it must be a number or a percentage"),
            );
        }
        _ => {}
    });
}

/// A percentage field is at most 100%.
pub(super) fn at_most_all<'t>(check: &mut Check<'_, 't>, of: View<'t>, name: &'static str) {
    if of
        .text(name)
        .and_then(percent)
        .is_some_and(|percent| percent > 100)
    {
        check.fault_at(name, Problem::BadValue, "must be at most 100%");
    }
}

/// 0 or 0%.
pub(super) fn is_zero(view: View<'_>) -> bool {
    view.int() == Some(0) || view.str().and_then(percent) == Some(0)
}

/// A field holds a port or the name of one.
pub(super) fn port<'t>(check: &mut Check<'_, 't>, of: View<'t>, name: &'static str) {
    check.range(of, name, PORT);
    check.text(of, name, formats::port_name);
}
