//! What the pools of a cluster offer.

use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use crate::resolve::cluster::{Cluster, GpuMode, Pool, PoolGpu};
use crate::units::{Bytes, MigProfile};

use super::gpus;

/// What kind of device an offer is.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A whole GPU.
    Whole,
    /// A MIG slice.
    Mig(MigProfile),
    /// A place on a shared GPU.
    Shared {
        /// Time-slicing, else MPS.
        time_slicing: bool,
        /// Pods that share the card.
        replicas: u64,
    },
}

/// Devices of one kind in one pool.
#[derive(Debug)]
pub(super) struct PoolOffer<'w> {
    pub(super) pool: &'w Pool,
    pub(super) gpu: &'w PoolGpu,
    pub(super) kind: Kind,
    /// Name of the extended resource.
    pub(super) resource: SmolStr,
    /// How many there are at the pool's most nodes, less what is reserved.
    pub(super) total: u64,
    /// How many one node has.
    pub(super) per_node: u64,
    /// Memory of one that a program can use; `None` for an unknown card.
    pub(super) memory: Option<Bytes>,
    /// What GPU feature discovery appends to the product label.
    pub(super) product_suffix: SmolStr,
}

const GPU: &str = "nvidia.com/gpu";

/// Everything a cluster's GPU pools offer.
pub(super) fn offers(cluster: &Cluster) -> Vec<PoolOffer<'_>> {
    cluster.pools.iter().flat_map(pool_offers).collect()
}

fn pool_offers(pool: &Pool) -> Vec<PoolOffer<'_>> {
    let Some(gpu) = &pool.gpu else {
        return Vec::new();
    };
    let nodes = pool.max_nodes.value.max(pool.nodes.value);
    let cards = (nodes * *gpu.per_node).saturating_sub(*gpu.reserved);
    let whole = gpus::card_memory(&gpu.product);
    let offer = |kind, resource: SmolStr, (total, per_node), memory, suffix: SmolStr| PoolOffer {
        pool,
        gpu,
        kind,
        resource,
        total,
        per_node,
        memory,
        product_suffix: suffix,
    };
    match &gpu.mode {
        GpuMode::Whole => vec![offer(
            Kind::Whole,
            GPU.into(),
            (cards, *gpu.per_node),
            whole,
            "".into(),
        )],
        GpuMode::Shared {
            time_slicing,
            replicas,
            rename,
        } => {
            let kind = Kind::Shared {
                time_slicing: **time_slicing,
                replicas: **replicas,
            };
            let resource = if **rename {
                "nvidia.com/gpu.shared"
            } else {
                GPU
            };
            let suffix = if **rename { "" } else { "-SHARED" };
            vec![offer(
                kind,
                resource.into(),
                (cards * **replicas, *gpu.per_node * **replicas),
                whole,
                suffix.into(),
            )]
        }
        GpuMode::Mig { single, layouts } => {
            let mut found = Vec::new();
            let mut cut = 0;
            for layout in layouts {
                cut += *layout.gpus_per_node;
                for (profile, count) in &layout.slices {
                    // Reserved cards of a pool that is cut are taken from its whole ones.
                    let per_node = *layout.gpus_per_node * **count;
                    let (resource, suffix) = if **single {
                        (GPU.into(), format_smolstr!("-MIG-{}", profile.value))
                    } else {
                        (profile.resource().to_smolstr(), "".into())
                    };
                    let memory = Some(gpus::slice_memory(profile.value));
                    found.push(offer(
                        Kind::Mig(profile.value),
                        resource,
                        (nodes * per_node, per_node),
                        memory,
                        suffix,
                    ));
                }
            }
            let uncut = gpu.per_node.saturating_sub(cut);
            let left = (nodes * uncut).saturating_sub(*gpu.reserved);
            if left > 0 && !**single {
                found.push(offer(
                    Kind::Whole,
                    GPU.into(),
                    (left, uncut),
                    whole,
                    "".into(),
                ));
            }
            found
        }
    }
}

impl PoolOffer<'_> {
    /// What is offered, in words: "7 × MIG 1g.5gb".
    pub(super) fn describe(&self) -> String {
        let what = match self.kind {
            Kind::Whole => format!("whole {}", self.gpu.product.value),
            Kind::Mig(profile) => format!("MIG \"{profile}\""),
            Kind::Shared {
                time_slicing,
                replicas,
            } => format!(
                "{} {} places, {replicas} on each card",
                self.gpu.product.value,
                if time_slicing { "time-sliced" } else { "MPS" }
            ),
        };
        format!(
            "pool \"{}\" offers {} × {what}",
            self.pool.name.value, self.total
        )
    }
}
