//! Containers: names, ports, environment, mounts and security.

use super::check::{Check, PORT};
use super::{env, pod, probe, resources};
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::{Shape, View};

/// The names of a pod's volumes.
pub(super) struct Volumes<'v> {
    /// All of them.
    pub(super) all: Vec<&'v str>,
    /// Those of claims, which can be block devices.
    pub(super) claims: Vec<&'v str>,
}

/// Checks a container of a pod with these volumes and this time to end, in seconds.
pub(super) fn check<'t>(
    check: &mut Check<'_, 't>,
    container: View<'t>,
    volumes: &Volumes<'_>,
    init: bool,
    grace: i64,
) {
    if check.need(container, "name") {
        check.text(container, "name", formats::dns_label);
    }
    if check.need(container, "image") {
        check.text(container, "image", formats::image);
    }
    check.each(container, "ports", port);
    check.unique(container, "ports", "name");
    env::check(check, container);
    check.field(container, "resources", resources::check);
    mounts(check, container, &volumes.all);
    devices(check, container, &volumes.claims);
    check.unique(container, "resizePolicy", "resourceName");
    check.each(container, "resizePolicy", |check, policy| {
        if !matches!(policy.text("resourceName"), Some("cpu" | "memory")) {
            check.fault_at(
                "resourceName",
                Problem::BadValue,
                "must be `cpu` or `memory`",
            );
        }
        if !matches!(
            policy.text("restartPolicy"),
            Some("NotRequired" | "RestartContainer")
        ) {
            check.fault_at(
                "restartPolicy",
                Problem::BadValue,
                "must be `NotRequired` or `RestartContainer`",
            );
        }
    });
    check.field(container, "securityContext", security);
    // An init container that keeps running (a sidecar) is probed like any other.
    let sidecar = container.text("restartPolicy") == Some("Always");
    probe::check(check, container, init && !sidecar, grace);
}

fn port<'t>(check: &mut Check<'_, 't>, port: View<'t>) {
    check.range(port, "containerPort", PORT);
    check.range(port, "hostPort", 0..=65_535);
    check.text_or_empty(port, "name", formats::port_name);
}

fn mounts<'t>(check: &mut Check<'_, 't>, container: View<'t>, volumes: &[&str]) {
    check.unique(container, "volumeMounts", "mountPath");
    check.each(container, "volumeMounts", |check, mount| {
        if check.need(mount, "name")
            && let Some(name) = mount.text("name").filter(|name| !volumes.contains(name))
        {
            check.fault_at(
                "name",
                Problem::Conflict,
                format_args!("names no volume of the pod: `{name}`"),
            );
        }
        check.need(mount, "mountPath");
        check.filled(mount, "mountPropagation");
        recursive(check, mount);
        for name in ["subPath", "subPathExpr"] {
            check.field(mount, name, |check, path| {
                let text = path.str().unwrap_or_default();
                if text.starts_with('/') || text.split('/').any(|part| part == "..") {
                    check.fault(Problem::BadValue, "must be a relative path without `..`");
                }
            });
        }
    });
}

/// `recursiveReadOnly` of a mount.
fn recursive<'t>(check: &mut Check<'_, 't>, mount: View<'t>) {
    let Some(recursive) = mount.get("recursiveReadOnly") else {
        return;
    };
    match recursive.str() {
        Some("Disabled") => {}
        Some("Enabled" | "IfPossible")
            if mount.get("readOnly").map(View::value) == Some(Shape::Bool(true)) => {}
        Some("Enabled" | "IfPossible") => check.fault_at(
            "recursiveReadOnly",
            Problem::Conflict,
            "is only for mounts that are `readOnly`",
        ),
        _ => check.fault_at(
            "recursiveReadOnly",
            Problem::BadValue,
            "must be `Disabled`, `Enabled` or `IfPossible`",
        ),
    }
}

fn devices<'t>(check: &mut Check<'_, 't>, container: View<'t>, claims: &[&str]) {
    check.each(container, "volumeDevices", |check, device| {
        if check.need(device, "devicePath")
            && device
                .text("devicePath")
                .is_some_and(|path| path.split('/').any(|part| part == ".."))
        {
            check.fault_at("devicePath", Problem::BadValue, "may not contain `..`");
        }
        if !device
            .text("name")
            .is_some_and(|name| claims.contains(&name))
        {
            check.fault_at("name", Problem::Conflict, "must name a volume of a claim");
        }
    });
}

fn security<'t>(check: &mut Check<'_, 't>, context: View<'t>) {
    check.range(context, "runAsUser", 0..=i64::from(i32::MAX));
    check.range(context, "runAsGroup", 0..=i64::from(i32::MAX));
    check.filled(context, "procMount");
    pod::profiles(check, context);
    let flag = |name: &str| context.get(name).map(View::value);
    if flag("allowPrivilegeEscalation") == Some(Shape::Bool(false)) {
        if flag("privileged") == Some(Shape::Bool(true)) {
            check.fault(
                Problem::Conflict,
                "may not be `privileged` without `allowPrivilegeEscalation`",
            );
        }
        let added = context
            .get("capabilities")
            .into_iter()
            .flat_map(|c| c.items("add"));
        if added
            .filter_map(View::str)
            .any(|name| name == "CAP_SYS_ADMIN")
        {
            check.fault(
                Problem::Conflict,
                "may not add `CAP_SYS_ADMIN` without `allowPrivilegeEscalation`",
            );
        }
    }
}
