//! SCL-12: one model alone asks for more than there is.

use crate::check::rules::shared::{at, device, most};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Device, ModelPlan, Offer, Plan, WorkloadPlan};
use crate::resolve::cluster::{GpuMode, Pool, Quota};

/// SCL-12.
pub static RULE: Rule = Rule {
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
    gpu count=1 pool="a100"
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

fn check(model: &ModelPlan<'_>, plan: &Plan<'_>, report: &mut Report) {
    pool(model, plan, report);
    let target = model.target;
    let Some(quota) = target.cluster.quota(target.env.namespace.as_str()) else { return };
    for workload in &model.workloads {
        over_quota(model, workload, quota, report);
    }
}

fn pool(model: &ModelPlan<'_>, plan: &Plan<'_>, report: &mut Report) {
    let cluster = model.target.cluster.name.as_str();
    let offers = plan.capacity.iter().filter(|c| c.cluster == cluster).flat_map(|c| &c.offers);
    for offer in offers {
        for demand in &offer.demands {
            let owner = plan.targets.get(demand.target).and_then(|t| t.models.get(demand.model));
            let mine = owner.is_some_and(|o| std::ptr::eq(o, model));
            let asked = demand.replicas * demand.each;
            if !mine || asked <= offer.total {
                continue;
            }
            let Some(workload) = model.workloads.get(demand.workload) else { continue };
            let device = device(offer);
            report.add(
                at(workload.workload.scale.max(), model),
                format!(
                    "{} {} × {} {device} = {asked}, pool \"{}\" has {}",
                    most(workload.workload), demand.replicas, demand.each, offer.pool.name.value, offer.total,
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
    }
}

/// How a pool comes to its number of devices.
fn how_many(pool: &Pool, offer: &Offer<'_>) -> String {
    let nodes = pool.max_nodes.value.max(pool.nodes.value);
    let Some(gpu) = &pool.gpu else { return String::new() };
    let reserved = match gpu.reserved.value {
        0 => String::new(),
        n => format!(", {n} GPUs reserved"),
    };
    match &gpu.mode {
        GpuMode::Whole => format!("{nodes} nodes × {} GPUs{reserved} = {}", gpu.per_node.value, offer.total),
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
                most(workload.workload), scale.value, quota.namespace.value,
            ),
            |d| {
                let d = match quota.namespace.span() {
                    Some(span) => d.also(span, "the quota"),
                    None => d,
                };
                d.note("the API server refuses the pods beyond it").help("lower the replicas, or raise the quota")
            },
        );
    };
    if let Some(device) = &workload.placement.device
        && let Some((limit, what)) = device_quota(quota, device)
        && scale.value * device.count.value > limit
    {
        let asked = scale.value * device.count.value;
        finding(device.count.to_string(), asked.to_string(), limit.to_string(), &what);
    }
    let cpu = workload.workload.resources.cpu.value;
    if let Some(limit) = &quota.cpu
        && let Some(asked) = cpu.checked_mul(scale.value)
        && asked > limit.value
    {
        finding(cpu.to_string(), asked.to_string(), limit.value.to_string(), "CPU");
    }
    if let Some(limit) = &quota.memory
        && let Some(asked) = workload.memory.checked_mul(scale.value)
        && asked > limit.value
    {
        finding(workload.memory.value.to_string(), asked.to_string(), limit.value.to_string(), "memory");
    }
}

/// The quota of a device and what it is called; `None` where the quota says nothing of it.
pub(in crate::check::rules) fn device_quota(quota: &Quota, device: &Device) -> Option<(u64, String)> {
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
