//! CST-01: all models of a namespace ask for more than its quota.

use std::collections::BTreeMap;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Demand, Plan, Summary, TargetPlan};
use crate::resolve::cluster::Quota;
use crate::units::{Bytes, Cpu};

/// CST-01.
pub(crate) static RULE: Rule = Rule {
    code: "CST-01",
    name: "quota-overcommitted",
    level: Level::Error,
    page: r#"
## What it checks
All models of an environment together, each at its most replicas, stay within the quota of their
namespace: GPUs, MIG slices, processors and memory. A model that is beyond it alone is SCL-12's.

## Why it breaks
The API server refuses pods beyond the quota. The ReplicaSet keeps trying, and nothing but its
events says why a model does not scale.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu mig="1g.5gb"
    resources cpu="60"
    only "prod"
    scale 2
    rollout "rolling" max-surge=0
    expose gateway="public" host="nlp.acme.io"
    split {
        variant "a" weight=50 primary=#true
        variant "b" weight=50
    }
}
```

## Instead
Lower a number, or raise the namespace's quota, in the cluster and in its description.
```kdl
resources cpu="30"
```

## Sources
Kubernetes documentation, "Resource Quotas", read 2026-11.
"#,
    run: Run::Plan(check),
};

/// One workload's part of a sum.
struct Part<'p, 'w> {
    model: &'p Summary<'w>,
    demand: &'p Demand,
    /// In the unit of the sum.
    asked: u64,
}

fn check(plan: &Plan<'_>, report: &mut Report) {
    for target in &plan.targets {
        let namespace = target.target.env.namespace.as_str();
        let Some(quota) = target.target.cluster.quota(namespace) else {
            continue;
        };
        devices(target, quota, report);
        if let Some(limit) = &quota.cpu {
            let parts = parts(target, limit.millis(), |d| d.cpu.millis());
            sum(
                parts,
                limit.millis(),
                "CPU",
                &|n| Cpu::from_millis(n).to_string(),
                quota,
                report,
            );
        }
        if let Some(limit) = &quota.memory {
            let parts = parts(target, limit.get(), |d| d.memory.get());
            sum(
                parts,
                limit.get(),
                "memory",
                &|n| Bytes::new(n).to_string(),
                quota,
                report,
            );
        }
    }
}

fn devices(target: &TargetPlan<'_>, quota: &Quota, report: &mut Report) {
    let mut limits = BTreeMap::new();
    let demands = target.models.iter().flat_map(|m| &m.demands);
    for device in demands.filter_map(|d| d.device.as_ref()) {
        if let Some((limit, what)) = quota.device(&device.resource) {
            limits.insert(device.resource.as_str(), (limit.value, what));
        }
    }
    for (resource, (limit, what)) in limits {
        let each = |demand: &Demand| {
            let device = demand.device.as_ref().filter(|d| d.resource == resource);
            device.map_or(0, |d| d.each)
        };
        sum(
            parts(target, limit, each),
            limit,
            &what,
            &|n| n.to_string(),
            quota,
            report,
        );
    }
}

/// What each workload asks for; those beyond the limit alone are left out.
fn parts<'p, 'w>(
    target: &'p TargetPlan<'w>,
    limit: u64,
    each: impl Fn(&Demand) -> u64,
) -> Vec<Part<'p, 'w>> {
    let demands = target
        .models
        .iter()
        .flat_map(|m| m.demands.iter().map(move |d| (m, d)));
    demands
        .map(|(model, demand)| Part {
            model,
            demand,
            asked: demand.replicas.saturating_mul(each(demand)),
        })
        .filter(|p| p.asked > 0 && p.asked <= limit)
        .collect()
}

fn sum(
    parts: Vec<Part<'_, '_>>,
    limit: u64,
    what: &str,
    show: &dyn Fn(u64) -> String,
    quota: &Quota,
    report: &mut Report,
) {
    let total: u64 = parts.iter().fold(0, |sum, p| sum.saturating_add(p.asked));
    let Some(largest) = parts.iter().rev().max_by_key(|p| p.asked) else {
        return;
    };
    if total <= limit {
        return;
    }
    report.about(
        largest.model,
        largest.demand.replicas.span().unwrap_or(largest.model.span),
        format!(
            "{} workloads ask for {} {what} at most, the quota of namespace \"{}\" is {}",
            parts.len(),
            show(total),
            quota.namespace.value,
            show(limit)
        ),
        |mut d| {
            for part in &parts {
                let demand = part.demand;
                d = d.note(format!(
                    "\"{}\": {} {}, {} in all",
                    demand.workload,
                    demand.most,
                    demand.replicas.value,
                    show(part.asked)
                ));
            }
            d.help("lower a number of replicas, or raise the quota")
        },
    );
}
