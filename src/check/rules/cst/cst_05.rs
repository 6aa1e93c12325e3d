//! CST-05: a replica that no node can hold.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, WorkloadPlan};
use crate::resolve::cluster::{Cluster, Pool};

/// CST-05.
pub(crate) static RULE: Rule = Rule {
    code: "CST-05",
    name: "replica-larger-than-a-node",
    level: Level::Error,
    page: r#"
## What it checks
One replica's processors and memory fit a node of the pool it goes to, as far as the pool states
`cpu` and `memory`. For a replica without GPU that may go to several pools, one of those without
taints is enough.

The numbers of a pool are what its pods may request: a node's capacity less what the system and
its daemons keep for themselves, often a tenth.

The sidecar of pods in the Istio mesh is not counted: what it asks for (100m of CPU and 128Mi of memory
where nobody changed it) is set where Istio is installed, which the cluster's description does not say.
Take it off the pool's numbers where a replica fills a node.

## Why it breaks
The pods stay Pending, and an autoscaler of nodes adds none, since none would help.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    resources cpu="32"
    only "prod"
    scale 2
}
```

## Instead
More and smaller replicas, or a pool of larger nodes.
```kdl
resources cpu="8"
scale 8
```

## Sources
Kubernetes documentation, "Reserve Compute Resources for System Daemons", node allocatable; Istio's
chart `istiod`, `global.proxy.resources`; read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let pools = eligible(workload, &model.target.cluster);
        let mut judged = pools.iter().map(|pool| beyond(workload, pool));
        // One that holds it, or of which nothing is known.
        if pools.is_empty() || judged.any(|b| b.is_empty()) {
            continue;
        }
        let resources = &workload.workload.resources;
        let cpu = pools.iter().any(|p| exceeds_cpu(workload, p));
        let span = if cpu {
            at(&resources.cpu, model)
        } else {
            at(&workload.memory, model)
        };
        let asks = format!(
            "each replica of \"{}\" asks for {} CPU and {} memory",
            workload.name.value, resources.cpu.value, workload.memory.value
        );
        let message = match pools.as_slice() {
            [pool] => format!(
                "{asks}, a node of pool \"{}\" has {}",
                pool.name.value,
                beyond(workload, pool)
            ),
            _ => format!("{asks}, more than a node of any pool has"),
        };
        report.add(span, message, |mut d| {
            for pool in &pools {
                d = d.also(
                    pool.span,
                    format!("{} on each node", beyond(workload, pool)),
                );
            }
            d.note("its pods would stay Pending")
                .help("ask for less, or add a pool of larger nodes")
        });
    }
}

/// Pools that a workload's pods may go to: its own, else those without taints.
fn eligible<'w>(workload: &WorkloadPlan<'w>, cluster: &'w Cluster) -> Vec<&'w Pool> {
    let placement = &workload.placement;
    match placement.pool {
        Some(pool) => vec![pool],
        None if placement.misfit.is_some() => Vec::new(),
        None => cluster
            .pools
            .iter()
            .filter(|p| p.taints.is_empty())
            .collect(),
    }
}

/// What a node has of what the replica asks too much of; empty where it fits.
fn beyond(workload: &WorkloadPlan<'_>, pool: &Pool) -> String {
    let cpu = pool.cpu.as_ref().filter(|_| exceeds_cpu(workload, pool));
    let memory = pool.memory.as_ref();
    let memory = memory.filter(|has| has.get() < workload.memory.get());
    let found = [
        cpu.map(|has| format!("{} CPU", has.value)),
        memory.map(|has| format!("{} memory", has.value)),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    found.join(" and ")
}

fn exceeds_cpu(workload: &WorkloadPlan<'_>, pool: &Pool) -> bool {
    let asked = workload.workload.resources.cpu.millis();
    pool.cpu.as_ref().is_some_and(|has| has.millis() < asked)
}
