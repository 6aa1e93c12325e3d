//! Names of objects and the labels they carry.
//!
//! A workload's selector never changes: the primary one keeps the model's name for ever, a
//! variant gets its own, so that adding or removing a split leaves the Deployment as it is.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use crate::diag::Diagnostic;
use crate::resolve::model::{Model, Runtime, ServiceType, Workload};
use crate::resolve::origin::Traced;
use crate::resolve::workspace::Workspace;

use super::types::Entry;

/// Label that tells workloads apart: the Deployment's selector.
pub const NAME: &str = "app.kubernetes.io/name";
/// Label of all pods of a model, over its variants: Services and policies select by it.
pub const MODEL: &str = "mlspec.dev/model";
/// Label of pods that puts Istio's sidecar into a pod or keeps it out, whatever the namespace's
/// labels say. Source: Istio, "Installing the Sidecar", 2026-11.
pub const INJECT: &str = "sidecar.istio.io/inject";
/// Label of the Service that Prometheus scrapes, where a model has several.
const SCRAPE: &str = "mlspec.dev/scrape";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
const PART_OF: &str = "app.kubernetes.io/part-of";
/// Labels that the pods of many models have alike.
pub(super) const SHARED: [&str; 3] = [MANAGED_BY, PART_OF, INJECT];
const VERSION: &str = "app.kubernetes.io/version";

/// Name of a workload: the model's for the primary one, `<model>-<variant>` for others.
pub(super) fn workload(model: &Model, workload: &Workload) -> Traced<SmolStr> {
    match &workload.variant {
        Some(variant) if !variant.primary => Traced::derived(
            format_smolstr!("{}-{}", model.name.as_str(), variant.name.as_str()),
            "name of a variant's objects",
            "model name, `-`, variant name",
            vec![variant.name.input("variant"), model.name.input("model")],
        ),
        _ => model.name.map(|n| n.as_str().into()),
    }
}

/// Annotations that emitters set; `*` stands for any ending.
const OURS: [&str; 11] = [
    "argocd.argoproj.io/sync-wave",
    "argocd.argoproj.io/sync-options",
    "kubectl.kubernetes.io/default-container",
    "kustomize.toolkit.fluxcd.io/prune",
    "nginx.ingress.kubernetes.io/backend-protocol",
    "nginx.ingress.kubernetes.io/canary*",
    "nginx.ingress.kubernetes.io/proxy-body-size",
    "nginx.ingress.kubernetes.io/proxy-read-timeout",
    "nginx.ingress.kubernetes.io/proxy-send-timeout",
    "nginx.ingress.kubernetes.io/rewrite-target",
    "nginx.ingress.kubernetes.io/use-regex",
];

/// The selector of a workload.
pub(super) fn selector(model: &Model, workload: &Workload, name: &Traced<SmolStr>) -> Vec<Entry> {
    let primary = workload.variant.as_ref().is_none_or(|v| v.primary);
    if primary && !model.selector.is_empty() {
        return model
            .selector
            .iter()
            .map(|(k, v)| (k.as_str().into(), v.map(|v| v.as_str().into())))
            .collect();
    }
    vec![(NAME.into(), name.clone())]
}

/// Labels of a workload's objects and pods, and findings about labels that are ours to set.
pub(super) fn labels(
    workspace: &Workspace,
    model: &Model,
    workload: &Workload,
    name: &Traced<SmolStr>,
    selector: &[Entry],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let own = own(workspace, model, workload, name);
    let mut labels: BTreeMap<SmolStr, Traced<SmolStr>> = own.iter().cloned().collect();
    let primary = workload.variant.as_ref().is_none_or(|v| v.primary);
    for (key, value) in &workload.labels {
        let ours = key.as_str() == INJECT || own.iter().any(|(k, _)| k == key.as_str());
        let taken = model.selector.iter().find(|(k, _)| k.value == key.value);
        if ours && let Some(span) = key.span() {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-16",
                    span,
                    format!("`{}` is a label that mlspec sets itself", key.value),
                )
                .help("drop it; to take over a Deployment with another selector use `selector`"),
            );
        } else if let Some((chosen, other)) = taken.filter(|(_, v)| v.value != value.value)
            && let (Some(span), Some(chosen)) = (value.span(), chosen.span())
        {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-16",
                    span,
                    format!(
                        "the pods' label `{}` is \"{}\" already",
                        key.value, other.value
                    ),
                )
                .also(chosen, "the selector says so")
                .help("drop the label, or give it the selector's value"),
            );
        } else if taken.is_some() && !primary {
            // The primary workload's selector must not match a variant's pods.
            labels.insert(key.as_str().into(), name.clone());
        } else {
            labels.insert(key.as_str().into(), value.map(|v| v.as_str().into()));
        }
    }
    labels.extend(selector.iter().cloned());
    labels.into_iter().collect()
}

/// Labels of objects that belong to a model as a whole.
pub(super) fn model_labels(workspace: &Workspace, model: &Model) -> Vec<Entry> {
    let name = model.name.map(|n| n.as_str().into());
    let primary = model.primary();
    let own = own(workspace, model, primary, &name);
    let mut labels: BTreeMap<SmolStr, Traced<SmolStr>> = own.into_iter().collect();
    for (key, value) in primary.labels.iter().chain(&model.selector) {
        labels
            .entry(key.as_str().into())
            .or_insert_with(|| value.map(|v| v.as_str().into()));
    }
    labels.into_iter().collect()
}

fn own(
    workspace: &Workspace,
    model: &Model,
    workload: &Workload,
    name: &Traced<SmolStr>,
) -> Vec<Entry> {
    let mut labels = vec![
        (NAME.into(), name.clone()),
        (
            MANAGED_BY.into(),
            Traced::fixed(
                "mlspec".into(),
                "tells people and policies that this object is generated",
            ),
        ),
        (PART_OF.into(), workspace.name.map(|n| n.as_str().into())),
        (MODEL.into(), model.name.map(|n| n.as_str().into())),
    ];
    if let Some(version) = &workload.version {
        labels.push((VERSION.into(), version.map(|v| v.as_str().into())));
    }
    labels
}

/// Name of the Service over all variants of a split, for the mesh's subsets and for Prometheus.
pub(super) fn variants_service(model: &Model) -> Traced<SmolStr> {
    let service = &model.service.name;
    Traced::derived(
        format_smolstr!("{}-variants", service.as_str()),
        "name of the Service over all variants",
        "Service name, `-variants`: the model's own Service leads to the primary variant alone",
        vec![service.input("service")],
    )
}

/// Name of a variant's Service: `<service>-<variant>`.
pub(super) fn variant_service(model: &Model, workload: &Workload) -> Traced<SmolStr> {
    let service = &model.service.name;
    match &workload.variant {
        Some(variant) if model.is_split() => Traced::derived(
            format_smolstr!("{}-{}", service.as_str(), variant.name.as_str()),
            "name of a variant's Service",
            "Service name, `-`, variant name",
            vec![variant.name.input("variant"), service.input("service")],
        ),
        _ => service.map(|n| n.as_str().into()),
    }
}

/// Name of the Service that Prometheus scrapes: the model's own; with a split the one over all
/// variants; one beside it where it is a LoadBalancer and metrics have a port of their own, which
/// is nobody's outside business.
pub(super) fn scraped_service(model: &Model) -> Traced<SmolStr> {
    let service = &model.service;
    if model.is_split() {
        return variants_service(model);
    }
    if *service.kind != ServiceType::LoadBalancer || !has_admin(model.primary()) {
        return service.name.map(|n| n.as_str().into());
    }
    Traced::derived(
        format_smolstr!("{}-metrics", service.name.as_str()),
        "name of the Service for metrics",
        "Service name, `-metrics`: a load balancer must not lead to metrics",
        vec![
            service.name.input("service"),
            service.kind.map(|_| "LoadBalancer").input("type"),
        ],
    )
}

/// Whether probes or metrics have a port of their own.
fn has_admin(workload: &Workload) -> bool {
    match &workload.runtime {
        Runtime::Mlserve(_) => true,
        Runtime::Container(c) => c
            .metrics
            .as_ref()
            .is_some_and(|m| m.port.value != c.port.value),
    }
}

/// What marks the Service that Prometheus scrapes; with a split several Services of a model may
/// have a port of the same name.
pub(super) fn scrape_mark(model: &Model) -> Vec<Entry> {
    if !model.is_split() {
        return vec![(NAME.into(), model.name.map(|n| n.as_str().into()))];
    }
    let mut mark = model_selector(model);
    mark.push((
        SCRAPE.into(),
        Traced::fixed(
            "true".into(),
            "of a split's Services the one over all variants is scraped, so that no pod counts twice",
        ),
    ));
    mark
}

/// The entry that selects all pods of a model.
pub(super) fn model_selector(model: &Model) -> Vec<Entry> {
    vec![(MODEL.into(), model.name.map(|n| n.as_str().into()))]
}

/// Annotations of a workload's objects and pods.
pub(super) fn annotations(workload: &Workload, diagnostics: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let ours = |key: &str| {
        OURS.iter().any(|own| {
            key == *own || own.ends_with('*') && key.starts_with(own.trim_end_matches('*'))
        })
    };
    for (key, _) in &workload.annotations {
        if ours(key.as_str())
            && let Some(span) = key.span()
        {
            diagnostics.push(
                Diagnostic::error(
                    "LNG-16",
                    span,
                    format!("`{}` is an annotation that mlspec sets itself", key.value),
                )
                .help("drop it; what it would say follows from the spec"),
            );
        }
    }
    let mut entries: Vec<Entry> = workload
        .annotations
        .iter()
        .filter(|(key, _)| !ours(key.as_str()))
        .map(|(k, v)| (k.as_str().into(), v.clone()))
        .collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries
}
