//! What the restricted level of pod security refuses of Linux pods. Source: Kubernetes
//! documentation, "Pod Security Standards", and the checks of `k8s.io/pod-security-admission` up
//! to 1.37, read 2026-11. The control plane's tests ask the admission of a real server about each
//! (`controls.json`).

#[cfg(test)]
mod tests;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{
    AppArmorProfile, Container, PodSecurityContext, PodSpec, SELinuxOptions, SeccompProfile,
    SecurityContext, Volume, WindowsSecurityContextOptions,
};

use crate::check::rules::shared::{Deployed, containers, pod};
use crate::emit::trace::escape;
use crate::units::Version;

/// Kinds of volumes that are let in, with the version of Kubernetes 1 since which.
static VOLUMES: &[(&str, u32)] = &[
    ("configMap", 0),
    ("csi", 0),
    ("downwardAPI", 0),
    ("emptyDir", 0),
    ("ephemeral", 0),
    ("image", 33),
    ("persistentVolumeClaim", 0),
    ("projected", 0),
    ("secret", 0),
];

/// Kernel parameters that are let in, with the version since which.
static SYSCTLS: &[(&str, u32)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_notsent_lowat", 37),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.tcp_wmem", 32),
];

/// SELinux types that are let in, with the version since which.
static SELINUX: &[(&str, u32)] = &[
    ("", 0),
    ("container_engine_t", 31),
    ("container_init_t", 0),
    ("container_kvm_t", 0),
    ("container_t", 0),
];

/// Annotations by which AppArmor's profiles are set, to a container each.
const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The version since which probes must not name a host.
const HOSTS: u32 = 34;
/// The version since which pods in a user namespace of their own may run as root in it.
const USERS: u32 = 35;

/// One reason for which pods are refused.
pub(super) struct Refusal {
    /// `container "server"`.
    pub(super) who: String,
    /// "must not set `securityContext.privileged`".
    pub(super) must: String,
    /// Whether something has to be there, not to go.
    pub(super) lacks: bool,
    /// The field.
    pub(super) pointer: String,
}

/// Every reason for which the pods of a Deployment are refused by a cluster of this version; the
/// newest where none is given.
pub(super) fn refusals(deployment: Deployed<'_>, kubernetes: Option<Version>) -> Vec<Refusal> {
    let Some(pod) = pod(&deployment) else {
        return Vec::new();
    };
    // The level says other things of them; nobody serves models there.
    if pod.os.as_ref().is_some_and(|os| os.name == "windows") {
        return Vec::new();
    }
    let mut judge = Judge {
        kubernetes,
        own_users: pod.host_users == Some(false),
        found: Vec::new(),
    };
    judge.annotations(&deployment);
    judge.pod(pod);
    for (at, volume) in pod.volumes.iter().flatten().enumerate() {
        judge.volume(at, volume);
    }
    for container in containers(deployment) {
        let place = Place {
            who: container.called(),
            pointer: container.pointer(""),
        };
        judge.container(&place, &container);
    }
    judge.found
}

/// What a field belongs to.
struct Place {
    who: String,
    pointer: String,
}

struct Judge {
    kubernetes: Option<Version>,
    /// Whether root in the pod is another user on the node.
    own_users: bool,
    found: Vec<Refusal>,
}

impl Judge {
    fn since(&self, minor: u32) -> bool {
        self.kubernetes.is_none_or(|v| v >= Version::new(1, minor))
    }

    /// Whether a list has it, at this version.
    fn has(&self, list: &[(&str, u32)], name: &str) -> bool {
        let mut list = list.iter();
        list.any(|(known, since)| *known == name && self.since(*since))
    }

    /// Refuses a field, given as `ports[0].hostPort`.
    fn refuse(&mut self, place: &Place, field: &str, must: String, lacks: bool) {
        let below = field.replace(['.', '['], "/").replace(']', "");
        self.found.push(Refusal {
            who: place.who.clone(),
            must,
            lacks,
            pointer: format!("{}/{below}", place.pointer),
        });
    }

    fn unset(&mut self, place: &Place, field: &str) {
        self.refuse(place, field, format!("must not set `{field}`"), false);
    }

    fn other_than(&mut self, place: &Place, field: &str, value: &str) {
        let must = format!("must not set `{field}` to `{value}`");
        self.refuse(place, field, must, false);
    }

    fn set(&mut self, place: &Place, field: &str, values: &str) {
        let must = format!("must set `{field}` to {values}");
        self.refuse(place, field, must, true);
    }

    fn annotations(&mut self, deployment: &Deployment) {
        let template = deployment.spec.as_ref().map(|s| &s.template);
        let annotations = template.and_then(|t| t.metadata.as_ref()?.annotations.as_ref());
        for (key, value) in annotations.into_iter().flatten() {
            let good =
                value.is_empty() || value == "runtime/default" || value.starts_with("localhost/");
            if key.starts_with(APPARMOR) && !good {
                self.found.push(Refusal {
                    who: "the pod".to_owned(),
                    must: format!("must not set the annotation `{key}` to `{value}`"),
                    lacks: false,
                    pointer: format!("/spec/template/metadata/annotations/{}", escape(key)),
                });
            }
        }
    }

    fn pod(&mut self, pod: &PodSpec) {
        let place = &Place {
            who: "the pod".to_owned(),
            pointer: "/spec/template/spec".to_owned(),
        };
        for (field, set) in [
            ("hostNetwork", pod.host_network),
            ("hostPID", pod.host_pid),
            ("hostIPC", pod.host_ipc),
        ] {
            if set == Some(true) {
                self.unset(place, field);
            }
        }
        let written = pod.security_context.as_ref();
        let sysctls = written.and_then(|c| c.sysctls.as_ref());
        for (at, sysctl) in sysctls.into_iter().flatten().enumerate() {
            if !self.has(SYSCTLS, &sysctl.name) {
                let field = format!("securityContext.sysctls[{at}].name");
                self.other_than(place, &field, &sysctl.name);
            }
        }
        let context = written.map(Context::from).unwrap_or_default();
        self.context(place, &context);
        // What the pod does not say, every container has to.
        let lacks = |says: fn(&Context<'_>) -> bool| {
            let init = pod.init_containers.iter().flatten();
            !says(&context)
                && init.chain(&pod.containers).any(|container| {
                    let written = container.security_context.as_ref();
                    !says(&written.map(Context::from).unwrap_or_default())
                })
        };
        if lacks(|c| c.non_root.is_some()) && !self.users_apart() {
            self.set(place, "securityContext.runAsNonRoot", "`true`");
        }
        if lacks(|c| c.seccomp.is_some()) {
            let values = "`RuntimeDefault` or `Localhost`";
            self.set(place, "securityContext.seccompProfile.type", values);
        }
    }

    /// Judges what pods and containers can both say.
    fn context(&mut self, place: &Place, context: &Context<'_>) {
        if let Some(profile) = context.app_armor.filter(|p| !filters(&p.type_)) {
            self.other_than(
                place,
                "securityContext.appArmorProfile.type",
                &profile.type_,
            );
        }
        if let Some(profile) = context.seccomp.filter(|p| !filters(&p.type_)) {
            self.other_than(place, "securityContext.seccompProfile.type", &profile.type_);
        }
        if context.non_root == Some(false) && !self.users_apart() {
            self.other_than(place, "securityContext.runAsNonRoot", "false");
        }
        if context.user == Some(0) && !self.users_apart() {
            self.other_than(place, "securityContext.runAsUser", "0");
        }
        if context
            .windows
            .is_some_and(|w| w.host_process == Some(true))
        {
            self.unset(place, "securityContext.windowsOptions.hostProcess");
        }
        let Some(selinux) = context.selinux else {
            return;
        };
        if let Some(kind) = selinux.type_.as_ref().filter(|t| !self.has(SELINUX, t)) {
            self.other_than(place, "securityContext.seLinuxOptions.type", kind);
        }
        for (field, value) in [("user", &selinux.user), ("role", &selinux.role)] {
            if value.as_ref().is_some_and(|v| !v.is_empty()) {
                self.unset(place, &format!("securityContext.seLinuxOptions.{field}"));
            }
        }
    }

    fn users_apart(&self) -> bool {
        self.own_users && self.since(USERS)
    }

    fn volume(&mut self, at: usize, volume: &Volume) {
        // Its fields are its name and what it is; one that says nothing is an `emptyDir`.
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(volume) else {
            return;
        };
        let kinds = || fields.keys().filter(|field| *field != "name");
        if kinds().any(|kind| self.has(VOLUMES, kind)) {
            return;
        }
        let place = Place {
            who: format!("volume \"{}\"", volume.name),
            pointer: format!("/spec/template/spec/volumes/{at}"),
        };
        if let Some(kind) = kinds().next() {
            self.unset(&place, kind);
        }
    }

    fn container(&mut self, place: &Place, container: &Container) {
        for (at, port) in container.ports.iter().flatten().enumerate() {
            if port.host_port.is_some_and(|port| port != 0) {
                self.unset(place, &format!("ports[{at}].hostPort"));
            }
        }
        if self.since(HOSTS) {
            self.hosts(place, container);
        }
        let none = SecurityContext::default();
        let written = container.security_context.as_ref().unwrap_or(&none);
        if written.privileged == Some(true) {
            self.unset(place, "securityContext.privileged");
        }
        if written.allow_privilege_escalation != Some(false) {
            self.set(place, "securityContext.allowPrivilegeEscalation", "`false`");
        }
        if let Some(mount) = written.proc_mount.as_ref().filter(|m| *m != "Default") {
            self.other_than(place, "securityContext.procMount", mount);
        }
        let capabilities = written.capabilities.as_ref();
        let dropped = capabilities.and_then(|c| c.drop.as_ref());
        if !dropped.is_some_and(|d| d.iter().any(|c| c == "ALL")) {
            self.set(place, "securityContext.capabilities.drop", "`ALL`");
        }
        let added = capabilities.and_then(|c| c.add.as_ref());
        for (at, added) in added.into_iter().flatten().enumerate() {
            if added != "NET_BIND_SERVICE" {
                let field = format!("securityContext.capabilities.add[{at}]");
                self.other_than(place, &field, added);
            }
        }
        self.context(place, &Context::from(written));
    }

    fn hosts(&mut self, place: &Place, container: &Container) {
        let probes = [
            ("livenessProbe", &container.liveness_probe),
            ("readinessProbe", &container.readiness_probe),
            ("startupProbe", &container.startup_probe),
        ];
        let probes = probes.into_iter().filter_map(|(field, probe)| {
            let probe = probe.as_ref()?;
            Some((field, &probe.http_get, &probe.tcp_socket))
        });
        let lifecycle = container.lifecycle.as_ref();
        let handlers = [
            ("lifecycle.postStart", lifecycle.map(|l| &l.post_start)),
            ("lifecycle.preStop", lifecycle.map(|l| &l.pre_stop)),
        ];
        let handlers = handlers.into_iter().filter_map(|(field, handler)| {
            let handler = handler?.as_ref()?;
            Some((field, &handler.http_get, &handler.tcp_socket))
        });
        for (field, http, tcp) in probes.chain(handlers) {
            let http = ("httpGet", http.as_ref().and_then(|h| h.host.as_ref()));
            let tcp = ("tcpSocket", tcp.as_ref().and_then(|t| t.host.as_ref()));
            for (how, host) in [http, tcp] {
                if host.is_some_and(|h| !h.is_empty()) {
                    self.unset(place, &format!("{field}.{how}.host"));
                }
            }
        }
    }
}

/// Whether a profile of AppArmor or of system calls is one that restricts.
fn filters(profile: &str) -> bool {
    matches!(profile, "RuntimeDefault" | "Localhost")
}

/// What the security contexts of pods and of containers have in common.
#[derive(Default)]
struct Context<'o> {
    app_armor: Option<&'o AppArmorProfile>,
    non_root: Option<bool>,
    seccomp: Option<&'o SeccompProfile>,
    selinux: Option<&'o SELinuxOptions>,
    user: Option<i64>,
    windows: Option<&'o WindowsSecurityContextOptions>,
}

impl<'o> From<&'o PodSecurityContext> for Context<'o> {
    fn from(context: &'o PodSecurityContext) -> Self {
        Self {
            app_armor: context.app_armor_profile.as_ref(),
            non_root: context.run_as_non_root,
            seccomp: context.seccomp_profile.as_ref(),
            selinux: context.se_linux_options.as_ref(),
            user: context.run_as_user,
            windows: context.windows_options.as_ref(),
        }
    }
}

impl<'o> From<&'o SecurityContext> for Context<'o> {
    fn from(context: &'o SecurityContext) -> Self {
        Self {
            app_armor: context.app_armor_profile.as_ref(),
            non_root: context.run_as_non_root,
            seccomp: context.seccomp_profile.as_ref(),
            selinux: context.se_linux_options.as_ref(),
            user: context.run_as_user,
            windows: context.windows_options.as_ref(),
        }
    }
}
