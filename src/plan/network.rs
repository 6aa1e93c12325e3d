//! Who may call a model.

use smol_str::{SmolStr, ToSmolStr};

use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::model::{Allow, Model, RouteVia};
use crate::resolve::origin::{Origin, Traced};
use crate::resolve::workspace::{Target, Workspace};
use crate::units::Port;

use super::types::{NetworkPlan, Peer, WorkloadPlan};
use super::{egress, names};

/// Port of Envoy's own metrics in an Istio sidecar. Source: Istio "Application Requirements",
/// checked 2026-11.
pub(super) const SIDECAR_METRICS: u16 = 15090;

/// The policy of a model's pods. Callers: its gateways, who `allow` names, anyone for a
/// LoadBalancer; without any of these, its own namespace. Prometheus for metrics. Whom it may call:
/// [`egress`].
pub(super) fn network(
    workspace: &Workspace,
    target: &Target,
    model: &Model,
    workloads: &[WorkloadPlan<'_>],
    mesh: bool,
) -> NetworkPlan {
    NetworkPlan {
        selector: names::model_selector(model),
        ingress: ingress(&target.cluster, model, workloads, mesh),
        egress: egress::egress(workspace, target, model, mesh),
    }
}

fn ingress(
    cluster: &Cluster,
    model: &Model,
    workloads: &[WorkloadPlan<'_>],
    mesh: bool,
) -> Vec<(Peer, Vec<Traced<Port>>)> {
    let ports = &workloads[0].ports;
    let serving: Vec<_> = std::iter::once(ports.http.clone())
        .chain(ports.grpc.clone())
        .collect();
    let mut rules = Vec::new();
    let mut gateways: Vec<SmolStr> = Vec::new();
    for route in &model.routes {
        let namespace = match &route.via {
            RouteVia::Gateway { index, .. } => cluster
                .gateways
                .get(*index)
                .map(|g| g.pods.map(|n| n.as_str().into())),
            RouteVia::Ingress(_) => cluster
                .provides(Api::IngressNginx)
                .map(|p| p.namespace.clone()),
        };
        if let Some(namespace) = namespace
            && !gateways.contains(&namespace.value)
        {
            gateways.push(namespace.value.clone());
            rules.push((Peer::Namespace(namespace), serving.clone()));
        }
    }
    if model.service.kind.value == crate::resolve::model::ServiceType::LoadBalancer {
        rules.push((
            Peer::Anywhere(model.service.kind.from.clone()),
            serving.clone(),
        ));
    }
    for allow in &model.allow {
        let peer = match allow {
            Allow::Namespace(name) => Peer::Namespace(name.map(|n| n.as_str().into())),
            Allow::Cidr(range) => Peer::Cidr(range.map(|r| r.to_smolstr())),
        };
        rules.push((peer, serving.clone()));
    }
    if rules.is_empty() {
        rules.push((Peer::SameNamespace(Origin::Default("allow")), serving));
    }
    if let Some(prometheus) = cluster.provides(Api::PrometheusOperator) {
        let scraped = if let Some(admin) = &ports.admin {
            Some(admin.port.clone())
        } else if workloads[0]
            .workload
            .runtime
            .container()
            .is_some_and(|c| c.metrics.is_some())
        {
            Some(ports.http.clone())
        } else if mesh {
            Port::new(i128::from(SIDECAR_METRICS))
                .map(|p| Traced::fixed(p, "the sidecar's own metrics port"))
        } else {
            None
        };
        if let Some(port) = scraped {
            rules.push((Peer::Namespace(prometheus.namespace.clone()), vec![port]));
        }
    }
    rules
}
