//! The restricted pod security level. Source: Kubernetes documentation, "Pod Security
//! Standards", checked 2026-11.

use k8s_openapi::api::core::v1::{
    Capabilities, PodSecurityContext, SeccompProfile, SecurityContext,
};

use super::super::super::Trace;
use super::pod::POD;
use crate::plan::WorkloadPlan;

/// Of the pod; `written` says whether it has volumes that are written to.
pub(super) fn of_pod(
    plan: &WorkloadPlan<'_>,
    written: bool,
    trace: &mut Trace,
) -> PodSecurityContext {
    trace.fixed(
        format_args!("{POD}/securityContext/runAsNonRoot"),
        "restricted pod security forbids root (NET-05)",
    );
    trace.fixed(
        format_args!("{POD}/securityContext/seccompProfile"),
        "restricted pod security asks for the runtime's system call filter (NET-05)",
    );
    let user = plan.user.as_ref();
    if let Some(user) = user {
        trace.note(format_args!("{POD}/securityContext/runAsUser"), &user.from);
    }
    let group = user.filter(|_| written);
    if let Some(user) = group {
        trace.note(format_args!("{POD}/securityContext/fsGroup"), &user.from);
        trace.fixed(
            format_args!("{POD}/securityContext/fsGroupChangePolicy"),
            "changing the owner of every file of a large volume at each start takes minutes",
        );
    }
    PodSecurityContext {
        fs_group: group.map(|user| user.value),
        fs_group_change_policy: group.map(|_| "OnRootMismatch".to_owned()),
        run_as_non_root: Some(true),
        run_as_user: user.map(|user| user.value),
        seccomp_profile: Some(SeccompProfile {
            type_: "RuntimeDefault".to_owned(),
            ..SeccompProfile::default()
        }),
        ..PodSecurityContext::default()
    }
}

/// Of a container that lies at `pointer`.
pub(super) fn of_container(pointer: &str, trace: &mut Trace) -> SecurityContext {
    trace.fixed(
        format_args!("{pointer}/securityContext/allowPrivilegeEscalation"),
        "restricted pod security forbids to gain privileges (NET-05)",
    );
    trace.fixed(
        format_args!("{pointer}/securityContext/capabilities"),
        "restricted pod security takes all capabilities away (NET-05)",
    );
    trace.fixed(
        format_args!("{pointer}/securityContext/readOnlyRootFilesystem"),
        "what a program may change is named: its writable folders",
    );
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            drop: Some(vec!["ALL".to_owned()]),
            ..Capabilities::default()
        }),
        read_only_root_filesystem: Some(true),
        ..SecurityContext::default()
    }
}
