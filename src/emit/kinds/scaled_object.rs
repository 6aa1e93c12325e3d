//! ScaledObject: replicas on queues, metrics and times of day. keda.sh/v1alpha1,
//! <https://keda.sh/docs/2.20/reference/scaledobject-spec/>, checked 2026-11.

use std::collections::BTreeMap;

use super::super::api::Spec;
use super::super::api::keda::{
    Advanced, AuthenticationRef, Fallback, HpaConfig, ScaleTargetRef, ScaledObject,
    ScaledObjectSpec, Trigger,
};
use super::super::parts::{int, map, note_entries};
use super::super::{Emitter, Out, Scope, Trace};
use super::behavior::behavior;
use super::deployment::{self, CONTAINER};
use crate::plan::{AutoPlan, ModelPlan, ScalingPlan, TriggerPlan, TriggerPlanKind, WorkloadPlan};

/// One for each workload that scales on more than processor and memory.
pub static EMITTER: Emitter = Emitter {
    kind: ScaledObjectSpec::KIND,
    api_version: ScaledObjectSpec::API_VERSION,
    wave: 5,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let ScalingPlan::Keda(auto) = &workload.scaling else {
            continue;
        };
        let mut trace = out.trace();
        let object = object(workload, auto, &mut trace);
        out.workload_object(plan, workload, EMITTER.wave, object, trace);
    }
}

fn object(workload: &WorkloadPlan<'_>, auto: &AutoPlan, trace: &mut Trace) -> ScaledObject {
    trace.note(format_args!("/metadata/name"), &workload.name.from);
    trace.note(format_args!("/spec/scaleTargetRef"), &workload.name.from);
    trace.note(format_args!("/spec/minReplicaCount"), &auto.min.from);
    trace.note(format_args!("/spec/maxReplicaCount"), &auto.max.from);
    let to_zero = *auto.min == 0;
    if to_zero {
        trace.note(format_args!("/spec/cooldownPeriod"), &auto.cooldown.from);
    }
    let fallback = auto.fallback.as_ref().map(|replicas| {
        trace.fixed(
            format_args!("/spec/fallback/failureThreshold"),
            "one failed reading is no outage; three in a row are",
        );
        trace.note(format_args!("/spec/fallback/replicas"), &replicas.from);
        Fallback {
            failure_threshold: 3,
            replicas: int(replicas.value),
        }
    });
    const BEHAVIOR: &str = "/spec/advanced/horizontalPodAutoscalerConfig/behavior";
    let spec = ScaledObjectSpec {
        advanced: Advanced {
            horizontal_pod_autoscaler_config: HpaConfig {
                behavior: behavior(auto, BEHAVIOR, trace),
            },
        },
        cooldown_period: to_zero.then(|| int(auto.cooldown.as_secs_ceil())),
        fallback,
        max_replica_count: int(auto.max.value),
        min_replica_count: int(auto.min.value),
        scale_target_ref: ScaleTargetRef {
            api_version: deployment::EMITTER.api_version.into(),
            kind: deployment::EMITTER.kind.into(),
            name: workload.name.to_string(),
        },
        triggers: auto
            .triggers
            .iter()
            .enumerate()
            .map(|(at, plan)| trigger(plan, at, trace))
            .collect(),
    };
    ScaledObject::new(workload.name.as_str(), spec)
}

fn trigger(plan: &TriggerPlan, at: usize, trace: &mut Trace) -> Trigger {
    trace.note(format_args!("/spec/triggers/{at}"), &plan.because);
    let name = plan.name.to_string();
    match &plan.kind {
        TriggerPlanKind::Resource {
            resource,
            utilization,
        } => {
            trace.fixed(
                format_args!("/spec/triggers/{at}/metadata/containerName"),
                "the server's own use: a sidecar's would blur it",
            );
            trace.note(
                format_args!("/spec/triggers/{at}/metadata/value"),
                &utilization.from,
            );
            Trigger {
                authentication_ref: None,
                metadata: BTreeMap::from([
                    ("containerName".to_owned(), CONTAINER.to_owned()),
                    ("value".to_owned(), utilization.to_string()),
                ]),
                metric_type: Some("Utilization".into()),
                name,
                type_: (*resource).into(),
            }
        }
        TriggerPlanKind::Scaler {
            scaler,
            metadata,
            metric_type,
            auth,
            own_series: _,
        } => {
            let pointer = format!("/spec/triggers/{at}/metadata");
            note_entries(trace, &pointer, metadata);
            let authentication_ref = auth.as_ref().map(|auth| {
                trace.note(
                    format_args!("/spec/triggers/{at}/authenticationRef"),
                    &auth.name.from,
                );
                AuthenticationRef {
                    name: auth.name.to_string(),
                }
            });
            Trigger {
                authentication_ref,
                metadata: map(metadata),
                metric_type: metric_type.map(Into::into),
                name,
                type_: (*scaler).into(),
            }
        }
    }
}
