//! What pools offer and what models ask of them, over all environments of a cluster.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::resolve::cluster::{Cluster, Pool};
use crate::resolve::model::Model;
use crate::resolve::workspace::{Target, Workspace};
use crate::units::{Bytes, Cpu};

use super::offers::offers;
use super::packing::Nodes;
use super::quota::QuotaUse;
use super::types::{ClusterCapacity, Offer, Placement, Plan};
use super::{placement, startup};

/// What one workload asks of a pool and of its namespace's quota when it has its most replicas.
#[derive(Debug)]
pub struct Asked<'w> {
    cluster: &'w str,
    namespace: &'w str,
    replicas: u64,
    cpu: Cpu,
    memory: Bytes,
    /// Pool, extended resource, how many each replica takes.
    device: Option<(&'w Pool, SmolStr, u64)>,
}

/// What the workloads of a model ask of pools, and of their namespace's quota where there is one.
#[must_use]
pub fn asked<'w>(target: &'w Target, model: &Model) -> Vec<Asked<'w>> {
    let cluster = &target.cluster;
    let namespace = target.env.namespace.as_str();
    let quota = cluster.quota(namespace).is_some();
    let workloads = model.workloads.iter().filter_map(|workload| {
        let gpu = workload.gpu.as_ref();
        let device = gpu.and_then(|gpu| placement::draws_on(cluster, gpu));
        let memory = startup::memory(model, workload, &mut Vec::new());
        let scale = &workload.scale;
        (quota || device.is_some()).then(|| Asked {
            cluster: cluster.name.as_str(),
            namespace,
            replicas: scale.max().value.max(scale.min().value),
            cpu: workload.resources.cpu.value,
            // A model whose memory is not known is not planned.
            memory: memory.map_or(Bytes::new(0), |m| m.value),
            device,
        })
    });
    workloads.collect()
}

/// Sums up what is asked of the offers and quotas of every cluster.
#[must_use]
pub fn capacity<'w>(
    workspace: &'w Workspace,
    asked: impl IntoIterator<Item = Asked<'w>>,
) -> Vec<ClusterCapacity<'w>> {
    let offered = |cluster: &'w Cluster| ClusterCapacity {
        cluster: cluster.name.as_str(),
        offers: all_offers(cluster),
        quotas: cluster.quotas.iter().map(QuotaUse::new).collect(),
    };
    let mut capacity: Vec<_> = workspace.clusters.iter().map(|c| offered(c)).collect();
    // Pods by offer and by the devices that each takes.
    let mut pods: BTreeMap<(usize, usize, u64), u64> = BTreeMap::new();
    for ask in asked {
        // Clusters are sorted by name.
        let Ok(place) = capacity.binary_search_by_key(&ask.cluster, |c| c.cluster) else {
            continue;
        };
        let mut quotas = capacity[place].quotas.iter_mut();
        if let Some(quota) = quotas.find(|q| q.quota.namespace.as_str() == ask.namespace) {
            let device = ask.device.as_ref().map(|(_, name, each)| (name, *each));
            quota.count(ask.replicas, ask.cpu, ask.memory, device);
        }
        let Some((pool, resource, each)) = ask.device else {
            continue;
        };
        let offers = &mut capacity[place].offers;
        let found = offers
            .iter()
            .position(|o| std::ptr::eq(o.pool, pool) && o.resource == resource);
        if let Some(at) = found {
            let count = ask.replicas.saturating_mul(each);
            offers[at].asked = offers[at].asked.saturating_add(count);
            let pods = pods.entry((place, at, each)).or_default();
            *pods = pods.saturating_add(ask.replicas);
        }
    }
    // The largest first.
    for ((cluster, offer, each), pods) in pods.into_iter().rev() {
        capacity[cluster].offers[offer].left.place(each, pods);
    }
    capacity
}

/// What a cluster offers, of each pool and resource once.
fn all_offers(cluster: &Cluster) -> Vec<Offer<'_>> {
    let mut found: Vec<Offer<'_>> = Vec::new();
    for offer in offers(cluster) {
        let (total, per_node) = (offer.total, offer.per_node);
        // Layouts of one pool may offer the same resource.
        let same = found
            .iter_mut()
            .find(|o| std::ptr::eq(o.pool, offer.pool) && o.resource == offer.resource);
        match same {
            Some(known) => {
                known.total += total;
                known.per_node += per_node;
            }
            None => found.push(Offer {
                pool: offer.pool,
                resource: offer.resource,
                total,
                per_node,
                asked: 0,
                left: Nodes::default(),
            }),
        }
    }
    for offer in &mut found {
        offer.left = offer.nodes();
    }
    found
}

impl Offer<'_> {
    /// Its nodes before anything is placed. What others have reserved is taken to be on as few
    /// nodes as possible.
    #[must_use]
    pub fn nodes(&self) -> Nodes {
        Nodes::new(self.total, self.per_node)
    }

    /// How many more replicas of `each` devices find room when every workload has its most
    /// replicas.
    #[must_use]
    pub fn room(&self, each: u64) -> u64 {
        self.left.room(each)
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

/// The quota of a namespace with what is asked of it.
#[must_use]
pub fn quota<'c, 'w>(
    capacity: &'c [ClusterCapacity<'w>],
    target: &Target,
) -> Option<&'c QuotaUse<'w>> {
    let cluster = target.cluster.name.as_str();
    let cluster = capacity.iter().find(|c| c.cluster == cluster)?;
    let namespace = target.env.namespace.as_str();
    let mut quotas = cluster.quotas.iter();
    quotas.find(|q| q.quota.namespace.as_str() == namespace)
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
