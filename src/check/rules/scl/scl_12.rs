//! SCL-12: one model alone asks for more than there is.

use crate::check::rules::shared::{at, device, most};
use crate::check::{Level, Report, Rule, Run};
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
nodes (less what is reserved), and into the namespace's quota of GPUs, MIG slices, processors and
memory. What several models ask for together is GPU-04 (pools) and CST-01 (quotas).

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
Kubernetes documentation, "Resource Quotas" and "Schedule GPUs", read 2026-11.
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
    if asked <= offer.total {
        return;
    }
    let device = device(offer);
    report.add(
        at(scale.max(), model),
        format!(
            "{} {replicas} × {each} {device} = {asked}, pool \"{}\" has {}",
            most(workload.workload),
            offer.pool.name.value,
            offer.total,
        ),
        |d| {
            d.also(offer.pool.span, how_many(offer.pool, offer))
                .help(format!(
                    "write at most {}, ask for a smaller device, or raise the pool's `max-nodes`",
                    offer.total / each.max(1)
                ))
        },
    );
}

/// How a pool comes to its number of devices.
fn how_many(pool: &Pool, offer: &Offer<'_>) -> String {
    let nodes = pool.max_nodes.value.max(pool.nodes.value);
    let Some(gpu) = &pool.gpu else {
        return String::new();
    };
    let reserved = match gpu.reserved.value {
        0 => String::new(),
        n => format!(", {n} GPUs reserved"),
    };
    match &gpu.mode {
        GpuMode::Whole => format!(
            "{nodes} nodes × {} GPUs{reserved} = {}",
            gpu.per_node.value, offer.total
        ),
        GpuMode::Shared { replicas, .. } => format!(
            "{nodes} nodes × {} GPUs{reserved}, {} places on each = {}",
            gpu.per_node.value, replicas.value, offer.total
        ),
        GpuMode::Mig { .. } => format!("{nodes} nodes as cut by its layouts = {}", offer.total),
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
        && let Some((limit, what)) = device_quota(quota, device.resource.as_str())
        && scale.value * device.count.value > limit
    {
        let asked = scale.value * device.count.value;
        finding(
            device.count.to_string(),
            asked.to_string(),
            limit.to_string(),
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

/// The quota of an extended resource and what it is called; `None` where the quota says nothing of
/// it.
pub(in crate::check::rules) fn device_quota(
    quota: &Quota,
    resource: &str,
) -> Option<(u64, String)> {
    if resource == "nvidia.com/gpu" {
        return quota.gpu.as_ref().map(|n| (n.value, "GPU".to_owned()));
    }
    quota
        .mig
        .iter()
        .find(|(profile, _)| profile.resource() == resource)
        .map(|(profile, n)| (n.value, format!("MIG {}", profile.value)))
}
