//! `networking.istio.io/v1`. Source: Istio 1.30, VirtualService and DestinationRule,
//! checked 2026-11.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Custom, Spec};

/// A VirtualService.
pub type VirtualService = Custom<VirtualServiceSpec>;
/// A DestinationRule.
pub type DestinationRule = Custom<DestinationRuleSpec>;

impl Spec for VirtualServiceSpec {
    const API_VERSION: &'static str = "networking.istio.io/v1";
    const KIND: &'static str = "VirtualService";
}

impl Spec for DestinationRuleSpec {
    const API_VERSION: &'static str = "networking.istio.io/v1";
    const KIND: &'static str = "DestinationRule";
}

/// What a VirtualService wants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualServiceSpec {
    /// `namespace/name` of Gateways, and `mesh` for callers with a sidecar.
    pub gateways: Vec<String>,
    /// Host names.
    pub hosts: Vec<String>,
    /// Rules; the first that matches counts.
    pub http: Vec<HttpRoute>,
}

/// Requests and where they go.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRoute {
    /// Which requests; any of these.
    #[serde(rename = "match")]
    pub match_: Vec<Match>,
    /// How often a failed request is tried again.
    pub retries: Retries,
    /// The new path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<Rewrite>,
    /// Destinations with their shares.
    pub route: Vec<RouteDestination>,
    /// How long they may take, `3s`.
    pub timeout: String,
}

/// Which requests; all parts must match.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Match {
    /// Headers by name, in lower case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, StringMatch>,
    /// The port of the Service that is called, in the mesh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The path; `None` for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<StringMatch>,
}

/// A text to compare with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StringMatch {
    /// The same.
    Exact(String),
    /// Begins with it.
    Prefix(String),
}

/// Retries of a request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retries {
    /// How many.
    pub attempts: i32,
}

/// A new path.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rewrite {
    /// What the matched text is replaced with.
    pub uri: String,
}

/// A destination with its share.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteDestination {
    /// The destination.
    pub destination: Destination,
    /// Its share of the weights' sum; `None` where it is alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
}

/// A Service, or a subset of its pods.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// The Service.
    pub host: String,
    /// Its port.
    pub port: PortSelector,
    /// The subset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<String>,
}

/// A port.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PortSelector {
    /// Its number.
    pub number: u16,
}

/// What a DestinationRule wants.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DestinationRuleSpec {
    /// The Service.
    pub host: String,
    /// Its subsets.
    pub subsets: Vec<Subset>,
}

/// Some pods of a Service.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Subset {
    /// Labels of the pods.
    pub labels: BTreeMap<String, String>,
    /// Its name.
    pub name: String,
}
