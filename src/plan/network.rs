//! Who may talk to whom.

use smol_str::{SmolStr, ToSmolStr};

use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::model::{Allow, Delivery, Model, RouteVia, TriggerKind, Workload};
use crate::resolve::origin::{Origin, Traced};
use crate::units::{ArtifactUri, HostPort, Port};

use super::names;
use super::types::{NetworkPlan, Peer, PolicyPort, WorkloadPlan};

/// Port of Envoy's own metrics in an Istio sidecar. Source: Istio "Application Requirements",
/// checked 2026-11.
pub(super) const SIDECAR_METRICS: u16 = 15090;
/// Port of istiod for sidecars: configuration and certificates. Same source.
const ISTIOD: u16 = 15012;

/// The policy of a model's pods. Callers: its gateways, who `allow` names, anyone for a
/// LoadBalancer; without any of these, its own namespace. Prometheus for metrics. It may call
/// DNS, its store, its Kafka brokers, what `egress` names.
pub(super) fn network(
    cluster: &Cluster,
    model: &Model,
    workloads: &[WorkloadPlan<'_>],
    mesh: bool,
) -> NetworkPlan {
    NetworkPlan {
        selector: names::model_selector(model),
        ingress: ingress(cluster, model, workloads, mesh),
        egress: egress(cluster, model, mesh),
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
                .map(|g| g.namespace.map(|n| n.as_str().into())),
            RouteVia::Ingress(class) => Some(cluster.provides(Api::IngressNginx).map_or_else(
                || class.map(|_| SmolStr::new("ingress-nginx")),
                |p| p.namespace.clone(),
            )),
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

fn egress(cluster: &Cluster, model: &Model, mesh: bool) -> Vec<(Peer, Vec<PolicyPort>)> {
    let mut rules = Vec::new();
    let why = "without DNS no name resolves and the model never loads (NET-01)";
    if let Some(port) = Port::new(53) {
        let dns = |udp| PolicyPort {
            udp,
            port: Traced::fixed(port, why),
        };
        rules.push((
            Peer::Namespace(Traced::fixed("kube-system".into(), why)),
            vec![dns(true), dns(false)],
        ));
    }
    if mesh
        && let Some(istio) = cluster.provides(Api::Istio)
        && let Some(port) = Port::new(i128::from(ISTIOD))
    {
        let port = Traced::fixed(port, "where sidecars get configuration and certificates");
        rules.push((
            Peer::Namespace(istio.namespace.clone()),
            vec![PolicyPort { udp: false, port }],
        ));
    }
    let mut known: Vec<(String, u16)> = Vec::new();
    let mut add = |host: &str, port: Port, from: &Origin| {
        let entry = (host.to_owned(), port.get());
        if known.contains(&entry) {
            return;
        }
        known.push(entry);
        let peer = match cluster_namespace(host) {
            Some(namespace) => Peer::Namespace(Traced {
                value: namespace.into(),
                from: from.clone(),
            }),
            None => Peer::Anywhere(from.clone()),
        };
        let port = Traced {
            value: port,
            from: from.clone(),
        };
        rules.push((peer, vec![PolicyPort { udp: false, port }]));
    };
    for workload in &model.workloads {
        if let Some((host, port, from)) = store(workload) {
            add(&host, port, &from);
        }
        for (server, from) in brokers(workload) {
            add(server.host(), server.port(), from);
        }
    }
    for address in &model.egress {
        add(address.host(), address.port(), &address.from);
    }
    rules
}

/// Where a workload's artifact is fetched from.
fn store(workload: &Workload) -> Option<(String, Port, Origin)> {
    let artifact = workload
        .artifact
        .as_ref()
        .filter(|a| *a.delivery != Delivery::Baked)?;
    if let Some(endpoint) = &artifact.endpoint {
        let port = Port::new(i128::from(endpoint.port()))?;
        return Some((endpoint.host().to_owned(), port, endpoint.from.clone()));
    }
    let (host, port) = match &artifact.uri.value {
        ArtifactUri::S3 { .. } => ("s3.amazonaws.com".to_owned(), 443),
        ArtifactUri::Gs { .. } => ("storage.googleapis.com".to_owned(), 443),
        ArtifactUri::Hf { .. } => ("huggingface.co".to_owned(), 443),
        ArtifactUri::Https(url) => (url.host().to_owned(), url.port()),
        // Volumes are mounted by the node, which the pod's policy does not bind.
        ArtifactUri::Pvc { .. } | ArtifactUri::Nfs { .. } | ArtifactUri::Baked { .. } => {
            return None;
        }
    };
    Some((
        host,
        Port::new(i128::from(port))?,
        artifact.uri.from.clone(),
    ))
}

/// Brokers that a container consumes from: its scale follows their lag.
fn brokers(workload: &Workload) -> Vec<(&HostPort, &Origin)> {
    let Some(auto) = workload
        .scale
        .auto()
        .filter(|_| workload.runtime.container().is_some())
    else {
        return Vec::new();
    };
    auto.triggers
        .iter()
        .filter_map(|t| match &t.kind {
            TriggerKind::Kafka { servers, .. } => Some(servers),
            _ => None,
        })
        .flat_map(|servers| servers.iter().map(|s| (s, &servers.from)))
        .collect()
}

/// The namespace of a Service's DNS name, `kafka.default.svc` or `kafka.default`; `None` for a
/// host outside the cluster.
fn cluster_namespace(host: &str) -> Option<&str> {
    let mut parts = host.split('.');
    let (_, namespace, rest) = (parts.next()?, parts.next()?, parts.next());
    (rest.is_none() || rest == Some("svc"))
        .then_some(namespace)
        .filter(|n| n.chars().any(|c| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::cluster_namespace;

    /// Only names of Services belong to a namespace.
    #[test]
    fn namespaces() {
        assert_eq!(cluster_namespace("kafka.default.svc"), Some("default"));
        assert_eq!(
            cluster_namespace("kafka.default.svc.cluster.local"),
            Some("default")
        );
        assert_eq!(cluster_namespace("redis.db"), Some("db"));
        assert_eq!(cluster_namespace("minio.acme.io"), None);
        assert_eq!(cluster_namespace("10.0.0.7"), None);
    }
}
