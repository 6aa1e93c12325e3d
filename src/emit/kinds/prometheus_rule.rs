//! PrometheusRule: alerts on what a model promises. monitoring.coreos.com/v1,
//! <https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule>,
//! checked 2026-11.

use std::collections::BTreeMap;

use super::super::api::Spec;
use super::super::api::monitoring::{AlertRule, PrometheusRule, PrometheusRuleSpec, RuleGroup};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{Alert, ModelPlan};

/// One for each model that has alerts.
pub static EMITTER: Emitter = Emitter {
    kind: PrometheusRuleSpec::KIND,
    api_version: PrometheusRuleSpec::API_VERSION,
    wave: 15,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    if plan.alerts.is_empty() {
        return;
    }
    let name = &plan.model.name;
    let mut trace = out.trace();
    trace.note(format_args!("/metadata/name"), &name.from);
    trace.note(format_args!("/spec/groups/0/name"), &name.from);
    let alerts = plan.alerts.iter().enumerate();
    let group = RuleGroup {
        name: name.to_string(),
        rules: alerts
            .map(|(at, alert)| rule(plan, alert, at, &mut trace))
            .collect(),
    };
    let spec = PrometheusRuleSpec {
        groups: vec![group],
    };
    let object = PrometheusRule::new(name.as_str(), spec);
    out.selected_object(plan, EMITTER.wave, object, trace);
}

fn rule(plan: &ModelPlan<'_>, alert: &Alert, at: usize, trace: &mut Trace) -> AlertRule {
    let pointer = format_args!("/spec/groups/0/rules/{at}");
    trace.note(format_args!("{pointer}/alert"), &alert.expr.from);
    trace.note(
        format_args!("{pointer}/annotations/description"),
        &alert.description.from,
    );
    trace.note(
        format_args!("{pointer}/annotations/summary"),
        &alert.summary.from,
    );
    trace.note(format_args!("{pointer}/expr"), &alert.expr.from);
    trace.note(format_args!("{pointer}/for"), &alert.hold.from);
    trace.note(
        format_args!("{pointer}/labels/model"),
        &plan.model.name.from,
    );
    trace.note(
        format_args!("{pointer}/labels/severity"),
        &alert.severity.from,
    );
    AlertRule {
        alert: alert.name.to_owned(),
        annotations: BTreeMap::from([
            ("description", alert.description.value.clone()),
            ("summary", alert.summary.value.clone()),
        ]),
        expr: alert.expr.value.clone(),
        for_: alert.hold.to_string(),
        labels: BTreeMap::from([
            ("model", plan.model.name.to_string()),
            ("severity", alert.severity.to_string()),
        ]),
    }
}
