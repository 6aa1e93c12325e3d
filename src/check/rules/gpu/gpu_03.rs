//! GPU-03: a layout with a MIG profile that the card does not have.

use crate::check::{Level, Report, Rule, Run};
use smol_str::SmolStr;

use crate::plan::{Plan, gpus};
use crate::resolve::cluster::{Cluster, GpuMode, Layout, Pool};
use crate::resolve::origin::Traced;
use crate::units::MigProfile;

/// GPU-03.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-03",
    name: "profile-not-on-this-card",
    level: Level::Error,
    page: r#"
## What it checks
Every `slice` of a pool's layouts is a MIG profile of the pool's card, no layout cuts one GPU
into more slices of a profile than the card allows, and all slices of a layout fit on one GPU: an A100
has 7 slices of compute and 8 of memory, and `3g.20gb` takes 3 and 4 of them. Cards that mlspec does not know are not judged.
A model that asks for a profile no pool offers is GPU-02's.

## Why it breaks
Profiles are named after the card's memory: the smallest slice is `1g.5gb` on an A100 of 40 GB,
`1g.10gb` on one of 80 GB and on an H100, `1g.18gb` on an H200. MIG manager refuses a layout with a
name the card does not have, and the node stays as it was.

## Example
```kdl
cluster "new" {
    pool "h100" gpu="H100-80GB-HBM3" nodes=1 gpus-per-node=8 {
        mig strategy="mixed" {
            layout "small" gpus-per-node=8 { slice "1g.5gb" count=7 }
        }
    }
}
```

## Instead
```kdl
layout "small" gpus-per-node=8 { slice "1g.10gb" count=7 }
```

## Sources
NVIDIA mig-parted, default configuration, and MIG user guide, read 2026-08.
"#,
    run: Run::Plan(check),
};

fn check(plan: &Plan<'_>, report: &mut Report) {
    for cluster in &plan.workspace.clusters {
        for pool in &cluster.pools {
            layouts(cluster, pool, report);
        }
    }
}

fn layouts(cluster: &Cluster, pool: &Pool, report: &mut Report) {
    let Some(gpu) = &pool.gpu else { return };
    let GpuMode::Mig { layouts, .. } = &gpu.mode else {
        return;
    };
    let Some(known) = gpus::mig_profiles(&gpu.product) else {
        return;
    };
    let names: Vec<_> = known
        .iter()
        .map(|(name, most)| format!("{name} × {most}"))
        .collect();
    for layout in layouts {
        together(layout, pool, &gpu.product, known, report);
    }
    for (profile, count) in layouts.iter().flat_map(|l| &l.slices) {
        let (span, message) = match known.iter().find(|(name, _)| *name == profile.to_string()) {
            None => (
                profile.span(),
                format!(
                    "card {} has no MIG profile \"{}\"",
                    gpu.product.value, profile.value
                ),
            ),
            Some((_, most)) if count.value > *most => (
                count.span(),
                format!(
                    "{} slices \"{}\" do not fit on a card {}, {most} do",
                    count.value, profile.value, gpu.product.value
                ),
            ),
            Some(_) => continue,
        };
        report.add(span.unwrap_or(pool.span), message, |d| {
            let d = if names.is_empty() {
                d.note(format!("card {} cannot be cut", gpu.product.value))
            } else {
                d.note(format!(
                    "slices of it, and how many fit: {}",
                    names.join(", ")
                ))
            };
            d.also(gpu.product.span().unwrap_or(cluster.span), "the card")
                .help("cut it into slices that it has")
        });
    }
}

/// Reports a layout whose slices fit on a GPU by profile, but not together.
fn together(
    layout: &Layout,
    pool: &Pool,
    product: &Traced<SmolStr>,
    known: &[(&str, u64)],
    report: &mut Report,
) {
    let most = |name: &str| {
        known
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, most)| *most)
    };
    let alone = |(profile, count): &(Traced<MigProfile>, Traced<u64>)| {
        most(&profile.to_string()).is_some_and(|most| count.value <= most)
    };
    if layout.slices.len() < 2 || !layout.slices.iter().all(alone) {
        return;
    }
    let slices = layout.slices.iter().map(|(p, n)| (p.value, n.value));
    let Some((has, taken)) = gpus::parts(known, slices) else {
        return;
    };
    if taken.compute <= has.compute && taken.memory <= has.memory {
        return;
    }
    report.add(
        layout.slices[1].0.span().unwrap_or(pool.span),
        format!(
            "the slices of layout \"{}\" do not fit on one card {} together",
            layout.name.value, product.value
        ),
        |d| {
            d.note(format!(
                "they take {} of {} parts of compute, and {} of {} of memory",
                taken.compute, has.compute, taken.memory, has.memory
            ))
            .help("cut fewer, or make a second layout for other GPUs of the node")
        },
    );
}
