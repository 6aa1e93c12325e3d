//! What a container or volume reads of its own pod: `fieldRef` and `resourceFieldRef`.

use super::check::Check;
use crate::validate::Problem;
use crate::validate::quantity::Quantity;
use crate::validate::tape::{Shape, View};

/// Fields of a pod that a file can hold, beside single labels and annotations (Kubernetes 1.36).
const FIELDS: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

const CPU: [&str; 2] = ["1m", "1"];
const BYTES: [&str; 13] = [
    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
];

/// A map of files from the pod's own fields.
pub(super) fn files<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    check.range(source, "defaultMode", 0..=0o777);
    check.each(source, "items", |check, item| {
        check.relative(item, "path");
        check.range(item, "mode", 0..=0o777);
        check.exactly_one(item, &["fieldRef", "resourceFieldRef"]);
        check.field(item, "fieldRef", |check, reference| {
            version(check, reference);
            field(check, reference, &FIELDS);
        });
        check.field(item, "resourceFieldRef", |check, reference| {
            check.need(reference, "containerName");
            resource(check, reference);
        });
    });
}

/// `apiVersion` of a field's path: there is one.
pub(super) fn version<'t>(check: &mut Check<'_, 't>, reference: View<'t>) {
    let other = reference.text("apiVersion").unwrap_or_default();
    if !matches!(other, "" | "v1") {
        check.fault_at("apiVersion", Problem::BadValue, "must be `v1`");
    }
}

/// `fieldPath`: one of some fields, or a label or annotation by its key.
pub(super) fn field<'t>(check: &mut Check<'_, 't>, reference: View<'t>, known: &[&str]) {
    if !check.need(reference, "fieldPath") {
        return;
    }
    check.field(reference, "fieldPath", |check, path| {
        let text = path.str().unwrap_or_default();
        let keyed = ["metadata.labels['", "metadata.annotations['"];
        if !known.contains(&text) && !keyed.iter().any(|start| text.starts_with(start)) {
            check.fault(
                Problem::BadValue,
                format_args!("is `{text}`, which cannot be read"),
            );
        }
    });
}

/// `resource` and `divisor` of a container.
pub(super) fn resource<'t>(check: &mut Check<'_, 't>, reference: View<'t>) {
    if !check.need(reference, "resource") {
        return;
    }
    let text = reference.text("resource").unwrap_or_default();
    let amount = text
        .strip_prefix("limits.")
        .or_else(|| text.strip_prefix("requests."));
    let units: &[&str] = match amount {
        Some("cpu") => &CPU,
        Some("memory" | "ephemeral-storage") => &BYTES,
        Some(other) if other.starts_with("hugepages-") => &BYTES,
        _ => {
            return check.fault_at(
                "resource",
                Problem::BadValue,
                "must be `cpu`, `memory` or the like after `limits.` or `requests.`",
            );
        }
    };
    check.field(reference, "divisor", |check, divisor| {
        let allowed = |wanted: Quantity| units.iter().any(|u| Quantity::parse(u) == Some(wanted));
        let wrong = Quantity::of(divisor).is_some_and(|q| !q.is_zero() && !allowed(q));
        if wrong || divisor.value() == Shape::Str("") {
            check.fault(
                Problem::BadValue,
                format_args!("must be one of `{}`", units.join("`, `")),
            );
        }
    });
}
