//! How callers reach a model.

use smol_str::SmolStr;

use crate::source::Span;
use crate::units::{DnsLabel, DnsSubdomain, Duration, HttpPath, Port};

use super::super::origin::Traced;

/// The Service every model has.
#[derive(Clone, Debug)]
pub struct ServiceSpec {
    /// Its type; default ClusterIP.
    pub kind: Traced<ServiceType>,
    /// Its name; default the model's.
    pub name: Traced<DnsLabel>,
    /// Its port; default 80.
    pub port: Traced<Port>,
}

/// Types of Service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ServiceType {
    /// Inside the cluster.
    ClusterIp,
    /// With a load balancer of the cloud.
    LoadBalancer,
}

/// A route to a model.
#[derive(Clone, Debug)]
pub struct Route {
    /// Tells several routes of a model apart.
    pub name: Option<Traced<DnsLabel>>,
    /// What carries it.
    pub via: RouteVia,
    /// Host name.
    pub host: Option<Traced<DnsSubdomain>>,
    /// Path prefix; default `/`.
    pub path: Traced<HttpPath>,
    /// How long the gateway waits, where the spec says it.
    pub timeout: Option<Traced<Duration>>,
    /// What the prefix is replaced with.
    pub rewrite: Option<Traced<HttpPath>>,
    /// Whether gRPC is spoken; default HTTP.
    pub grpc: Traced<bool>,
    /// The node's name.
    pub span: Span,
}

/// What carries a route.
#[derive(Clone, Debug)]
pub enum RouteVia {
    /// A gateway of the cluster, by its place in [`Cluster::gateways`].
    ///
    /// [`Cluster::gateways`]: super::super::cluster::Cluster::gateways
    Gateway {
        /// The name the spec gives.
        name: Traced<DnsLabel>,
        /// Its place.
        index: usize,
    },
    /// An Ingress of a class.
    Ingress(Traced<SmolStr>),
}
