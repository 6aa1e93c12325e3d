//! GPU-09: models that share a card are promised more memory than it has.

use crate::check::rules::shared::{at, demander};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Device, ModelPlan, Offer, Plan, gpus};
use crate::resolve::cluster::GpuMode;
use crate::resolve::origin::Traced;
use crate::units::Bytes;

/// GPU-09.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-09",
    name: "shared-card-overpromised",
    level: Level::Error,
    page: r#"
## What it checks
The `memory=` parts of the replicas that may come to lie on one shared card fit into it: the largest
of all models on the pool, as many as the card has places. Cards whose memory mlspec does not know
are not judged.

## Why it breaks
Time-slicing does not isolate memory. The tenant that allocates last gets the out-of-memory error,
and it need not be the one that took too much.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu share="time-slicing" memory="6Gi"
    scale 4
    only "staging"
}
```

## Instead
Smaller parts, or fewer places on each card (`share … replicas=` of the pool).
```kdl
gpu share="time-slicing" memory="3Gi"
```

## Sources
NVIDIA k8s-device-plugin 0.20, README, "With CUDA Time-Slicing", read 2026-08.
"#,
    run: Run::Plan(check),
};

/// A model's part of a card.
struct Part<'p, 'w> {
    model: &'p ModelPlan<'w>,
    memory: &'p Traced<Bytes>,
    replicas: u64,
}

fn check(plan: &Plan<'_>, report: &mut Report) {
    for offer in plan.capacity.iter().flat_map(|c| &c.offers) {
        let Some(gpu) = &offer.pool.gpu else { continue };
        let GpuMode::Shared {
            replicas: places, ..
        } = &gpu.mode
        else {
            continue;
        };
        let Some(card) = gpus::card_memory(&gpu.product) else {
            continue;
        };
        let mut parts = parts(plan, offer);
        parts.sort_by_key(|p| std::cmp::Reverse(p.memory.value));
        let (mut left, mut sum, mut terms) = (places.value, 0_u64, Vec::new());
        for part in &parts {
            let count = part.replicas.min(left);
            left -= count;
            if count > 0 {
                sum = sum.saturating_add(part.memory.get().saturating_mul(count));
                terms.push(format!(
                    "{count} × {} (\"{}\")",
                    part.memory.value, part.model.model.name.value
                ));
            }
        }
        let Some(largest) = parts.first().filter(|_| sum > card.get()) else {
            continue;
        };
        report.about(
            largest.model,
            at(largest.memory, largest.model),
            format!(
                "replicas on one {} of pool \"{}\" may take {}, it has {card}",
                gpu.product.value,
                offer.pool.name.value,
                Bytes::new(sum),
            ),
            |d| {
                d.note(format!(
                    "the largest on its {} places: {}",
                    places.value,
                    terms.join(" + ")
                ))
                .also(at(places, largest.model), "places on each card")
                .help("lower `memory`, or share each card between fewer")
            },
        );
    }
}

fn parts<'p, 'w>(plan: &'p Plan<'w>, offer: &Offer<'_>) -> Vec<Part<'p, 'w>> {
    let cap = |device: &'p Device| device.memory_cap.as_ref();
    let demands = offer.demands.iter().filter_map(|demand| {
        let (model, workload) = demander(plan, demand)?;
        let device = workload.placement.device.as_ref()?;
        Some(Part {
            model,
            memory: cap(device)?,
            replicas: demand.replicas,
        })
    });
    demands.collect()
}
