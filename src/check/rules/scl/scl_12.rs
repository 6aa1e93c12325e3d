//! SCL-12: one model alone asks for more than there is.

use crate::check::rules::shared::{at, device, most};
use crate::check::{Level, Report, Rule, Run};
use crate::diag::number;
use crate::plan::{ClusterCapacity, ModelPlan, Offer, WorkloadPlan, capacity};
use crate::resolve::cluster::{GpuMode, Pool, Quota};

/// SCL-12.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-12",
    name: "more-replicas-than-devices",
    level: Level::Error,
    page: r#"
## What it checks
The most replicas of one workload, times what each asks for, fit into its pool at the pool's most
nodes (less what is reserved), all devices of a replica on one node, and into the namespace's quota
of GPUs, MIG slices, processors and memory. Where the pool states `cpu` and `memory` of its nodes,
they hold the replicas too. What several models ask for together is GPU-04 (pools) and CST-01 (quotas).

The sidecar of pods in the Istio mesh is not counted: what it asks for (100m of CPU and 128Mi of memory
where nobody changed it) is set where Istio is installed, which the cluster's description does not say.

## Why it breaks
The replicas beyond stay Pending, or are refused by the quota. The autoscaler believes that it has
scaled, and the load stays where it is.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu count=1 pool="whole"
    only "prod"
    scale min=2 max=20 { on "latency" p95="400ms" }
}
```

## Instead
Lower `max`, take slices instead of whole GPUs, or let the pool grow.
```kdl
gpu mig="1g.5gb"
```

## Sources
Kubernetes documentation, "Resource Quotas" and "Schedule GPUs"; Istio's chart `istiod`,
`global.proxy.resources`; read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, capacity: &[ClusterCapacity<'_>], report: &mut Report) {
    let target = model.target;
    let cluster = target.cluster.name.as_str();
    let quota = target.cluster.quota(target.env.namespace.as_str());
    for workload in &model.workloads {
        if let Some(offer) = capacity::offer(capacity, cluster, &workload.placement)
            && let Some(device) = &workload.placement.device
        {
            over_pool(model, workload, offer, *device.count, report);
        }
        over_nodes(model, workload, report);
        if let Some(quota) = quota {
            over_quota(model, workload, quota, report);
        }
    }
}

fn over_pool(
    model: &ModelPlan<'_>,
    workload: &WorkloadPlan<'_>,
    offer: &Offer<'_>,
    each: u64,
    report: &mut Report,
) {
    let scale = &workload.workload.scale;
    let replicas = scale.max().value.max(scale.min().value);
    let asked = replicas.saturating_mul(each);
    let holds = offer.nodes().room(each);
    if replicas <= holds {
        return;
    }
    let device = device(offer);
    let most = most(workload.workload);
    let has = if asked > offer.total {
        String::new()
    } else {
        format!(", enough for {}", number(holds, "replica"))
    };
    report.add(
        at(scale.max(), model),
        format!(
            "{most} {replicas} × {each} {device} = {asked}, pool \"{}\" has {}{has}",
            offer.pool.name.value, offer.total,
        ),
        |d| {
            let d = d.also(offer.pool.span, how_many(offer.pool, offer));
            let d = if each > 1 {
                d.note(format!(
                    "a replica takes its {each} from one node: of {} there is room for {}",
                    offer.per_node,
                    offer.per_node / each
                ))
            } else {
                d
            };
            d.help(format!(
                "write at most {holds}, ask for a smaller device, or raise the pool's `max-nodes`"
            ))
        },
    );
}

/// One workload alone against processors and memory of its pool's nodes.
fn over_nodes(model: &ModelPlan<'_>, workload: &WorkloadPlan<'_>, report: &mut Report) {
    let Some(pool) = workload.placement.pool else {
        return;
    };
    let nodes = pool.max_nodes.value.max(pool.nodes.value);
    let scale = &workload.workload.scale;
    let replicas = scale.max().value.max(scale.min().value);
    let mut judge = |what: &str, on_each: u64, each: String, node: String| {
        let holds = nodes.saturating_mul(on_each);
        // A node that holds none is CST-05's.
        if on_each == 0 || replicas <= holds {
            return;
        }
        report.add(
            at(scale.max(), model),
            format!(
                "{} {replicas} × {each} {what}, pool \"{}\" has room for {holds}",
                most(workload.workload),
                pool.name.value,
            ),
            |d| {
                d.also(
                    pool.span,
                    format!(
                        "{} × {on_each}, as each has {node} {what}",
                        number(nodes, "node")
                    ),
                )
                .help(format!(
                    "write at most {holds}, ask for less {what}, or raise the pool's `max-nodes`"
                ))
            },
        );
    };
    let cpu = workload.workload.resources.cpu.value;
    if let Some(node) = &pool.cpu {
        let on_each = node.millis() / cpu.millis().max(1);
        judge("CPU", on_each, cpu.to_string(), node.to_string());
    }
    let memory = workload.memory.value;
    if let Some(node) = &pool.memory {
        let on_each = node.get() / memory.get().max(1);
        judge("memory", on_each, memory.to_string(), node.to_string());
    }
}

/// How a pool comes to its number of devices.
fn how_many(pool: &Pool, offer: &Offer<'_>) -> String {
    let Some(gpu) = &pool.gpu else {
        return String::new();
    };
    let nodes = number(pool.max_nodes.value.max(pool.nodes.value), "node");
    let gpus = number(gpu.per_node.value, "GPU");
    let reserved = match gpu.reserved.value {
        0 => String::new(),
        n => format!(", {} reserved", number(n, "GPU")),
    };
    match &gpu.mode {
        GpuMode::Whole => format!("{nodes} × {gpus}{reserved} = {}", offer.total),
        GpuMode::Shared { replicas, .. } => format!(
            "{nodes} × {gpus}{reserved}, {} on each = {}",
            number(replicas.value, "place"),
            offer.total
        ),
        GpuMode::Mig { .. } => format!("{nodes} as cut by its layouts = {}", offer.total),
    }
}

/// One workload alone against the quota of its namespace.
fn over_quota(
    model: &ModelPlan<'_>,
    workload: &WorkloadPlan<'_>,
    quota: &Quota,
    report: &mut Report,
) {
    let scale = workload.workload.scale.max();
    let mut finding = |each: String, asked: String, has: String, what: &str| {
        report.add(
            at(scale, model),
            format!(
                "{} {} × {each} {what} = {asked}, the quota of namespace \"{}\" is {has}",
                most(workload.workload),
                scale.value,
                quota.namespace.value,
            ),
            |d| {
                let d = match quota.namespace.span() {
                    Some(span) => d.also(span, "the quota"),
                    None => d,
                };
                d.note("the API server refuses the pods beyond it")
                    .help("lower the replicas, or raise the quota")
            },
        );
    };
    if let Some(device) = &workload.placement.device
        && let Some((limit, what)) = quota.device(&device.resource)
        && scale.value * device.count.value > limit.value
    {
        let asked = scale.value * device.count.value;
        finding(
            device.count.to_string(),
            asked.to_string(),
            limit.value.to_string(),
            &what,
        );
    }
    let cpu = workload.workload.resources.cpu.value;
    if let Some(limit) = &quota.cpu
        && let Some(asked) = cpu.checked_mul(scale.value)
        && asked > limit.value
    {
        finding(
            cpu.to_string(),
            asked.to_string(),
            limit.value.to_string(),
            "CPU",
        );
    }
    if let Some(limit) = &quota.memory
        && let Some(asked) = workload.memory.checked_mul(scale.value)
        && asked > limit.value
    {
        finding(
            workload.memory.value.to_string(),
            asked.to_string(),
            limit.value.to_string(),
            "memory",
        );
    }
}
