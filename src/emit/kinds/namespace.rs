//! Namespace: where an environment's objects live, with restricted pod security enforced.
//! Core v1, <https://kubernetes.io/docs/concepts/security/pod-security-admission/>, checked
//! 2026-11.

use k8s_openapi::api::core::v1::Namespace;
use smol_str::format_smolstr;

use super::super::trace::escape;
use super::super::{Emitter, Out, Scope};
use crate::plan::TargetPlan;

/// One for each environment with `create-namespace=#true`.
pub static EMITTER: Emitter = Emitter {
    kind: "Namespace",
    api_version: "v1",
    wave: -10,
    scope: Scope::Target(emit),
};

/// What admission does about a pod that is not restricted.
const MODES: [&str; 3] = [
    "pod-security.kubernetes.io/audit",
    "pod-security.kubernetes.io/enforce",
    "pod-security.kubernetes.io/warn",
];

fn emit(plan: &TargetPlan<'_>, out: &mut Out) {
    let env = &plan.target.env;
    if !*env.create_namespace {
        return;
    }
    let mut trace = out.trace();
    let mut object = Namespace::default();
    object.metadata.name = Some(env.namespace.to_string());
    trace.note(format_args!("/metadata/name"), &env.namespace.from);

    let labels = object.metadata.labels.get_or_insert_default();
    for mode in MODES {
        labels.insert(mode.to_owned(), "restricted".to_owned());
        trace.fixed(
            format_args!("/metadata/labels/{}", escape(mode)),
            "every pod that mlspec emits is restricted, so nothing weaker is let in (NET-05)",
        );
    }
    out.keep(&mut object.metadata, &mut trace);
    let folder = format_smolstr!("{}/{}/_platform", *env.name, *plan.target.cluster.name);
    out.push(folder, EMITTER.wave, object.into(), trace);
}
