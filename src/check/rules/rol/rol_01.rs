//! ROL-01: a rollout needs a device that nobody has free.

use crate::check::rules::shared::{asked, at, device};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ModelPlan, Offer, Plan, RolloutPlan, WorkloadPlan};

/// ROL-01.
pub static RULE: Rule = Rule {
    code: "ROL-01",
    name: "surge-without-a-free-device",
    level: Level::Production,
    page: r#"
## What it checks
Where a rolling update may take no pod away (`max-unavailable` 0), the pool has devices free for
the `max-surge` pods that come first, even when every model is at its most replicas.

A spec that says nothing cannot raise this: the default is one pod more where a device is free for
it, and one pod less where none is. The rule judges what is written.

## Why it breaks
The new pod waits for a device, and the old pod keeps its device until the new one is ready. The
rollout hangs until its deadline. Kubernetes' own default of 25 % does this to every Deployment of
three replicas or fewer: it rounds to one pod more and none less.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu count=1
    scale 16
    rollout "rolling" max-surge=1 max-unavailable=0
}
```

## Instead
Let one pod go first, or leave `rollout` out and have it derived.
```kdl
rollout "rolling" max-surge=0 max-unavailable=1
```

## Sources
LLMKube#192, airunway#400, seldon-operator#74.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, plan: &Plan<'_>, report: &mut Report) {
    for workload in &model.workloads {
        let RolloutPlan::Rolling { max_surge, max_unavailable } = &workload.rollout else { continue };
        if max_unavailable.value > 0 {
            continue;
        }
        let Some((offer, each)) = offer(model, plan, workload) else { continue };
        let needed = max_surge.value * each;
        let asked = asked(offer);
        let free = offer.total.saturating_sub(asked);
        if needed <= free {
            continue;
        }
        let device = device(offer);
        report.add(
            at(max_surge, model),
            format!(
                "`max-surge` {} × {each} {device} = {needed}, pool \"{}\" has {free} free",
                max_surge.value, offer.pool.name.value,
            ),
            |d| {
                d.note(format!(
                    "all models at their most replicas ask for {asked} of {} × {device}",
                    offer.total
                ))
                .note("with `max-unavailable` 0 no old pod goes before a new one is ready: the rollout hangs")
                .help("write `max-surge=0 max-unavailable=1`, or leave both out to have them derived")
            },
        );
    }
}

/// What the pool of a workload offers, and how many devices each replica takes.
fn offer<'p, 'w>(
    model: &ModelPlan<'w>,
    plan: &'p Plan<'w>,
    workload: &WorkloadPlan<'w>,
) -> Option<(&'p Offer<'w>, u64)> {
    let (pool, device) = (workload.placement.pool?, workload.placement.device.as_ref()?);
    let cluster = plan.capacity.iter().find(|c| c.cluster == model.target.cluster.name.as_str())?;
    let offer = cluster
        .offers
        .iter()
        .find(|o| std::ptr::eq(o.pool, pool) && o.resource == device.resource.value)?;
    Some((offer, device.count.value))
}
