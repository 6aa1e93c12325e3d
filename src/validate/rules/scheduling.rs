//! Where pods may run: tolerations, spread, affinity and node selectors.

use super::check::{Check, POSITIVE};
use super::{metadata, selector};
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::View;

/// Checks the scheduling fields of a pod.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, pod: View<'t>) {
    metadata::labels(check, pod, "nodeSelector");
    check.each(pod, "tolerations", toleration);
    check.each(pod, "topologySpreadConstraints", spread);
    check.field(pod, "affinity", |check, affinity| {
        check.field(affinity, "nodeAffinity", node_affinity);
        for name in ["podAffinity", "podAntiAffinity"] {
            check.field(affinity, name, pod_affinity);
        }
    });
}

fn toleration<'t>(check: &mut Check<'_, 't>, toleration: View<'t>) {
    check.text_or_empty(toleration, "key", formats::qualified_name);
    let value = toleration
        .text("value")
        .is_some_and(|value| !value.is_empty());
    let keyless = toleration.text("key").is_none_or(str::is_empty);
    match toleration.text("operator") {
        Some("Exists") if value => {
            check.fault_at(
                "value",
                Problem::Conflict,
                "may not be there when `operator` is `Exists`",
            );
        }
        None | Some("" | "Equal" | "Lt" | "Gt") if keyless => {
            check.fault_at(
                "operator",
                Problem::BadValue,
                "must be `Exists` when `key` is empty",
            );
        }
        None | Some("" | "Equal") => check.text(toleration, "value", formats::label_value),
        _ => {}
    }
    if toleration.get("tolerationSeconds").is_some()
        && toleration.text("effect") != Some("NoExecute")
    {
        check.fault_at(
            "effect",
            Problem::Conflict,
            "must be `NoExecute` when `tolerationSeconds` is there",
        );
    }
}

fn spread<'t>(check: &mut Check<'_, 't>, constraint: View<'t>) {
    check.range(constraint, "maxSkew", POSITIVE);
    check.range(constraint, "minDomains", POSITIVE);
    check.need(constraint, "topologyKey");
    check.need(constraint, "whenUnsatisfiable");
    if constraint.get("minDomains").is_some()
        && constraint.text("whenUnsatisfiable") != Some("DoNotSchedule")
    {
        check.fault_at(
            "minDomains",
            Problem::Conflict,
            "is only for `whenUnsatisfiable` `DoNotSchedule`",
        );
    }
    selector::check(check, constraint, "labelSelector");
    for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        check.filled(constraint, name);
    }
    label_keys(check, constraint, "matchLabelKeys");
}

/// Keys of labels by which a selector is narrowed: there has to be one.
fn label_keys<'t>(check: &mut Check<'_, 't>, of: View<'t>, name: &'static str) {
    check.strings(of, name, formats::qualified_name);
    if of.items(name).next().is_some() && of.get("labelSelector").is_none() {
        check.fault_at(name, Problem::Conflict, "needs a `labelSelector` beside it");
    }
}

fn node_affinity<'t>(check: &mut Check<'_, 't>, affinity: View<'t>) {
    check.field(
        affinity,
        "requiredDuringSchedulingIgnoredDuringExecution",
        |check, required| {
            check.need(required, "nodeSelectorTerms");
            check.each(required, "nodeSelectorTerms", |check, term| {
                check.each(term, "matchExpressions", node_requirement);
                check.each(term, "matchFields", node_field);
            });
        },
    );
    check.each(
        affinity,
        "preferredDuringSchedulingIgnoredDuringExecution",
        |check, preferred| {
            check.range(preferred, "weight", 1..=100);
            check.field(preferred, "preference", |check, term| {
                check.each(term, "matchExpressions", node_requirement);
                check.each(term, "matchFields", node_field);
            });
        },
    );
}

fn node_requirement<'t>(check: &mut Check<'_, 't>, requirement: View<'t>) {
    check.text(requirement, "key", formats::qualified_name);
    let values = requirement.items("values").count();
    let wrong = match requirement.text("operator") {
        Some("In" | "NotIn") => values == 0,
        Some("Exists" | "DoesNotExist") => values > 0,
        Some("Gt" | "Lt") => values != 1,
        _ => true,
    };
    if wrong {
        check.fault_at("values", Problem::Conflict, "does not fit `operator`");
    }
    check.each(requirement, "values", |check, value| {
        check.value(value.str().and_then(formats::label_value));
    });
}

/// A requirement on a node's field: its name is the only one there is.
fn node_field<'t>(check: &mut Check<'_, 't>, requirement: View<'t>) {
    if requirement.text("key") != Some("metadata.name") {
        check.fault_at("key", Problem::BadValue, "must be `metadata.name`");
    }
    if !matches!(requirement.text("operator"), Some("In" | "NotIn")) {
        check.fault_at("operator", Problem::BadValue, "must be `In` or `NotIn`");
    }
    if requirement.items("values").count() != 1 {
        check.fault_at("values", Problem::Required, "must hold one name");
    }
    check.strings(requirement, "values", formats::dns_subdomain);
}

fn pod_affinity<'t>(check: &mut Check<'_, 't>, affinity: View<'t>) {
    check.each(
        affinity,
        "requiredDuringSchedulingIgnoredDuringExecution",
        pod_term,
    );
    check.each(
        affinity,
        "preferredDuringSchedulingIgnoredDuringExecution",
        |check, preferred| {
            check.range(preferred, "weight", 1..=100);
            check.field(preferred, "podAffinityTerm", pod_term);
        },
    );
}

fn pod_term<'t>(check: &mut Check<'_, 't>, term: View<'t>) {
    if check.need(term, "topologyKey") {
        check.text(term, "topologyKey", formats::qualified_name);
    }
    selector::check(check, term, "labelSelector");
    selector::check(check, term, "namespaceSelector");
    check.strings(term, "namespaces", formats::dns_label);
    for name in ["matchLabelKeys", "mismatchLabelKeys"] {
        label_keys(check, term, name);
    }
}
