//! One file per emitted kind.

pub mod application_set;
mod behavior;
pub mod config_map;
pub mod deployment;
pub mod destination_rule;
pub mod git_repository;
pub mod horizontal_pod_autoscaler;
pub mod http_route;
pub mod ingress;
pub mod kustomization;
pub mod namespace;
pub mod network_policy;
pub mod persistent_volume;
pub mod persistent_volume_claim;
pub mod pod_disruption_budget;
pub mod prometheus_rule;
pub mod scaled_object;
pub mod service;
pub mod service_account;
pub mod service_monitor;
pub mod trigger_authentication;
pub mod virtual_service;

use super::Emitter;

/// Every kind, in the order objects are emitted.
pub static EMITTERS: &[&Emitter] = &[
    &namespace::EMITTER,
    &service_account::EMITTER,
    &config_map::EMITTER,
    &trigger_authentication::EMITTER,
    &network_policy::EMITTER,
    &persistent_volume::EMITTER,
    &persistent_volume_claim::EMITTER,
    &deployment::EMITTER,
    &service::EMITTER,
    &pod_disruption_budget::EMITTER,
    &horizontal_pod_autoscaler::EMITTER,
    &scaled_object::EMITTER,
    &destination_rule::EMITTER,
    &http_route::EMITTER,
    &virtual_service::EMITTER,
    &ingress::EMITTER,
    &service_monitor::EMITTER,
    &prometheus_rule::EMITTER,
    &application_set::EMITTER,
    &git_repository::EMITTER,
    &kustomization::EMITTER,
];
