//! The init container that fetches the artifact.

use k8s_openapi::api::core::v1::{Container, EnvFromSource, SecretEnvSource, VolumeMount};

use super::super::super::Trace;
use super::pod::POD;
use super::{resources, security, volumes};
use crate::plan::{Fetcher, WorkloadPlan};

pub(super) fn container(
    plan: &WorkloadPlan<'_>,
    fetcher: &Fetcher,
    trace: &mut Trace,
) -> Container {
    let pointer = &format!("{POD}/initContainers/0");
    trace.fixed(
        format_args!("{pointer}/name"),
        "it fetches the artifact before the server starts",
    );
    trace.note(format_args!("{pointer}/image"), &fetcher.image.from);
    for (at, arg) in fetcher.args.iter().enumerate() {
        trace.note(format_args!("{pointer}/args/{at}"), &arg.from);
    }
    let secret = fetcher.secret.as_ref().map(|secret| {
        trace.note(format_args!("{pointer}/envFrom"), &secret.from);
        vec![EnvFromSource {
            secret_ref: Some(SecretEnvSource {
                name: secret.to_string(),
                ..SecretEnvSource::default()
            }),
            ..EnvFromSource::default()
        }]
    });
    let mount = plan.workload.artifact.as_ref().map(|artifact| {
        trace.note(format_args!("{pointer}/volumeMounts"), &artifact.at.from);
        vec![VolumeMount {
            mount_path: artifact.at.to_string(),
            name: volumes::MODEL.to_owned(),
            ..VolumeMount::default()
        }]
    });
    Container {
        args: Some(fetcher.args.iter().map(|a| a.to_string()).collect()),
        env_from: secret,
        image: Some(fetcher.image.to_string()),
        name: "fetch".to_owned(),
        resources: Some(resources::of_fetcher(plan, fetcher, pointer, trace)),
        security_context: Some(security::of_container(pointer, trace)),
        volume_mounts: mount,
        ..Container::default()
    }
}
