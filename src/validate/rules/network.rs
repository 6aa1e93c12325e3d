//! `NetworkPolicy`

use super::check::Check;
use super::{amount, selector};
use crate::validate::Problem;
use crate::validate::tape::View;

/// Checks the spec of a policy.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, object: View<'t>) {
    check.field(object, "spec", |check, spec| {
        selector::check(check, spec, "podSelector");
        for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
            check.each(spec, rules, |check, rule| {
                check.each(rule, "ports", port);
                check.each(rule, peers, peer);
            });
        }
        if spec.items("policyTypes").count() > 2 {
            check.fault_at(
                "policyTypes",
                Problem::BadValue,
                "may name at most two types",
            );
        }
    });
}

fn port<'t>(check: &mut Check<'_, 't>, port: View<'t>) {
    amount::port(check, port, "port");
    check.filled(port, "protocol");
    let Some(end) = port.number("endPort") else {
        return;
    };
    match port.number("port") {
        Some(start) if end >= start => check.range(port, "endPort", super::check::PORT),
        _ => check.fault_at(
            "endPort",
            Problem::Conflict,
            "needs a `port` that is not above it",
        ),
    }
}

fn peer<'t>(check: &mut Check<'_, 't>, peer: View<'t>) {
    selector::check(check, peer, "podSelector");
    selector::check(check, peer, "namespaceSelector");
    let selected = peer.get("podSelector").is_some() || peer.get("namespaceSelector").is_some();
    let block = peer.get("ipBlock");
    if !selected && block.is_none() {
        check.fault(Problem::Required, "must select something");
    } else if selected && block.is_some() {
        check.fault(Problem::Conflict, "may not have `ipBlock` beside selectors");
    }
    check.field(peer, "ipBlock", |check, block| {
        let Some(cidr) = block.text("cidr").and_then(network) else {
            return check.fault_at(
                "cidr",
                Problem::BadValue,
                "must be a network such as `10.0.0.0/8`",
            );
        };
        check.each(block, "except", |check, except| {
            let inside = except.str().and_then(network).is_some_and(|except| {
                except.1 > cidr.1
                    && except.0.is_ipv4() == cidr.0.is_ipv4()
                    && bits(except.0, cidr.1) == bits(cidr.0, cidr.1)
            });
            if !inside {
                check.fault(Problem::BadValue, "must be a network inside of `cidr`");
            }
        });
    });
}

/// Address and prefix length of `10.0.0.0/8`.
fn network(text: &str) -> Option<(std::net::IpAddr, u32)> {
    let (address, length) = text.split_once('/')?;
    let address: std::net::IpAddr = address.parse().ok()?;
    let length: u32 = length.parse().ok()?;
    (length <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, length))
}

/// The first bits of an address.
fn bits(address: std::net::IpAddr, length: u32) -> u128 {
    let (value, width) = match address {
        std::net::IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        std::net::IpAddr::V6(v6) => (u128::from(v6), 128),
    };
    value.checked_shr(width - length).unwrap_or(0)
}
