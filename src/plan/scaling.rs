//! Replicas and what they follow.

use mlspec_contract::metrics;
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use crate::diag::Diagnostic;
use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::model::{Auto, Model, Route, RouteVia, Scale, Trigger, TriggerKind, Workload};
use crate::resolve::origin::{Origin, Traced};
use crate::resolve::workspace::{Auth, Env};
use crate::units::{Duration, HttpUrl, Percent};

use super::series;
use super::types::{AuthPlan, AutoPlan, Entry, ScalingPlan, TriggerPlan, TriggerPlanKind};

/// The least cooldown: Kubernetes' own stabilization window.
const LEAST_COOLDOWN: Duration = Duration::from_secs(300);
/// The least window over which a latency is taken.
const LEAST_WINDOW: Duration = Duration::from_secs(120);
/// The most the API takes for a stabilization window.
const MOST_COOLDOWN: Duration = Duration::from_secs(3600);

/// What scaling rests on.
pub(super) struct Cx<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) env: &'a Env,
    pub(super) model: &'a Model,
    pub(super) workload: &'a Workload,
    /// Name of the workload.
    pub(super) name: &'a Traced<SmolStr>,
    pub(super) fetch: &'a Traced<Duration>,
    pub(super) startup: &'a Traced<Duration>,
}

/// Plans replicas. `None`, and reported, where a trigger cannot be had on this cluster.
pub(super) fn scaling(cx: &Cx<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<ScalingPlan> {
    let auto = match &cx.workload.scale {
        Scale::Fixed(replicas) => return Some(ScalingPlan::Fixed(replicas.clone())),
        Scale::Auto(auto) => auto,
    };
    let resources_only = auto.triggers.iter().all(|t| t.kind.is_resource());
    if !resources_only && cx.cluster.provides(Api::Keda).is_none() {
        diagnostics.extend(
            auto.triggers
                .iter()
                .filter(|t| !t.kind.is_resource())
                .map(|t| {
                    Diagnostic::error(
                        "LNG-22",
                        t.span,
                        format!(
                            "`on \"{}\"` needs KEDA, which cluster \"{}\" does not provide",
                            t.kind.name(),
                            cx.cluster.name.value
                        ),
                    )
                    .help("add to the cluster: provides \"keda\" version=\"2.20\"")
                }),
        );
        return None;
    }
    let mut triggers = Vec::new();
    let mut complete = true;
    for trigger in &auto.triggers {
        match plan(trigger, cx, diagnostics) {
            Some(plan) => triggers.push(plan),
            None => complete = false,
        }
    }
    let plan = AutoPlan {
        min: auto.min.clone(),
        max: auto.max.clone(),
        cooldown: cooldown(auto, cx),
        fallback: auto.fallback.clone(),
        triggers,
        because: Origin::Written(auto.span),
    };
    complete.then_some(if resources_only {
        ScalingPlan::Hpa(plan)
    } else {
        ScalingPlan::Keda(plan)
    })
}

/// How long a lower need must last: `2 × (fetch time + startup window)`, at least 5 min, so
/// that a replica is not thrown away sooner than a new one takes to come (SCL-14); at most 1 h,
/// the API's own bound.
fn cooldown(auto: &Auto, cx: &Cx<'_>) -> Traced<Duration> {
    if let Some(written) = &auto.cooldown {
        return written.clone();
    }
    let time = cx
        .fetch
        .saturating_add(cx.startup.value)
        .saturating_mul(2)
        .max(LEAST_COOLDOWN)
        .min(MOST_COOLDOWN);
    Traced::derived(
        Duration::from_secs(time.as_secs_ceil()),
        "scale-down window",
        "2 × (fetch time + startup window), at least 5m, at most the API's 1h",
        vec![
            cx.fetch.input("fetch time"),
            cx.startup.input("startup window"),
        ],
    )
}

fn plan(trigger: &Trigger, cx: &Cx<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<TriggerPlan> {
    let kind = match &trigger.kind {
        TriggerKind::Cpu(share) => resource("cpu", share),
        TriggerKind::Memory(share) => resource("memory", share),
        TriggerKind::Kafka {
            servers,
            topic,
            group,
            lag,
            tls,
            sasl,
            auth,
        } => {
            let servers = servers.map(|list| {
                let texts: Vec<_> = list.iter().map(ToString::to_string).collect();
                texts.join(",").into()
            });
            let mut metadata = vec![
                ("bootstrapServers", servers),
                ("consumerGroup", group.clone()),
                ("lagThreshold", text(lag)),
                ("topic", topic.clone()),
            ];
            if **tls {
                metadata.push(("tls", tls.map(|_| "enable".into())));
            }
            if let Some(sasl) = sasl {
                metadata.push(("sasl", sasl.clone()));
            }
            scaler("kafka", metadata, auth.as_ref().map(|a| credentials(cx, a)))
        }
        TriggerKind::Rabbitmq {
            queue,
            length,
            auth,
        } => scaler(
            "rabbitmq",
            vec![
                (
                    "mode",
                    Traced::fixed("QueueLength".into(), "`length` counts messages"),
                ),
                ("queueName", queue.clone()),
                ("value", text(length)),
            ],
            Some(credentials(cx, auth)),
        ),
        TriggerKind::Prometheus {
            query,
            threshold,
            server,
            auth,
        } => {
            let server = match server {
                Some(server) => server.clone(),
                None => prometheus(trigger, cx, diagnostics)?,
            };
            let auth = auth.as_ref().map(|a| credentials(cx, a));
            query_scaler(server, query.clone(), text(threshold), auth, None, false)
        }
        TriggerKind::Latency { p95, gateway } => latency(trigger, p95, gateway, cx, diagnostics)?,
        TriggerKind::Concurrency(per_replica) => {
            concurrency(trigger, per_replica, cx, diagnostics)?
        }
        TriggerKind::Cron {
            start,
            end,
            timezone,
            replicas,
        } => scaler(
            "cron",
            vec![
                ("desiredReplicas", text(replicas)),
                ("end", end.map(|c| c.to_smolstr())),
                ("start", start.map(|c| c.to_smolstr())),
                ("timezone", timezone.map(|t| t.to_smolstr())),
            ],
            None,
        ),
    };
    let name = trigger.name.as_ref().map_or_else(
        || trigger.kind.name().into(),
        |n| format_smolstr!("{}-{}", trigger.kind.name(), n.as_str()),
    );
    Some(TriggerPlan {
        name,
        kind,
        because: Origin::Written(trigger.span),
    })
}

fn text<T: std::fmt::Display>(value: &Traced<T>) -> Traced<SmolStr> {
    value.map(|v| v.to_smolstr())
}

fn resource(resource: &'static str, share: &Traced<Percent>) -> TriggerPlanKind {
    TriggerPlanKind::Resource {
        resource,
        utilization: share.map(|p| u64::from(p.hundredths().div_ceil(100))),
    }
}

fn scaler(
    scaler: &'static str,
    mut metadata: Vec<(&'static str, Traced<SmolStr>)>,
    auth: Option<AuthPlan>,
) -> TriggerPlanKind {
    metadata.sort_by_key(|(key, _)| *key);
    let metadata: Vec<Entry> = metadata.into_iter().map(|(k, v)| (k.into(), v)).collect();
    TriggerPlanKind::Scaler {
        scaler,
        metadata,
        metric_type: None,
        auth,
        own_series: false,
    }
}

fn query_scaler(
    server: Traced<HttpUrl>,
    query: Traced<SmolStr>,
    threshold: Traced<SmolStr>,
    auth: Option<AuthPlan>,
    metric: Option<&'static str>,
    own: bool,
) -> TriggerPlanKind {
    let mut kind = scaler(
        "prometheus",
        vec![
            (
                "ignoreNullValues",
                Traced::fixed(
                    "false".into(),
                    "an empty answer is an error, not zero: a broken scrape must not scale the model down",
                ),
            ),
            ("query", query),
            ("serverAddress", server.map(|s| s.to_smolstr())),
            ("threshold", threshold),
        ],
        auth,
    );
    if let TriggerPlanKind::Scaler {
        metric_type,
        own_series,
        metadata,
        auth: Some(auth),
        ..
    } = &mut kind
    {
        (*metric_type, *own_series) = (metric, own);
        if auth
            .keys
            .iter()
            .any(|(parameter, _)| *parameter == "bearerToken")
        {
            let mode = Traced::fixed("bearer".into(), "the credentials hold a bearer token");
            metadata.insert(0, ("authModes".into(), mode));
        } else {
            let mode = Traced::fixed(
                "basic".into(),
                "the credentials hold a user name and password",
            );
            metadata.insert(0, ("authModes".into(), mode));
        }
    } else if let TriggerPlanKind::Scaler {
        metric_type,
        own_series,
        ..
    } = &mut kind
    {
        (*metric_type, *own_series) = (metric, own);
    }
    kind
}

/// Address of the cluster's Prometheus.
fn prometheus(
    trigger: &Trigger,
    cx: &Cx<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Traced<HttpUrl>> {
    let url = cx
        .cluster
        .provides(Api::PrometheusOperator)
        .and_then(|p| p.url.clone());
    if url.is_none() {
        diagnostics.push(
            Diagnostic::error(
                "LNG-22",
                trigger.span,
                format!("`on \"{}\"` needs the address of Prometheus, which cluster \"{}\" does not state", trigger.kind.name(), cx.cluster.name.value),
            )
            .help("add to the cluster: provides \"prometheus-operator\" version=\"0.93\" url=\"http://prometheus.monitoring:9090\""),
        );
    }
    url
}

fn unknown_series(trigger: &Trigger, cx: &Cx<'_>, what: &str) -> Diagnostic {
    Diagnostic::error(
        "LNG-22",
        trigger.span,
        format!(
            "`on \"{}\"` has no series to read for \"{}\" on cluster \"{}\"",
            trigger.kind.name(),
            cx.model.name.value,
            cx.cluster.name.value
        ),
    )
    .note(format!("{what}, and the cluster provides no Istio"))
    .help("add `metrics` to the runtime, or use another trigger")
}

fn latency(
    trigger: &Trigger,
    p95: &Traced<Duration>,
    gateway: &Traced<bool>,
    cx: &Cx<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<TriggerPlanKind> {
    let name = Some(cx.name.as_str());
    let series = if **gateway {
        let routed = |r: &Route| matches!(r.via, RouteVia::Gateway { .. });
        if !cx.model.routes.iter().any(routed) {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-22",
                    gateway.span().unwrap_or(trigger.span),
                    format!("no gateway reports the latency of \"{}\"", cx.model.name.value),
                )
                .note("`source=\"gateway\"` reads what a gateway of Istio says of the requests that it passes on")
                .help("add `expose gateway=\"…\" host=\"…\"`, or drop `source`"),
            );
            return None;
        }
        series::callers(cx.cluster, cx.env, cx.model, cx.workload)
    } else {
        series::server(cx.cluster, cx.env, cx.model, cx.workload, name)
    };
    let window = series::window(cx.cluster, LEAST_WINDOW);
    let query = series
        .as_ref()
        .and_then(|s| Some((s.p95(window)?, s.rate(window)?, s)));
    let Some((quantile, rate, series)) = query else {
        diagnostics.push(unknown_series(
            trigger,
            cx,
            "the runtime names no histogram of latencies and counter of requests",
        ));
        return None;
    };
    let server = prometheus(trigger, cx, diagnostics)?;
    // Without requests there is no percentile; that is 0, while missing series stay an error.
    let query = Traced::derived(
        SmolStr::from(format!("({quantile} > 0) or ({rate} * 0)")),
        "latency query",
        "95th percentile over four scrapes; 0 without requests; nothing where the series are gone",
        vec![crate::resolve::Input::new(
            "series",
            series_name(series.own),
            series.from.clone(),
        )],
    );
    let threshold = p95.map(|time| series.threshold(*time).into());
    Some(query_scaler(
        server,
        query,
        threshold,
        None,
        Some("Value"),
        series.own,
    ))
}

fn series_name(own: bool) -> &'static str {
    if own { "the server's" } else { "the gateway's" }
}

fn concurrency(
    trigger: &Trigger,
    per_replica: &Traced<u64>,
    cx: &Cx<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<TriggerPlanKind> {
    let Some(server) = cx.workload.runtime.mlserve() else {
        diagnostics.push(
            Diagnostic::error(
                "LNG-22",
                trigger.span,
                "`on \"concurrency\"` reads a series that only mlserve has",
            )
            .help("use `on \"latency\"`, or `on \"prometheus\"` with the image's own series"),
        );
        return None;
    };
    let address = prometheus(trigger, cx, diagnostics)?;
    let query = Traced::derived(
        format_smolstr!(
            "sum({}{{{}}})",
            metrics::INFLIGHT.name,
            series::scraped(cx.env, cx.model, Some(cx.name.as_str()))
        ),
        "concurrency query",
        "requests in all servers of this workload, queued and running",
        vec![server.image.input("server")],
    );
    Some(query_scaler(
        address,
        query,
        text(per_replica),
        None,
        None,
        true,
    ))
}

fn credentials(cx: &Cx<'_>, auth: &Traced<std::sync::Arc<Auth>>) -> AuthPlan {
    AuthPlan {
        name: Traced::derived(
            format_smolstr!("{}-{}", cx.name.as_str(), auth.name.as_str()),
            "name of the TriggerAuthentication",
            "workload name, `-`, auth name",
            vec![
                crate::resolve::Input::new("auth", auth.name.as_str(), auth.from.clone()),
                cx.name.input("workload"),
            ],
        ),
        secret: auth.secret.map(|s| s.as_str().into()),
        keys: auth.keys.clone(),
    }
}
