//! Products whose kinds are emitted, and their versions.

use std::fmt;

/// A product that brings API groups.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// Kubernetes itself.
    Kubernetes,
    /// KEDA: `ScaledObject`, `TriggerAuthentication`.
    Keda,
    /// Istio: `VirtualService`, `DestinationRule`.
    Istio,
    /// Gateway API: `HTTPRoute`, `ReferenceGrant`.
    GatewayApi,
    /// Prometheus operator: `ServiceMonitor`, `PrometheusRule`.
    PrometheusOperator,
    /// Argo CD: `Application`, `ApplicationSet`.
    ArgoCd,
    /// Flux: `GitRepository`, `Kustomization`.
    Flux,
}

impl Product {
    /// All of them, in the order of their use.
    pub const ALL: [Self; 7] = [
        Self::Kubernetes,
        Self::Keda,
        Self::Istio,
        Self::GatewayApi,
        Self::PrometheusOperator,
        Self::ArgoCd,
        Self::Flux,
    ];

    /// The name that a cluster's `provides` uses, and the folder under `schema/objects/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Keda => "keda",
            Self::Istio => "istio",
            Self::GatewayApi => "gateway-api",
            Self::PrometheusOperator => "prometheus-operator",
            Self::ArgoCd => "argocd",
            Self::Flux => "flux",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Kubernetes => "Kubernetes",
            Self::Keda => "KEDA",
            Self::Istio => "Istio",
            Self::GatewayApi => "Gateway API",
            Self::PrometheusOperator => "the Prometheus operator",
            Self::ArgoCd => "Argo CD",
            Self::Flux => "Flux",
        }
    }

    /// The product of a `provides` name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.name() == name)
    }
}

/// A minor version, such as 2.17; patch releases do not change schemas.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The part before the dot.
    pub major: u16,
    /// The part after it.
    pub minor: u16,
}

impl Version {
    /// A version of two parts.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Reads `"1.36"`, `"v1.36"` or `"1.36.3"`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
        Some(Self {
            major: parts.next()?.parse().ok()?,
            minor: parts.next()?.parse().ok()?,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}
