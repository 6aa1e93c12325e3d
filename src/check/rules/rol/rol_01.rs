//! ROL-01: a rollout needs a device that nobody has free.

use crate::check::rules::shared::{at, device};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, Offer, RolloutPlan, capacity};
use crate::resolve::origin::Traced;

/// ROL-01.
pub(crate) static RULE: Rule = Rule {
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
    only "prod"
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

fn check(model: &ModelPlan<'_>, capacity: &[ClusterCapacity<'_>], report: &mut Report) {
    let cluster = model.target.cluster.name.as_str();
    for workload in &model.workloads {
        let Some(offer) = capacity::offer(capacity, cluster, &workload.placement) else {
            continue;
        };
        let each = workload.placement.device.as_ref().map_or(0, |d| *d.count);
        if let RolloutPlan::Rolling {
            max_surge,
            max_unavailable,
        } = &workload.rollout
            && max_unavailable.value == 0
            && max_surge.value * each > offer.free()
        {
            hangs(model, offer, max_surge, each, report);
        }
    }
}

fn hangs(
    model: &ModelPlan<'_>,
    offer: &Offer<'_>,
    surge: &Traced<u64>,
    each: u64,
    report: &mut Report,
) {
    let device = device(offer);
    report.add(
        at(surge, model),
        format!(
            "`max-surge` {} × {each} {device} = {}, pool \"{}\" has {} free",
            surge.value,
            surge.value * each,
            offer.pool.name.value,
            offer.free(),
        ),
        |d| {
            d.note(format!(
                "all models at their most replicas ask for {} of {} × {device}",
                offer.asked,
                offer.total
            ))
            .note("with `max-unavailable` 0 no old pod goes before a new one is ready: the rollout hangs")
            .help("write `max-surge=0 max-unavailable=1`, or leave both out to have them derived")
        },
    );
}
