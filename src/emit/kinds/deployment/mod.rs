//! Deployment: the pods of a workload. apps/v1,
//! <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/>, checked 2026-11.

mod container;
mod fetcher;
mod pod;
mod probes;
mod resources;
mod security;
mod volumes;

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::super::parts::{int, note_entries, selector};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, RolloutPlan, ScalingPlan, WorkloadPlan};

/// One for each workload.
pub static EMITTER: Emitter = Emitter {
    kind: "Deployment",
    api_version: "apps/v1",
    wave: 0,
    scope: Scope::Model(emit),
};

/// Name of the server's container.
pub(super) const CONTAINER: &str = "server";

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let mut trace = out.trace();
        let mut object = Deployment {
            spec: Some(spec(plan, workload, &mut trace)),
            ..Deployment::default()
        };
        object.metadata.name = Some(workload.name.to_string());
        trace.note(format_args!("/metadata/name"), &workload.name.from);
        out.workload_object(plan, workload, EMITTER.wave, object, trace);
    }
}

fn spec(model: &ModelPlan<'_>, plan: &WorkloadPlan<'_>, trace: &mut Trace) -> DeploymentSpec {
    trace.note(
        format_args!("/spec/progressDeadlineSeconds"),
        &plan.deadline.from,
    );
    note_entries(trace, "/spec/selector/matchLabels", &plan.selector);
    // An autoscaler owns the number: in Git it would be set back at every sync (GIT-01).
    let replicas = match &plan.scaling {
        ScalingPlan::Fixed(replicas) => {
            trace.note(format_args!("/spec/replicas"), &replicas.from);
            Some(int(replicas.value))
        }
        ScalingPlan::Hpa(_) | ScalingPlan::Keda(_) => None,
    };
    DeploymentSpec {
        progress_deadline_seconds: Some(int(plan.deadline.as_secs_ceil())),
        replicas,
        selector: selector(&plan.selector),
        strategy: Some(strategy(&plan.rollout, trace)),
        template: pod::template(model, plan, trace),
        ..DeploymentSpec::default()
    }
}

fn strategy(plan: &RolloutPlan, trace: &mut Trace) -> DeploymentStrategy {
    match plan {
        RolloutPlan::Recreate(because) => {
            trace.note(format_args!("/spec/strategy"), because);
            DeploymentStrategy {
                rolling_update: None,
                type_: Some("Recreate".to_owned()),
            }
        }
        RolloutPlan::Rolling {
            max_surge,
            max_unavailable,
        } => {
            const AT: &str = "/spec/strategy";
            trace.note(format_args!("{AT}"), &max_surge.from);
            trace.note(
                format_args!("{AT}/rollingUpdate/maxUnavailable"),
                &max_unavailable.from,
            );
            DeploymentStrategy {
                rolling_update: Some(RollingUpdateDeployment {
                    max_surge: Some(IntOrString::Int(int(max_surge.value))),
                    max_unavailable: Some(IntOrString::Int(int(max_unavailable.value))),
                }),
                type_: Some("RollingUpdate".to_owned()),
            }
        }
    }
}
