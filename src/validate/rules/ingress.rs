//! `Ingress`

use super::check::{Check, PORT};
use super::service;
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::View;

/// Checks the spec of an Ingress.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    let Some(spec) = object.get("spec") else {
        return check.fault_at("spec", Problem::Required, "must be there");
    };
    check.path.push_name("spec");
    if spec.items("rules").next().is_none() && spec.get("defaultBackend").is_none() {
        check.fault(Problem::Required, "needs `rules` or `defaultBackend`");
    }
    check.text(spec, "ingressClassName", formats::dns_subdomain);
    check.field(spec, "defaultBackend", backend);
    check.each(spec, "rules", |check, rule| {
        check.text_or_empty(rule, "host", host);
        check.field(rule, "http", |check, http| {
            check.need(http, "paths");
            check.each(http, "paths", path);
        });
    });
    check.each(spec, "tls", |check, tls| {
        check.text_or_empty(tls, "secretName", formats::dns_subdomain);
        check.each(tls, "hosts", |check, name| {
            check.value(host(name.str().unwrap_or_default()))
        });
    });
    check.path.pop();
}

fn host(text: &str) -> formats::Fault {
    if text.parse::<std::net::IpAddr>().is_ok() {
        return Some(format!("`{text}` must be a name, not an address"));
    }
    formats::dns_subdomain(text.strip_prefix("*.").unwrap_or(text))
}

fn path<'t>(check: &mut Check<'_, 't>, path: View<'t>) {
    let text = path.text("path").unwrap_or_default();
    match path.text("pathType") {
        Some("Exact" | "Prefix") => {
            let wrong = !text.starts_with('/')
                || ["//", "/./", "/../", "%2f", "%2F"]
                    .iter()
                    .any(|part| text.contains(part))
                || text.ends_with("/..")
                || text.ends_with("/.");
            if wrong {
                check.fault_at(
                    "path",
                    Problem::BadValue,
                    "must be an absolute path without `//`, `.` and `..`",
                );
            }
        }
        Some("ImplementationSpecific") if !text.is_empty() && !text.starts_with('/') => {
            check.fault_at("path", Problem::BadValue, "must be an absolute path");
        }
        Some("ImplementationSpecific") => {}
        _ => check.fault_at(
            "pathType",
            Problem::BadValue,
            "must be `Exact`, `Prefix` or `ImplementationSpecific`",
        ),
    }
    check.field(path, "backend", backend);
}

fn backend<'t>(check: &mut Check<'_, 't>, backend: View<'t>) {
    check.exactly_one(backend, &["resource", "service"]);
    check.field(backend, "resource", |check, to| {
        check.text(to, "apiGroup", formats::dns_subdomain);
        for name in ["kind", "name"] {
            check.need(to, name);
            check.text(to, name, formats::path_segment);
        }
    });
    check.field(backend, "service", |check, to| {
        if check.need(to, "name") {
            check.text(to, "name", service::name(check.kubernetes));
        }
        let Some(port) = to.get("port") else {
            return check.fault_at("port", Problem::Required, "must be there");
        };
        check.path.push_name("port");
        let named = port.text("name").is_some_and(|name| !name.is_empty());
        let numbered = port.number("number").is_some_and(|number| number != 0);
        if named == numbered {
            check.fault(Problem::Required, "needs one of `name`, `number`");
        }
        check.range(port, "number", PORT);
        check.text_or_empty(port, "name", formats::port_name);
        check.path.pop();
    });
}
