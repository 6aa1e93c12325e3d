//! What the API server checks in Go for its own kinds, and KEDA's webhook for its, beyond their
//! schemas.

mod amount;
mod autoscaler;
mod check;
mod claim;
mod config;
mod container;
mod disruption;
mod dns;
mod downward;
mod env;
mod ingress;
mod keda;
mod metadata;
mod namespace;
mod network;
mod pod;
mod probe;
mod resources;
mod scheduling;
mod selector;
mod service;
mod volume;
mod workload;

use super::Violation;
use super::formats::{self, Fault};
use super::path::Path;
use super::schema::Version;
use super::tape::View;
use check::Check;

/// Adds what the server would refuse in an object: `metadata` of every kind, the rest of the
/// built-in ones.
pub(super) fn check<'t>(
    kubernetes: Version,
    object: View<'t>,
    path: &mut Path<'t>,
    found: &mut Vec<Violation>,
) {
    let check = &mut Check {
        path,
        found,
        kubernetes,
    };
    let api_version = object.text("apiVersion").unwrap_or_default();
    let kind = object.text("kind").unwrap_or_default();
    metadata::check(check, object, name_of(api_version, kind, kubernetes));
    match (api_version, kind) {
        ("v1", "Namespace") => namespace::check(check, object),
        ("v1", "Service") => service::check(check, object),
        ("v1", "ConfigMap" | "Secret") => config::check(check, object),
        ("v1", "PersistentVolumeClaim") => claim::claim(check, object),
        ("v1", "PersistentVolume") => claim::volume(check, object),
        ("v1", "ResourceQuota") => claim::quota(check, object),
        ("apps/v1", "Deployment") => workload::deployment(check, object),
        ("apps/v1", "StatefulSet") => workload::stateful_set(check, object),
        ("batch/v1", "Job") => workload::job(check, object),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => autoscaler::check(check, object),
        ("policy/v1", "PodDisruptionBudget") => disruption::check(check, object),
        ("networking.k8s.io/v1", "NetworkPolicy") => network::check(check, object),
        ("networking.k8s.io/v1", "Ingress") => ingress::check(check, object),
        ("keda.sh/v1alpha1", "ScaledObject") => keda::check(check, object),
        _ => {}
    }
}

/// The form of the names of a kind.
fn name_of(api_version: &str, kind: &str, kubernetes: Version) -> fn(&str) -> Fault {
    match (api_version, kind) {
        ("v1", "Namespace") => formats::dns_label,
        ("v1", "Service") => service::name(kubernetes),
        // The server does not look at names of budgets beyond what a path needs.
        ("policy/v1", _) | ("rbac.authorization.k8s.io/v1", _) => formats::path_segment,
        _ => formats::dns_subdomain,
    }
}
