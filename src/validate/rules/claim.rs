//! `PersistentVolumeClaim`, `PersistentVolume` and `ResourceQuota`.

use super::check::Check;
use super::resources::quantity;
use super::{selector, volume};
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::quantity::Quantity;
use crate::validate::tape::{Shape, View};

/// `PersistentVolumeClaim`
pub(super) fn claim<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    match object.get("spec") {
        None => check.fault_at("spec", Problem::Required, "must be there"),
        Some(_) => check.field(object, "spec", claim_spec),
    }
}

/// The spec of a claim, also in a template.
pub(super) fn claim_spec<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    access_modes(check, spec);
    check.filled(spec, "volumeMode");
    let requests = spec.at(&["resources", "requests"]);
    if requests
        .and_then(|requests| requests.get("storage"))
        .is_none()
    {
        check.fault_at("resources", Problem::Required, "must request `storage`");
    }
    check.field(spec, "resources", |check, resources| {
        check.field(resources, "requests", |check, requests| {
            check.field(requests, "storage", positive);
        });
    });
    check.text_or_empty(spec, "storageClassName", formats::dns_subdomain);
    selector::check(check, spec, "selector");
    for name in ["dataSource", "dataSourceRef"] {
        check.field(spec, name, |check, source| {
            check.need(source, "name");
        });
    }
}

/// `PersistentVolume`
pub(super) fn volume<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    let Some(spec) = object.get("spec") else {
        return check.fault_at("spec", Problem::Required, "must be there");
    };
    check.path.push_name("spec");
    access_modes(check, spec);
    if check.need(spec, "capacity") {
        check.field(spec, "capacity", |check, capacity| {
            let names = capacity.children().count();
            if capacity.get("storage").is_none() || names > 1 {
                check.fault(Problem::BadValue, "must hold `storage` and nothing else");
            }
            check.field(capacity, "storage", positive);
        });
    }
    let sources = [
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "csi",
        "fc",
        "gcePersistentDisk",
        "hostPath",
        "iscsi",
        "local",
        "nfs",
    ];
    check.exactly_one(spec, &sources);
    check.field(spec, "nfs", volume::nfs);
    check.field(spec, "hostPath", volume::host_path);
    check.field(spec, "csi", |check, csi| {
        check.need(csi, "driver");
        check.need(csi, "volumeHandle");
    });
    if spec.get("local").is_some() && spec.get("nodeAffinity").is_none() {
        check.fault_at(
            "nodeAffinity",
            Problem::Required,
            "must be there for a local volume",
        );
    }
    check.text_or_empty(spec, "storageClassName", formats::dns_subdomain);
    check.path.pop();
}

fn access_modes<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    check.need(spec, "accessModes");
    let alone = spec
        .items("accessModes")
        .any(|mode| mode.str() == Some("ReadWriteOncePod"));
    if alone && spec.items("accessModes").count() > 1 {
        check.fault_at(
            "accessModes",
            Problem::Conflict,
            "may hold nothing beside `ReadWriteOncePod`",
        );
    }
}

fn positive<'t>(check: &mut Check<'_, 't>, amount: View<'t>) {
    if Quantity::of(amount).is_some_and(|quantity| quantity.is_negative() || quantity.is_zero()) {
        check.fault(Problem::BadValue, "must be greater than 0");
    }
}

/// Resources that a quota may count without a domain (Kubernetes 1.36).
const COUNTED: [&str; 19] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "pods",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];

/// `ResourceQuota`
pub(super) fn quota<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "spec", |check, spec| {
        check.entries(spec, "hard", |check, name, amount| {
            let known = COUNTED.contains(&name)
                || (name.contains('/') && formats::qualified_name(name).is_none())
                || name.starts_with("requests.hugepages-")
                || name.starts_with("hugepages-");
            if !known {
                check.fault(Problem::BadValue, "is no resource that a quota counts");
            }
            let whole = COUNTED[3..12].contains(&name);
            quantity(check, amount, whole);
        });
        if let Some(Shape::List(0)) = spec.get("scopes").map(View::value) {
            check.fault_at("scopes", Problem::BadValue, "may not be empty");
        }
    });
}
