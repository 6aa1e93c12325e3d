//! A whole model from its merged nodes.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::{Merged, overlay, require};
use crate::resolve::model::patch::Layer;
use crate::resolve::model::{
    Allow, Model, Patch, ServiceAccount, Share, Slo, TriggerKind, Variant, Waiver, Workload,
};
use crate::resolve::origin::Traced;
use crate::source::Span;
use crate::spec::Written;
use crate::units::{DnsLabel, Duration};

use super::{Cx, artifact, count, expose, find, pairs, workload};

/// Default time a request may take, in milliseconds.
const TIMEOUT_MS: u64 = 30_000;

/// Decodes a model.
pub(crate) fn model(
    name: Traced<DnsLabel>,
    span: Span,
    nodes: &[Merged<'_>],
    cx: &mut Cx<'_>,
) -> Option<Model> {
    for node in nodes {
        require(node, &mut cx.diagnostics);
    }
    let workloads = workloads(nodes, &name, span, cx);
    let exposed = expose::expose(nodes, &name, cx);
    let slo = find(nodes, "slo");
    let account = find(nodes, "service-account");
    let (service, routes) = exposed?;
    let model = Model {
        timeout: find(nodes, "timeout")
            .and_then(|n| n.arg(0))
            .unwrap_or_else(|| Traced::default(Duration::from_millis(TIMEOUT_MS), "timeout")),
        slo: Slo {
            p95: slo.and_then(|n| n.get("p95")),
            errors: slo.and_then(|n| n.get("errors")),
        },
        load: find(nodes, "load").and_then(|n| n.get("expected")),
        selector: pairs(nodes, "selector"),
        service_account: ServiceAccount {
            name: account
                .and_then(|n| n.arg(0))
                .unwrap_or_else(|| Traced::default(name.value.clone(), "service-account")),
            annotations: account
                .map(|n| pairs(&n.children, "annotation"))
                .unwrap_or_default(),
        },
        image_pull_secrets: nodes
            .iter()
            .filter(|n| n.kind.name == "image-pull-secret")
            .filter_map(|n| n.arg(0))
            .collect(),
        allow: nodes
            .iter()
            .filter(|n| n.kind.name == "allow")
            .filter_map(|n| allow(n, cx))
            .collect(),
        egress: nodes
            .iter()
            .filter(|n| n.kind.name == "egress")
            .filter_map(|n| n.arg(0))
            .collect(),
        service,
        routes,
        claims: artifact::claims(nodes),
        waivers: nodes
            .iter()
            .filter(|n| n.kind.name == "waive")
            .filter_map(waiver)
            .collect(),
        patches: patches(nodes),
        workloads: workloads?,
        span,
        name,
    };
    unread_series(&model, cx);
    Some(model)
}

/// Warns of series of a container that the model itself names and nothing of it reads.
fn unread_series(model: &Model, cx: &mut Cx<'_>) {
    let mut triggers = model
        .workloads
        .iter()
        .filter_map(|w| w.scale.auto())
        .flat_map(|auto| &auto.triggers);
    let scaled =
        triggers.any(|t| matches!(&t.kind, TriggerKind::Latency { gateway, .. } if !gateway.value));
    let latency = scaled || model.slo.p95.is_some();
    let requests = scaled || model.slo.errors.is_some() || model.load.is_some();
    for metrics in model
        .workloads
        .iter()
        .filter_map(|w| w.runtime.container()?.metrics.as_ref())
    {
        let named = [
            ("latency", &metrics.latency, latency, "slo p95="),
            ("requests", &metrics.requests, requests, "load expected="),
            (
                "errors",
                &metrics.errors,
                // Without a counter they have no effect at all, which is reported.
                model.slo.errors.is_some() || metrics.requests.is_none(),
                "slo errors=",
            ),
        ];
        for (name, series, read, by) in named {
            let span = series.as_ref().and_then(Traced::span);
            if let Some(span) = span.filter(|span| !read && cx.is_own(*span)) {
                cx.diagnostics.push(
                    Diagnostic::warning(
                        "LNG-18",
                        span,
                        format!(
                            "nothing of \"{}\" reads the series of `{name}`",
                            model.name.value
                        ),
                    )
                    .help(format!("promise something, such as `{by}…`, or drop it")),
                );
            }
        }
    }
}

fn allow(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Allow> {
    let allow = node
        .get("from")
        .map(Allow::Namespace)
        .or_else(|| node.get("cidr").map(Allow::Cidr));
    if allow.is_none() {
        cx.diagnostics.push(
            Diagnostic::error("LNG-05", node.name, "`allow` does not say whom")
                .help("write `from=\"namespace\"` or `cidr=\"10.0.0.0/8\"`"),
        );
    }
    allow
}

fn waiver(node: &Merged<'_>) -> Option<Waiver> {
    Some(Waiver {
        rule: node.arg(0)?,
        reason: node.get("reason")?,
        until: node.get("until")?,
    })
}

/// The patches, those for all objects of a kind before those for one.
fn patches(nodes: &[Merged<'_>]) -> Vec<Patch> {
    let layer = |written: &&Written| {
        Some(Layer {
            fields: written.raw.clone()?,
            kind: written.args.first()?.span,
            name: written.prop("name").map(|given| given.span),
        })
    };
    let mut patches: Vec<_> = nodes
        .iter()
        .filter(|n| n.kind.name == "patch")
        .filter_map(|n| {
            Some(Patch {
                kind: n.arg(0)?,
                name: n.get("name"),
                layers: n.patches.iter().filter_map(layer).collect(),
            })
        })
        .collect();
    patches.sort_by_key(|p| p.name.is_some());
    patches
}

/// The workloads, the primary one first.
fn workloads(
    nodes: &[Merged<'_>],
    name: &Traced<DnsLabel>,
    span: Span,
    cx: &mut Cx<'_>,
) -> Option<Vec<Workload>> {
    let Some(split) = find(nodes, "split") else {
        return workload::workload(nodes, None, name, span, cx).map(|w| vec![w]);
    };
    let mut workloads = Vec::new();
    let mut complete = true;
    for node in split.all("variant") {
        let Some(variant) = variant(node, cx) else {
            complete = false;
            continue;
        };
        let mut patched: Vec<_> = nodes
            .iter()
            .filter(|n| n.kind.name != "split")
            .cloned()
            .collect();
        for layer in &node.patches {
            overlay(&mut patched, &layer.children, &mut cx.diagnostics);
        }
        for node in &patched {
            require(node, &mut cx.diagnostics);
        }
        match workload::workload(&patched, Some(variant), name, span, cx) {
            Some(workload) => workloads.push(workload),
            None => complete = false,
        }
    }
    same_header(&workloads, cx);
    let primaries = workloads
        .iter()
        .filter(|w| w.variant.as_ref().is_some_and(|v| v.primary));
    let count = primaries.count();
    if complete && count != 1 {
        cx.diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                split.name,
                format!("a split has one primary variant, this one has {count}"),
            )
            .note("the primary variant keeps the model's name and selector")
            .help("write `primary=#true` at exactly one variant"),
        );
        return None;
    }
    if complete && workloads.len() == 1 {
        cx.no_effect(
            split.name,
            "a split into one variant splits nothing".to_owned(),
            "add a second variant, or drop the split and write what the variant says in the model",
        );
    }
    workloads.sort_by_key(|w| !w.variant.as_ref().is_some_and(|v| v.primary));
    (complete && !workloads.is_empty()).then_some(workloads)
}

/// Reports a variant whose header and value another one has before it: no request reaches it.
fn same_header(workloads: &[Workload], cx: &mut Cx<'_>) {
    let mut seen = BTreeMap::new();
    for variant in workloads.iter().filter_map(|w| w.variant.as_ref()) {
        let Share::Header { name, value } = &variant.share else {
            continue;
        };
        // Names of headers have no case. Source: RFC 9110, section 5.1.
        let asks = (name.to_ascii_lowercase(), value.value.clone());
        if let Some(first) = seen.insert(asks, variant) {
            cx.diagnostics.push(
                Diagnostic::error(
                    "LNG-09",
                    name.span().unwrap_or(variant.span),
                    format!(
                        "variants \"{}\" and \"{}\" ask for the same header and value",
                        first.name.value, variant.name.value
                    ),
                )
                .also(first.span, "this one gets the requests")
                .help("give one of them another `value`"),
            );
        }
    }
}

fn variant(node: &Merged<'_>, cx: &mut Cx<'_>) -> Option<Variant> {
    let share = match (
        count(node, "weight"),
        node.get::<SmolStr>("header"),
        node.get("value"),
    ) {
        (Some(weight), _, _) => Share::Weight(weight),
        (None, Some(name), Some(value)) => Share::Header { name, value },
        (None, None, None) => {
            cx.diagnostics.push(
                Diagnostic::error(
                    "LNG-05",
                    node.name,
                    format!("{} gets no requests", node.title()),
                )
                .help("add `weight=`, or `header=` and `value=`"),
            );
            return None;
        }
        _ => {
            cx.diagnostics.push(
                Diagnostic::error("LNG-05", node.name, "`header` and `value` go together")
                    .help("write both: `header=\"x-beta\" value=\"1\"`"),
            );
            return None;
        }
    };
    Some(Variant {
        name: node.arg(0)?,
        share,
        primary: node.get::<bool>("primary").is_some_and(|p| p.value),
        span: node.name,
    })
}
