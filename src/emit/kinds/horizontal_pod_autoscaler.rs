//! HorizontalPodAutoscaler: replicas on processor and memory use. autoscaling/v2,
//! <https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/>,
//! checked 2026-11.

use k8s_openapi::api::autoscaling::v2::{
    ContainerResourceMetricSource, CrossVersionObjectReference, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
};

use super::super::parts::int;
use super::super::{Emitter, Out, Scope, Trace};
use super::behavior::behavior;
use super::deployment::{self, CONTAINER};
use crate::plan::{AutoPlan, ModelPlan, ScalingPlan, TriggerPlanKind};

/// One for each workload that scales on processor and memory alone.
pub static EMITTER: Emitter = Emitter {
    kind: "HorizontalPodAutoscaler",
    api_version: "autoscaling/v2",
    wave: 5,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let ScalingPlan::Hpa(auto) = &workload.scaling else {
            continue;
        };
        let mut trace = out.trace();
        trace.note(format_args!("/metadata/name"), &workload.name.from);
        trace.note(format_args!("/spec/minReplicas"), &auto.min.from);
        trace.note(format_args!("/spec/maxReplicas"), &auto.max.from);
        trace.note(format_args!("/spec/scaleTargetRef"), &workload.name.from);
        let mut object = HorizontalPodAutoscaler {
            spec: HorizontalPodAutoscalerSpec {
                behavior: Some(behavior(auto, "/spec/behavior", &mut trace)),
                max_replicas: int(auto.max.value),
                metrics: Some(metrics(auto, &mut trace)),
                min_replicas: Some(int(auto.min.value)),
                scale_target_ref: CrossVersionObjectReference {
                    api_version: Some(deployment::EMITTER.api_version.to_owned()),
                    kind: deployment::EMITTER.kind.to_owned(),
                    name: workload.name.to_string(),
                },
            },
            ..HorizontalPodAutoscaler::default()
        };
        object.metadata.name = Some(workload.name.to_string());
        out.workload_object(plan, workload, EMITTER.wave, object, trace);
    }
}

fn metrics(plan: &AutoPlan, trace: &mut Trace) -> Vec<MetricSpec> {
    let mut metrics = Vec::with_capacity(plan.triggers.len());
    for trigger in &plan.triggers {
        // The planner gives a workload with any other trigger to KEDA.
        let TriggerPlanKind::Resource {
            resource,
            utilization,
        } = &trigger.kind
        else {
            continue;
        };
        let at = metrics.len();
        trace.note(format_args!("/spec/metrics/{at}"), &trigger.because);
        trace.fixed(
            format_args!("/spec/metrics/{at}/containerResource/container"),
            "the server's own use: a sidecar's would blur it",
        );
        trace.note(
            format_args!("/spec/metrics/{at}/containerResource/target/averageUtilization"),
            &utilization.from,
        );
        metrics.push(MetricSpec {
            container_resource: Some(ContainerResourceMetricSource {
                container: CONTAINER.to_owned(),
                name: (*resource).to_owned(),
                target: MetricTarget {
                    average_utilization: Some(int(utilization.value)),
                    type_: "Utilization".to_owned(),
                    ..MetricTarget::default()
                },
            }),
            type_: "ContainerResource".to_owned(),
            ..MetricSpec::default()
        });
    }
    metrics
}
