//! SCL-12: one model alone asks for more than there is.

use crate::check::rules::shared::{at, demander, device, most};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Demand, Device, ModelPlan, Offer, Plan, WorkloadPlan};
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
    run: Run::Plan(check),
};

fn check(plan: &Plan<'_>, report: &mut Report) {
    for offer in plan.capacity.iter().flat_map(|c| &c.offers) {
        for demand in offer
            .demands
            .iter()
            .filter(|d| d.replicas * d.each > offer.total)
        {
            over_pool(plan, offer, demand, report);
        }
    }
    for target in &plan.targets {
        let namespace = target.target.env.namespace.as_str();
        let Some(quota) = target.target.cluster.quota(namespace) else {
            continue;
        };
        for model in &target.models {
            for workload in &model.workloads {
                over_quota(model, workload, quota, report);
            }
        }
    }
}

fn over_pool(plan: &Plan<'_>, offer: &Offer<'_>, demand: &Demand, report: &mut Report) {
    let Some((model, workload)) = demander(plan, demand) else {
        return;
    };
    let device = device(offer);
    report.about(
        model,
        at(workload.workload.scale.max(), model),
        format!(
            "{} {} × {} {device} = {}, pool \"{}\" has {}",
            most(workload.workload),
            demand.replicas,
            demand.each,
            demand.replicas * demand.each,
            offer.pool.name.value,
            offer.total,
        ),
        |d| {
            d.also(offer.pool.span, how_many(offer.pool, offer))
                .help(format!(
                    "write at most {}, ask for a smaller device, or raise the pool's `max-nodes`",
                    offer.total / demand.each.max(1)
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
        report.about(
            model,
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
        && let Some((limit, what)) = device_quota(quota, device)
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

/// The quota of a device and what it is called; `None` where the quota says nothing of it.
pub(in crate::check::rules) fn device_quota(
    quota: &Quota,
    device: &Device,
) -> Option<(u64, String)> {
    let resource = device.resource.as_str();
    if resource == "nvidia.com/gpu" {
        return quota.gpu.as_ref().map(|n| (n.value, "GPU".to_owned()));
    }
    quota
        .mig
        .iter()
        .find(|(profile, _)| profile.resource() == resource)
        .map(|(profile, n)| (n.value, format!("MIG {}", profile.value)))
}
