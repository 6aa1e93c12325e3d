//! What pools offer and what models ask of them, over all environments of a cluster.

use smol_str::SmolStr;

use crate::resolve::cluster::{Cluster, Pool};
use crate::resolve::model::Model;
use crate::resolve::workspace::{Target, Workspace};

use super::offers::offers;
use super::placement;
use super::types::{ClusterCapacity, Offer, Placement, Plan};

/// What one workload asks of a pool when it has its most replicas.
#[derive(Debug)]
pub struct Asked<'w> {
    cluster: &'w str,
    pool: &'w Pool,
    resource: SmolStr,
    count: u64,
}

/// What the workloads of a model ask of pools; nothing where they run on processors.
#[must_use]
pub fn asked<'w>(target: &'w Target, model: &Model) -> Vec<Asked<'w>> {
    let cluster = &target.cluster;
    let workloads = model.workloads.iter().filter_map(|workload| {
        let (pool, resource, each) = placement::draws_on(cluster, workload.gpu.as_ref()?)?;
        let scale = &workload.scale;
        Some(Asked {
            cluster: cluster.name.as_str(),
            pool,
            resource,
            count: scale
                .max()
                .value
                .max(scale.min().value)
                .saturating_mul(each),
        })
    });
    workloads.collect()
}

/// Sums up what is asked of the offers of every cluster.
#[must_use]
pub fn capacity<'w>(
    workspace: &'w Workspace,
    asked: impl IntoIterator<Item = Asked<'w>>,
) -> Vec<ClusterCapacity<'w>> {
    let offered = |cluster: &'w Cluster| ClusterCapacity {
        cluster: cluster.name.as_str(),
        offers: all_offers(cluster),
    };
    let mut capacity: Vec<_> = workspace.clusters.iter().map(|c| offered(c)).collect();
    for ask in asked {
        // Clusters are sorted by name.
        let Ok(place) = capacity.binary_search_by_key(&ask.cluster, |c| c.cluster) else {
            continue;
        };
        let mut offers = capacity[place].offers.iter_mut();
        let offer = offers.find(|o| std::ptr::eq(o.pool, ask.pool) && o.resource == ask.resource);
        if let Some(offer) = offer {
            offer.asked = offer.asked.saturating_add(ask.count);
        }
    }
    capacity
}

/// What a cluster offers, of each pool and resource once.
fn all_offers(cluster: &Cluster) -> Vec<Offer<'_>> {
    let mut found: Vec<Offer<'_>> = Vec::new();
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
                asked: 0,
            }),
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

    /// Whether a placement draws on it.
    #[must_use]
    pub fn serves(&self, placement: &Placement<'_>) -> bool {
        let pool = placement.pool.is_some_and(|p| std::ptr::eq(p, self.pool));
        let device = placement.device.as_ref();
        pool && device.is_some_and(|d| d.resource.value == self.resource)
    }
}

/// The offer that a placement draws on.
#[must_use]
pub fn offer<'c, 'w>(
    capacity: &'c [ClusterCapacity<'w>],
    cluster: &str,
    placement: &Placement<'_>,
) -> Option<&'c Offer<'w>> {
    placement.device.as_ref()?;
    let cluster = capacity.iter().find(|c| c.cluster == cluster)?;
    cluster.offers.iter().find(|o| o.serves(placement))
}

impl<'w> Plan<'w> {
    /// Every offer with its cluster and its place among the cluster's offers.
    pub fn offers(&self) -> impl Iterator<Item = (&'w str, usize, &Offer<'w>)> {
        let capacity = self.capacity.iter();
        capacity.flat_map(|cluster| {
            let offers = cluster.offers.iter().enumerate();
            offers.map(|(place, offer)| (cluster.cluster, place, offer))
        })
    }
}
