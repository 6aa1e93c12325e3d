//! Probes and hooks of a container.

use super::amount;
use super::check::{Check, NOT_NEGATIVE, POSITIVE};
use crate::validate::Problem;
use crate::validate::tape::View;

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// Checks probes and hooks; `never` where the container may have none.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, container: View<'t>, never: bool, grace: i64) {
    for name in PROBES {
        if never && container.get(name).is_some() {
            check.fault_at(
                name,
                Problem::Conflict,
                "may not be there in an init container",
            );
        }
        check.field(container, name, |check, view| probe(check, view, name));
    }
    if never && container.get("lifecycle").is_some() {
        check.fault_at(
            "lifecycle",
            Problem::Conflict,
            "may not be there in an init container",
        );
    }
    check.field(container, "lifecycle", |check, lifecycle| {
        for name in ["postStart", "preStop"] {
            check.field(lifecycle, name, |check, hook| {
                check.exactly_one(hook, &["exec", "httpGet", "sleep", "tcpSocket"]);
                handlers(check, hook);
                check.field(hook, "sleep", |check, sleep| {
                    check.range(sleep, "seconds", 0..=grace)
                });
            });
        }
    });
}

fn probe<'t>(check: &mut Check<'_, 't>, probe: View<'t>, name: &str) {
    check.exactly_one(probe, &["exec", "grpc", "httpGet", "tcpSocket"]);
    handlers(check, probe);
    check.field(probe, "grpc", |check, grpc| {
        amount::port(check, grpc, "port")
    });
    for number in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        check.range(probe, number, NOT_NEGATIVE);
    }
    if name != "readinessProbe" && probe.number("successThreshold").is_some_and(|n| n > 1) {
        check.fault_at(
            "successThreshold",
            Problem::BadValue,
            format_args!("must be 1 in a `{name}`"),
        );
    }
    check.range(probe, "terminationGracePeriodSeconds", POSITIVE);
    if name == "readinessProbe" && probe.get("terminationGracePeriodSeconds").is_some() {
        check.fault_at(
            "terminationGracePeriodSeconds",
            Problem::Conflict,
            "may not be there in a `readinessProbe`",
        );
    }
}

fn handlers<'t>(check: &mut Check<'_, 't>, of: View<'t>) {
    check.field(of, "exec", |check, exec| {
        check.need(exec, "command");
    });
    check.field(of, "tcpSocket", |check, socket| {
        amount::port(check, socket, "port")
    });
    check.field(of, "httpGet", |check, get| {
        amount::port(check, get, "port");
        check.each(get, "httpHeaders", |check, header| {
            let name = header.text("name").unwrap_or_default();
            let good = |c: u8| c.is_ascii_alphanumeric() || b"-".contains(&c);
            if name.is_empty() || !name.bytes().all(good) {
                check.fault_at("name", Problem::BadValue, "must be letters, digits and `-`");
            }
        });
    });
}
