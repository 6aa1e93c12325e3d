//! GPU-04: all models together ask for more than a pool has.

use crate::check::rules::shared::{Drawn, demands, device};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Offer, Plan};

/// GPU-04.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-04",
    name: "pool-overcommitted",
    level: Level::Error,
    page: r#"
## What it checks
All workloads that draw on one pool, in every environment of the cluster, fit into it when each
is at its most replicas, all devices of a replica on one node. The note lists who asks for how
many. A workload that does not fit even
alone is SCL-12's.

## Why it breaks
At the peak some replicas stay Pending. Which ones is decided by chance, and the autoscaler
believes that it has scaled.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    only "prod"
    gpu count=1
    scale min=2 max=10 { on "latency" p95="400ms" }
    rollout "rolling" max-surge=0
    expose gateway="public" host="nlp.acme.io"
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
    for (cluster, place, offer) in plan.offers() {
        // What does not fit alone is said by SCL-12, and must not hide the others' sum.
        let alone = offer.nodes();
        let mut fitting: Vec<_> = demands(plan, cluster, place)
            .filter(|d| d.demand.replicas.value <= alone.room(d.device.each))
            .collect();
        let sum = fitting
            .iter()
            .fold(0, |sum: u64, d| sum.saturating_add(d.count()));
        if sum > offer.total {
            overcommitted(offer, sum, &fitting, None, report);
            continue;
        }
        let mut nodes = alone;
        let in_order = fitting.clone();
        fitting.sort_by_key(|d| std::cmp::Reverse(d.device.each));
        let without_room = fitting.iter().find_map(|d| {
            let replicas = d.demand.replicas.value;
            let placed = nodes.place(d.device.each, replicas);
            (placed < replicas).then(|| {
                format!(
                    "with the largest placed first, \"{}\" finds room for {placed} of {replicas} × {}",
                    d.demand.workload, d.device.each
                )
            })
        });
        if without_room.is_some() {
            overcommitted(offer, sum, &in_order, without_room, report);
        }
    }
}

/// `without_room` says who finds no node where the sum itself fits.
fn overcommitted(
    offer: &Offer<'_>,
    sum: u64,
    demands: &[Drawn<'_, '_>],
    without_room: Option<String>,
    report: &mut Report,
) {
    // The first of equal ones.
    let Some(largest) = demands.iter().rev().max_by_key(|d| d.count()) else {
        return;
    };
    let device = device(offer);
    let nodes = if without_room.is_some() {
        format!(", but its nodes of {} do not hold them", offer.per_node)
    } else {
        String::new()
    };
    report.about(
        largest.model,
        largest.at(),
        format!(
            "{} workloads ask for {sum} × {device} at most, pool \"{}\" of cluster \"{}\" has {}{nodes}",
            demands.len(),
            offer.pool.name.value,
            largest.model.target.cluster.name.value,
            offer.total,
        ),
        |mut d| {
            for drawn in demands {
                let demand = drawn.demand;
                d = d.note(format!(
                    "\"{}\" in \"{}\": {} {} × {} = {}",
                    demand.workload,
                    drawn.model.target.env.name.value,
                    demand.most,
                    demand.replicas.value,
                    drawn.device.each,
                    drawn.count(),
                ));
            }
            if let Some(who) = &without_room {
                d = d.note(who.as_str());
            }
            d.also(offer.pool.span, format!("{} in this pool", offer.total))
                .help("lower a `max`, ask for smaller slices, or raise the pool's `max-nodes`")
        },
    );
}
