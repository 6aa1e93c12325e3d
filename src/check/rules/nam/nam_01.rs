//! NAM-01: a derived name that is too long.

use smol_str::SmolStr;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, ScalingPlan, TriggerPlanKind, WorkloadPlan};
use crate::resolve::origin::Traced;

/// A DNS label: names of Services, values of labels. RFC 1123 and the Kubernetes API, 2026-11.
const LABEL: usize = 63;
/// A ScaledObject, whose HorizontalPodAutoscaler KEDA calls `keda-hpa-<name>`; KEDA 2.20.
const SCALED_OBJECT: usize = LABEL - "keda-hpa-".len();
/// Names of most objects: an RFC 1123 subdomain.
const SUBDOMAIN: usize = 253;

/// NAM-01.
pub(crate) static RULE: Rule = Rule {
    code: "NAM-01",
    name: "derived-name-too-long",
    level: Level::Error,
    page: r#"
## What it checks
Every name that is made from the model's and others stays within its limit: 63 characters for
Deployments (their name is a label of the pods) and Services, 54 where KEDA scales the workload
(KEDA puts `keda-hpa-` before it), 253 for the rest.

## Why it breaks
Some of these limits are the API server's, others hit only the object that a controller makes from
ours: then everything is accepted and nothing happens. Names are never cut silently.

## Example
```kdl
model "customer-support-ticket-intent-classifier-multilingual-v2" {
    artifact "s3://models/intent/" size="438Mi"
    scale min=2 max=8 { on "latency" p95="400ms" }
}
```

## Instead
A shorter name; the version has its own node.
```kdl
model "ticket-intent-multilingual" { version "2" }
```

## Sources
kserve#4807; KEDA 2.20 admission webhook.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let mut judge = |name: &Traced<SmolStr>, kind: &str, most: usize, note: &str| {
        if name.len() <= most {
            return;
        }
        report.add(
            name.span().unwrap_or(model.model.span),
            format!(
                "the {kind} would be called \"{}\": {} characters, {most} fit",
                name.value,
                name.len()
            ),
            |d| {
                let d = if note.is_empty() { d } else { d.note(note) };
                d.help(format!("shorten it by {}", name.len() - most))
            },
        );
    };
    for workload in &model.workloads {
        if matches!(workload.scaling, ScalingPlan::Keda(_)) {
            let note =
                "KEDA calls its HorizontalPodAutoscaler `keda-hpa-` and this name: 63 in all";
            judge(&workload.name, "ScaledObject", SCALED_OBJECT, note);
        } else {
            judge(
                &workload.name,
                "Deployment",
                LABEL,
                "its name is a label of its pods",
            );
        }
        if let Some(config) = &workload.config {
            judge(&config.name, "ConfigMap", SUBDOMAIN, "");
        }
        for auth in auths(workload) {
            judge(auth, "TriggerAuthentication", SUBDOMAIN, "");
        }
    }
    for service in &model.services {
        judge(&service.name, "Service", LABEL, "its name is a DNS label");
    }
    for route in &model.routes {
        judge(&route.name, "route", SUBDOMAIN, "");
    }
}

/// Names of the TriggerAuthentications of a workload.
fn auths<'p>(workload: &'p WorkloadPlan<'_>) -> impl Iterator<Item = &'p Traced<SmolStr>> {
    let triggers = match &workload.scaling {
        ScalingPlan::Keda(auto) => auto.triggers.as_slice(),
        _ => &[],
    };
    triggers.iter().filter_map(|t| match &t.kind {
        TriggerPlanKind::Scaler {
            auth: Some(auth), ..
        } => Some(&auth.name),
        _ => None,
    })
}
