//! `Namespace`: the labels of Pod Security admission.

use super::check::Check;
use crate::validate::Problem;
use crate::validate::tape::View;

const LABELS: [&str; 3] = [
    "pod-security.kubernetes.io/enforce",
    "pod-security.kubernetes.io/audit",
    "pod-security.kubernetes.io/warn",
];

/// Checks the levels that the labels name.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "metadata", |check, metadata| {
        check.entries(metadata, "labels", |check, key, value| {
            let level = value.str().unwrap_or_default();
            if LABELS.contains(&key) && !matches!(level, "privileged" | "baseline" | "restricted") {
                check.fault(
                    Problem::BadValue,
                    "must be `privileged`, `baseline` or `restricted`",
                );
            }
        });
    });
}
