//! NAM-01: a derived name that is too long.

use smol_str::SmolStr;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, ScalingPlan};
use crate::resolve::origin::Traced;

/// A DNS label: names of Services, values of labels. RFC 1123 and the Kubernetes API, 2026-11.
const LABEL: usize = 63;
/// A ScaledObject, whose HorizontalPodAutoscaler KEDA calls `keda-hpa-<name>`; KEDA 2.20.
const SCALED_OBJECT: usize = LABEL - "keda-hpa-".len();

/// NAM-01.
pub(crate) static RULE: Rule = Rule {
    code: "NAM-01",
    name: "derived-name-too-long",
    level: Level::Error,
    page: r#"
## What it checks
Every name that is made from the model's and others stays within its limit: 63 characters for
Deployments (their name is a label of the pods) and Services, 54 where KEDA scales the workload
(KEDA puts `keda-hpa-` before it). Other objects may have 253, and no name is made of so much.

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
                d.note(note)
                    .help(format!("shorten it by {}", name.len() - most))
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
    }
    for service in &model.services {
        judge(&service.name, "Service", LABEL, "its name is a DNS label");
    }
}
