//! `ScaledObject`: what KEDA's admission webhook refuses in the object alone. Source: KEDA 2.20,
//! `scaledobject_webhook.go`, and its answers to `tests/control-plane/fixtures/`.

use super::check::{Check, NOT_NEGATIVE};
use crate::validate::Problem;
use crate::validate::tape::{Shape, View};

/// Most characters of a label's value, which names of ScaledObjects and their HPAs become.
const LABEL: usize = 63;

/// Checks a ScaledObject.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    names(check, object);
    check.field(object, "spec", |check, spec| {
        let min = spec.number("minReplicaCount").unwrap_or(0);
        // KEDA holds a written 0 for the 1 that the HPA gets, and nothing written for 0.
        let least = match spec.number("minReplicaCount") {
            None => 0,
            Some(written) => written.max(1),
        };
        if let Some(idle) = spec
            .number("idleReplicaCount")
            .filter(|idle| *idle >= least)
        {
            check.fault_at(
                "idleReplicaCount",
                Problem::Conflict,
                format_args!("is {idle}, it must be less than `minReplicaCount`, {least}"),
            );
        }
        let own = |trigger: View<'_>| !matches!(trigger.text("type"), Some("cpu" | "memory"));
        let only_resources = !spec.items("triggers").any(own);
        if only_resources && min == 0 && spec.items("triggers").next().is_some() {
            check.fault_at(
                "minReplicaCount",
                Problem::Conflict,
                "may not be 0 with `cpu` and `memory` triggers alone: they never scale from zero",
            );
        }
        let modified = spec
            .at(&["advanced", "scalingModifiers"])
            .is_some_and(|m| !matches!(m.value(), Shape::Map(0)));
        check.field(spec, "fallback", |check, fallback| {
            check.range(fallback, "failureThreshold", NOT_NEGATIVE);
            check.range(fallback, "replicas", NOT_NEGATIVE);
            if only_resources && !modified {
                check.fault(
                    Problem::Conflict,
                    "needs a trigger other than `cpu` and `memory`",
                );
            }
        });
        triggers(check, spec);
    });
}

fn names<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    let name = object.at(&["metadata", "name"]).and_then(View::str);
    let given = object
        .at(&["spec", "advanced", "horizontalPodAutoscalerConfig", "name"])
        .and_then(View::str)
        .filter(|name| !name.is_empty());
    let length = match (given, name) {
        (Some(given), _) => given.len(),
        (None, Some(name)) => "keda-hpa-".len() + name.len(),
        (None, None) => 0,
    };
    if name.is_some_and(|name| name.len() > LABEL) || length > LABEL {
        check.path.push_name("metadata");
        check.fault_at(
            "name",
            Problem::BadValue,
            format_args!("gives an autoscaler's name of {length} characters, {LABEL} are allowed"),
        );
        check.path.pop();
    }
}

fn triggers<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    check.need(spec, "triggers");
    check.unique(spec, "triggers", "name");
    check.each(spec, "triggers", |check, trigger| {
        let cached = trigger.get("useCachedMetrics").map(View::value) == Some(Shape::Bool(true));
        if cached && matches!(trigger.text("type"), Some("cpu" | "memory" | "cron")) {
            check.fault_at(
                "useCachedMetrics",
                Problem::Conflict,
                "is not for `cpu`, `memory` and `cron`",
            );
        }
    });
}
