//! `monitoring.coreos.com/v1`. Source: Prometheus Operator 0.93, ServiceMonitor and
//! PrometheusRule, checked 2026-11.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Serialize;

use super::{Custom, Spec};

/// A ServiceMonitor.
pub type ServiceMonitor = Custom<ServiceMonitorSpec>;
/// A PrometheusRule.
pub type PrometheusRule = Custom<PrometheusRuleSpec>;

impl Spec for ServiceMonitorSpec {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "ServiceMonitor";
}

impl Spec for PrometheusRuleSpec {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "PrometheusRule";
}

/// What a ServiceMonitor wants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceMonitorSpec {
    /// What is scraped of each endpoint.
    pub endpoints: Vec<Endpoint>,
    /// Services whose endpoints are scraped.
    pub selector: LabelSelector,
}

/// What is scraped of an endpoint.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// How often, `30s`.
    pub interval: String,
    /// Path.
    pub path: String,
    /// Name of the Service's port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Number of the pod's port, where the Service has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<i32>,
}

/// What a PrometheusRule wants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusRuleSpec {
    /// Groups of rules that are evaluated together.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleGroup {
    /// Its name.
    pub name: String,
    /// Its rules.
    pub rules: Vec<AlertRule>,
}

/// An alert.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertRule {
    /// Its name.
    pub alert: String,
    /// Texts for people.
    pub annotations: BTreeMap<&'static str, String>,
    /// PromQL.
    pub expr: String,
    /// How long it must hold, `5m`.
    #[serde(rename = "for")]
    pub for_: String,
    /// Labels, by which it is routed.
    pub labels: BTreeMap<&'static str, String>,
}
