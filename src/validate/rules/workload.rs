//! Deployments, StatefulSets and Jobs: what stands around their pod template.

use super::check::{Check, NOT_NEGATIVE};
use super::{amount, claim, pod, selector};
use crate::validate::Problem;
use crate::validate::tape::View;

/// `Deployment`
pub(super) fn deployment<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.need(object, "spec");
    check.field(object, "spec", |check, spec| {
        check.range(spec, "replicas", NOT_NEGATIVE);
        check.range(spec, "minReadySeconds", NOT_NEGATIVE);
        check.range(spec, "revisionHistoryLimit", NOT_NEGATIVE);
        check.range(spec, "progressDeadlineSeconds", NOT_NEGATIVE);
        let ready = spec.number("minReadySeconds").unwrap_or(0);
        let deadline = spec.number("progressDeadlineSeconds").unwrap_or(600);
        if deadline <= ready {
            check.fault_at(
                "progressDeadlineSeconds",
                Problem::Conflict,
                format_args!("is {deadline}, it must be greater than `minReadySeconds`, {ready}"),
            );
        }
        selected_template(check, spec);
        check.field(spec, "strategy", strategy);
    });
}

/// `StatefulSet`
pub(super) fn stateful_set<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "spec", |check, spec| {
        check.range(spec, "replicas", NOT_NEGATIVE);
        check.range(spec, "minReadySeconds", NOT_NEGATIVE);
        check.range(spec, "revisionHistoryLimit", NOT_NEGATIVE);
        selected_template(check, spec);
        check.each(spec, "volumeClaimTemplates", |check, template| {
            check.field(template, "spec", claim::claim_spec);
        });
    });
}

/// `Job`
pub(super) fn job<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "spec", |check, spec| {
        for name in [
            "parallelism",
            "completions",
            "backoffLimit",
            "ttlSecondsAfterFinished",
        ] {
            check.range(spec, name, NOT_NEGATIVE);
        }
        let policy = spec
            .at(&["template", "spec"])
            .and_then(|pod| pod.text("restartPolicy"));
        if !matches!(policy, Some("Never" | "OnFailure")) {
            check.fault(
                Problem::BadValue,
                "needs `restartPolicy` `Never` or `OnFailure` in its template",
            );
        }
        check.field(spec, "template", |check, template| {
            pod::template(check, template, &[])
        });
    });
}

fn selected_template<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    selector::check(check, spec, "selector");
    if let Some(chosen) = spec.get("selector") {
        let labels = spec.at(&["template", "metadata", "labels"]);
        if selector::is_empty(chosen) {
            check.fault_at("selector", Problem::Required, "may not be empty");
        } else if !selector::selects(chosen, labels) {
            check.path.push_name("template");
            check.path.push_name("metadata");
            check.fault_at("labels", Problem::Conflict, "must match `spec.selector`");
            check.path.pop();
            check.path.pop();
        }
    }
    let claims: Vec<_> = spec
        .items("volumeClaimTemplates")
        .filter_map(|claim| claim.get("metadata")?.text("name"))
        .collect();
    check.field(spec, "template", |check, template| {
        pod::template(check, template, &claims);
        check.field(template, "spec", |check, pod| {
            if pod
                .text("restartPolicy")
                .is_some_and(|policy| !matches!(policy, "" | "Always"))
            {
                check.fault_at("restartPolicy", Problem::BadValue, "must be `Always` here");
            }
            if pod.get("activeDeadlineSeconds").is_some() {
                check.fault_at(
                    "activeDeadlineSeconds",
                    Problem::Conflict,
                    "may not be there here",
                );
            }
        });
    });
}

fn strategy<'t>(check: &mut Check<'_, 't>, strategy: View<'t>) {
    let rolling = strategy.get("rollingUpdate");
    match strategy.text("type") {
        Some("Recreate") if rolling.is_some() => {
            check.fault_at(
                "rollingUpdate",
                Problem::Conflict,
                "may not be there when `type` is `Recreate`",
            );
        }
        Some("Recreate" | "RollingUpdate" | "") | None => {}
        Some(_) => check.fault_at(
            "type",
            Problem::BadValue,
            "must be `Recreate` or `RollingUpdate`",
        ),
    }
    check.field(strategy, "rollingUpdate", |check, rolling| {
        amount::count_or_percent(check, rolling, "maxSurge");
        amount::count_or_percent(check, rolling, "maxUnavailable");
        amount::at_most_all(check, rolling, "maxUnavailable");
        let zero = |name: &str| rolling.get(name).is_some_and(amount::is_zero);
        if zero("maxSurge") && zero("maxUnavailable") {
            check.fault_at(
                "maxUnavailable",
                Problem::Conflict,
                "may not be 0 when `maxSurge` is 0",
            );
        }
    });
}
