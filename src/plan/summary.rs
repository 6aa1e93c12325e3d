//! What is kept of a model when it has gone through all stages: little, since there may be many.

use smol_str::SmolStr;

use crate::resolve::cluster::Cluster;
use crate::resolve::model::{Model, Scale, Waiver};
use crate::resolve::origin::Traced;
use crate::resolve::workspace::{Target, Workspace};
use crate::source::Span;
use crate::units::{Bytes, Cpu, Duration};

use super::names;
use super::types::{
    ClusterCapacity, Entry, ModelPlan, Offer, RoutePlan, RouteViaPlan, WorkloadPlan,
};

/// What rules over several models, and objects of whole targets, know of a model.
#[derive(Debug)]
pub struct Summary<'w> {
    /// The model's name.
    pub name: SmolStr,
    /// The target it runs in.
    pub target: &'w Target,
    /// The model node's name in the spec.
    pub span: Span,
    /// Silenced rules.
    pub waivers: Box<[Waiver]>,
    /// How long the slowest rollout of its workloads takes; only where Flux waits for it.
    pub rollout_time: Option<Traced<Duration>>,
    /// Its workloads that draw on what others draw on too: a pool's devices, processors or memory,
    /// or a quota.
    pub demands: Box<[Demand]>,
    /// Where its routes are reached.
    pub addresses: Box<[Address]>,
    /// What its pods are known by.
    pub pods: Box<[Pods]>,
}

/// What selectors of other workloads may find of a workload's pods.
#[derive(Debug)]
pub struct Pods {
    /// Name of its Deployment.
    pub workload: SmolStr,
    /// Their labels, sorted by key, without those that all models share.
    pub labels: Box<[(SmolStr, SmolStr)]>,
    /// The selector, where the spec writes one.
    pub selector: Option<Selector>,
}

/// A selector that the spec writes.
#[derive(Debug)]
pub struct Selector {
    /// Keys and values.
    pub entries: Box<[(SmolStr, SmolStr)]>,
    /// Where the first one is written.
    pub span: Span,
}

impl Pods {
    fn of(model: &Model, plan: &WorkloadPlan<'_>) -> Self {
        let primary = plan.workload.variant.as_ref().is_none_or(|v| v.primary);
        let first = model.selector.first().filter(|_| primary);
        let pairs = |entries: &[Entry]| -> Box<[(SmolStr, SmolStr)]> {
            entries
                .iter()
                .filter(|(key, _)| !names::SHARED.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.value.clone()))
                .collect()
        };
        Self {
            workload: plan.name.value.clone(),
            labels: pairs(&plan.labels),
            selector: first.map(|(key, _)| Selector {
                entries: pairs(&plan.selector),
                span: key.span().unwrap_or(model.span),
            }),
        }
    }
}

/// What one workload asks for at most.
#[derive(Debug)]
pub struct Demand {
    /// Name of its Deployment.
    pub workload: SmolStr,
    /// Most replicas.
    pub replicas: Traced<u64>,
    /// The word in which the spec gives them: `max` or `scale`.
    pub most: &'static str,
    /// Processor of each replica.
    pub cpu: Cpu,
    /// Memory of each replica.
    pub memory: Bytes,
    /// Devices of each replica.
    pub device: Option<DeviceDemand>,
    /// Place of the pool among the cluster's, where its pods can go to no other and the pool states
    /// what processors or memory its nodes have.
    pub pool: Option<usize>,
}

/// What a replica takes of an [`Offer`].
#[derive(Debug)]
pub struct DeviceDemand {
    /// Place among the offers of the cluster; `None` where no pool was found.
    pub offer: Option<usize>,
    /// Name of the extended resource.
    pub resource: SmolStr,
    /// How many.
    pub each: u64,
    /// Memory that may be used of a shared card.
    pub memory_cap: Option<Traced<Bytes>>,
}

/// Where a route is reached: two routes of one address are one too many.
#[derive(Debug)]
pub struct Address {
    /// The kind of what carries the route, its namespace and name.
    pub via: (u8, SmolStr, SmolStr),
    /// Host.
    pub host: SmolStr,
    /// Path.
    pub path: SmolStr,
    /// Where the path is written, or the route.
    pub span: Span,
    /// The route's node.
    pub route: Span,
}

impl Address {
    /// Carried by a gateway of Gateway API.
    pub const GATEWAY_API: u8 = 0;
    /// Carried by a gateway of Istio.
    pub const ISTIO: u8 = 1;
    /// Carried by an Ingress.
    pub const INGRESS: u8 = 2;
}

impl<'w> Summary<'w> {
    /// Sums up a model that was planned for `target`.
    #[must_use]
    pub fn of(
        workspace: &Workspace,
        target: &'w Target,
        plan: &ModelPlan<'_>,
        capacity: &[ClusterCapacity<'_>],
    ) -> Self {
        let model = plan.model;
        let flux = workspace.gitops.as_ref().is_some_and(|g| g.flux);
        let longest = || plan.workloads.iter().map(|w| &w.rollout_time);
        let quota = target.cluster.quota(target.env.namespace.as_str());
        let offers = capacity
            .iter()
            .find(|c| c.cluster == target.cluster.name.as_str())
            .map_or(&[][..], |c| &c.offers);
        Self {
            name: model.name.as_str().into(),
            target,
            span: model.span,
            waivers: model.waivers.as_slice().into(),
            rollout_time: flux
                .then(|| longest().max_by_key(|d| d.value).cloned())
                .flatten(),
            demands: plan
                .workloads
                .iter()
                .map(|w| demand(w, offers, only_pool(w, &target.cluster)))
                .filter(|d| quota.is_some() || d.device.is_some() || d.pool.is_some())
                .collect(),
            addresses: plan.routes.iter().filter_map(address).collect(),
            pods: plan.workloads.iter().map(|w| Pods::of(model, w)).collect(),
        }
    }
}

/// Place of the pool that a workload's pods have to go to: that of their GPUs, one that they select
/// by labels, or the only one that takes pods without tolerations.
fn only_pool(plan: &WorkloadPlan<'_>, cluster: &Cluster) -> Option<usize> {
    let placement = &plan.placement;
    let pool = placement.pool?;
    let known = pool.cpu.is_some() || pool.memory.is_some();
    let others = || {
        let pools = cluster.pools.iter();
        pools.filter(|other| other.name.value != pool.name.value)
    };
    let bound = placement.device.is_some()
        || !placement.node_selector.is_empty()
        || others().all(|other| !other.taints.is_empty());
    let mut pools = cluster.pools.iter();
    pools.position(|p| known && bound && p.name.value == pool.name.value)
}

fn demand(plan: &WorkloadPlan<'_>, offers: &[Offer<'_>], pool: Option<usize>) -> Demand {
    let scale = &plan.workload.scale;
    let (least, most) = (scale.min(), scale.max());
    let device = plan.placement.device.as_ref().map(|device| DeviceDemand {
        offer: offers.iter().position(|o| o.serves(&plan.placement)),
        resource: device.resource.value.clone(),
        each: *device.count,
        memory_cap: device.memory_cap.clone(),
    });
    Demand {
        workload: plan.name.value.clone(),
        replicas: most.map(|n| *n.max(least)),
        most: match scale {
            Scale::Auto(_) => "max",
            Scale::Fixed(_) => "scale",
        },
        cpu: plan.workload.resources.cpu.value,
        memory: plan.memory.value,
        device,
        pool,
    }
}

fn address(plan: &RoutePlan<'_>) -> Option<Address> {
    let via = match &plan.via {
        RouteViaPlan::GatewayApi { gateway, namespace } => (
            Address::GATEWAY_API,
            namespace.value.clone(),
            gateway.value.clone(),
        ),
        RouteViaPlan::Istio { gateway } => {
            (Address::ISTIO, SmolStr::default(), gateway.value.clone())
        }
        RouteViaPlan::Ingress { class } => {
            (Address::INGRESS, SmolStr::default(), class.value.clone())
        }
    };
    Some(Address {
        via,
        host: plan.route.host.as_ref()?.as_str().into(),
        path: plan.route.path.as_str().into(),
        span: plan.route.path.span().unwrap_or(plan.route.span),
        route: plan.route.span,
    })
}
