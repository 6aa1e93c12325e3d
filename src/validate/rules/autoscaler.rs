//! `HorizontalPodAutoscaler`

use super::check::{Check, POSITIVE};
use super::resources::is_container_resource;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::quantity::Quantity;
use crate::validate::tape::View;

const SOURCES: [(&str, &str); 5] = [
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
    ("Pods", "pods"),
    ("Object", "object"),
    ("External", "external"),
];

/// Checks the spec of an autoscaler.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "spec", |check, spec| {
        check.range(spec, "minReplicas", POSITIVE);
        check.range(spec, "maxReplicas", POSITIVE);
        let (least, most) = (
            spec.number("minReplicas").unwrap_or(1),
            spec.number("maxReplicas"),
        );
        if let Some(most) = most.filter(|most| *most >= 1 && *most < least) {
            check.fault_at(
                "maxReplicas",
                Problem::Conflict,
                format_args!("is {most}, it must be at least `minReplicas`, {least}"),
            );
        }
        check.field(spec, "scaleTargetRef", |check, target| {
            for name in ["kind", "name"] {
                check.need(target, name);
                check.text(target, name, formats::path_segment);
            }
            let group = target
                .text("apiVersion")
                .and_then(|version| version.split_once('/'));
            if group.is_none_or(|(group, version)| group.is_empty() || version.contains('/')) {
                check.fault_at(
                    "apiVersion",
                    Problem::BadValue,
                    "must name an API group, such as `apps/v1`",
                );
            }
        });
        check.each(spec, "metrics", metric);
        check.field(spec, "behavior", |check, behavior| {
            check.field(behavior, "scaleUp", direction);
            check.field(behavior, "scaleDown", direction);
        });
    });
}

fn metric<'t>(check: &mut Check<'_, 't>, metric: View<'t>) {
    let kind = metric.text("type").unwrap_or_default();
    let Some((_, field)) = SOURCES.into_iter().find(|(name, _)| *name == kind) else {
        return check.fault_at("type", Problem::BadValue, "is no kind of metric");
    };
    if metric.get(field).is_none() {
        return check.fault_at(
            field,
            Problem::Required,
            format_args!("must be there when `type` is `{kind}`"),
        );
    }
    for (_, other) in SOURCES.into_iter().filter(|(_, other)| *other != field) {
        if metric.get(other).is_some() {
            check.fault_at(
                other,
                Problem::Conflict,
                format_args!("may not be there when `type` is `{kind}`"),
            );
        }
    }
    check.field(metric, field, |check, source| {
        if matches!(field, "resource" | "containerResource") {
            check.need(source, "name");
        }
        if field == "containerResource" {
            check.need(source, "container");
            check.text(source, "container", formats::dns_label);
            let resource = source.text("name").unwrap_or_default();
            if !resource.is_empty() && !is_container_resource(resource) {
                check.fault_at(
                    "name",
                    Problem::BadValue,
                    "must be `cpu`, `memory` or the like, or have a domain before it",
                );
            }
        }
        check.field(source, "describedObject", |check, object| {
            for name in ["kind", "name"] {
                check.need(object, name);
                check.text(object, name, formats::path_segment);
            }
            if object
                .text("apiVersion")
                .is_some_and(|v| v.matches('/').count() > 1)
            {
                check.fault_at("apiVersion", Problem::BadValue, "must be such as `apps/v1`");
            }
        });
        check.field(source, "metric", |check, metric| {
            check.need(metric, "name");
            check.text(metric, "name", formats::path_segment);
        });
        check.field(source, "target", |check, target| aim(check, target, field));
    });
}

fn aim<'t>(check: &mut Check<'_, 't>, target: View<'t>, source: &str) {
    let kind = target.text("type").unwrap_or_default();
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        check.fault_at(
            "type",
            Problem::BadValue,
            "must be `Utilization`, `Value` or `AverageValue`",
        );
    }
    check.range(target, "averageUtilization", POSITIVE);
    for name in ["value", "averageValue"] {
        check.field(target, name, |check, amount| {
            let quantity = Quantity::of(amount);
            if quantity.is_some_and(|quantity| quantity.is_negative() || quantity.is_zero()) {
                check.fault(Problem::BadValue, "must be greater than 0");
            }
        });
    }
    match source {
        "resource" | "containerResource" => {
            check.exactly_one(target, &["averageUtilization", "averageValue"]);
        }
        "pods" => {
            check.need(target, "averageValue");
        }
        _ => check.exactly_one(target, &["value", "averageValue"]),
    }
}

fn direction<'t>(check: &mut Check<'_, 't>, rules: View<'t>) {
    check.range(rules, "stabilizationWindowSeconds", 0..=3600);
    let chosen = rules.text("selectPolicy");
    if chosen.is_some_and(|policy| !matches!(policy, "Max" | "Min" | "Disabled")) {
        check.fault_at(
            "selectPolicy",
            Problem::BadValue,
            "must be `Max`, `Min` or `Disabled`",
        );
    }
    if rules.get("policies").is_some() {
        check.need(rules, "policies");
    }
    check.each(rules, "policies", |check, policy| {
        if !matches!(policy.text("type"), Some("Pods" | "Percent")) {
            check.fault_at("type", Problem::BadValue, "must be `Pods` or `Percent`");
        }
        check.range(policy, "value", POSITIVE);
        check.range(policy, "periodSeconds", 1..=1800);
    });
}
