//! Containers: names, ports, environment, mounts and security.

use super::check::{Check, PORT};
use super::{env, pod, probe, resources};
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::{Shape, View};

/// Checks a container of a pod with these volumes and this time to end, in seconds.
pub(super) fn check<'t>(
    check: &mut Check<'_, 't>,
    container: View<'t>,
    volumes: &[&str],
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
    mounts(check, container, volumes);
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

fn security<'t>(check: &mut Check<'_, 't>, context: View<'t>) {
    check.range(context, "runAsUser", 0..=i64::from(i32::MAX));
    check.range(context, "runAsGroup", 0..=i64::from(i32::MAX));
    pod::seccomp(check, context);
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
