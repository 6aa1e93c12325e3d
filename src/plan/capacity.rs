//! What pools offer and what models ask of them, over all environments of a cluster.

use crate::resolve::cluster::Cluster;
use crate::resolve::workspace::Workspace;

use super::offers::offers;
use super::types::{ClusterCapacity, Demand, Offer, Placement};

/// One workload's place in the plan, its placement and its most replicas.
pub(super) struct Asked<'p, 'w> {
    pub(super) target: usize,
    pub(super) model: usize,
    pub(super) workload: usize,
    pub(super) cluster: &'w Cluster,
    pub(super) placement: &'p Placement<'w>,
    pub(super) replicas: u64,
}

/// Sums demands over the offers of every cluster.
pub(super) fn capacity<'w>(
    workspace: &'w Workspace,
    asked: &[Asked<'_, 'w>],
) -> Vec<ClusterCapacity<'w>> {
    workspace
        .clusters
        .iter()
        .map(|cluster| ClusterCapacity {
            cluster: cluster.name.as_str(),
            offers: cluster_offers(cluster, asked),
        })
        .collect()
}

fn cluster_offers<'w>(cluster: &'w Cluster, asked: &[Asked<'_, 'w>]) -> Vec<Offer<'w>> {
    let mut found: Vec<Offer<'w>> = Vec::new();
    for offer in offers(cluster) {
        // Layouts of one pool may offer the same resource.
        let same = found
            .iter_mut()
            .find(|o| std::ptr::eq(o.pool, offer.pool) && o.resource == offer.resource);
        match same {
            Some(known) => known.total += offer.total,
            None => found.push(Offer {
                pool: offer.pool,
                resource: offer.resource,
                total: offer.total,
                demands: Vec::new(),
                asked: 0,
            }),
        }
    }
    for ask in asked
        .iter()
        .filter(|a| a.cluster.name.value == cluster.name.value)
    {
        let (Some(pool), Some(device)) = (ask.placement.pool, &ask.placement.device) else {
            continue;
        };
        let offer = found
            .iter_mut()
            .find(|o| std::ptr::eq(o.pool, pool) && o.resource == device.resource.value);
        if let Some(offer) = offer {
            offer.asked += ask.replicas * *device.count;
            offer.demands.push(Demand {
                target: ask.target,
                model: ask.model,
                workload: ask.workload,
                replicas: ask.replicas,
                each: *device.count,
            });
        }
    }
    found
}

impl Offer<'_> {
    /// How many are left when every workload is at its most replicas.
    #[must_use]
    pub fn free(&self) -> u64 {
        self.total.saturating_sub(self.asked)
    }
}

/// The offer that a placement draws on.
#[must_use]
pub fn offer<'c, 'w>(
    capacity: &'c [ClusterCapacity<'w>],
    cluster: &str,
    placement: &Placement<'w>,
) -> Option<&'c Offer<'w>> {
    let (pool, device) = (placement.pool?, placement.device.as_ref()?);
    capacity
        .iter()
        .find(|c| c.cluster == cluster)?
        .offers
        .iter()
        .find(|o| std::ptr::eq(o.pool, pool) && o.resource == device.resource.value)
}
