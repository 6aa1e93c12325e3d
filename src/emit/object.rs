//! An emitted object.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{
    ConfigMap, Namespace, PersistentVolume, PersistentVolumeClaim, Service, ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use smol_str::SmolStr;

use super::api::argocd::ApplicationSet;
use super::api::flux::{GitRepository, Kustomization};
use super::api::gateway::HTTPRoute;
use super::api::istio::{DestinationRule, VirtualService};
use super::api::keda::{ScaledObject, TriggerAuthentication};
use super::api::monitoring::{PrometheusRule, ServiceMonitor};
use super::trace::Trace;

/// An object, where it goes, and where its fields come from.
#[derive(Debug)]
pub struct Object {
    /// Folder below the output folder: `prod/eks-us/bert`, `_gitops`.
    pub folder: SmolStr,
    /// When it is applied.
    pub wave: i32,
    /// The object as the emitter made it; where a patch changed it, and its kind is one that rules
    /// read, as it is after the patch.
    pub body: Body,
    /// The object as a patch left it, which may have fields that `body` does not know.
    pub patched: Option<Box<Value>>,
    /// Where its fields come from.
    pub trace: Trace,
}

impl Object {
    /// What is judged and written: the patched object, else the emitter's.
    #[must_use]
    pub fn content(&self) -> Content<'_> {
        match &self.patched {
            Some(value) => Content::Patched(value),
            None => Content::Emitted(&self.body),
        }
    }
}

/// What an object's file holds.
#[derive(Copy, Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Content<'o> {
    /// As the emitter made it.
    Emitted(&'o Body),
    /// As a patch left it.
    Patched(&'o Value),
}

macro_rules! bodies {
    ($($kind:ident($type:ty) = $api:literal;)*) => {
        /// The object by kind. Serializes as the object itself.
        #[derive(Debug, Serialize)]
        #[serde(untagged)]
        pub enum Body {
            $(#[doc = concat!("A `", stringify!($kind), "` of `", $api, "`.")] $kind(Box<$type>),)*
        }

        impl Body {
            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($kind),)* }
            }

            /// Its `apiVersion`.
            #[must_use]
            pub fn api_version(&self) -> &'static str {
                match self { $(Self::$kind(_) => $api,)* }
            }

            /// Its metadata.
            #[must_use]
            pub fn metadata(&self) -> &ObjectMeta {
                match self { $(Self::$kind(o) => &o.metadata,)* }
            }

            /// Its metadata, to add what every object gets.
            pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
                match self { $(Self::$kind(o) => &mut o.metadata,)* }
            }
        }

        $(impl From<$type> for Body {
            fn from(object: $type) -> Self {
                Self::$kind(Box::new(object))
            }
        })*
    };
}

bodies! {
    Namespace(Namespace) = "v1";
    ServiceAccount(ServiceAccount) = "v1";
    ConfigMap(ConfigMap) = "v1";
    PersistentVolume(PersistentVolume) = "v1";
    PersistentVolumeClaim(PersistentVolumeClaim) = "v1";
    Service(Service) = "v1";
    Deployment(Deployment) = "apps/v1";
    HorizontalPodAutoscaler(HorizontalPodAutoscaler) = "autoscaling/v2";
    PodDisruptionBudget(PodDisruptionBudget) = "policy/v1";
    NetworkPolicy(NetworkPolicy) = "networking.k8s.io/v1";
    Ingress(Ingress) = "networking.k8s.io/v1";
    ScaledObject(ScaledObject) = "keda.sh/v1alpha1";
    TriggerAuthentication(TriggerAuthentication) = "keda.sh/v1alpha1";
    HTTPRoute(HTTPRoute) = "gateway.networking.k8s.io/v1";
    VirtualService(VirtualService) = "networking.istio.io/v1";
    DestinationRule(DestinationRule) = "networking.istio.io/v1";
    ServiceMonitor(ServiceMonitor) = "monitoring.coreos.com/v1";
    PrometheusRule(PrometheusRule) = "monitoring.coreos.com/v1";
    ApplicationSet(ApplicationSet) = "argoproj.io/v1alpha1";
    GitRepository(GitRepository) = "source.toolkit.fluxcd.io/v1";
    Kustomization(Kustomization) = "kustomize.toolkit.fluxcd.io/v1";
}

/// Kinds that are typed again after a patch: those that rules read. A test holds the rules
/// against it.
pub const RETYPED: [&str; 7] = [
    "Deployment",
    "Service",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "PersistentVolumeClaim",
    "ScaledObject",
    "DestinationRule",
];

impl Body {
    /// The same kind with other content. `None` for a kind that is not of [`RETYPED`], and for
    /// content that does not fit the type, which the schema then refuses.
    #[must_use]
    pub fn retyped(&self, content: &Value) -> Option<Self> {
        fn typed<T: DeserializeOwned + Into<Body>>(content: &Value) -> Option<Body> {
            T::deserialize(content).ok().map(Into::into)
        }
        match self {
            Self::Deployment(_) => typed::<Deployment>(content),
            Self::Service(_) => typed::<Service>(content),
            Self::HorizontalPodAutoscaler(_) => typed::<HorizontalPodAutoscaler>(content),
            Self::PodDisruptionBudget(_) => typed::<PodDisruptionBudget>(content),
            Self::PersistentVolumeClaim(_) => typed::<PersistentVolumeClaim>(content),
            Self::ScaledObject(_) => typed::<ScaledObject>(content),
            Self::DestinationRule(_) => typed::<DestinationRule>(content),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata().name.as_deref().unwrap_or_default()
    }
}
