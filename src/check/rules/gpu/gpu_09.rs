//! GPU-09: models that share a card are promised more memory than it has.

use crate::check::rules::shared::demands;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Plan, Summary, gpus};
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
    model: &'p Summary<'w>,
    memory: &'p Traced<Bytes>,
    replicas: u64,
}

fn check(plan: &Plan<'_>, report: &mut Report) {
    for (cluster, place, offer) in plan.offers() {
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
        let mut parts = parts(plan, cluster, place);
        parts.sort_by_key(|p| std::cmp::Reverse(p.memory.value));
        let (mut left, mut sum, mut terms) = (places.value, 0_u64, Vec::new());
        for part in &parts {
            let count = part.replicas.min(left);
            left -= count;
            if count > 0 {
                sum = sum.saturating_add(part.memory.get().saturating_mul(count));
                terms.push(format!(
                    "{count} × {} (\"{}\")",
                    part.memory.value, part.model.name
                ));
            }
        }
        let Some(largest) = parts.first().filter(|_| sum > card.get()) else {
            continue;
        };
        report.about(
            largest.model,
            largest.memory.span().unwrap_or(largest.model.span),
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
                .also(
                    places.span().unwrap_or(offer.pool.span),
                    "places on each card",
                )
                .help("lower `memory`, or share each card between fewer")
            },
        );
    }
}

fn parts<'p, 'w>(plan: &'p Plan<'w>, cluster: &'p str, offer: usize) -> Vec<Part<'p, 'w>> {
    let drawn = demands(plan, cluster, offer);
    drawn
        .filter_map(|drawn| {
            Some(Part {
                model: drawn.model,
                memory: drawn.device.memory_cap.as_ref()?,
                replicas: drawn.demand.replicas.value,
            })
        })
        .collect()
}
