//! GPU-02: no pool offers what a model asks for.

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::cluster::Cluster;
use crate::resolve::model::Workload;

/// GPU-02.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-02",
    name: "no-pool-offers-the-device",
    level: Level::Final,
    page: r#"
## What it checks
What `gpu` asks for (whole GPUs, a MIG profile, memory, a place on a shared GPU) is offered by
exactly one pool of the cluster, under the name its MIG strategy gives it: with
`strategy="single"` a slice is called `nvidia.com/gpu`, with `"mixed"` `nvidia.com/mig-1g.5gb`.

## Why it breaks
A pod that asks for a resource no node has stays Pending, without an error anywhere but in its
events. Operators that create pods from a custom resource show even less: nothing seems to happen.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu mig="2g.10gb"
    only "prod"
    scale 1
}
```

## Instead
Ask for what a pool offers; the message lists it.
```kdl
gpu mig="1g.5gb"
```

## Sources
kserve#4505.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let Some(misfit) = workload.placement.misfit.as_ref() else {
            continue;
        };
        // What the pool was meant to be is not known, and that is reported.
        if names_no_pool(workload.workload, model.target.cluster.as_ref()) {
            continue;
        }
        report.add(misfit.span, misfit.message.clone(), |mut d| {
            d.notes.extend(misfit.notes.iter().cloned());
            d.helps.extend(misfit.helps.iter().cloned());
            d
        });
    }
}

/// Whether a workload names a pool that the cluster does not have.
fn names_no_pool(workload: &Workload, cluster: &Cluster) -> bool {
    let wanted = workload.gpu.as_ref().and_then(|gpu| gpu.pool.as_ref());
    wanted.is_some_and(|wanted| cluster.pools.iter().all(|p| p.name.value != wanted.value))
}
