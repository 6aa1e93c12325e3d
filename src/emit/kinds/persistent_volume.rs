//! PersistentVolume: an NFS export that a model's files lie on. Core v1,
//! <https://kubernetes.io/docs/concepts/storage/persistent-volumes/>, checked 2026-11.
//!
//! Restricted pod security takes no NFS volume in a pod, only a claim. Volume and claim are
//! made for each other, so no StorageClass has a part in it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    NFSVolumeSource, ObjectReference, PersistentVolume, PersistentVolumeSpec,
};

use super::super::parts::quantity;
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, NfsPlan};
use crate::resolve::cluster::Access;

/// One for each workload whose artifact is an NFS export.
pub static EMITTER: Emitter = Emitter {
    kind: "PersistentVolume",
    api_version: "v1",
    wave: 0,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for workload in &plan.workloads {
        let Some(export) = &workload.nfs else {
            continue;
        };
        let mut trace = out.trace();
        let namespace = plan.target.env.namespace.as_str();
        trace.note(
            format_args!("/spec/claimRef/namespace"),
            &plan.target.env.namespace.from,
        );
        let mut object = PersistentVolume {
            spec: Some(spec(export, namespace, &mut trace)),
            ..PersistentVolume::default()
        };
        object.metadata.name = Some(export.volume.to_string());
        trace.note(format_args!("/metadata/name"), &export.volume.from);
        out.cluster_object(plan, workload, EMITTER.wave, object, trace);
    }
}

fn spec(export: &NfsPlan, namespace: &str, trace: &mut Trace) -> PersistentVolumeSpec {
    trace.fixed(
        format_args!("/spec/accessModes"),
        "replicas on any node read it, none writes (STO-02)",
    );
    trace.note(format_args!("/spec/capacity"), &export.size.from);
    trace.note(format_args!("/spec/claimRef"), &export.claim.from);
    trace.note(format_args!("/spec/nfs/path"), &export.path.from);
    trace.note(format_args!("/spec/nfs/server"), &export.server.from);
    trace.fixed(
        format_args!("/spec/nfs/readOnly"),
        "a server only reads its model",
    );
    trace.fixed(
        format_args!("/spec/persistentVolumeReclaimPolicy"),
        "the export is not ours: nothing on it is deleted",
    );
    // No class: unlike in a claim, the server stores an empty name of one as none at all.
    PersistentVolumeSpec {
        access_modes: Some(vec![Access::Rox.api_name().to_owned()]),
        capacity: Some(BTreeMap::from([(
            "storage".to_owned(),
            quantity(export.size.value),
        )])),
        claim_ref: Some(ObjectReference {
            name: Some(export.claim.to_string()),
            namespace: Some(namespace.to_owned()),
            ..ObjectReference::default()
        }),
        nfs: Some(NFSVolumeSource {
            path: export.path.to_string(),
            read_only: Some(true),
            server: export.server.to_string(),
        }),
        persistent_volume_reclaim_policy: Some("Retain".to_owned()),
        ..PersistentVolumeSpec::default()
    }
}
