//! GPU-18: shared memory as large as the container's memory limit.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// GPU-18.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-18",
    name: "shm-larger-than-memory-limit",
    level: Level::Error,
    page: r#"
## What it checks
`resources shm=` is smaller than the memory limit of the container.

## Why it breaks
`/dev/shm` is a volume in memory, and what is written to it counts against the container's limit.
If it alone reaches the limit, the process is killed while the volume still reports room.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    resources memory="2Gi" shm="2Gi"
    scale 1
}
```

## Instead
```kdl
resources memory="4Gi" shm="2Gi"
```

## Sources
Kubernetes documentation, "Volumes", `emptyDir` with `medium: Memory`, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for plan in &model.workloads {
        let Some(shm) = &plan.workload.resources.shm else {
            continue;
        };
        if shm.value < plan.memory_limit.value {
            continue;
        }
        report.add(
            at(shm, model),
            format!("`shm` is {}, the container's memory limit {}", shm.value, plan.memory_limit.value),
            |d| {
                d.note("what is in `/dev/shm` counts against the limit, beside the process's own memory")
                    .help("raise `memory-limit` by the size of `shm`, or lower `shm`")
            },
        );
    }
}
