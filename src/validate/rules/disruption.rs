//! `PodDisruptionBudget`

use super::check::Check;
use super::{amount, selector};
use crate::validate::Problem;
use crate::validate::tape::View;

/// Checks the spec of a budget.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "spec", |check, spec| {
        if spec.get("minAvailable").is_some() && spec.get("maxUnavailable").is_some() {
            check.fault(
                Problem::Conflict,
                "may have only one of `minAvailable`, `maxUnavailable`",
            );
        }
        for name in ["minAvailable", "maxUnavailable"] {
            amount::count_or_percent(check, spec, name);
            amount::at_most_all(check, spec, name);
        }
        check.filled(spec, "unhealthyPodEvictionPolicy");
        selector::check(check, spec, "selector");
    });
}
