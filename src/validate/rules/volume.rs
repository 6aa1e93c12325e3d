//! Volumes of a pod.

use super::check::Check;
use super::resources::quantity;
use super::{claim, downward, metadata};
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
        if check.need(source, "driver") {
            check.text(source, "driver", formats::csi_driver);
        }
        check.field(source, "nodePublishSecretRef", |check, secret| {
            if check.need(secret, "name") {
                check.text(secret, "name", formats::dns_subdomain);
            }
        });
    });
    check.field(volume, "downwardAPI", downward::files);
    check.field(volume, "ephemeral", ephemeral);
    check.field(volume, "projected", projected);
}

/// A claim that lives as long as the pod.
fn ephemeral<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    if source.get("volumeClaimTemplate").is_none() {
        return check.fault_at("volumeClaimTemplate", Problem::Required, "must be there");
    }
    check.field(source, "volumeClaimTemplate", |check, template| {
        check.field(template, "metadata", metadata::labels_and_annotations);
        match template.get("spec") {
            None => check.fault_at("spec", Problem::Required, "must be there"),
            Some(_) => check.field(template, "spec", claim::claim_spec),
        }
    });
}

/// Several sources in one folder.
fn projected<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    check.range(source, "defaultMode", 0..=0o777);
    let mut paths = Vec::new();
    check.each(source, "sources", |check, source| {
        if source.children().filter(|child| !child.is_scalar()).count() > 1 {
            check.fault(Problem::Conflict, "may have only one source");
        }
        for name in ["configMap", "secret"] {
            check.field(source, name, |check, source| {
                check.need(source, "name");
                files(check, source);
            });
        }
        check.field(source, "downwardAPI", downward::files);
        check.field(source, "serviceAccountToken", |check, token| {
            check.relative(token, "path");
            check.range(token, "expirationSeconds", 600..=1 << 32);
        });
        for (name, path) in written(source) {
            if paths.contains(&path) {
                check.fault_at(
                    name,
                    Problem::Duplicate,
                    format_args!("writes `{path}`, which is written already"),
                );
            }
            paths.push(path);
        }
    });
}

/// The paths that a source of a projected volume writes, where it names them. The server lets
/// tokens be written twice.
fn written(source: View<'_>) -> Vec<(&'static str, &str)> {
    let items = ["configMap", "secret", "downwardAPI"]
        .into_iter()
        .flat_map(|name| {
            let items = source.get(name).into_iter().flat_map(|s| s.items("items"));
            items.filter_map(move |item| Some((name, item.text("path")?)))
        });
    items.collect()
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
        check.relative(item, "path");
        check.range(item, "mode", 0..=0o777);
    });
}
