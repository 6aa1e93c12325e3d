//! Whom a model may call: DNS, its store, the identity service of its cloud, its brokers, the mesh,
//! and what `egress` names.

use smol_str::{SmolStr, ToSmolStr};

use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::model::{Allow, Artifact, Delivery, Model, TriggerKind, Workload};
use crate::resolve::origin::{Origin, Traced};
use crate::resolve::workspace::{Target, Workspace};
use crate::units::{ArtifactUri, HostPort, Port};

use super::types::{Peer, PolicyPort};

/// Port of istiod for sidecars: configuration and certificates. Source: Istio "Application
/// Requirements", checked 2026-11.
const ISTIOD: u16 = 15012;
/// Where NodeLocal DNSCache answers on every node, outside of any namespace: its pods are on the
/// host's network. Source: Kubernetes, "Using NodeLocal DNSCache", checked 2026-11.
const NODE_LOCAL_DNS: &str = "169.254.20.10/32";
/// Where a pod on Google Cloud gets credentials without a Secret: the metadata server, and where
/// GKE's own answers for it. Source: Google Cloud, "Authenticate to Google Cloud APIs from GKE
/// workloads", network policy, checked 2026-11.
const GOOGLE_IDENTITY: &[(&str, u16)] = &[("169.254.169.252/32", 988), ("169.254.169.254/32", 80)];
/// Where a pod on Amazon EKS gets credentials without a Secret: the Pod Identity Agent, over IPv4
/// and IPv6. Roles for service accounts ask `sts` on 443, like the store. The machines' own
/// metadata stays closed: it gives what the node may do. Source: AWS, "Set up the Amazon EKS Pod
/// Identity Agent", checked 2026-11.
const AMAZON_IDENTITY: &[(&str, u16)] = &[("169.254.170.23/32", 80), ("fd00:ec2::23/128", 80)];

/// Whom the pods of a model may call.
pub(super) fn egress(
    workspace: &Workspace,
    target: &Target,
    model: &Model,
    mesh: bool,
) -> Vec<(Peer, Vec<PolicyPort>)> {
    let cluster = &target.cluster;
    let mut rules = dns(cluster);
    if mesh
        && let Some(istio) = cluster.provides(Api::Istio)
        && let Some(port) = Port::new(i128::from(ISTIOD))
    {
        let port = Traced::fixed(port, "where sidecars get configuration and certificates");
        rules.push((Peer::Namespace(istio.namespace.clone()), vec![tcp(port)]));
    }
    let known = |name: &str| is_known(workspace, target, model, name);
    let mut seen: Vec<(SmolStr, u16)> = Vec::new();
    let mut add = |peer: Peer, key: &str, port: Port, from: &Origin| {
        let entry = (SmolStr::new(key), port.get());
        if !seen.contains(&entry) {
            seen.push(entry);
            let port = Traced {
                value: port,
                from: from.clone(),
            };
            rules.push((peer, vec![tcp(port)]));
        }
    };
    for workload in &model.workloads {
        let fetched = workload.artifact.as_ref().and_then(store);
        if let Some((host, port, from)) = fetched {
            add(peer(&host, &from, known), &host, port, &from);
        }
        for (address, port) in workload.artifact.as_ref().map_or(&[][..], identity) {
            let from = identity_origin(workload);
            let address_peer = Peer::Cidr(Traced {
                value: SmolStr::new_static(address),
                from: from.clone(),
            });
            if let Some(port) = Port::new(i128::from(*port)) {
                add(address_peer, address, port, &from);
            }
        }
        for (server, from) in brokers(workload) {
            add(
                peer(server.host(), from, known),
                server.host(),
                server.port(),
                from,
            );
        }
    }
    for address in &model.egress {
        let from = &address.from;
        add(
            peer(address.host(), from, known),
            address.host(),
            address.port(),
            from,
        );
    }
    rules
}

fn tcp(port: Traced<Port>) -> PolicyPort {
    PolicyPort { udp: false, port }
}

/// DNS over UDP and TCP: the server's pods, and caches on the nodes.
fn dns(cluster: &Cluster) -> Vec<(Peer, Vec<PolicyPort>)> {
    let why = "without DNS no name resolves and the model never loads";
    let both = |port: &Traced<Port>| {
        [true, false].map(|udp| PolicyPort {
            udp,
            port: port.clone(),
        })
    };
    let because = |from: &Origin| match from {
        Origin::Default(_) => Origin::Fixed(why),
        written => written.clone(),
    };
    let dns = &cluster.dns;
    let server = Traced {
        value: dns.namespace.value.clone(),
        from: because(&dns.namespace.from),
    };
    let port = Traced {
        value: dns.port.value,
        from: because(&dns.port.from),
    };
    let mut rules = vec![(Peer::Namespace(server), both(&port).into())];
    let Some(port) = Port::new(53) else {
        return rules;
    };
    let port = Traced::fixed(port, why);
    let cache = Traced::fixed(
        SmolStr::new_static(NODE_LOCAL_DNS),
        "NodeLocal DNSCache answers here where a cluster has it: on the host's network, in no namespace",
    );
    let named = dns.addresses.iter().map(|a| a.map(|a| a.to_smolstr()));
    for address in std::iter::once(cache).chain(named) {
        rules.push((Peer::Cidr(address), both(&port).into()));
    }
    rules
}

/// Where an artifact is fetched from.
fn store(artifact: &Artifact) -> Option<(String, Port, Origin)> {
    if *artifact.delivery == Delivery::Baked {
        return None;
    }
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

/// Where credentials for a store come from that no Secret holds.
fn identity(artifact: &Artifact) -> &'static [(&'static str, u16)] {
    if artifact.secret.is_some() {
        return &[];
    }
    match &artifact.uri.value {
        ArtifactUri::Gs { .. } => GOOGLE_IDENTITY,
        // Another endpoint is no service of Amazon's and takes no identity of its cloud.
        ArtifactUri::S3 { .. }
            if artifact
                .endpoint
                .as_ref()
                .is_none_or(|e| e.host().ends_with(".amazonaws.com")) =>
        {
            AMAZON_IDENTITY
        }
        _ => &[],
    }
}

/// Why a pod may ask for credentials: its artifact's store, which names no Secret.
fn identity_origin(workload: &Workload) -> Origin {
    let inputs = workload.artifact.iter().map(|a| a.uri.input("artifact"));
    Traced::derived(
        (),
        "cloud identity",
        "no Secret is given for the store, so the fetcher asks the cloud who it is",
        inputs.collect(),
    )
    .from
}

/// The other side of a connection to a host: its namespace where it is a Service's name, else
/// anywhere.
fn peer(host: &str, from: &Origin, known: impl Fn(&str) -> bool) -> Peer {
    match cluster_namespace(host, known) {
        Some(namespace) => Peer::Namespace(Traced {
            value: namespace.into(),
            from: from.clone(),
        }),
        None => Peer::Anywhere(from.clone()),
    }
}

/// The namespace of a Service's DNS name: `kafka.default.svc`, with `.cluster.local` or without,
/// and `kafka.default` where the namespace is known, since `huggingface.co` looks alike. `None`
/// for a host outside the cluster.
fn cluster_namespace(host: &str, known: impl Fn(&str) -> bool) -> Option<&str> {
    let service = host.strip_suffix(".cluster.local").unwrap_or(host);
    if let Some(service) = service.strip_suffix(".svc") {
        return service.rsplit_once('.').map(|(_, namespace)| namespace);
    }
    let (_, namespace) = host.split_once('.')?;
    (!namespace.contains('.') && known(namespace)).then_some(namespace)
}

/// Whether the workspace says of a name that it is a namespace of the cluster.
fn is_known(workspace: &Workspace, target: &Target, model: &Model, name: &str) -> bool {
    let cluster = &target.cluster;
    let environments = workspace.targets.iter();
    environments
        .filter(|t| t.cluster.name.value == cluster.name.value)
        .any(|t| t.env.namespace.as_str() == name)
        || cluster.provides.iter().any(|p| p.namespace.value == name)
        || cluster
            .gateways
            .iter()
            .any(|g| g.namespace.as_str() == name || g.pods.as_str() == name)
        || cluster.claims.iter().any(|c| c.namespace.as_str() == name)
        || cluster.quotas.iter().any(|q| q.namespace.as_str() == name)
        || cluster.dns.namespace.value == name
        || model
            .allow
            .iter()
            .any(|a| matches!(a, Allow::Namespace(n) if n.as_str() == name))
}

#[cfg(test)]
mod tests {
    use super::cluster_namespace;

    /// Only names of Services belong to a namespace; a host with two labels only where the
    /// second is known as one.
    #[test]
    fn namespaces() {
        let namespace = |host| cluster_namespace(host, |name| ["db", "monitoring"].contains(&name));
        for (host, expected) in [
            ("kafka.default.svc", Some("default")),
            ("kafka.default.svc.cluster.local", Some("default")),
            ("kafka-0.kafka.default.svc", Some("default")),
            ("redis.db", Some("db")),
            ("huggingface.co", None),
            ("example.com", None),
            ("acme.io", None),
            ("minio.acme.io", None),
            ("a.b.svc.acme.io", None),
            ("10.0.0.7", None),
            ("redis", None),
        ] {
            assert_eq!(namespace(host), expected, "{host}");
        }
    }
}
