//! Volumes of a pod.

use super::check::Check;
use super::resources::quantity;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::View;

/// Checks a volume. One without a source is an `emptyDir`.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, volume: View<'t>) {
    if check.need(volume, "name") {
        check.text(volume, "name", formats::dns_label);
    }
    let sources = volume
        .children()
        .filter(|child| child.key() != "name")
        .count();
    if sources > 1 {
        check.fault(Problem::Conflict, "may have only one source");
    }
    check.field(volume, "emptyDir", |check, directory| {
        check.field(directory, "sizeLimit", |check, size| {
            quantity(check, size, false)
        });
    });
    check.field(volume, "configMap", |check, source| {
        check.need(source, "name");
        files(check, source);
    });
    check.field(volume, "secret", |check, source| {
        check.need(source, "secretName");
        files(check, source);
    });
    check.field(volume, "persistentVolumeClaim", |check, source| {
        check.need(source, "claimName");
    });
    check.field(volume, "hostPath", host_path);
    check.field(volume, "nfs", nfs);
    check.field(volume, "csi", |check, source| {
        check.need(source, "driver");
    });
    check.field(volume, "projected", |check, source| {
        check.range(source, "defaultMode", 0..=0o777);
    });
}

/// A path of a node.
pub(super) fn host_path<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    check.need(source, "path");
    up(check, source);
}

/// An NFS share.
pub(super) fn nfs<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    check.need(source, "server");
    if check.need(source, "path")
        && source
            .text("path")
            .is_some_and(|path| !path.starts_with('/'))
    {
        check.fault_at("path", Problem::BadValue, "must be an absolute path");
    }
}

fn up<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    if source
        .text("path")
        .is_some_and(|path| path.split('/').any(|part| part == ".."))
    {
        check.fault_at("path", Problem::BadValue, "may not contain `..`");
    }
}

fn files<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    check.range(source, "defaultMode", 0..=0o777);
    check.each(source, "items", |check, item| {
        check.need(item, "key");
        if check.need(item, "path") {
            let path = item.text("path").unwrap_or_default();
            if path.starts_with('/') || path.split('/').any(|part| part == "..") {
                check.fault_at(
                    "path",
                    Problem::BadValue,
                    "must be a relative path without `..`",
                );
            }
        }
        check.range(item, "mode", 0..=0o777);
    });
}
