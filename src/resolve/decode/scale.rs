//! `scale`, `on`, `rollout` and `disruption`.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::Merged;
use crate::resolve::model::{Auto, Disruption, Rollout, Scale, Trigger, TriggerKind};
use crate::resolve::origin::Traced;
use crate::resolve::workspace::Auth;
use crate::units::DnsLabel;

use super::workspace::credential;
use super::{Cx, count, find};

/// Decodes `scale`.
pub(crate) fn scale(nodes: &[Merged<'_>], cx: &mut Cx<'_>) -> Option<Scale> {
    let Some(node) = find(nodes, "scale") else {
        let replicas = if *cx.env.production { 2 } else { 1 };
        return Some(Scale::Fixed(Traced::default(replicas, "scale")));
    };
    if let Some(fixed) = node.arg::<i64>(0) {
        return Some(Scale::Fixed(fixed.map(|n| u64::try_from(*n).unwrap_or(1))));
    }
    let (min, max) = match (count(node, "min"), count(node, "max")) {
        (Some(min), Some(max)) => (min, max),
        (min, max) => {
            let missing = match (min, max) {
                (None, None) => "`min` and `max`, or a number",
                (None, _) => "`min`",
                _ => "`max`",
            };
            cx.diagnostics.push(
                Diagnostic::error("SCL-03", node.name, format!("`scale` needs {missing}"))
                    .note("KEDA would take 0 for the least and 100 for the most: scale-to-zero and a hundred GPUs by accident")
                    .help("write `scale min=2 max=20 { … }` or `scale 3`"),
            );
            return None;
        }
    };
    let triggers: Vec<_> = node.all("on").filter_map(|on| trigger(on, cx)).collect();
    for word in ["cpu", "memory", "concurrency"] {
        let mut same = triggers.iter().filter(|t| t.kind.name() == word);
        if let (Some(first), Some(second)) = (same.next(), same.next()) {
            cx.diagnostics.push(
                Diagnostic::error(
                    "LNG-16",
                    second.span,
                    format!("a second `on \"{word}\"` has no effect: the lower target always wins"),
                )
                .also(first.span, "the first one")
                .help("keep the lower of the two"),
            );
        }
    }
    if node.all("on").next().is_none() {
        cx.diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                node.name,
                "`scale` with `min` and `max` needs a trigger",
            )
            .help("add `on \"concurrency\" per-replica=64` or another trigger, or write `scale 3`"),
        );
        return None;
    }
    Some(Scale::Auto(Auto {
        min,
        max,
        cooldown: node.get("cooldown"),
        fallback: count(node, "fallback"),
        triggers,
        span: node.name,
    }))
}

fn trigger(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Trigger> {
    let number = |name| count(node, name);
    let off = |name, key| {
        node.get(name)
            .unwrap_or_else(|| Traced::default(false, key))
    };
    let kind = match node.arg::<SmolStr>(0)?.as_str() {
        "cpu" => TriggerKind::Cpu(node.get("utilization")?),
        "memory" => TriggerKind::Memory(node.get("utilization")?),
        "kafka" => TriggerKind::Kafka {
            servers: node.get("servers")?,
            topic: node.get("topic")?,
            group: node.get("group")?,
            lag: number("lag")?,
            tls: off("tls", "on kafka tls"),
            sasl: node.get("sasl"),
            auth: kafka_auth(node, cx),
        },
        "rabbitmq" => TriggerKind::Rabbitmq {
            queue: node.get("queue")?,
            length: number("length")?,
            auth: holding(auth(node, cx)?, &[&["host"]], "RabbitMQ", cx),
        },
        "prometheus" => TriggerKind::Prometheus {
            query: node.get("query")?,
            threshold: number("threshold")?,
            server: node.get("server"),
            auth: auth(node, cx).map(|a| holding(a, &[&["bearerToken"], LOGIN], "Prometheus", cx)),
        },
        "latency" => TriggerKind::Latency {
            p95: node.get("p95")?,
            gateway: node
                .get::<SmolStr>("source")
                .map(|s| s.map(|s| s == "gateway"))
                .unwrap_or_else(|| Traced::default(false, "on latency source")),
        },
        "concurrency" => TriggerKind::Concurrency(number("per-replica")?),
        "cron" => TriggerKind::Cron {
            start: node.get("start")?,
            end: node.get("end")?,
            timezone: node.get("timezone")?,
            replicas: number("replicas")?,
        },
        _ => return None,
    };
    Some(Trigger {
        name: node.get("name"),
        kind,
        span: node.name,
    })
}

fn auth(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Traced<Arc<Auth>>> {
    let name: Traced<DnsLabel> = node.get("auth")?;
    match cx.auths.iter().find(|a| a.name.value == name.value) {
        Some(auth) => Some(name.map(|_| Arc::clone(auth))),
        None => {
            let known = cx.auths.iter().map(|a| a.name.as_str());
            cx.unknown(name.span(), "auth", name.as_str(), known);
            None
        }
    }
}

/// KEDA's parameters for a user name and a password.
const LOGIN: &[&str] = &["username", "password"];

/// The credentials of a Kafka trigger, held against `sasl=` and `tls=`, which say what is used of
/// them. Source: KEDA 2.20, Apache Kafka scaler, November 2026.
fn kafka_auth(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Traced<Arc<Auth>>> {
    let auth = auth(node, cx);
    let sasl = node.get::<SmolStr>("sasl");
    let tls = node.get::<bool>("tls").is_some_and(|t| t.value);
    match (auth, sasl) {
        (Some(auth), Some(_)) => Some(holding(auth, &[LOGIN], "SASL", cx)),
        (Some(auth), None) if tls => Some(holding(
            auth,
            &[&["ca"], &["cert", "key"]],
            "TLS without `sasl=`",
            cx,
        )),
        (Some(auth), None) => {
            if let Some(span) = auth.span() {
                cx.no_effect(
                    span,
                    "`auth` has no effect without `sasl=` or `tls=#true`".to_owned(),
                    "add for example `sasl=\"scram_sha512\"`, or drop `auth=`",
                );
            }
            Some(auth)
        }
        (None, Some(sasl)) => {
            // One that is not there is reported already.
            if let Some(span) = sasl.span().filter(|_| !node.gives("auth")) {
                cx.diagnostics.push(
                    Diagnostic::error("LNG-05", span, "`sasl` needs `auth=`")
                        .note("it logs in with a user name and a password")
                        .help("add `auth=` with the name of an `auth` of the workspace"),
                );
            }
            None
        }
        (None, None) => None,
    }
}

/// Reports credentials that hold none of the sets of parameters that `user` can work with.
fn holding(
    auth: Traced<Arc<Auth>>,
    sets: &[&[&str]],
    user: &str,
    cx: &mut Cx<'_>,
) -> Traced<Arc<Auth>> {
    let has = |parameter: &str| auth.keys.iter().any(|(name, _)| *name == parameter);
    let fits = sets.iter().any(|set| set.iter().all(|p| has(p)));
    if !fits && let Some(span) = auth.span() {
        let nodes = |set: &&[&str]| {
            let nodes: Vec<_> = set.iter().map(|p| format!("`{}`", credential(p))).collect();
            nodes.join(" and ")
        };
        let wanted: Vec<_> = sets.iter().map(nodes).collect();
        let wanted = wanted.join(", or ");
        cx.diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                span,
                format!(
                    "`auth \"{}\"` lacks what {user} needs: {wanted}",
                    auth.name.value
                ),
            )
            .also(auth.value.span, "the credentials")
            .help("add it there, or name another `auth`"),
        );
    }
    auth
}

/// Decodes `rollout`.
pub(crate) fn rollout(nodes: &[Merged<'_>]) -> Rollout {
    let Some(node) = find(nodes, "rollout") else {
        return Rollout::Rolling {
            max_surge: None,
            max_unavailable: None,
            deadline: None,
        };
    };
    let kind: Option<Traced<SmolStr>> = node.arg(0);
    if let Some(kind) = kind.filter(|k| k.value == "recreate") {
        let span = kind.span().unwrap_or(node.name);
        return Rollout::Recreate {
            kind: span,
            deadline: node.get("deadline"),
        };
    }
    Rollout::Rolling {
        max_surge: count(node, "max-surge"),
        max_unavailable: count(node, "max-unavailable"),
        deadline: node.get("deadline"),
    }
}

/// Decodes `disruption`.
pub(crate) fn disruption(nodes: &[Merged<'_>]) -> Option<Disruption> {
    let node = find(nodes, "disruption")?;
    count(node, "max-unavailable")
        .map(Disruption::MaxUnavailable)
        .or_else(|| count(node, "min-available").map(Disruption::MinAvailable))
}
