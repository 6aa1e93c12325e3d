//! PodDisruptionBudget: how many pods a node drain may take. policy/v1,
//! <https://kubernetes.io/docs/tasks/run-application/configure-pdb/>, checked 2026-11.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::super::parts::{int, note_entries, selector};
use super::super::{Emitter, Out, Scope};
use crate::plan::{DisruptionPlan, ModelPlan};

/// One for each workload that has a budget.
pub static EMITTER: Emitter = Emitter {
    kind: "PodDisruptionBudget",
    api_version: "policy/v1",
    wave: 0,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let Some(disruption) = &workload.disruption else {
            continue;
        };
        let mut trace = out.trace();
        let mut spec = PodDisruptionBudgetSpec {
            selector: Some(selector(&workload.selector)),
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
            ..PodDisruptionBudgetSpec::default()
        };
        match disruption {
            DisruptionPlan::MaxUnavailable(count) => {
                spec.max_unavailable = Some(IntOrString::Int(int(count.value)));
                trace.note(format_args!("/spec/maxUnavailable"), &count.from);
            }
            DisruptionPlan::MinAvailable(count) => {
                spec.min_available = Some(IntOrString::Int(int(count.value)));
                trace.note(format_args!("/spec/minAvailable"), &count.from);
            }
        }
        trace.note(format_args!("/metadata/name"), &workload.name.from);
        note_entries(&mut trace, "/spec/selector/matchLabels", &workload.selector);
        trace.fixed(
            format_args!("/spec/unhealthyPodEvictionPolicy"),
            "a pod that never became ready must not block a node drain",
        );
        let mut object = PodDisruptionBudget {
            spec: Some(spec),
            ..PodDisruptionBudget::default()
        };
        object.metadata.name = Some(workload.name.to_string());
        out.workload_object(plan, workload, EMITTER.wave, object, trace);
    }
}
