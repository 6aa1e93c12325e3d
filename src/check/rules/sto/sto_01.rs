//! STO-01: a limit of disk that the model's files may not fit into.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::Delivery;

/// STO-01.
pub(crate) static RULE: Rule = Rule {
    code: "STO-01",
    name: "disk-limit-without-artifact-size",
    level: Level::Error,
    page: r#"
## What it checks
Where `resources disk` limits what a pod writes, the size of an artifact that is fetched is stated.

With the size, the limit cannot be too low: it is `disk` plus the artifact's volume (size × 1.25 +
64Mi), the `writable` folders and 150Mi of logs.

## Why it breaks
The kubelet counts the fetched files among what the pod writes to its node. A pod that is beyond
its limit is evicted, fetches again and is evicted again.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/"
    startup "60s"
    resources memory="2Gi" disk="1Gi"
    scale 2
    only "prod"
}
```

## Instead
```kdl
artifact "s3://models/bert/" size="438Mi"
```

## Sources
Kubernetes documentation, "Local ephemeral storage", read 2026-11; kserve#5326.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let spec = workload.workload;
        let (Some(disk), Some(artifact)) = (&spec.resources.disk, &spec.artifact) else {
            continue;
        };
        if *artifact.delivery != Delivery::Init || artifact.size.is_some() {
            continue;
        }
        report.add(
            at(disk, model),
            format!(
                "`disk` limits what the pod writes, and how much of that is {} is not stated",
                artifact.uri.value
            ),
            |d| {
                d.also(artifact.span, "has no `size`")
                    .note(
                        "files that do not fit below the limit have the pod evicted at every start",
                    )
                    .help("add `size=` to the artifact, or drop `disk`")
            },
        );
    }
}
