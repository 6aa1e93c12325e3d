//! Volumes of the pod and where the server sees them.

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, PersistentVolumeClaimVolumeSource,
    SecretVolumeSource, Volume, VolumeMount,
};
use mlspec_contract::paths;

use super::super::super::Trace;
use super::super::super::parts::quantity;
use super::container::SERVER;
use super::pod::POD;
use crate::plan::{ConfigPlan, WorkloadPlan};
use crate::resolve::model::{Artifact, Container, Delivery, Runtime};
use crate::resolve::origin::{Origin, Traced};
use crate::units::{ArtifactUri, Bytes};

/// Name of the volume with the model's files.
pub(super) const MODEL: &str = "model";

/// What the server's `/tmp` may hold where the spec says nothing of `disk`: the server writes
/// nothing itself, CUDA caches its kernels there.
const TMP: Bytes = Bytes::gibibytes(1);

/// Volumes, each seen by the server at one place; the two lists run in parallel.
#[derive(Default)]
pub(super) struct Volumes {
    pub(super) volumes: Vec<Volume>,
    pub(super) mounts: Vec<VolumeMount>,
    /// Whether any of them is written to.
    pub(super) written: bool,
}

/// The volumes of a workload.
pub(super) fn volumes(plan: &WorkloadPlan<'_>, trace: &mut Trace) -> Volumes {
    let mut all = Volumes::default();
    if let Some(artifact) = &plan.workload.artifact {
        all.artifact(plan, artifact, trace);
    }
    if let Some(config) = &plan.config {
        all.config(config, trace);
    }
    match &plan.workload.runtime {
        Runtime::Mlserve(_) => all.tmp(plan.workload.resources.disk.as_ref(), trace),
        Runtime::Container(container) => all.of_container(container, trace),
    }
    if let Some(shm) = &plan.workload.resources.shm {
        all.empty("shm", "/dev/shm", Some("Memory"), shm, &shm.from, trace);
    }
    all
}

impl Volumes {
    /// Adds a volume, mounted at `path`; gives its place.
    fn add(
        &mut self,
        volume: Volume,
        path: impl ToString,
        read_only: bool,
        (because, at): (&Origin, &Origin),
        trace: &mut Trace,
    ) -> usize {
        let place = self.volumes.len();
        trace.note(format_args!("{POD}/volumes/{place}"), because);
        trace.note(format_args!("{SERVER}/volumeMounts/{place}"), at);
        if read_only {
            trace.fixed(
                format_args!("{SERVER}/volumeMounts/{place}/readOnly"),
                "the server only reads it",
            );
        }
        self.mounts.push(VolumeMount {
            mount_path: path.to_string(),
            name: volume.name.clone(),
            read_only: read_only.then_some(true),
            ..VolumeMount::default()
        });
        self.volumes.push(volume);
        place
    }

    /// Adds an empty folder that the server writes to.
    fn empty(
        &mut self,
        name: &str,
        path: impl ToString,
        medium: Option<&str>,
        size: &Traced<Bytes>,
        because: &Origin,
        trace: &mut Trace,
    ) {
        let volume = Volume {
            empty_dir: Some(EmptyDirVolumeSource {
                medium: medium.map(str::to_owned),
                size_limit: Some(quantity(size.value)),
            }),
            name: name.to_owned(),
            ..Volume::default()
        };
        let place = self.add(volume, path, false, (because, because), trace);
        trace.note(
            format_args!("{POD}/volumes/{place}/emptyDir/sizeLimit"),
            &size.from,
        );
        self.written = true;
    }

    fn artifact(&mut self, plan: &WorkloadPlan<'_>, artifact: &Artifact, trace: &mut Trace) {
        let origins = (&artifact.uri.from, &artifact.at.from);
        let mut volume = Volume {
            name: MODEL.to_owned(),
            ..Volume::default()
        };
        match (&*artifact.delivery, &artifact.uri.value) {
            (Delivery::Baked, _) => {}
            (Delivery::Init, _) => {
                let limit = plan.fetcher.as_ref().and_then(|f| f.volume_limit.as_ref());
                volume.empty_dir = Some(EmptyDirVolumeSource {
                    size_limit: limit.map(|l| quantity(l.value)),
                    ..EmptyDirVolumeSource::default()
                });
                let place = self.add(volume, &*artifact.at, true, origins, trace);
                if let Some(limit) = limit {
                    trace.note(
                        format_args!("{POD}/volumes/{place}/emptyDir/sizeLimit"),
                        &limit.from,
                    );
                }
                self.written = true;
            }
            (Delivery::Mount, ArtifactUri::Pvc { claim, path }) => {
                volume.persistent_volume_claim = Some(PersistentVolumeClaimVolumeSource {
                    claim_name: claim.to_string(),
                    read_only: Some(true),
                });
                let place = self.add(volume, &*artifact.at, true, origins, trace);
                trace.fixed(
                    format_args!("{POD}/volumes/{place}/persistentVolumeClaim/readOnly"),
                    "the server only reads it",
                );
                if !path.is_empty() {
                    self.mounts[place].sub_path = Some(path.to_string());
                    trace.note(
                        format_args!("{SERVER}/volumeMounts/{place}/subPath"),
                        &artifact.uri.from,
                    );
                }
            }
            (Delivery::Mount, _) => {
                if let Some(export) = &plan.nfs {
                    volume.persistent_volume_claim = Some(PersistentVolumeClaimVolumeSource {
                        claim_name: export.claim.to_string(),
                        read_only: Some(true),
                    });
                    let place = self.add(volume, &*artifact.at, true, origins, trace);
                    trace.note(
                        format_args!("{POD}/volumes/{place}/persistentVolumeClaim/claimName"),
                        &export.claim.from,
                    );
                }
            }
        }
    }

    fn config(&mut self, config: &ConfigPlan, trace: &mut Trace) {
        let volume = Volume {
            config_map: Some(ConfigMapVolumeSource {
                name: config.name.to_string(),
                ..ConfigMapVolumeSource::default()
            }),
            name: "config".to_owned(),
            ..Volume::default()
        };
        let place = Origin::Fixed("where the server looks for its configuration");
        let origins = (&config.name.from, &place);
        self.add(volume, paths::CONFIG_DIR, true, origins, trace);
    }

    fn tmp(&mut self, disk: Option<&Traced<Bytes>>, trace: &mut Trace) {
        let because =
            Origin::Fixed("the root filesystem is read-only, and CUDA caches its kernels here");
        let most = Traced::default(TMP, "resources disk");
        let size = disk.unwrap_or(&most);
        self.empty("tmp", paths::TMP_DIR, None, size, &because, trace);
    }

    fn of_container(&mut self, container: &Container, trace: &mut Trace) {
        for (at, (path, size)) in container.writable.iter().enumerate() {
            let name = format!("writable-{at}");
            self.empty(&name, &**path, None, size, &path.from, trace);
        }
        for (at, (path, secret)) in container.files.iter().enumerate() {
            let volume = Volume {
                name: format!("file-{at}"),
                secret: Some(SecretVolumeSource {
                    secret_name: Some(secret.to_string()),
                    ..SecretVolumeSource::default()
                }),
                ..Volume::default()
            };
            self.add(volume, &**path, true, (&secret.from, &path.from), trace);
        }
    }
}
