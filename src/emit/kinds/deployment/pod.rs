//! The pod of a workload.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    LocalObjectReference, PodSpec, PodTemplateSpec, Toleration, TopologySpreadConstraint,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::super::Trace;
use super::super::super::parts::{long, map, note_entries, selector};
use super::super::super::trace::escape;
use super::{CONTAINER, container, fetcher, security, volumes};
use crate::plan::{ModelPlan, WorkloadPlan, names};

/// Where the pod lies in the Deployment.
pub(super) const POD: &str = "/spec/template/spec";

/// The container that `kubectl logs` and `kubectl exec` mean. Source: Kubernetes,
/// "Well-Known Labels, Annotations and Taints", 2026-11.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

pub(super) fn template(
    model: &ModelPlan<'_>,
    plan: &WorkloadPlan<'_>,
    trace: &mut Trace,
) -> PodTemplateSpec {
    PodTemplateSpec {
        metadata: Some(metadata(model, plan, trace)),
        spec: Some(pod(model, plan, trace)),
    }
}

fn metadata(model: &ModelPlan<'_>, plan: &WorkloadPlan<'_>, trace: &mut Trace) -> ObjectMeta {
    let mut labels = map(&plan.labels);
    note_entries(trace, "/spec/template/metadata/labels", &plan.labels);
    if let Some(mesh) = &model.mesh {
        labels.insert(names::INJECT.to_owned(), mesh.value.to_string());
        trace.note(
            format_args!("/spec/template/metadata/labels/{}", escape(names::INJECT)),
            &mesh.from,
        );
    }
    let mut annotations = map(&plan.annotations);
    note_entries(
        trace,
        "/spec/template/metadata/annotations",
        &plan.annotations,
    );
    annotations.insert(DEFAULT_CONTAINER.to_owned(), CONTAINER.to_owned());
    trace.fixed(
        format_args!(
            "/spec/template/metadata/annotations/{}",
            escape(DEFAULT_CONTAINER)
        ),
        "`kubectl logs` and `kubectl exec` mean the server, not a sidecar",
    );
    ObjectMeta {
        annotations: Some(annotations),
        labels: Some(labels),
        ..ObjectMeta::default()
    }
}

fn pod(model: &ModelPlan<'_>, plan: &WorkloadPlan<'_>, trace: &mut Trace) -> PodSpec {
    let volumes = volumes::volumes(plan, trace);
    let init = plan
        .fetcher
        .as_ref()
        .map(|fetcher| vec![fetcher::container(plan, fetcher, trace)]);
    trace.fixed(
        format_args!("{POD}/automountServiceAccountToken"),
        "a model never calls the Kubernetes API",
    );
    trace.fixed(
        format_args!("{POD}/enableServiceLinks"),
        "variables for every Service of the namespace would crowd the model's own",
    );
    let account = &model.model.service_account.name;
    trace.note(format_args!("{POD}/serviceAccountName"), &account.from);
    trace.note(
        format_args!("{POD}/terminationGracePeriodSeconds"),
        &plan.grace.from,
    );
    let class = plan.workload.priority_class.as_ref();
    if let Some(class) = class {
        trace.note(format_args!("{POD}/priorityClassName"), &class.from);
    }
    PodSpec {
        automount_service_account_token: Some(false),
        containers: vec![container::server(plan, volumes.mounts, trace)],
        enable_service_links: Some(false),
        image_pull_secrets: pull_secrets(model, trace),
        init_containers: init,
        node_selector: node_selector(plan, trace),
        priority_class_name: class.map(|c| c.to_string()),
        security_context: Some(security::of_pod(plan, volumes.written, trace)),
        service_account_name: Some(account.to_string()),
        termination_grace_period_seconds: Some(long(plan.grace.as_secs_ceil())),
        tolerations: tolerations(plan, trace),
        topology_spread_constraints: spread(plan, trace),
        volumes: some(volumes.volumes),
        ..PodSpec::default()
    }
}

/// Empty lists are left out.
pub(super) fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn pull_secrets(model: &ModelPlan<'_>, trace: &mut Trace) -> Option<Vec<LocalObjectReference>> {
    let secrets = model.model.image_pull_secrets.iter().enumerate();
    let secrets = secrets.map(|(at, secret)| {
        trace.note(format_args!("{POD}/imagePullSecrets/{at}"), &secret.from);
        LocalObjectReference {
            name: secret.to_string(),
        }
    });
    some(secrets.collect())
}

fn node_selector(plan: &WorkloadPlan<'_>, trace: &mut Trace) -> Option<BTreeMap<String, String>> {
    let entries = &plan.placement.node_selector;
    note_entries(trace, "/spec/template/spec/nodeSelector", entries);
    (!entries.is_empty()).then(|| map(entries))
}

fn tolerations(plan: &WorkloadPlan<'_>, trace: &mut Trace) -> Option<Vec<Toleration>> {
    let taints = plan.placement.tolerations.iter().enumerate();
    let tolerations = taints.map(|(at, taint)| {
        trace.note(format_args!("{POD}/tolerations/{at}"), &taint.from);
        Toleration {
            key: Some(taint.to_string()),
            operator: Some("Exists".to_owned()),
            ..Toleration::default()
        }
    });
    some(tolerations.collect())
}

fn spread(plan: &WorkloadPlan<'_>, trace: &mut Trace) -> Option<Vec<TopologySpreadConstraint>> {
    let keys = plan.spread.iter().enumerate();
    let constraints = keys.map(|(at, key)| {
        let pointer = format_args!("{POD}/topologySpreadConstraints/{at}");
        trace.note(pointer, &key.from);
        trace.fixed(
            format_args!("{pointer}/matchLabelKeys"),
            "pods of the old version do not count while a new one comes in",
        );
        trace.fixed(
            format_args!("{pointer}/whenUnsatisfiable"),
            "a preference: where there is no other place pods still run",
        );
        TopologySpreadConstraint {
            label_selector: Some(selector(&plan.selector)),
            match_label_keys: Some(vec!["pod-template-hash".to_owned()]),
            max_skew: 1,
            topology_key: key.to_string(),
            when_unsatisfiable: "ScheduleAnyway".to_owned(),
            ..TopologySpreadConstraint::default()
        }
    });
    some(constraints.collect())
}
