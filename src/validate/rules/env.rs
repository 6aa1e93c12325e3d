//! Environment variables of a container.

use super::check::Check;
use super::downward;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::View;

const SOURCES: [&str; 5] = [
    "configMapKeyRef",
    "fieldRef",
    "fileKeyRef",
    "resourceFieldRef",
    "secretKeyRef",
];

/// Fields of a pod that an environment variable can hold (Kubernetes 1.36).
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Checks `env` and `envFrom`.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, container: View<'t>) {
    check.each(container, "env", |check, variable| {
        check.text(variable, "name", formats::env_name);
        check.field(variable, "valueFrom", source);
        let literal = variable
            .text("value")
            .is_some_and(|value| !value.is_empty());
        if literal && variable.get("valueFrom").is_some() {
            check.fault_at(
                "valueFrom",
                Problem::Conflict,
                "may not be there beside `value`",
            );
        }
    });
    check.each(container, "envFrom", |check, from| {
        check.exactly_one(from, &["configMapRef", "secretRef"]);
        for name in ["configMapRef", "secretRef"] {
            check.field(from, name, |check, reference| {
                if check.need(reference, "name") {
                    check.text(reference, "name", formats::dns_subdomain);
                }
            });
        }
        check.text_or_empty(from, "prefix", formats::env_name);
    });
}

fn source<'t>(check: &mut Check<'_, 't>, source: View<'t>) {
    check.exactly_one(source, &SOURCES);
    for name in ["configMapKeyRef", "secretKeyRef"] {
        check.field(source, name, |check, reference| {
            if check.need(reference, "name") {
                check.text(reference, "name", formats::dns_subdomain);
            }
            if check.need(reference, "key") {
                check.text(reference, "key", formats::config_key);
            }
        });
    }
    check.field(source, "fieldRef", |check, reference| {
        downward::version(check, reference);
        downward::field(check, reference, &FIELDS);
    });
    check.field(source, "resourceFieldRef", downward::resource);
}
