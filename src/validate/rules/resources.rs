//! Requests and limits of a container, and other maps of quantities.

use super::check::Check;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::quantity::Quantity;
use crate::validate::tape::View;

/// Checks `requests` and `limits`.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, resources: View<'t>) {
    for list in ["requests", "limits"] {
        check.entries(resources, list, |check, name, amount| {
            if !is_container_resource(name) {
                check.fault(
                    Problem::BadValue,
                    "must be `cpu`, `memory` or the like, or have a domain before it",
                );
            }
            quantity(check, amount, is_extended(name));
        });
    }
    // Not `get`: a null is a quantity of 0 here.
    let limit = |name: &str| {
        resources
            .get("limits")?
            .children()
            .find(|limit| limit.key() == name)
    };
    check.entries(resources, "requests", |check, name, request| {
        let overcommit = !is_extended(name) && !name.starts_with("hugepages-");
        let Some(limit) = limit(name) else {
            if !overcommit {
                check.fault(Problem::Required, "needs a limit of the same amount");
            }
            return;
        };
        let (Some(request), Some(limit)) = (Quantity::of(request), Quantity::of(limit)) else {
            return;
        };
        if overcommit && request > limit {
            check.fault(Problem::Conflict, "must be at most the limit");
        } else if !overcommit && request != limit {
            check.fault(Problem::Conflict, "must be the same as the limit");
        }
    });
}

/// Checks a quantity that is not negative, and whole where it counts things.
pub(super) fn quantity<'t>(check: &mut Check<'_, 't>, amount: View<'t>, whole: bool) {
    let Some(quantity) = Quantity::of(amount) else {
        return;
    };
    if quantity.is_negative() {
        check.fault(Problem::BadValue, "may not be negative");
    } else if whole && !quantity.is_whole() {
        check.fault(Problem::BadValue, "must be a whole number");
    }
}

pub(super) fn is_container_resource(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage")
        || name.starts_with("hugepages-")
        || (name.contains('/') && formats::qualified_name(name).is_none())
}

/// Resources of device plugins: they have a domain other than `kubernetes.io`.
fn is_extended(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(domain, _)| domain != "kubernetes.io" && !domain.ends_with(".kubernetes.io"))
}
