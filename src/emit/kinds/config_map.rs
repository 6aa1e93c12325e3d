//! ConfigMap: the configuration of `mlserve`. Core v1,
//! <https://kubernetes.io/docs/concepts/configuration/configmap/>, checked 2026-11.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use mlspec_contract::paths;

use super::super::{Emitter, Out, Scope};
use crate::plan::ModelPlan;

/// One for each workload that `mlserve` runs.
pub static EMITTER: Emitter = Emitter {
    kind: "ConfigMap",
    api_version: "v1",
    wave: -5,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let Some(config) = &workload.config else {
            continue;
        };
        let mut trace = out.trace();
        let mut object = ConfigMap {
            data: Some(BTreeMap::from([(
                paths::CONFIG_KEY.to_owned(),
                config.text.clone(),
            )])),
            immutable: Some(true),
            ..ConfigMap::default()
        };
        object.metadata.name = Some(config.name.to_string());
        trace.note(format_args!("/metadata/name"), &config.name.from);
        trace.fixed(
            format_args!("/immutable"),
            "its name has a hash of its content, so other content is another ConfigMap",
        );
        trace.fixed(
            format_args!("/data/{}", paths::CONFIG_KEY),
            "the configuration that the server reads; what no spec says is the server's default",
        );
        for (pointer, origin) in &config.origins {
            trace.note(
                format_args!("/data/{}#{pointer}", paths::CONFIG_KEY),
                origin,
            );
        }
        out.workload_object(plan, workload, EMITTER.wave, object, trace);
    }
}
