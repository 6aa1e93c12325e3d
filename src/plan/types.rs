//! What the planner decides: [`Plan`]. Every value carries where it comes from; emitters copy
//! and never compute.

use smol_str::SmolStr;

use crate::resolve::cluster::Pool;
use crate::resolve::model::{Model, Route, Workload};
use crate::resolve::origin::{Origin, Traced};
use crate::resolve::workspace::{Target, Workspace};
use crate::source::Span;
use crate::units::{Bytes, Duration, HttpPath, ImageRef, Port};

use super::packing::Nodes;
use super::quota::QuotaUse;
use super::summary::Summary;

/// The decisions for a whole workspace, models summed up.
#[derive(Debug)]
pub struct Plan<'w> {
    /// What they rest on.
    pub workspace: &'w Workspace,
    /// One for each environment on a cluster, in the workspace's order.
    pub targets: Vec<TargetPlan<'w>>,
    /// What each cluster's pools offer and what is asked of it, sorted by cluster.
    pub capacity: &'w [ClusterCapacity<'w>],
}

/// The decisions for one environment on one cluster, models summed up.
#[derive(Debug)]
pub struct TargetPlan<'w> {
    /// The environment and the cluster.
    pub target: &'w Target,
    /// One for each model that could be planned, sorted by name.
    pub models: Vec<Summary<'w>>,
}

/// A label, annotation or selector entry.
pub type Entry = (SmolStr, Traced<SmolStr>);

/// The decisions for one model.
#[derive(Debug)]
pub struct ModelPlan<'w> {
    /// The model.
    pub model: &'w Model,
    /// The target it runs in.
    pub target: &'w Target,
    /// Labels of objects that belong to the model as a whole.
    pub labels: Vec<Entry>,
    /// Its workloads, the primary one first.
    pub workloads: Vec<WorkloadPlan<'w>>,
    /// Its Services: the model's own first, which leads to the primary variant; then those that
    /// metrics and a split need.
    pub services: Vec<ServicePlan>,
    /// Its routes, in the order of `expose` nodes.
    pub routes: Vec<RoutePlan<'w>>,
    /// How callers in the mesh that use the model's Service are split.
    pub mesh_split: Option<MeshSplit>,
    /// Who may talk to whom.
    pub network: NetworkPlan,
    /// Where Prometheus scrapes; `None` where the cluster has no operator or nothing to scrape.
    pub scrape: Option<ScrapePlan>,
    /// Alerts; empty where the cluster has no operator or no series is known.
    pub alerts: Vec<Alert>,
    /// Whether its pods are in the Istio mesh; `None` where the cluster has no Istio.
    pub mesh: Option<Traced<bool>>,
}

/// The decisions for one workload.
#[derive(Debug)]
pub struct WorkloadPlan<'w> {
    /// The workload.
    pub workload: &'w Workload,
    /// Name of its Deployment and of what belongs to it.
    pub name: Traced<SmolStr>,
    /// Selector of the Deployment: never changes over a workload's life.
    pub selector: Vec<Entry>,
    /// Labels of its objects and pods, the selector's among them; sorted by key.
    pub labels: Vec<Entry>,
    /// Annotations of its objects and pods; sorted by key.
    pub annotations: Vec<Entry>,
    /// Ports of the container.
    pub ports: Ports,
    /// Where it runs.
    pub placement: Placement<'w>,
    /// Memory requested.
    pub memory: Traced<Bytes>,
    /// Memory limit.
    pub memory_limit: Traced<Bytes>,
    /// What the pod may use of its node's disk in all, where the spec gives `resources disk`.
    pub disk: Option<Traced<Bytes>>,
    /// The user the container runs as; `None` leaves it to the image.
    pub user: Option<Traced<i64>>,
    /// Probes.
    pub probes: Probes,
    /// From container start to ready, at worst.
    pub startup: Traced<Duration>,
    /// How long fetching the artifact takes; zero where nothing is fetched.
    pub fetch: Traced<Duration>,
    /// How long a pod waits before it stops taking requests, so that callers have noticed.
    pub pre_stop: Traced<Duration>,
    /// The whole time a pod gets to end.
    pub grace: Traced<Duration>,
    /// When a rollout without progress counts as failed.
    pub deadline: Traced<Duration>,
    /// How a new version comes in.
    pub rollout: RolloutPlan,
    /// How long it takes until every replica is of the new version, at worst.
    pub rollout_time: Traced<Duration>,
    /// Replicas.
    pub scaling: ScalingPlan,
    /// The disruption budget.
    pub disruption: Option<DisruptionPlan>,
    /// Topology keys that replicas spread over, most important last.
    pub spread: Vec<Traced<SmolStr>>,
    /// The init container that fetches the artifact.
    pub fetcher: Option<Fetcher>,
    /// The server's configuration, as a ConfigMap.
    pub config: Option<ConfigPlan>,
    /// The volume of an `nfs://` artifact.
    pub nfs: Option<NfsPlan>,
}

/// Ports of a container.
#[derive(Debug)]
pub struct Ports {
    /// HTTP.
    pub http: Traced<Port>,
    /// gRPC.
    pub grpc: Option<Traced<Port>>,
    /// Probes or metrics, where they have a port of their own.
    pub admin: Option<NamedPort>,
}

/// A port and its name in pods and Services.
#[derive(Debug, Clone)]
pub struct NamedPort {
    /// Its name; the part before `-` is the protocol, as Istio reads it.
    pub name: &'static str,
    /// Its number.
    pub port: Traced<Port>,
}

/// Where a workload runs.
#[derive(Debug)]
pub struct Placement<'w> {
    /// The pool; `None` for a workload on processors with no pool to choose, or one that fits
    /// nowhere.
    pub pool: Option<&'w Pool>,
    /// Extended resource of each replica.
    pub device: Option<Device>,
    /// Node selector.
    pub node_selector: Vec<Entry>,
    /// Taint keys that are tolerated.
    pub tolerations: Vec<Traced<SmolStr>>,
    /// Why it fits nowhere: reported by GPU-02, which stops the compile.
    pub misfit: Option<Misfit>,
}

/// What a replica asks of the device plugin.
#[derive(Debug, Clone)]
pub struct Device {
    /// Name of the extended resource, `nvidia.com/mig-1g.5gb`.
    pub resource: Traced<SmolStr>,
    /// How many.
    pub count: Traced<u64>,
    /// Memory that this model may use of a shared card.
    pub memory_cap: Option<Traced<Bytes>>,
}

/// Why a workload fits no pool.
#[derive(Debug)]
pub struct Misfit {
    /// Where the spec asks for it.
    pub span: Span,
    /// One line.
    pub message: String,
    /// What is offered.
    pub notes: Vec<String>,
    /// What to write instead.
    pub helps: Vec<String>,
}

/// What pools of a cluster offer of one resource, and what is asked of it.
#[derive(Debug)]
pub struct ClusterCapacity<'w> {
    /// The cluster's name.
    pub cluster: &'w str,
    /// By pool and resource.
    pub offers: Vec<Offer<'w>>,
    /// By namespace.
    pub quotas: Vec<QuotaUse<'w>>,
}

/// What one pool offers of one resource.
#[derive(Debug)]
pub struct Offer<'w> {
    /// The pool.
    pub pool: &'w Pool,
    /// The resource.
    pub resource: SmolStr,
    /// How many there are, at the pool's most nodes, less what is reserved.
    pub total: u64,
    /// How many one node has.
    pub per_node: u64,
    /// How many all workloads ask for together, each at its most replicas.
    pub asked: u64,
    /// What nodes have left then.
    pub left: Nodes,
}

/// Probes of a container.
#[derive(Debug)]
pub struct Probes {
    /// Until it first succeeds, the others wait.
    pub startup: ProbePlan,
    /// Restarts the container.
    pub liveness: Option<ProbePlan>,
    /// Takes the pod out of its Services.
    pub readiness: ProbePlan,
}

/// A probe over HTTP.
#[derive(Debug)]
pub struct ProbePlan {
    /// Name of the container's port.
    pub port: &'static str,
    /// Path.
    pub path: Traced<HttpPath>,
    /// Seconds between two.
    pub period: Traced<u64>,
    /// Seconds an answer may take.
    pub timeout: Traced<u64>,
    /// Failures in a row that count.
    pub failures: Traced<u64>,
}

/// How a new version comes in.
#[derive(Debug)]
pub enum RolloutPlan {
    /// A few pods at a time.
    Rolling {
        /// Pods beyond the wanted number.
        max_surge: Traced<u64>,
        /// Pods that may be away.
        max_unavailable: Traced<u64>,
    },
    /// All at once.
    Recreate(Origin),
}

/// Replicas.
#[derive(Debug)]
pub enum ScalingPlan {
    /// A fixed number, in the Deployment.
    Fixed(Traced<u64>),
    /// A HorizontalPodAutoscaler; the Deployment has no `replicas`.
    Hpa(AutoPlan),
    /// A KEDA ScaledObject; the Deployment has no `replicas`.
    Keda(AutoPlan),
}

/// Replicas on triggers.
#[derive(Debug)]
pub struct AutoPlan {
    /// Fewest.
    pub min: Traced<u64>,
    /// Most.
    pub max: Traced<u64>,
    /// How long a lower need must last; also KEDA's cooldown before zero.
    pub cooldown: Traced<Duration>,
    /// Replicas to hold while triggers cannot be read.
    pub fallback: Option<Traced<u64>>,
    /// Triggers.
    pub triggers: Vec<TriggerPlan>,
    /// Why there is an autoscaler.
    pub because: Origin,
}

/// A trigger with everything looked up.
#[derive(Debug)]
pub struct TriggerPlan {
    /// Unique name within the autoscaler.
    pub name: SmolStr,
    /// What it follows.
    pub kind: TriggerPlanKind,
    /// The `on` node.
    pub because: Origin,
}

/// Kinds of trigger.
#[derive(Debug)]
pub enum TriggerPlanKind {
    /// Use of a resource of the server's container, in percent of its request.
    Resource {
        /// `cpu` or `memory`.
        resource: &'static str,
        /// Whole percent.
        utilization: Traced<u64>,
    },
    /// A KEDA scaler.
    Scaler {
        /// Its type, `kafka`.
        scaler: &'static str,
        /// Its metadata, sorted by key.
        metadata: Vec<Entry>,
        /// `AverageValue` or `Value`; `None` for the scaler's default.
        metric_type: Option<&'static str>,
        /// Credentials, emitted as a TriggerAuthentication.
        auth: Option<AuthPlan>,
        /// Whether the pods themselves give the number: then it is gone at zero replicas.
        own_series: bool,
    },
}

/// A TriggerAuthentication.
#[derive(Debug)]
pub struct AuthPlan {
    /// Its name.
    pub name: Traced<SmolStr>,
    /// The Secret.
    pub secret: Traced<SmolStr>,
    /// KEDA's parameter and the Secret's key.
    pub keys: Vec<(&'static str, Traced<SmolStr>)>,
}

/// A disruption budget.
#[derive(Debug)]
pub enum DisruptionPlan {
    /// Pods that may be away.
    MaxUnavailable(Traced<u64>),
    /// Pods that must stay.
    MinAvailable(Traced<u64>),
}

/// The init container that fetches an artifact with `mlserve fetch`.
#[derive(Debug)]
pub struct Fetcher {
    /// Its image.
    pub image: Traced<ImageRef>,
    /// Its arguments.
    pub args: Vec<Traced<SmolStr>>,
    /// Secret with credentials, as environment.
    pub secret: Option<Traced<SmolStr>>,
    /// The most the volume may hold.
    pub volume_limit: Option<Traced<Bytes>>,
}

/// A PersistentVolume and a claim made for each other: restricted pod security takes an NFS
/// export only that way. Both names change with server and path, since a volume's source
/// cannot be changed.
#[derive(Debug)]
pub struct NfsPlan {
    /// Name of the volume, unique in the cluster.
    pub volume: Traced<SmolStr>,
    /// Name of the claim.
    pub claim: Traced<SmolStr>,
    /// Size that both state; NFS does not enforce it.
    pub size: Traced<Bytes>,
    /// Host of the server.
    pub server: Traced<SmolStr>,
    /// Path of the export.
    pub path: Traced<SmolStr>,
}

/// The server's configuration.
#[derive(Debug)]
pub struct ConfigPlan {
    /// Name of the ConfigMap, with a hash of the content.
    pub name: Traced<SmolStr>,
    /// The content, as the server reads it.
    pub config: mlspec_contract::config::ServerConfig,
    /// The content as YAML.
    pub text: String,
    /// Where its values come from, by RFC 6901 pointer into the content.
    pub origins: Vec<(&'static str, Origin)>,
}

/// A Service.
#[derive(Debug)]
pub struct ServicePlan {
    /// Its name.
    pub name: Traced<SmolStr>,
    /// Whether it is a LoadBalancer, else ClusterIP.
    pub load_balancer: Traced<bool>,
    /// Its HTTP port; `None` for a Service of metrics alone.
    pub port: Option<Traced<Port>>,
    /// gRPC port, the container's own number.
    pub grpc: Option<Traced<Port>>,
    /// Port of probes or metrics, where they have one of their own.
    pub admin: Option<NamedPort>,
    /// Which pods.
    pub selector: Vec<Entry>,
    /// Labels.
    pub labels: Vec<Entry>,
}

/// A route with everything looked up.
#[derive(Debug)]
pub struct RoutePlan<'w> {
    /// The spec's route.
    pub route: &'w Route,
    /// Name of the HTTPRoute, VirtualService or Ingress.
    pub name: Traced<SmolStr>,
    /// What carries it.
    pub via: RouteViaPlan,
    /// How long the gateway waits for an answer.
    pub timeout: Traced<Duration>,
    /// Where requests go: header rules first, then the weights.
    pub backends: Backends,
}

/// What carries a route.
#[derive(Debug)]
pub enum RouteViaPlan {
    /// An HTTPRoute (or GRPCRoute semantics over it) at a Gateway.
    GatewayApi {
        /// The Gateway's name.
        gateway: Traced<SmolStr>,
        /// Its namespace.
        namespace: Traced<SmolStr>,
    },
    /// A VirtualService and a DestinationRule at an Istio Gateway.
    Istio {
        /// `namespace/name` of the Gateway.
        gateway: Traced<SmolStr>,
    },
    /// An Ingress.
    Ingress {
        /// Its class.
        class: Traced<SmolStr>,
    },
}

/// How callers in the mesh that use the model's Service are split: as its routes are.
#[derive(Debug)]
pub struct MeshSplit {
    /// Name of the VirtualService.
    pub name: Traced<SmolStr>,
    /// The Service that they call.
    pub host: Traced<SmolStr>,
    /// How long they wait for an answer.
    pub timeout: Traced<Duration>,
    /// Where requests go, by the Service's port.
    pub ports: Vec<(Traced<Port>, Backends)>,
}

/// Where requests of a route go.
#[derive(Debug)]
pub struct Backends {
    /// Header rules, before the catch-all.
    pub headers: Vec<HeaderBackend>,
    /// The catch-all: weights that total 100.
    pub weighted: Vec<WeightedBackend>,
}

/// A backend that a header picks.
#[derive(Debug)]
pub struct HeaderBackend {
    /// Header.
    pub header: Traced<SmolStr>,
    /// Its value.
    pub value: Traced<SmolStr>,
    /// The backend.
    pub backend: Backend,
}

/// A backend with a share.
#[derive(Debug)]
pub struct WeightedBackend {
    /// Percent.
    pub weight: Traced<u64>,
    /// The backend.
    pub backend: Backend,
}

/// One variant as a destination.
#[derive(Debug, Clone)]
pub struct Backend {
    /// Its Service.
    pub service: Traced<SmolStr>,
    /// Port of the Service: 80 for HTTP, the container's for gRPC.
    pub port: Traced<Port>,
    /// Its subset, with Istio and a split.
    pub subset: Option<Traced<SmolStr>>,
}

/// Who may talk to whom.
#[derive(Debug)]
pub struct NetworkPlan {
    /// Which pods it is about.
    pub selector: Vec<Entry>,
    /// Who may call, on which ports.
    pub ingress: Vec<(Peer, Vec<Traced<Port>>)>,
    /// Whom they may call.
    pub egress: Vec<(Peer, Vec<PolicyPort>)>,
}

/// The other side of a policy rule.
#[derive(Debug)]
pub enum Peer {
    /// All pods of a namespace.
    Namespace(Traced<SmolStr>),
    /// All pods of the model's own namespace.
    SameNamespace(Origin),
    /// An address range.
    Cidr(Traced<SmolStr>),
    /// Anywhere.
    Anywhere(Origin),
}

/// A port of an egress rule.
#[derive(Debug)]
pub struct PolicyPort {
    /// Whether it is UDP, else TCP.
    pub udp: bool,
    /// The port.
    pub port: Traced<Port>,
}

/// Where Prometheus scrapes.
#[derive(Debug)]
pub struct ScrapePlan {
    /// Labels the operator selects by.
    pub select: Vec<Entry>,
    /// Name of the Service port, or the number of a container port.
    pub port: ScrapePort,
    /// Path.
    pub path: Traced<SmolStr>,
    /// How often.
    pub interval: Traced<Duration>,
    /// Services whose endpoints are scraped.
    pub selector: Vec<Entry>,
}

/// Which port is scraped.
#[derive(Debug)]
pub enum ScrapePort {
    /// A port of the Service by name.
    Service(Traced<SmolStr>),
    /// A port of the pod by number.
    Container(Traced<Port>),
}

/// An alert.
#[derive(Debug)]
pub struct Alert {
    /// Its name.
    pub name: &'static str,
    /// PromQL.
    pub expr: Traced<String>,
    /// How long it must hold.
    pub hold: Traced<Duration>,
    /// `page` or `ticket`.
    pub severity: Traced<SmolStr>,
    /// One line for people.
    pub summary: Traced<String>,
    /// What it means and where to look first.
    pub description: Traced<String>,
}
