//! ROL-01: a rollout needs a device that nobody has free.

use crate::check::rules::shared::{at, device};
use crate::check::{Level, Report, Rule, Run};
use crate::diag::Diagnostic;
use crate::plan::{ClusterCapacity, Limit, ModelPlan, Offer, QuotaUse, RolloutPlan, capacity};
use crate::resolve::origin::Traced;

/// ROL-01.
pub(crate) static RULE: Rule = Rule {
    code: "ROL-01",
    name: "surge-without-a-free-device",
    level: Level::Production,
    page: r#"
## What it checks
Where a rolling update may take no pod away (`max-unavailable` 0), the pool has devices free for
the `max-surge` pods that come first, each pod's on one node, and the namespace's quota of devices,
processors and memory has room for them, even when every model is at its most replicas.

A spec that says nothing cannot raise this: the default is one pod more where there is room for
it, and one pod less where there is none. The rule judges what is written.

The sidecar of pods in the Istio mesh is not counted: what it asks for (100m of CPU and 128Mi of memory
where nobody changed it) is set where Istio is installed, which the cluster's description does not say.

## Why it breaks
The new pod waits for a device, or is refused by the quota, and the old pod stays until the new one
is ready. The rollout hangs until its deadline. Kubernetes' own default of 25 % does this to every Deployment of
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
LLMKube#192, airunway#400, seldon-operator#74; Istio's chart `istiod`, `global.proxy.resources`,
read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, capacity: &[ClusterCapacity<'_>], report: &mut Report) {
    let cluster = model.target.cluster.name.as_str();
    let quota = capacity::quota(capacity, model.target);
    for workload in &model.workloads {
        let RolloutPlan::Rolling {
            max_surge,
            max_unavailable,
        } = &workload.rollout
        else {
            continue;
        };
        if max_unavailable.value > 0 {
            continue;
        }
        let device = workload.placement.device.as_ref();
        let offer = capacity::offer(capacity, cluster, &workload.placement);
        if let (Some(device), Some(offer)) = (device, offer)
            && max_surge.value > offer.room(*device.count)
        {
            no_device(model, offer, max_surge, *device.count, report);
            continue;
        }
        let cpu = workload.workload.resources.cpu.value;
        let limits = quota.map(|q| (q, q.limits(device, cpu, workload.memory.value)));
        let Some((quota, limits)) = limits else {
            continue;
        };
        let beyond = |l: &&Limit| max_surge.value.saturating_mul(l.each) > l.left();
        if let Some(limit) = limits.iter().find(beyond) {
            no_quota(model, quota, limit, max_surge, report);
        }
    }
}

fn no_device(
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
            "`max-surge` {} × {each} {device} = {}, pool \"{}\" has room for {} such pods",
            surge.value,
            surge.value * each,
            offer.pool.name.value,
            offer.room(each),
        ),
        |d| {
            hangs(d.note(format!(
                "all models at their most replicas ask for {} of {} × {device}",
                offer.asked, offer.total
            )))
        },
    );
}

fn no_quota(
    model: &ModelPlan<'_>,
    quota: &QuotaUse<'_>,
    limit: &Limit,
    surge: &Traced<u64>,
    report: &mut Report,
) {
    let Limit { what, each, .. } = limit;
    report.add(
        at(surge, model),
        format!(
            "`max-surge` {} × {} {what} = {}, the quota of namespace \"{}\" has {} left",
            surge.value,
            limit.show(*each),
            limit.show(surge.value.saturating_mul(*each)),
            quota.quota.namespace.value,
            limit.show(limit.left()),
        ),
        |d| {
            let d = match quota.quota.namespace.span() {
                Some(span) => d.also(span, "the quota"),
                None => d,
            };
            hangs(d.note(format!(
                "all models at their most replicas ask for {} of {} {what}",
                limit.show(limit.asked),
                limit.show(limit.limit)
            )))
        },
    );
}

fn hangs(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic
        .note(
            "with `max-unavailable` 0 no old pod goes before a new one is ready: the rollout hangs",
        )
        .help("write `max-surge=0 max-unavailable=1`, or leave both out to have them derived")
}
