//! What is known of a cluster.

use smol_str::SmolStr;

use crate::source::Span;
use crate::units::{
    Bytes, Cidr, Cpu, DnsLabel, DnsSubdomain, Duration, HttpUrl, LabelKey, LabelValue, MigProfile,
    Port, Price, Rate, Version,
};

use super::origin::Traced;

/// A cluster of the workspace.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// Version of Kubernetes; unknown where the spec does not say.
    pub kubernetes: Option<Traced<Version>>,
    /// What is installed.
    pub provides: Vec<Provides>,
    /// Who answers DNS queries.
    pub dns: Dns,
    /// Gateways.
    pub gateways: Vec<Gateway>,
    /// Storage classes.
    pub storage_classes: Vec<StorageClass>,
    /// Claims that exist.
    pub claims: Vec<ClusterClaim>,
    /// Priority classes that exist, beside Kubernetes' own; unknown where there are none.
    pub priority_classes: Vec<Traced<DnsSubdomain>>,
    /// Object stores.
    pub stores: Vec<Store>,
    /// Quotas by namespace.
    pub quotas: Vec<Quota>,
    /// Node pools.
    pub pools: Vec<Pool>,
    /// The node's name in the spec.
    pub span: Span,
}

/// APIs a cluster may provide.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Api {
    /// KEDA.
    Keda,
    /// Istio.
    Istio,
    /// Gateway API.
    GatewayApi,
    /// Prometheus Operator.
    PrometheusOperator,
    /// NVIDIA GPU Operator.
    GpuOperator,
    /// ingress-nginx.
    IngressNginx,
}

impl Api {
    /// All of them with their names in specs and their usual namespaces.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Keda, "keda", "keda"),
        (Self::Istio, "istio", "istio-system"),
        (Self::GatewayApi, "gateway-api", "gateway-system"),
        (
            Self::PrometheusOperator,
            "prometheus-operator",
            "monitoring",
        ),
        (Self::GpuOperator, "gpu-operator", "gpu-operator"),
        (Self::IngressNginx, "ingress-nginx", "ingress-nginx"),
    ];

    /// Its name in specs.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(api, _, _)| *api == self)
            .map_or("", |(_, name, _)| name)
    }
}

/// Something installed.
#[derive(Clone, Debug)]
pub struct Provides {
    /// What.
    pub api: Api,
    /// Its version.
    pub version: Traced<Version>,
    /// Where it runs.
    pub namespace: Traced<SmolStr>,
    /// Address of the Prometheus server.
    pub url: Option<Traced<HttpUrl>>,
    /// How often Prometheus scrapes; default 30 s.
    pub scrape: Traced<Duration>,
    /// Whether Istio's CNI plugin runs on the nodes; default no.
    pub cni: Traced<bool>,
    /// Whether Istio's sidecars start before other init containers, where the spec says it.
    pub native_sidecars: Option<Traced<bool>>,
    /// Labels its operator selects by.
    pub select: Vec<(Traced<LabelKey>, Traced<LabelValue>)>,
    /// The node's name.
    pub span: Span,
}

/// Who answers DNS queries.
#[derive(Clone, Debug)]
pub struct Dns {
    /// Addresses of caches on the nodes, beside the usual one of NodeLocal DNSCache.
    pub addresses: Vec<Traced<Cidr>>,
    /// Where the server's pods run; default kube-system.
    pub namespace: Traced<SmolStr>,
    /// The port that its pods listen on; default 53.
    pub port: Traced<Port>,
}

/// Which kind a gateway is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum GatewayKind {
    /// `gateway.networking.k8s.io` Gateway: routes are HTTPRoutes.
    GatewayApi,
    /// `networking.istio.io` Gateway: routes are VirtualServices.
    Istio,
}

/// A gateway that exists.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// Its kind.
    pub kind: Traced<GatewayKind>,
    /// Its namespace.
    pub namespace: Traced<DnsLabel>,
    /// Namespace of the pods that carry its traffic; default its own.
    pub pods: Traced<DnsLabel>,
    /// Hosts its listeners take; empty where unknown.
    pub hosts: Vec<Traced<SmolStr>>,
}

/// Access mode of a volume.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// ReadWriteOnce: one node.
    Rwo,
    /// ReadWriteMany.
    Rwx,
    /// ReadOnlyMany.
    Rox,
    /// ReadWriteOncePod: one pod.
    Rwop,
}

impl Access {
    /// From the short form of specs.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "RWO" => Self::Rwo,
            "RWX" => Self::Rwx,
            "ROX" => Self::Rox,
            "RWOP" => Self::Rwop,
            _ => return None,
        })
    }

    /// The API's name.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Self::Rwo => "ReadWriteOnce",
            Self::Rwx => "ReadWriteMany",
            Self::Rox => "ReadOnlyMany",
            Self::Rwop => "ReadWriteOncePod",
        }
    }

    /// Whether pods on several nodes can use the volume at once.
    #[must_use]
    pub fn many_nodes(self) -> bool {
        matches!(self, Self::Rwx | Self::Rox)
    }
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rwo => "RWO",
            Self::Rwx => "RWX",
            Self::Rox => "ROX",
            Self::Rwop => "RWOP",
        })
    }
}

/// A StorageClass.
#[derive(Clone, Debug)]
pub struct StorageClass {
    /// Its name.
    pub name: Traced<DnsSubdomain>,
    /// Access modes it can give.
    pub access: Vec<Traced<Access>>,
}

/// A claim that exists.
#[derive(Clone, Debug)]
pub struct ClusterClaim {
    /// Its name.
    pub name: Traced<DnsSubdomain>,
    /// Its namespace.
    pub namespace: Traced<DnsLabel>,
    /// Its size.
    pub size: Traced<Bytes>,
    /// Its access mode.
    pub access: Traced<Access>,
}

/// An object store.
#[derive(Clone, Debug)]
pub struct Store {
    /// What addresses begin with.
    pub prefix: Traced<SmolStr>,
    /// Where the service is.
    pub endpoint: Option<Traced<HttpUrl>>,
    /// Secret with credentials.
    pub secret: Option<Traced<DnsSubdomain>>,
    /// What one pod gets from it.
    pub bandwidth: Option<Traced<Rate>>,
}

/// What a namespace may request.
#[derive(Clone, Debug)]
pub struct Quota {
    /// The namespace.
    pub namespace: Traced<DnsLabel>,
    /// Whole GPUs.
    pub gpu: Option<Traced<u64>>,
    /// MIG slices by profile.
    pub mig: Vec<(Traced<MigProfile>, Traced<u64>)>,
    /// Processor.
    pub cpu: Option<Traced<Cpu>>,
    /// Memory.
    pub memory: Option<Traced<Bytes>>,
}

/// How a pool's GPUs are offered.
#[derive(Clone, Debug)]
pub enum GpuMode {
    /// Whole GPUs.
    Whole,
    /// MIG slices.
    Mig {
        /// Whether the strategy is `single`: the resource is then called `nvidia.com/gpu`.
        single: Traced<bool>,
        /// How GPUs are cut.
        layouts: Vec<Layout>,
    },
    /// Several pods share a GPU.
    Shared {
        /// Time-slicing, else MPS.
        time_slicing: Traced<bool>,
        /// Pods that share one.
        replicas: Traced<u64>,
        /// Whether the resource is renamed.
        rename: Traced<bool>,
    },
}

/// GPUs of each node cut alike.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// GPUs of each node.
    pub gpus_per_node: Traced<u64>,
    /// Slices of each GPU.
    pub slices: Vec<(Traced<MigProfile>, Traced<u64>)>,
}

/// Nodes of one kind.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// GPU product and how it is offered.
    pub gpu: Option<PoolGpu>,
    /// Nodes now.
    pub nodes: Traced<u64>,
    /// Nodes at most.
    pub max_nodes: Traced<u64>,
    /// Processor of each node.
    pub cpu: Option<Traced<Cpu>>,
    /// Memory of each node.
    pub memory: Option<Traced<Bytes>>,
    /// Whether nodes may be taken away.
    pub spot: Traced<bool>,
    /// Taint keys.
    pub taints: Vec<Traced<LabelKey>>,
    /// Labels, which are also the node selector.
    pub labels: Vec<(Traced<LabelKey>, Traced<LabelValue>)>,
    /// Zones.
    pub zones: Vec<Traced<DnsLabel>>,
    /// Price of a node.
    pub price: Option<Traced<Price>>,
    /// The node's name.
    pub span: Span,
}

/// The GPUs of a pool.
#[derive(Clone, Debug)]
pub struct PoolGpu {
    /// Product, as in the label `nvidia.com/gpu.product`, its brand (`NVIDIA-`, `Tesla-`) left out
    /// or not.
    pub product: Traced<SmolStr>,
    /// GPUs of each node.
    pub per_node: Traced<u64>,
    /// GPUs others use.
    pub reserved: Traced<u64>,
    /// How they are offered.
    pub mode: GpuMode,
}

impl Cluster {
    /// What is installed of an API.
    #[must_use]
    pub fn provides(&self, api: Api) -> Option<&Provides> {
        self.provides.iter().find(|p| p.api == api)
    }

    /// The store with the longest prefix of `uri`.
    #[must_use]
    pub fn store(&self, uri: &str) -> Option<&Store> {
        self.stores
            .iter()
            .filter(|s| uri.starts_with(s.prefix.as_str()))
            .max_by_key(|s| s.prefix.len())
    }

    /// The quota of a namespace.
    #[must_use]
    pub fn quota(&self, namespace: &str) -> Option<&Quota> {
        self.quotas
            .iter()
            .find(|q| q.namespace.as_str() == namespace)
    }
}
