//! GPU-04: all models together ask for more than a pool has.

use crate::check::rules::shared::{at, device, most};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Demand, ModelPlan, Offer, Plan, WorkloadPlan};

/// GPU-04.
pub static RULE: Rule = Rule {
    code: "GPU-04",
    name: "pool-overcommitted",
    level: Level::Error,
    page: r#"
## What it checks
All workloads that draw on one pool, in every environment of the cluster, fit into it when each
is at its most replicas. The note lists who asks for how many. A workload that does not fit even
alone is SCL-12's.

## Why it breaks
At the peak some replicas stay Pending. Which ones is decided by chance, and the autoscaler
believes that it has scaled.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu count=1
    scale min=2 max=10 { on "latency" p95="400ms" }
    rollout "rolling" max-surge=0
    split {
        variant "a" weight=50 primary=#true
        variant "b" weight=50
    }
}
```

## Instead
Lower a `max`, take slices instead of whole GPUs, or raise the pool's `max-nodes`. If the models
never peak together, waive the rule at the model the message points at, with that as the reason.
```kdl
scale min=2 max=8 { on "latency" p95="400ms" }
```

## Sources
Kubernetes scheduler: pods whose extended resources no node has free stay Pending.
"#,
    run: Run::Plan(check),
};

fn check(plan: &Plan<'_>, report: &mut Report) {
    for cluster in &plan.capacity {
        for offer in &cluster.offers {
            // What does not fit alone is said by SCL-12, and must not hide the others' sum.
            let fitting = || offer.demands.iter().filter(|d| d.replicas * d.each <= offer.total);
            let sum: u64 = fitting().map(|d| d.replicas * d.each).sum();
            if sum <= offer.total {
                continue;
            }
            // The later of two equal ones is likely the newer one; take the first for stability.
            let Some(largest) = fitting().rev().max_by_key(|d| d.replicas * d.each) else { continue };
            let Some((model, workload)) = find(plan, largest) else { continue };
            overcommitted(plan, offer, sum, fitting().collect(), model, workload, report);
        }
    }
}

/// The model and workload of a demand.
fn find<'p, 'w>(
    plan: &'p Plan<'w>,
    demand: &Demand,
) -> Option<(&'p ModelPlan<'w>, &'p WorkloadPlan<'w>)> {
    let model = plan.targets.get(demand.target)?.models.get(demand.model)?;
    Some((model, model.workloads.get(demand.workload)?))
}

fn overcommitted(
    plan: &Plan<'_>,
    offer: &Offer<'_>,
    sum: u64,
    demands: Vec<&Demand>,
    model: &ModelPlan<'_>,
    workload: &WorkloadPlan<'_>,
    report: &mut Report,
) {
    let device = device(offer);
    let scale = workload.workload.scale.max();
    report.about(
        model,
        at(scale, model),
        format!(
            "{} workloads ask for {sum} × {device} at most, pool \"{}\" of cluster \"{}\" has {}",
            demands.len(),
            offer.pool.name.value,
            model.target.cluster.name.value,
            offer.total,
        ),
        |mut d| {
            for demand in &demands {
                let Some((model, workload)) = find(plan, demand) else { continue };
                d = d.note(format!(
                    "\"{}\" in \"{}\": {} {} × {} = {}",
                    workload.name.value,
                    model.target.env.name.value,
                    most(workload.workload),
                    demand.replicas,
                    demand.each,
                    demand.replicas * demand.each,
                ));
            }
            d.also(offer.pool.span, format!("{} in this pool", offer.total))
                .help("lower a `max`, ask for smaller slices, or raise the pool's `max-nodes`")
        },
    );
}
