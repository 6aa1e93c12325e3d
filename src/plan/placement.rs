//! Which pool a workload runs on, and what it asks of the device plugin.
//!
//! Resource name, node selector and tolerations are derived from the pool, never written: that
//! is why GPU-10 and GPU-11 cannot happen.

use smol_str::{SmolStr, format_smolstr};

use crate::diag::number;
use crate::resolve::cluster::{Api, Cluster, Pool};
use crate::resolve::model::{Gpu, GpuWant, Workload};
use crate::resolve::origin::{Origin, Traced};

use super::gpus;
use super::offers::{Kind, PoolOffer, offers};
use super::types::{Device, Misfit, Placement};

/// Places a workload.
pub(super) fn place<'w>(cluster: &'w Cluster, workload: &Workload) -> Placement<'w> {
    match &workload.gpu {
        None => on_processors(cluster),
        Some(gpu) => on_gpus(cluster, gpu),
    }
}

/// The pool that a workload's accelerator comes from, the name of the extended resource, and how
/// many each replica takes; `None` where it fits nowhere.
pub(super) fn draws_on<'w>(cluster: &'w Cluster, gpu: &Gpu) -> Option<(&'w Pool, SmolStr, u64)> {
    let all = offers(cluster);
    let fitting = fitting(gpu, &all);
    let offer = the_one(&fitting).ok()?;
    let count = match &gpu.want {
        GpuWant::Count(count) => count.value,
        GpuWant::Mig(_) | GpuWant::Memory(_) | GpuWant::Share { .. } => 1,
    };
    Some((offer.pool, offer.resource.clone(), count))
}

fn nowhere<'w>(misfit: Option<Misfit>) -> Placement<'w> {
    Placement {
        pool: None,
        device: None,
        node_selector: Vec::new(),
        tolerations: Vec::new(),
        misfit,
    }
}

/// A workload without GPU: on the one pool without GPUs that has labels or taints, if it is
/// the only one; else wherever the scheduler finds room.
fn on_processors(cluster: &Cluster) -> Placement<'_> {
    let mut plain = cluster.pools.iter().filter(|p| p.gpu.is_none());
    match (plain.next(), plain.next()) {
        (Some(pool), None) => Placement {
            pool: Some(pool),
            node_selector: labels(pool),
            tolerations: taints(pool),
            ..nowhere(None)
        },
        _ => nowhere(None),
    }
}

fn on_gpus<'w>(cluster: &'w Cluster, gpu: &Gpu) -> Placement<'w> {
    let all = offers(cluster);
    let fitting = fitting(gpu, &all);
    let offer = match the_one(&fitting) {
        Ok(offer) => offer,
        Err(None) => return nowhere(Some(misfit(cluster, gpu, &all))),
        Err(Some((one, other))) => {
            return nowhere(Some(Misfit {
                span: gpu.span,
                message: format!(
                    "pools \"{}\" and \"{}\" of cluster \"{}\" both fit {}",
                    one.pool.name.value,
                    other.pool.name.value,
                    cluster.name.value,
                    want(gpu)
                ),
                notes: fitting.iter().map(|o| o.describe()).collect(),
                helps: vec![format!("say which: add `pool=\"{}\"`", one.pool.name.value)],
            }));
        }
    };
    Placement {
        pool: Some(offer.pool),
        device: Some(device(gpu, offer)),
        node_selector: node_selector(cluster, offer),
        tolerations: taints(offer.pool),
        misfit: None,
    }
}

/// The offers that an accelerator can come from.
fn fitting<'o, 'w>(gpu: &Gpu, all: &'o [PoolOffer<'w>]) -> Vec<&'o PoolOffer<'w>> {
    let named = |offer: &&PoolOffer<'w>| {
        gpu.pool
            .as_ref()
            .is_none_or(|p| p.value == offer.pool.name.value)
    };
    let mut fitting: Vec<_> = all.iter().filter(named).filter(|o| fits(gpu, o)).collect();
    // By memory: the smallest that holds it; slices and cards of one size may come from several
    // pools.
    if let GpuWant::Memory(_) = gpu.want {
        fitting.sort_by_key(|o| o.memory.map(|m| m.get()));
        if let Some(least) = fitting.first().and_then(|o| o.memory) {
            fitting.retain(|o| o.memory == Some(least));
        }
    }
    fitting
}

/// The offer, if all that fit are of one pool; else two of different pools, if any fits.
fn the_one<'o, 'w>(
    fitting: &[&'o PoolOffer<'w>],
) -> Result<&'o PoolOffer<'w>, Option<(&'o PoolOffer<'w>, &'o PoolOffer<'w>)>> {
    let Some(one) = fitting.first() else {
        return Err(None);
    };
    match fitting
        .iter()
        .find(|o| o.pool.name.value != one.pool.name.value)
    {
        Some(other) => Err(Some((one, other))),
        None => Ok(one),
    }
}

fn fits(gpu: &Gpu, offer: &PoolOffer<'_>) -> bool {
    match (&gpu.want, offer.kind) {
        (GpuWant::Count(count), Kind::Whole) => **count <= *offer.gpu.per_node,
        (GpuWant::Mig(wanted), Kind::Mig(profile)) => wanted.value == profile,
        (GpuWant::Memory(wanted), Kind::Whole | Kind::Mig(_)) => {
            offer.memory.is_some_and(|has| has.get() >= wanted.get())
        }
        (
            GpuWant::Share { time_slicing, .. },
            Kind::Shared {
                time_slicing: offered,
                ..
            },
        ) => **time_slicing == offered,
        _ => false,
    }
}

/// What is asked for, in words.
fn want(gpu: &Gpu) -> String {
    match &gpu.want {
        GpuWant::Count(count) => format!("`gpu count={}`", count.value),
        GpuWant::Mig(profile) => format!("`gpu mig=\"{}\"`", profile.value),
        GpuWant::Memory(memory) => format!("`gpu memory=\"{}\"`", memory.value),
        GpuWant::Share { time_slicing, .. } => {
            format!(
                "`gpu share=\"{}\"`",
                if **time_slicing {
                    "time-slicing"
                } else {
                    "mps"
                }
            )
        }
    }
}

fn misfit(cluster: &Cluster, gpu: &Gpu, all: &[PoolOffer<'_>]) -> Misfit {
    let pool = gpu.pool.as_ref().map(|p| p.as_str());
    let place = pool.map_or_else(
        || format!("no pool of cluster \"{}\" offers", cluster.name.value),
        |pool| {
            format!(
                "pool \"{pool}\" of cluster \"{}\" does not offer",
                cluster.name.value
            )
        },
    );
    let mut notes: Vec<_> = all.iter().map(PoolOffer::describe).collect();
    if notes.is_empty() {
        notes.push(format!(
            "cluster \"{}\" has no pool with GPUs",
            cluster.name.value
        ));
    }
    let mut helps = Vec::new();
    if let Some(other) = all.iter().find(|offer| fits(gpu, offer)) {
        helps.push(format!(
            "write `pool=\"{}\"`, which offers it",
            other.pool.name.value
        ));
    }
    match &gpu.want {
        GpuWant::Mig(_) if !helps.is_empty() => {}
        GpuWant::Mig(wanted) => {
            if let Some(near) = all
                .iter()
                .filter_map(|o| match o.kind {
                    Kind::Mig(profile) => Some(profile),
                    _ => None,
                })
                .min_by_key(|p| p.memory_gb().abs_diff(wanted.memory_gb()))
            {
                helps.push(format!(
                    "write `mig=\"{near}\"`, or cut a layout with \"{}\"",
                    wanted.value
                ));
            }
            let unknown = cluster
                .pools
                .iter()
                .filter_map(|p| p.gpu.as_ref())
                .find(|g| {
                    gpus::mig_profiles(&g.product).is_some_and(|list| {
                        !list.iter().any(|(name, _)| *name == wanted.to_string())
                    })
                });
            if let Some(card) = unknown {
                let names: Vec<_> = gpus::mig_profiles(&card.product)
                    .unwrap_or_default()
                    .iter()
                    .map(|(name, _)| *name)
                    .collect();
                if !names.is_empty() {
                    notes.push(format!(
                        "profiles of {}: {}",
                        card.product.value,
                        names.join(", ")
                    ));
                }
            }
        }
        GpuWant::Count(count) => {
            if let Some(most) = all
                .iter()
                .filter(|o| o.kind == Kind::Whole)
                .map(|o| *o.gpu.per_node)
                .max()
                && **count > most
            {
                notes.push(format!(
                    "one node has {} at most; a replica does not span nodes",
                    number(most, "GPU")
                ));
            } else if **count == 1 && all.iter().any(|o| matches!(o.kind, Kind::Shared { .. })) {
                helps.push(
                    "take a shared GPU: `gpu share=\"time-slicing\" memory=\"2Gi\"`".to_owned(),
                );
            }
        }
        GpuWant::Memory(_) => {
            for offer in all.iter().filter(|o| o.memory.is_none()) {
                notes.push(format!(
                    "the memory of {} is not known, so pool \"{}\" is not considered",
                    offer.gpu.product.value, offer.pool.name.value
                ));
            }
        }
        GpuWant::Share { .. } => {}
    }
    if helps.is_empty() {
        helps.push("ask for what a pool offers, or add the pool to the cluster".to_owned());
    }
    Misfit {
        span: gpu.span,
        message: format!("{place} {}", want(gpu)),
        notes,
        helps,
    }
}

fn device(gpu: &Gpu, offer: &PoolOffer<'_>) -> Device {
    let (asked, count, memory_cap) = match &gpu.want {
        GpuWant::Count(count) => (count.from.clone(), count.clone(), None),
        GpuWant::Mig(profile) => (profile.from.clone(), one(), None),
        GpuWant::Memory(memory) => (memory.from.clone(), one(), None),
        GpuWant::Share {
            time_slicing,
            memory,
        } => (time_slicing.from.clone(), one(), Some(memory.clone())),
    };
    let inputs = vec![
        crate::resolve::Input::new("gpu", want(gpu), asked),
        offer.pool.name.input("pool"),
    ];
    Device {
        resource: Traced::derived(
            offer.resource.clone(),
            "extended resource",
            "what the device plugin calls this kind of device on the pool that fits",
            inputs,
        ),
        count,
        memory_cap,
    }
}

fn one() -> Traced<u64> {
    Traced::fixed(
        1,
        "one slice or place for each replica: more of them is not a bigger device (GPU-08)",
    )
}

/// The pool's labels; without any, the product label of GPU feature discovery where the GPU
/// operator runs.
fn node_selector(cluster: &Cluster, offer: &PoolOffer<'_>) -> Vec<(SmolStr, Traced<SmolStr>)> {
    let labels = labels(offer.pool);
    if !labels.is_empty() || cluster.provides(Api::GpuOperator).is_none() {
        return labels;
    }
    let product = &offer.gpu.product;
    let label = gpus::product_label(product);
    let value = Traced::derived(
        format_smolstr!("{label}{}", offer.product_suffix),
        "GPU product label",
        "product of the pool as NVIDIA's driver calls it, with what GPU feature discovery appends for sharing and MIG",
        vec![product.input("gpu"), offer.pool.name.input("pool")],
    );
    vec![("nvidia.com/gpu.product".into(), value)]
}

fn labels(pool: &Pool) -> Vec<(SmolStr, Traced<SmolStr>)> {
    pool.labels
        .iter()
        .map(|(k, v)| (k.as_str().into(), v.map(|v| v.as_str().into())))
        .collect()
}

fn taints(pool: &Pool) -> Vec<Traced<SmolStr>> {
    pool.taints
        .iter()
        .map(|t| t.map(|t| t.as_str().into()))
        .collect()
}

/// Where the spec asks for the accelerator.
pub(super) fn asked(workload: &Workload) -> Option<Origin> {
    workload.gpu.as_ref().map(|gpu| Origin::Written(gpu.span))
}
