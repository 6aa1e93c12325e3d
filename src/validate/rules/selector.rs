//! Label selectors.

use super::check::Check;
use super::metadata::labels;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::{Shape, View};

/// Checks the selector in a field, if it is there.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, of: View<'t>, name: &'static str) {
    check.field(of, name, |check, selector| {
        labels(check, selector, "matchLabels");
        check.each(selector, "matchExpressions", requirement);
    });
}

fn requirement<'t>(check: &mut Check<'_, 't>, requirement: View<'t>) {
    check.text(requirement, "key", formats::qualified_name);
    let values = requirement.items("values").count();
    match requirement.text("operator") {
        Some("In" | "NotIn") if values == 0 => {
            check.fault_at(
                "values",
                Problem::Required,
                "must be there for `In` and `NotIn`",
            );
        }
        Some("Exists" | "DoesNotExist") if values > 0 => {
            check.fault_at(
                "values",
                Problem::Conflict,
                "may not be there for `Exists` and `DoesNotExist`",
            );
        }
        Some("In" | "NotIn" | "Exists" | "DoesNotExist") => {}
        _ => check.fault_at(
            "operator",
            Problem::BadValue,
            "must be one of `In`, `NotIn`, `Exists`, `DoesNotExist`",
        ),
    }
    check.each(requirement, "values", |check, value| {
        check.value(value.str().and_then(formats::label_value));
    });
}

/// Whether a selector selects nothing in particular.
pub(super) fn is_empty(selector: View<'_>) -> bool {
    selector.items("matchExpressions").next().is_none()
        && !matches!(
            selector.get("matchLabels").map(View::value),
            Some(Shape::Map(1..))
        )
}

/// Whether labels fit a selector.
pub(super) fn selects(selector: View<'_>, labels: Option<View<'_>>) -> bool {
    // The server reads a label that is null as an empty one.
    let label = |key: &str| {
        let mut all = labels.into_iter().flat_map(View::children);
        all.find(|label| label.key() == key)
            .map(|label| label.str().unwrap_or_default())
    };
    let all = selector.get("matchLabels").is_none_or(|map| {
        map.children()
            .all(|value| label(value.key()) == Some(value.str().unwrap_or_default()))
    });
    all && selector.items("matchExpressions").all(|requirement| {
        let found = label(requirement.text("key").unwrap_or_default());
        let listed = || {
            requirement
                .items("values")
                .any(|value| value.str() == found)
        };
        match requirement.text("operator") {
            Some("In") => found.is_some() && listed(),
            Some("NotIn") => found.is_none() || !listed(),
            Some("Exists") => found.is_some(),
            _ => found.is_none(),
        }
    })
}
