//! TriggerAuthentication: where KEDA's scalers find credentials. keda.sh/v1alpha1,
//! <https://keda.sh/docs/2.20/concepts/authentication/>, checked 2026-11.

use super::super::api::Spec;
use super::super::api::keda::{SecretTargetRef, TriggerAuthentication, TriggerAuthenticationSpec};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{AuthPlan, ModelPlan, ScalingPlan, TriggerPlanKind};

/// One for each `auth` that a workload's triggers use.
pub static EMITTER: Emitter = Emitter {
    kind: TriggerAuthenticationSpec::KIND,
    api_version: TriggerAuthenticationSpec::API_VERSION,
    wave: -5,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let ScalingPlan::Keda(auto) = &workload.scaling else {
            continue;
        };
        let mut done: Vec<&AuthPlan> = Vec::new();
        for trigger in &auto.triggers {
            let TriggerPlanKind::Scaler {
                auth: Some(auth), ..
            } = &trigger.kind
            else {
                continue;
            };
            // Two triggers of one workload may share their credentials.
            if done.iter().any(|other| other.name.value == auth.name.value) {
                continue;
            }
            done.push(auth);
            let mut trace = out.trace();
            let object = object(auth, &mut trace);
            out.workload_object(plan, workload, EMITTER.wave, object, trace);
        }
    }
}

fn object(auth: &AuthPlan, trace: &mut Trace) -> TriggerAuthentication {
    trace.note(format_args!("/metadata/name"), &auth.name.from);
    let refs = auth.keys.iter().enumerate().map(|(at, (parameter, key))| {
        let pointer = format_args!("/spec/secretTargetRef/{at}");
        trace.note(pointer, &key.from);
        trace.note(format_args!("{pointer}/name"), &auth.secret.from);
        SecretTargetRef {
            key: key.to_string(),
            name: auth.secret.to_string(),
            parameter,
        }
    });
    let secret_target_ref = refs.collect();
    TriggerAuthentication::new(
        auth.name.as_str(),
        TriggerAuthenticationSpec { secret_target_ref },
    )
}
