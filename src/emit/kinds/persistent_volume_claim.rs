//! PersistentVolumeClaim: what a model's `claim` nodes ask for, and NFS exports. Core v1,
//! <https://kubernetes.io/docs/concepts/storage/persistent-volumes/>, checked 2026-11.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};

use super::super::parts::quantity;
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, NfsPlan};
use crate::resolve::cluster::Access;
use crate::resolve::origin::Traced;
use crate::units::Bytes;

/// One for each `claim` of a model and each NFS export. In the wave of the workload, not before it: with a
/// StorageClass that waits for the first consumer, Argo CD would wait for ever for a claim in
/// an earlier wave to be bound (argo-cd issue 12840, open 2026-08).
pub static EMITTER: Emitter = Emitter {
    kind: "PersistentVolumeClaim",
    api_version: "v1",
    wave: 0,
    scope: Scope::Model(emit),
};

/// The StorageClass of claims that have their volume already.
const NO_CLASS: &str = "";

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for claim in &plan.model.claims {
        let mut trace = out.trace();
        let class = claim.storage_class.as_ref();
        let mut object = object(
            claim.name.as_str(),
            &claim.access,
            &claim.size,
            class.map(|c| c.as_str()),
            &mut trace,
        );
        trace.note(format_args!("/metadata/name"), &claim.name.from);
        if let Some(class) = class {
            trace.note(format_args!("/spec/storageClassName"), &class.from);
        }
        out.keep(&mut object.metadata, &mut trace);
        out.model_object(plan, EMITTER.wave, object, trace);
    }
    for workload in &plan.workloads {
        if let Some(export) = &workload.nfs {
            let mut trace = out.trace();
            let object = of_export(export, &mut trace);
            out.workload_object(plan, workload, EMITTER.wave, object, trace);
        }
    }
}

/// The claim of an NFS export. Nothing is lost with it, so GitOps may prune it.
fn of_export(export: &NfsPlan, trace: &mut Trace) -> PersistentVolumeClaim {
    let access = Traced::fixed(
        Access::Rox,
        "replicas on any node read it, none writes (STO-02)",
    );
    let name = export.claim.as_str();
    let mut object = object(name, &access, &export.size, Some(NO_CLASS), trace);
    trace.note(format_args!("/metadata/name"), &export.claim.from);
    trace.fixed(
        format_args!("/spec/storageClassName"),
        "volume and claim are made for each other; no class may give another volume",
    );
    trace.note(format_args!("/spec/volumeName"), &export.volume.from);
    if let Some(spec) = &mut object.spec {
        spec.volume_name = Some(export.volume.to_string());
    }
    object
}

fn object(
    name: &str,
    access: &Traced<Access>,
    size: &Traced<Bytes>,
    class: Option<&str>,
    trace: &mut Trace,
) -> PersistentVolumeClaim {
    trace.note(format_args!("/spec/accessModes"), &access.from);
    trace.note(format_args!("/spec/resources"), &size.from);
    let mut object = PersistentVolumeClaim {
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec![access.api_name().to_owned()]),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([(
                    "storage".to_owned(),
                    quantity(size.value),
                )])),
                ..VolumeResourceRequirements::default()
            }),
            storage_class_name: class.map(str::to_owned),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    };
    object.metadata.name = Some(name.to_owned());
    object
}
