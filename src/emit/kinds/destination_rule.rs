//! DestinationRule: the variants of a split as subsets of its Service. networking.istio.io/v1,
//! <https://istio.io/latest/docs/reference/config/networking/destination-rule/>, checked 2026-11.

use super::super::api::Spec;
use super::super::api::istio::{DestinationRule, DestinationRuleSpec, Subset};
use super::super::parts::{map, note_entries};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, WeightedBackend};

/// One for each model with a split in the mesh. Before the
/// VirtualServices, which answer 503 for a subset that is not there yet.
pub static EMITTER: Emitter = Emitter {
    kind: DestinationRuleSpec::KIND,
    api_version: DestinationRuleSpec::API_VERSION,
    wave: 9,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    let ports = plan.mesh_split.iter().flat_map(|split| &split.ports);
    let mut backends = ports.flat_map(|(_, backends)| &backends.weighted);
    let Some(WeightedBackend { backend, .. }) = backends.next() else {
        return;
    };
    let mut trace = out.trace();
    trace.note(format_args!("/metadata/name"), &backend.service.from);
    trace.note(format_args!("/spec/host"), &backend.service.from);
    let spec = DestinationRuleSpec {
        host: backend.service.to_string(),
        subsets: subsets(plan, &mut trace),
    };
    let object = DestinationRule::new(backend.service.as_str(), spec);
    out.model_object(plan, EMITTER.wave, object, trace);
}

/// The labels are the workload's selector, so a subset always finds its pods (TRF-02).
fn subsets(plan: &ModelPlan<'_>, trace: &mut Trace) -> Vec<Subset> {
    let mut subsets = Vec::with_capacity(plan.workloads.len());
    for workload in &plan.workloads {
        let Some(variant) = &workload.workload.variant else {
            continue;
        };
        let at = subsets.len();
        trace.note(format_args!("/spec/subsets/{at}/name"), &variant.name.from);
        let pointer = format!("/spec/subsets/{at}/labels");
        note_entries(trace, &pointer, &workload.selector);
        subsets.push(Subset {
            labels: map(&workload.selector),
            name: variant.name.to_string(),
        });
    }
    subsets
}
