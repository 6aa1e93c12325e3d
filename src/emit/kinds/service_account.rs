//! ServiceAccount: the identity of a model's pods. Core v1,
//! <https://kubernetes.io/docs/concepts/security/service-accounts/>, checked 2026-11.

use k8s_openapi::api::core::v1::ServiceAccount;

use super::super::trace::escape;
use super::super::{Emitter, Out, Scope};
use crate::plan::ModelPlan;

/// One for each model.
pub static EMITTER: Emitter = Emitter {
    kind: "ServiceAccount",
    api_version: "v1",
    wave: -5,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    let account = &plan.model.service_account;
    let mut trace = out.trace();
    trace.note(format_args!("/metadata/name"), &account.name.from);
    trace.fixed(
        format_args!("/automountServiceAccountToken"),
        "a model never calls the Kubernetes API, so its pods carry no token for it",
    );
    let mut object = ServiceAccount {
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    };
    object.metadata.name = Some(account.name.to_string());
    for (key, value) in &account.annotations {
        object
            .metadata
            .annotations
            .get_or_insert_default()
            .insert(key.to_string(), value.to_string());
        trace.note(
            format_args!("/metadata/annotations/{}", escape(key.as_str())),
            &value.from,
        );
    }
    out.model_object(plan, EMITTER.wave, object, trace);
}
