//! `Service`

use super::check::{Check, PORT};
use super::metadata;
use crate::validate::Problem;
use crate::validate::formats::{self, Fault};
use crate::validate::schema::Version;
use crate::validate::tape::View;

/// The form of a Service's name: since Kubernetes 1.36 it may begin with a digit
/// (`RelaxedServiceNameValidation`, seen on 1.36.3).
pub(super) fn name(kubernetes: Version) -> fn(&str) -> Fault {
    if kubernetes >= Version::new(1, 36) {
        formats::dns_label
    } else {
        formats::dns_1035_label
    }
}

/// Checks the spec of a Service.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    let Some(spec) = object.get("spec") else {
        return check.fault_at("spec", Problem::Required, "must be there");
    };
    check.path.push_name("spec");
    let kind = spec
        .text("type")
        .filter(|kind| !kind.is_empty())
        .unwrap_or("ClusterIP");
    let headless = spec.text("clusterIP") == Some("None");
    if !headless && kind != "ExternalName" {
        check.need(spec, "ports");
    }
    if kind == "ExternalName" {
        check.need(spec, "externalName");
        check.text(spec, "externalName", formats::dns_subdomain);
    } else if headless && kind != "ClusterIP" {
        check.fault_at(
            "clusterIP",
            Problem::Conflict,
            format_args!("may not be `None` for `{kind}`"),
        );
    }
    metadata::labels(check, spec, "selector");
    ports(check, spec, kind);
    address(check, spec);
    if matches!(kind, "ClusterIP" | "ExternalName") && spec.get("externalTrafficPolicy").is_some() {
        check.fault_at(
            "externalTrafficPolicy",
            Problem::Conflict,
            "is only for `NodePort` and `LoadBalancer`",
        );
    }
    families(check, spec);
    check.filled(spec, "internalTrafficPolicy");
    check.text(spec, "loadBalancerClass", formats::qualified_name);
    check.strings(spec, "loadBalancerSourceRanges", formats::cidr);
    check.strings(spec, "externalIPs", external);
    check.field(spec, "sessionAffinityConfig", |check, config| {
        check.field(config, "clientIP", |check, client| {
            check.range(client, "timeoutSeconds", 1..=86_400);
        });
    });
    distribution(check, spec);
    check.path.pop();
}

fn families<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    check.filled(spec, "ipFamilyPolicy");
    let mut seen = Vec::new();
    check.each(spec, "ipFamilies", |check, family| {
        let text = family.str().unwrap_or_default();
        if !matches!(text, "IPv4" | "IPv6") {
            check.fault(Problem::BadValue, "must be `IPv4` or `IPv6`");
        } else if seen.contains(&text) {
            check.fault(Problem::Duplicate, "is there already");
        }
        seen.push(text);
    });
}

/// An address that others reach: not this machine's own, nor none.
fn external(text: &str) -> Fault {
    formats::ip_address(text).or_else(|| {
        let address = text.parse::<std::net::IpAddr>().ok()?;
        let own = address.is_loopback() || address.is_unspecified() || address.is_multicast();
        own.then(|| format!("`{text}` is not an address that others can reach"))
    })
}

/// Where traffic is kept; the words beside `PreferClose` came with Kubernetes 1.34.
fn distribution<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    let Some(text) = spec
        .get("trafficDistribution")
        .map(|v| v.str().unwrap_or_default())
    else {
        return;
    };
    let near = matches!(text, "PreferSameZone" | "PreferSameNode")
        && check.kubernetes >= Version::new(1, 34);
    if !near && text != "PreferClose" {
        check.fault_at(
            "trafficDistribution",
            Problem::BadValue,
            "must be `PreferClose`, or from Kubernetes 1.34 on `PreferSameZone` or `PreferSameNode`",
        );
    }
}

fn address<'t>(check: &mut Check<'_, 't>, spec: View<'t>) {
    check.field(spec, "clusterIP", |check, address| {
        let text = address.str().unwrap_or_default();
        if !matches!(text, "" | "None") && text.parse::<std::net::IpAddr>().is_err() {
            check.fault(Problem::BadValue, "must be an IP address, `None` or empty");
        }
    });
}

fn ports<'t>(check: &mut Check<'_, 't>, spec: View<'t>, kind: &str) {
    let several = spec.items("ports").nth(1).is_some();
    let mut seen = Vec::new();
    check.unique(spec, "ports", "name");
    check.each(spec, "ports", |check, port| {
        if several {
            check.need(port, "name");
        }
        check.text_or_empty(port, "name", formats::dns_label);
        check.range(port, "port", PORT);
        // 0 and "" stand for the port itself.
        check.range(port, "targetPort", 0..=65_535);
        check.text_or_empty(port, "targetPort", formats::port_name);
        check.range(port, "nodePort", 0..=65_535);
        check.text(port, "appProtocol", formats::qualified_name);
        if kind == "ClusterIP" && port.number("nodePort").is_some_and(|n| n != 0) {
            check.fault_at(
                "nodePort",
                Problem::Conflict,
                "may not be there for `ClusterIP`",
            );
        }
        let key = (port.number("port"), port.text("protocol").unwrap_or("TCP"));
        if seen.contains(&key) {
            check.fault(Problem::Duplicate, "has the port and protocol of another");
        }
        seen.push(key);
    });
}
