//! Which Prometheus series tell about a model: the server's own; for a container without
//! metrics the mesh's, where the cluster has Istio; else none is known.

use mlspec_contract::metrics;
use smol_str::SmolStr;

use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::model::{Model, Runtime, Workload};
use crate::resolve::origin::Origin;
use crate::resolve::workspace::Env;
use crate::units::Duration;

/// Series of a model's requests.
#[derive(Debug)]
pub(super) struct Series {
    /// Histogram of request times, with `_bucket`; `None` where it is not known.
    latency: Option<SmolStr>,
    /// How many of the histogram's units a second has: 1, or 1000 for milliseconds.
    per_second: u64,
    /// Counter of requests; `None` where it is not known.
    requests: Option<SmolStr>,
    /// Matcher of failed requests; `None` where it is not known.
    failed: Option<SmolStr>,
    /// Matchers that pick the model.
    labels: String,
    /// Whether the model's own pods give them.
    pub(super) own: bool,
    /// What decides it.
    pub(super) from: Origin,
}

/// The longest time that the server's own histogram tells from longer ones: its last bound. `None`
/// for an image whose buckets are not known.
#[must_use]
pub fn longest_measured(workload: &Workload) -> Option<Duration> {
    workload.runtime.mlserve()?;
    let metrics::Kind::Histogram(bounds) = metrics::REQUEST_SECONDS.kind else {
        return None;
    };
    let millis = bounds.last()? * 1000.0;
    Some(Duration::from_millis(millis as u64))
}

/// Label matchers for the pods that are scraped of a model; of one workload alone, where `workload`
/// names it and the model is split.
pub(super) fn scraped(env: &Env, model: &Model, workload: Option<&str>) -> String {
    let mut labels = format!(
        "namespace=\"{}\",service=\"{}\"",
        env.namespace.value,
        super::names::scraped_service(model).value
    );
    if let Some(workload) = workload.filter(|_| model.is_split()) {
        // A Deployment's pods are called <name>-<template hash>-<random>; what stands before the
        // five random characters is cut to 58, so that a long name loses the second `-`.
        labels.push_str(&format!(",pod=~\"{workload}-[a-z0-9]+(-[a-z0-9]{{5}})?\""));
    }
    labels
}

/// The server's own series, or the mesh's.
pub(super) fn server(
    cluster: &Cluster,
    env: &Env,
    model: &Model,
    workload: &Workload,
    name: Option<&str>,
) -> Option<Series> {
    match &workload.runtime {
        Runtime::Mlserve(m) => Some(Series {
            latency: Some(format!("{}_bucket", metrics::REQUEST_SECONDS.name).into()),
            per_second: 1,
            requests: Some(metrics::REQUESTS.name.into()),
            failed: Some("code=~\"429|5.*\"".into()),
            labels: scraped(env, model, name),
            own: true,
            from: m.image.from.clone(),
        }),
        Runtime::Container(c) => match &c.metrics {
            Some(metrics) => Some(Series {
                latency: metrics
                    .latency
                    .as_ref()
                    .map(|l| format!("{}_bucket", l.value).into()),
                per_second: 1,
                requests: metrics.requests.as_ref().map(|r| r.value.clone()),
                failed: metrics.errors.as_ref().map(|e| e.value.clone()),
                labels: scraped(env, model, name),
                own: true,
                from: metrics.path.from.clone(),
            }),
            None => mesh(cluster, env, model, name),
        },
    }
}

/// Series of the mesh as the model's own sidecars report them.
fn mesh(cluster: &Cluster, env: &Env, model: &Model, name: Option<&str>) -> Option<Series> {
    let names: Vec<String> = model
        .workloads
        .iter()
        .map(|w| super::names::workload(model, w).value.to_string())
        .collect();
    let workloads = name.map_or_else(|| names.join("|"), str::to_owned);
    let labels = format!(
        "reporter=\"destination\",destination_workload_namespace=\"{}\",destination_workload=~\"{workloads}\"",
        env.namespace.value
    );
    of_istio(cluster, labels, true)
}

/// Series of a workload as its callers report them, gateways of Istio among them: by the Service
/// that they call, which they know while no pod is there. Then `destination_workload` is
/// "unknown", so with a split that counts for every variant. Source: Istio "Standard Metrics",
/// checked 2026-11.
pub(super) fn callers(
    cluster: &Cluster,
    env: &Env,
    model: &Model,
    workload: &Workload,
) -> Option<Series> {
    let own = model.service.name.as_str();
    let mut labels = format!(
        "reporter=\"source\",destination_service_namespace=\"{}\"",
        env.namespace.value
    );
    if model.is_split() {
        let name = super::names::workload(model, workload).value;
        let all = super::names::variants_service(model).value;
        let variant = super::names::variant_service(model, workload).value;
        labels.push_str(&format!(
            ",destination_service_name=~\"{own}|{all}|{variant}\",destination_workload=~\"{name}|unknown\""
        ));
    } else {
        labels.push_str(&format!(",destination_service_name=\"{own}\""));
    }
    of_istio(cluster, labels, false)
}

fn of_istio(cluster: &Cluster, labels: String, own: bool) -> Option<Series> {
    let istio = cluster.provides(Api::Istio)?;
    Some(Series {
        latency: Some("istio_request_duration_milliseconds_bucket".into()),
        per_second: 1000,
        requests: Some("istio_requests_total".into()),
        failed: Some("response_code=~\"5..\"".into()),
        labels,
        own,
        from: Origin::Written(istio.span),
    })
}

impl Series {
    /// The 95th percentile of request times over a window; empty without requests.
    pub(super) fn p95(&self, window: Duration) -> Option<String> {
        let latency = self.latency.as_ref()?;
        Some(format!(
            "histogram_quantile(0.95, sum by (le) (rate({latency}{{{}}}[{window}])))",
            self.labels
        ))
    }

    /// Requests a second over a window.
    pub(super) fn rate(&self, window: Duration) -> Option<String> {
        let requests = self.requests.as_ref()?;
        Some(format!(
            "sum(rate({requests}{{{}}}[{window}]))",
            self.labels
        ))
    }

    /// Share of failed requests over a window; empty without requests.
    pub(super) fn failed_share(&self, window: Duration) -> Option<String> {
        let requests = self.requests.as_ref()?;
        let failed = self.failed.as_ref()?;
        Some(format!(
            "sum(rate({requests}{{{labels},{failed}}}[{window}])) / sum(rate({requests}{{{labels}}}[{window}]))",
            labels = self.labels
        ))
    }

    /// A time in the histogram's unit.
    pub(super) fn threshold(&self, time: Duration) -> String {
        decimal(time.millis() * self.per_second, 1000)
    }
}

/// `value ÷ unit` as a plain decimal without trailing zeros; `unit` is a power of ten.
pub(super) fn decimal(value: u64, unit: u64) -> String {
    let mut text = format!("{}", value / unit);
    let mut rest = value % unit;
    if rest > 0 {
        text.push('.');
        while rest > 0 {
            rest *= 10;
            text.push(char::from(b'0' + u8::try_from(rest / unit).unwrap_or(9)));
            rest %= unit;
        }
    }
    text
}

/// How often a cluster's Prometheus scrapes; 30 s where the cluster describes none.
pub(super) fn scrape(cluster: &Cluster) -> Duration {
    cluster
        .provides(Api::PrometheusOperator)
        .map_or(Duration::from_secs(30), |p| p.scrape.value)
}

/// The window of `rate()`: four scrapes in whole minutes, at least `least`, so that one missed
/// scrape leaves no gap (SCL-08).
pub(super) fn window(cluster: &Cluster, least: Duration) -> Duration {
    let minutes = scrape(cluster)
        .saturating_mul(4)
        .as_secs_ceil()
        .div_ceil(60);
    Duration::from_secs(minutes * 60).max(least)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    /// Exact decimals, no float noise.
    #[test]
    fn decimals() {
        assert_eq!(decimal(400, 1000), "0.4");
        assert_eq!(decimal(1500, 1000), "1.5");
        assert_eq!(decimal(2000, 1000), "2");
        assert_eq!(decimal(5, 10_000), "0.0005");
    }
}
