//! Where Prometheus scrapes, and alerts.

use mlspec_contract::{paths, ports};
use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::cluster::{Api, Cluster};
use crate::resolve::model::{Model, Runtime};
use crate::resolve::origin::{Input, Origin, Traced};
use crate::resolve::workspace::Target;
use crate::units::{Duration, Port};

use super::names;
use super::network::SIDECAR_METRICS;
use super::series::{self, Series, decimal};
use super::types::{Alert, ScrapePlan, ScrapePort};

/// The least window over which alerts take rates.
const LEAST_WINDOW: Duration = Duration::from_secs(300);

/// Where Prometheus scrapes a model.
pub(super) fn scrape(target: &Target, model: &Model, mesh: bool) -> Option<ScrapePlan> {
    let operator = target.cluster.provides(Api::PrometheusOperator)?;
    let (port, path) = match &model.primary().runtime {
        Runtime::Mlserve(_) => (
            ScrapePort::Service(Traced::fixed(
                ports::ADMIN_NAME.into(),
                "the server's contract",
            )),
            Traced::fixed(paths::METRICS.into(), "the server's contract"),
        ),
        Runtime::Container(c) => match &c.metrics {
            Some(m) => {
                let name = if m.port.value == c.port.value {
                    ports::HTTP_NAME
                } else {
                    "http-metrics"
                };
                (
                    ScrapePort::Service(m.port.map(|_| name.into())),
                    m.path.map(|p| p.as_str().into()),
                )
            }
            None if mesh => (
                ScrapePort::Container(Traced::fixed(
                    Port::new(i128::from(SIDECAR_METRICS))?,
                    "the sidecar's metrics: the image has none of its own",
                )),
                Traced::fixed(
                    "/stats/prometheus".into(),
                    "the sidecar's metrics: the image has none of its own",
                ),
            ),
            None => return None,
        },
    };
    Some(ScrapePlan {
        select: operator
            .select
            .iter()
            .map(|(k, v)| (k.as_str().into(), v.map(|v| v.as_str().into())))
            .collect(),
        port,
        path,
        interval: operator.scrape.clone(),
        selector: names::scrape_mark(model),
    })
}

/// Alerts from `slo` and `load`. What cannot be watched is said once.
pub(super) fn alerts(
    target: &Target,
    model: &Model,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Alert> {
    let (slo, load) = (&model.slo, &model.load);
    if slo.p95.is_none() && slo.errors.is_none() && load.is_none() {
        return Vec::new();
    }
    let cluster = &target.cluster;
    if cluster.provides(Api::PrometheusOperator).is_none() {
        diagnostics.push(
            Diagnostic::warning(
                "LNG-21",
                cluster.span,
                format!(
                    "nothing watches what models promise on cluster \"{}\"",
                    cluster.name.value
                ),
            )
            .note("alerts are PrometheusRules, and the cluster provides no prometheus-operator")
            .help("add to the cluster: provides \"prometheus-operator\" version=\"0.93\""),
        );
        return Vec::new();
    }
    let series = series::server(cluster, &target.env, model, model.primary(), None);
    let times = Times::of(cluster);
    let window = times.window;
    let missing = |span, what: &str| {
        Diagnostic::warning(
            "LNG-21",
            span,
            format!(
                "{what} of \"{}\" is not watched: no series of it is known",
                model.name.value
            ),
        )
        .note("the runtime names none, and the cluster provides no Istio whose series could serve")
        .help("add `metrics \"/metrics\" latency=\"…\" requests=\"…\" errors=\"…\"` to the runtime")
    };
    let mut alerts = Vec::new();
    if let Some(p95) = &model.slo.p95 {
        match series.as_ref().and_then(|s| Some((s.p95(window)?, s))) {
            Some((quantile, series)) => {
                alerts.push(latency(target, model, p95, &quantile, series, &times))
            }
            None => diagnostics.extend(p95.span().map(|s| missing(s, "the latency"))),
        }
    }
    if let Some(errors) = &model.slo.errors {
        match series
            .as_ref()
            .and_then(|s| Some((s.failed_share(window)?, s)))
        {
            Some((share, series)) => {
                let bound = decimal(u64::from(errors.hundredths()), 10_000);
                alerts.push(Alert {
                    name: "ModelErrors",
                    expr: expr(format!("{share} > {bound}"), errors.input("errors"), series, &times),
                    hold: times.hold(5),
                    severity: severity("page"),
                    summary: about(&errors.from, format!("{} fails more than {} of its requests", model.name.value, errors.value)),
                    description: about(&errors.from, format!("Over {} more than {} of the requests to {} in {} failed. Look at the server's log and at its queue; a rollout that has just begun is the usual cause.", minutes(window), errors.value, model.name.value, target.env.namespace.value)),
                });
            }
            None => diagnostics.extend(errors.span().map(|s| missing(s, "the error rate"))),
        }
    }
    if let Some(load) = &model.load {
        match series.as_ref().and_then(|s| Some((s.rate(window)?, s))) {
            Some((rate, series)) => {
                let bound = decimal(load.millis() * 2, 1000);
                alerts.push(Alert {
                    name: "ModelTraffic",
                    expr: expr(format!("{rate} > {bound}"), load.input("expected"), series, &times),
                    hold: times.hold(10),
                    severity: severity("ticket"),
                    summary: about(&load.from, format!("{} gets more than twice the traffic it was planned for", model.name.value)),
                    description: about(&load.from, format!("The spec expects {} at peak and twice as much has arrived for {}. Check that it is wanted, then raise `load` and `scale`.", load.value, minutes(times.hold(10).value))),
                });
            }
            None => diagnostics.extend(load.span().map(|s| missing(s, "the traffic"))),
        }
    }
    alerts
}

fn latency(
    target: &Target,
    model: &Model,
    p95: &Traced<Duration>,
    quantile: &str,
    series: &Series,
    times: &Times,
) -> Alert {
    let hold = times.hold(5);
    Alert {
        name: "ModelLatency",
        expr: expr(
            format!("{quantile} > {}", series.threshold(p95.value)),
            p95.input("p95"),
            series,
            times,
        ),
        severity: severity("page"),
        summary: about(
            &p95.from,
            format!(
                "{} is slower than the {} it promises",
                model.name.value, p95.value
            ),
        ),
        description: about(
            &p95.from,
            format!(
                "For {} 5 of 100 requests to {} in {} took longer than {}. Look at the queue and at the number of replicas first.",
                minutes(hold.value),
                model.name.value,
                target.env.namespace.value,
                p95.value
            ),
        ),
        hold,
    }
}

fn expr(text: String, bound: Input, series: &Series, times: &Times) -> Traced<String> {
    let from = if series.own {
        "the model's pods"
    } else {
        "its callers"
    };
    Traced::derived(
        text,
        "alert",
        "what the series say over 5m, at least four scrapes, against what is promised",
        vec![
            bound,
            Input::new("series", from, series.from.clone()),
            times.scrape.input("scrape"),
        ],
    )
}

/// The times of alerts on a cluster: they follow from how often its Prometheus scrapes.
struct Times {
    /// Over which rates are taken: 5 min, at least four scrapes.
    window: Duration,
    scrape: Traced<Duration>,
}

impl Times {
    fn of(cluster: &Cluster) -> Self {
        let operator = cluster.provides(Api::PrometheusOperator);
        Self {
            window: series::window(cluster, LEAST_WINDOW),
            scrape: operator.map_or_else(
                || Traced::default(series::scrape(cluster), "scrape"),
                |p| p.scrape.clone(),
            ),
        }
    }

    /// How long a condition must last: some minutes, at least two scrapes.
    fn hold(&self, minutes: u64) -> Traced<Duration> {
        let usual = Duration::from_secs(minutes * 60);
        let least = self.scrape.saturating_mul(2);
        if least <= usual {
            return Traced::fixed(
                usual,
                "long enough that one slow scrape or restart wakes nobody",
            );
        }
        Traced::derived(
            least,
            "alert hold",
            "two scrapes, so that one slow scrape wakes nobody",
            vec![self.scrape.input("scrape")],
        )
    }
}

/// A time in words.
fn minutes(time: Duration) -> String {
    match time.as_secs_ceil().div_ceil(60) {
        1 => "a minute".to_owned(),
        n => format!("{n} minutes"),
    }
}

fn severity(word: &'static str) -> Traced<SmolStr> {
    Traced::fixed(word.into(), "page: callers notice now; ticket: they will")
}

fn about(from: &Origin, text: String) -> Traced<String> {
    Traced {
        value: text,
        from: from.clone(),
    }
}
