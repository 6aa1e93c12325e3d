//! `gateway.networking.k8s.io/v1`. Source: Gateway API 1.6, HTTPRoute, checked 2026-11.

use serde::Serialize;

use super::{Custom, Spec};

/// An HTTPRoute.
pub type HTTPRoute = Custom<HttpRouteSpec>;

impl Spec for HttpRouteSpec {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "HTTPRoute";
}

/// What an HTTPRoute wants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteSpec {
    /// Host names; empty for every one of the gateway.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// Gateways it attaches to.
    pub parent_refs: Vec<ParentRef>,
    /// Rules; the most specific match counts.
    pub rules: Vec<Rule>,
}

/// A Gateway.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentRef {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
}

/// Requests and where they go.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Services with their shares.
    pub backend_refs: Vec<BackendRef>,
    /// What is changed on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Which requests.
    pub matches: Vec<Match>,
    /// How long they may take.
    pub timeouts: Timeouts,
}

/// A Service.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackendRef {
    /// Its name.
    pub name: String,
    /// Its port.
    pub port: i32,
    /// Its share of the weights' sum; `None` where it is alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
}

/// A change of the request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    /// `URLRewrite`.
    #[serde(rename = "type")]
    pub type_: &'static str,
    /// The new URL.
    pub url_rewrite: UrlRewrite,
}

/// A new URL.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UrlRewrite {
    /// Its path.
    pub path: PathModifier,
}

/// A new path.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PathModifier {
    /// What the matched prefix is replaced with.
    pub replace_prefix_match: String,
    /// `ReplacePrefixMatch`.
    #[serde(rename = "type")]
    pub type_: &'static str,
}

/// Which requests.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Match {
    /// Headers that all must match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderMatch>,
    /// The path.
    pub path: PathMatch,
}

/// A header.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaderMatch {
    /// Its name.
    pub name: String,
    /// `Exact`.
    #[serde(rename = "type")]
    pub type_: &'static str,
    /// Its value.
    pub value: String,
}

/// A path.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PathMatch {
    /// `PathPrefix`.
    #[serde(rename = "type")]
    pub type_: &'static str,
    /// The prefix, by whole segments.
    pub value: String,
}

/// How long a request may take.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timeouts {
    /// The whole request, `3s`.
    pub request: String,
}
